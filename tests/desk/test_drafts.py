"""A draft as an import leaves it: what the file said stands in the form already."""

from sqlalchemy import update

from shop.catalog.models import PriceSplit, Variant
from shop.db import writing


def test_the_price_of_an_import_stands_in_the_form(hoa, visit, shop):
    plate = shop.variants["plate"]
    with writing() as session:
        session.execute(update(PriceSplit).where(PriceSplit.variant_id == plate).values(live=False))
        session.get_one(Variant, plate).price_minor = 51_800
    page = visit(f"/desk/pieces/{shop.products['plate']}", client=hoa, lang="vi", ceiling=20)
    assert page.form("main form")["price"] == "518.00"
