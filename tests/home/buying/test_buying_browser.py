"""Buying in Chromium: with and without script, on a phone and a wide screen, in three languages."""

import re

import pytest
from sqlalchemy.orm import Session

from shop.db import make_engine
from tests.factories.catalog import make_shop

pytestmark = pytest.mark.browser

CODES = {"zh": ("CN", "100000"), "vi": ("VN", ""), "en": ("GB", "BS3 1AB")}


@pytest.fixture
def running(start_shop):
    """A running shop with the factory's goods."""
    shop = start_shop()
    engine = make_engine(shop.database_url, pool=1)
    with Session(engine.execution_options(writing=True), expire_on_commit=False) as session, session.begin():
        make_shop(session)
    engine.dispose()
    return shop


def add(page, running, lang, slug):
    page.goto(f"{running.url}/{lang}/products/{slug}")
    page.locator("form[action$='/cart/lines'] button[type=submit]").click()
    page.wait_for_url("**/cart")


def fill(page, lang, **typed):
    facts = {
        "email": "anna@example.org",
        "name": "Anna Berg",
        "street": "14 Weaver’s Row",
        "postcode": CODES[lang][1],
        "city": "Bristol",
    } | typed
    for name, value in facts.items():
        page.fill(f"[name={name}]", value)
    page.locator("main form button[type=submit]").click()


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_a_buyer_walks_from_the_cart_to_the_paid_order(running, open_page, assert_fits, assert_accessible, shot, lang):
    for width, scheme in ((390, "light"), (1280, "dark")):
        page = open_page(width=width, lang=lang, color_scheme=scheme)
        add(page, running, lang, "lotus")
        add(page, running, lang, "knot")
        look(page, "cart", assert_fits, assert_accessible, shot, lang)
        page.locator("a[href$='/checkout']").click()
        fill(page, lang, email="anna.example.org")
        page.wait_for_selector(".summary")
        look(page, "checkout-error", assert_fits, assert_accessible, shot, lang)
        fill(page, lang)
        page.wait_for_url("**/sandbox/pay/**")
        page.locator("button[value=leave]").click()
        page.wait_for_url("**/cart")
        look(page, "cart-waiting", assert_fits, assert_accessible, shot, lang)
        page.locator(".note a").click()
        page.wait_for_url("**/orders/**")
        page.wait_for_load_state("networkidle")
        look(page, "order-unpaid", assert_fits, assert_accessible, shot, lang)
        page.locator("form[action$='/pay'] button").click()
        page.wait_for_url("**/sandbox/pay/**")
        page.locator("button[value=pay]").click()
        page.wait_for_selector(".thread li:nth-child(2).now")
        look(page, "order-paid", assert_fits, assert_accessible, shot, lang)
        page.reload()
        assert page.locator("form[data-auto]").count() == 0
        assert page.locator("[data-cart-count]").inner_text() == ""


def look(page, name, assert_fits, assert_accessible, shot, lang):
    """It fits, can be used by everybody, and a picture of it is kept."""
    assert_fits(page)
    assert_accessible(page)
    shot(page, f"buying-{name}-{lang}")


def test_buying_works_without_script(running, open_page):
    page = open_page(width=390, java_script_enabled=False)
    add(page, running, "en", "lotus")
    page.get_by_role("button", name="Quantity: Lotus pond: one more").click()
    assert page.get_by_label("Quantity: Lotus pond", exact=True).input_value() == "2"
    # Enter in the field sets what was typed, and presses neither less nor more
    page.get_by_label("Quantity: Lotus pond", exact=True).fill("1")
    page.get_by_label("Quantity: Lotus pond", exact=True).press("Enter")
    assert page.get_by_label("Quantity: Lotus pond", exact=True).input_value() == "1"
    page.get_by_role("link", name="Go to checkout").click()
    fill(page, "en")
    page.get_by_role("button", name=re.compile("Pay .* in test")).click()
    page.get_by_role("button", name="Check the payment").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Paid, thank you"
    page.reload()
    assert page.get_by_role("heading", level=1).inner_text() == "Paid, thank you"
    audit = running.flask("audit", check=False)
    assert "orders" not in audit.stdout
