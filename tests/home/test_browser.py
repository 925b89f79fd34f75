"""Buyer pages in Chromium: they fit a phone, break no rule of accessibility, and need no script."""

import pytest
from sqlalchemy.orm import Session

from shop.catalog import services as catalog
from shop.db import make_engine
from tests.factories.catalog import make_shop

pytestmark = pytest.mark.browser

PATHS = (
    "",
    "products?when=made&named=1",
    "search?q=lotos",
    "search?q=zzz",
    "products/lotus",
    "products/knot",
    "makers",
)
PEOPLE = ("makers/maker-0001", "workshops", "workshops/workshop-1", "p/QS-0300-01", "crafts/embroidery")


@pytest.fixture
def running(start_shop):
    """A running shop with the factory's goods."""
    shop = start_shop()
    engine = make_engine(shop.database_url, pool=1)
    with Session(engine.execution_options(writing=True), expire_on_commit=False) as session, session.begin():
        made = make_shop(session)
        catalog.take_in(
            session,
            variant_id=made.variants["plate"],
            maker_id=5,
            count=2,
            maker_minor=[21300, 21300],
            materials_minor=[6000, 6000],
            receipt_key="receipt:1",
            for_sale=True,
        )
        catalog.publish(session, product_id=made.products["plate"])
    engine.dispose()
    return shop


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_buyer_pages_fit_and_can_be_used_by_everybody(running, open_page, assert_fits, assert_accessible, shot, lang):
    for width, scheme in ((390, "light"), (1280, "dark")):
        page = open_page(width=width, lang=lang, color_scheme=scheme)
        for path in (*PATHS, *PEOPLE):
            said = page.goto(f"{running.url}/{lang}/{path}")
            assert said.status == 200, path
            assert_fits(page)
            assert_accessible(page)
        page.goto(f"{running.url}/{lang}/products/lotus")
        shot(page, f"product-{lang}")


def test_a_buyer_filters_finds_and_buys_without_script(running, open_page):
    page = open_page(width=390, java_script_enabled=False)
    page.goto(f"{running.url}/en/products")
    page.locator(".filters summary").click()
    page.get_by_label("Ready to ship").check()
    page.get_by_role("button", name="Show 3 pieces").click()
    page.get_by_role("link", name="Lotus plate").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Lotus plate"
    page.get_by_label("How many").fill("2")
    page.get_by_role("button", name="Add to cart").click()
    assert "/en/cart" in page.url
    assert "Lotus plate" in page.locator("main").inner_text()


def test_the_buy_bar_comes_once_the_form_has_left_the_view_and_not_before(running, open_page):
    page = open_page(width=390)
    page.goto(f"{running.url}/en/products/lotus")
    bar = page.locator(".buybar")
    bar.wait_for(state="hidden")
    page.locator(".buy > form button[type=submit]").scroll_into_view_if_needed()
    bar.wait_for(state="hidden")
    page.locator(".foot").scroll_into_view_if_needed()
    bar.wait_for(state="visible")
