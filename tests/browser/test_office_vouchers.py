"""Vouchers in the office in Chromium: made after it was said in words, listed, ended; on a phone and a wide screen."""

import pytest
from sqlalchemy.orm import Session

from shop.db import make_engine
from shop.people.models import User
from shop.people.passwords import hashed
from shop.people.services import set_password
from tests.factories.catalog import make_shop
from tests.factories.orders import voucher
from tests.people import FEN, PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def office(start_shop):
    """A running shop in which Fen can sign in, in a language: `office("vi")` gives its address."""
    shop = start_shop()
    engine = make_engine(shop.database_url, pool=1)

    def write(work) -> None:
        with Session(engine.execution_options(writing=True), expire_on_commit=False) as session, session.begin():
            work(session)

    def fill(session) -> None:
        make_shop(session)
        set_password(session, user_id=FEN.user_id, password_hash=hashed(PASSWORD), told=False)
        voucher(session, "GIFT-OF-THE-CO-OP", percent=100, with_post=True, limit_all=3)

    def speak(lang) -> str:
        write(lambda session: setattr(session.get_one(User, FEN.user_id), "lang", lang))
        return shop.url

    write(fill)
    yield speak
    engine.dispose()


@pytest.mark.parametrize(("lang", "width", "scheme"), [("zh", 390, "light"), ("vi", 1280, "dark")])
def test_an_officer_makes_a_voucher_and_ends_it(
    office, open_page, assert_fits, assert_accessible, shot, lang, width, scheme
):
    url = office(lang)
    page = open_page(width=width, lang=lang, color_scheme=scheme)
    page.goto(f"{url}/sign-in?lang=en")
    page.fill("input[name=email]", "fen@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/office/**")
    page.goto(f"{url}/office/vouchers")
    page.locator("a[href$='/vouchers/new']").click()
    page.fill("[name=code]", "lotus-5")
    page.select_option("[name=kind]", "workshop")
    page.select_option("[name=workshop_id]", "1")
    page.fill("[name=percent]", "5")
    page.fill("[name=limit_each]", "1")
    page.locator("main form button[type=submit]").click()
    page.wait_for_selector(".words")
    assert "LOTUS-5" in page.locator(".words").inner_text()
    assert_fits(page)
    assert_accessible(page)
    shot(page, f"office-voucher-said-{lang}")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/office/vouchers")
    assert page.locator("tbody tr").count() == 2
    assert_fits(page)
    assert_accessible(page)
    shot(page, f"office-vouchers-{lang}")
    page.locator("form[action$='/vouchers/2/end'] button").click()
    page.wait_for_load_state()
    assert page.locator("form[action$='/vouchers/2/end']").count() == 0
