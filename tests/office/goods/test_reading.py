"""Who may read and not change sees what stands there as text: no field, no button, no table of inputs."""

import pytest

from tests.people import ADA, FEN, TAO

FIELDS = "main input:not([type=hidden]), main textarea, main select, main button, main form, main fieldset"


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_the_treasurer_reads_a_product_as_text(goods, as_, visit, lang):
    page = visit(f"/office/products/{goods.products['lotus']}", client=as_(TAO, lang), lang=lang, ceiling=28)
    assert page.all(FIELDS) == []
    for word in ("荷塘绣片", "Tranh sen", "Lotus pond", "24 cm across", "LOTUS"):
        assert word in page.text
    cells = dict(zip(page.all("table.ledger tbody th"), page.all("table.ledger tbody td"), strict=True))
    figures = ["".join(sign for sign in cell if sign.isdigit()) for cell in cells.values()]
    assert figures[:3] == ["23600", "5200", "3040"]
    assert "38000" in "".join(sign for sign in page.one("table.ledger tfoot td") if sign.isdigit())
    assert "js/split" not in page.source


def test_a_product_without_texts_prices_or_pictures_reads_as_none(goods, as_, visit):
    fen = as_(FEN)
    made = visit("/office/products/new", client=fen).submit("main form", **{"name-en": "Bowl", "workshop_id": "1"})
    page = visit(made.path.partition("?")[0], client=as_(TAO), ceiling=28)
    assert page.all(FIELDS) == []
    assert "None yet." in page.text
    assert "—" in page.all("dl.facts dd")


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
@pytest.mark.parametrize("who", [TAO, FEN], ids=["treasurer", "officer"])
def test_only_the_admin_sees_fields_in_the_shops_settings(goods, as_, visit, who, lang):
    page = visit("/office/shop", client=as_(who, lang), lang=lang)
    assert page.all(FIELDS) == []
    for word in ("巧手合作社", "Skilful Hands", "400-000-0000"):
        assert word in page.text
    assert visit("/office/shop", client=as_(ADA)).form('form[action="/office/shop"]')["hotline"] == "400-000-0000"
