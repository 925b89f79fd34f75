"""The frame of the desk's pages."""

from tests.people import MEI


def test_her_name_and_her_language_are_on_every_page(mei, visit, speaks):
    speaks(MEI, "vi")
    page = visit("/desk/orders", client=mei, lang="vi")
    assert page.hrefs(".who a") == ["/me"]
    assert [button.get("value") for button in page.doc.cssselect(".who .lang button")] == ["zh", "vi", "en"]
