"""Searching: three languages, typing slips, nothing found."""

import pytest

TITLES = ".card h2, .card h3"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lotus", {"Lotus pond", "Lotus plate"}),
        ("荷塘", {"Lotus pond"}),
        ("绣", {"Lotus pond"}),
        ("theu", {"Lotus pond"}),
        ("thêu", {"Lotus pond"}),
        ("sen", {"Lotus pond", "Lotus plate"}),
        ("knots", {"Pan chang knot"}),
        ("中国结", {"Pan chang knot"}),
        ("nut", {"Pan chang knot"}),
        ("QS-0300", {"Lotus plate"}),
        ("Zhao", {"Lotus plate"}),
    ],
)
def test_words_of_three_languages_find_what_they_should(shop, visit, typed, found):
    page = visit(f"/en/search?q={typed}")
    assert set(page.all(TITLES)) == found
    assert page.h1.endswith(f"for “{typed}”")


def test_a_slip_is_understood_and_told(shop, visit):
    page = visit("/en/search?q=lotos")
    assert page.h1 == "2 pieces for “lotus”"
    assert "Nothing is called “lotos”" in page.text
    exact = next(link for link in page.hrefs() if "exact=1" in link)
    nothing = visit(exact)
    assert nothing.h1 == "No piece for “lotos”"


def test_nothing_found_offers_what_there_is(shop, visit):
    page = visit("/en/search?q=bronze+dragon")
    assert page.h1 == "No piece for “bronze dragon”"
    assert "/en/crafts/knots" in page.hrefs()
    assert page.all(TITLES)


def test_filters_that_leave_nothing_of_a_question_say_so(shop, visit):
    page = visit("/en/search?q=lotus&craft=knots")
    assert page.h1 == "0 pieces for “lotus”"
    assert "No piece fits all of this" in page.text
    labels = {label.rsplit(" ", 1)[0]: label.rsplit(" ", 1)[1] for label in page.all(".filters label")}
    assert labels["Embroidery"] == "1"


def test_the_question_stands_in_the_box_and_in_the_links(shop, visit):
    page = visit("/zh/search?q=荷+<b>&sort=low")
    assert page.form("header form.find")["q"] == "荷 <b>"
    assert "<b>&" not in page.source
    assert all("sort=low" in link for link in page.hrefs(".lang a"))


def test_an_empty_question_invites_one(shop, visit):
    for path in ("/en/search", "/en/search?q=", "/en/search?q=+++"):
        assert visit(path).h1 == "Search"


def test_search_pages_stay_out_of_search_engines(shop, visit):
    for path in ("/en/search?q=lotus", "/en/search?q=zzz"):
        assert visit(path).doc.cssselect('meta[name="robots"][content="noindex"]')
