"""A voucher in Chromium: typed, refused, used, taken out, and an order that it pays whole; on a phone and a wide screen."""

import pytest
from sqlalchemy.orm import Session

from shop.db import make_engine
from tests.factories.catalog import make_shop
from tests.factories.orders import voucher
from tests.home.buying.test_buying_browser import add, fill

pytestmark = pytest.mark.browser


@pytest.fixture
def running(start_shop):
    """A running shop with the factory's goods and two codes."""
    shop = start_shop()
    engine = make_engine(shop.database_url, pool=1)
    with Session(engine.execution_options(writing=True), expire_on_commit=False) as session, session.begin():
        make_shop(session)
        voucher(session, "LOTUS-20", amount_minor=2000)
        voucher(session, "ALL-OF-IT", percent=100, with_post=True)
    engine.dispose()
    return shop


def type_code(page, code):
    page.fill("#code", code)
    page.locator("form[action$='/cart/code'] button[type=submit]").click()


@pytest.mark.parametrize(
    ("lang", "width", "scheme"), [("en", 390, "light"), ("zh", 1280, "dark"), ("vi", 390, "light")]
)
def test_a_code_is_typed_refused_used_and_pays_an_order_whole(
    running, open_page, assert_fits, assert_accessible, shot, lang, width, scheme
):
    page = open_page(width=width, lang=lang, color_scheme=scheme)

    def look(name):
        assert_fits(page)
        assert_accessible(page)
        shot(page, f"voucher-{name}-{lang}")

    add(page, running, lang, "lotus")
    type_code(page, "nobodys-code")
    page.wait_for_selector(".summary")
    assert page.input_value("#code") == "nobodys-code"
    look("refused")
    type_code(page, "lotus-20")
    page.wait_for_selector("form[action$='/cart/code'] button[name=remove]")
    assert "LOTUS-20" in page.locator(".totals").inner_text()
    assert "20" in page.locator(".totals").inner_text()
    look("cart")
    page.locator("button[name=remove][form], form[action$='/cart/code'] button[name=remove]").click()
    page.wait_for_selector("#code")
    assert "LOTUS-20" not in page.locator(".totals").inner_text()
    type_code(page, "all-of-it")
    page.locator("a[href$='/checkout']").click()
    look("checkout")
    fill(page, lang)
    page.wait_for_url("**/orders/**")
    page.wait_for_selector(".thread li:nth-child(2).now")
    assert page.locator("form[data-auto]").count() == 0
    look("order-paid")


def test_a_code_works_without_script(running, open_page):
    page = open_page(width=390, java_script_enabled=False)
    add(page, running, "en", "lotus")
    page.get_by_label("Voucher code").fill("lotus-20")
    page.get_by_role("button", name="Use the code").click()
    assert "¥372.00" in page.locator(".totals").inner_text()
    page.get_by_role("link", name="Go to checkout").click()
    fill(page, "en")
    page.get_by_role("button", name="Pay ¥372.00 in test").click()
    page.get_by_role("button", name="Check the payment").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Paid, thank you"
    audit = running.flask("audit", check=False)
    assert "orders" not in audit.stdout
