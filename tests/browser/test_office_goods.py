"""The office in Chromium: a list comes in, its drafts are made whole together and shown; prices are checked while typed."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from shop.db import make_engine
from shop.people.models import User
from shop.people.passwords import hashed
from shop.people.services import set_password
from tests.factories.catalog import make_shop
from tests.office.goods.rows import photo
from tests.people import FEN, PASSWORD, TAO

pytestmark = pytest.mark.browser

LIST = (
    "品名,货号,价格,工钱,尺寸,数量,图片\n"
    "荷叶杯垫,CUP-1,168.00,102.00,直径12厘米,3,cup.png\n"
    "并蒂莲团扇,FAN-1,420.00,250.00,直径24厘米,,fan.png\n"
    "没有价格的屏风,SCREEN-1,,,60×90厘米,,\n"
)


@pytest.fixture
def office(start_shop):
    """A running shop with the factory's goods; `office.speak("vi")` changes the officer's language."""
    shop = start_shop()
    engine = make_engine(shop.database_url, pool=1)

    def write(work) -> None:
        with Session(engine.execution_options(writing=True)) as session, session.begin():
            work(session)

    def fill(session) -> None:
        make_shop(session)
        for who in (FEN, TAO):
            set_password(session, user_id=who.user_id, password_hash=hashed(PASSWORD), told=False)

    write(fill)
    shop.speak = lambda lang: write(lambda session: setattr(session.get_one(User, FEN.user_id), "lang", lang))
    yield shop
    engine.dispose()


@pytest.fixture
def officer(office, open_page) -> Page:
    """Fen at the office's wide screen, signed in."""
    page = open_page(lang="zh")
    _sign_in(page, office.url, "fen")
    return page


def _sign_in(page: Page, url: str, who: str) -> None:
    page.goto(f"{url}/sign-in?lang=zh")
    page.fill("input[name=email]", f"{who}@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/office/**")


@pytest.fixture
def fits(office, officer, assert_fits, assert_accessible):
    """Load the page anew in each language, at 390 and 1280 px; nothing may stick out or shut anybody out."""

    def look() -> None:
        for lang in ("vi", "en", "zh"):
            office.speak(lang)
            officer.reload()
            for width in (390, 1280):
                officer.set_viewport_size({"width": width, "height": 900})
                assert_fits(officer)
        assert_accessible(officer)

    return look


def test_a_list_comes_in_is_made_whole_and_shown_and_prices_are_reckoned_while_typed(office, officer, fits, shot):
    page = officer
    page.goto(f"{office.url}/office/imports")
    fits()
    page.set_input_files("#list", {"name": "list.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
    page.get_by_label("工坊").select_option("坊1")
    page.locator("main form button").first.click()
    page.wait_for_url("**/imports/try/**")
    fits()
    shot(page, "office-import-try")
    page.locator("main form[action*='/imports/try/'] button").last.click()
    page.wait_for_selector("form[action$='/apply']")
    expect(page.locator("main table tbody tr")).to_have_count(3)
    fits()
    _for_all(page)
    _pictures(page)
    shot(page, "office-drafts")
    page.set_viewport_size({"width": 390, "height": 900})
    shot(page, "office-drafts")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("form[action$='/publish'] button").click()
    expect(page.locator("main table tbody tr")).to_have_count(1)
    expect(page.locator("main table tbody tr")).to_contain_text("没有价格的屏风")
    assert page.goto(f"{office.url}/zh/search?q=荷叶杯垫").status == 200
    expect(page.locator("main")).to_contain_text("¥168.00")
    _typed(page, office.url, fits, shot)
    assert office.flask("audit").returncode == 0


def _for_all(page: Page) -> None:
    """Craft, makers, minutes and shares for all drafts in one form."""
    form = page.locator("form[action$='/apply']")
    form.locator("[name=craft_id]").select_option(index=1)
    form.locator("[name=minutes]").fill("120")
    form.locator("[name=materials_percent]").fill("10")
    form.locator("[name=made_to_order]").check()
    form.locator("[name=makers]").first.check()
    form.locator("button").last.click()
    expect(page.locator("main table tbody tr").first).to_contain_text("图")


def _pictures(page: Page) -> None:
    """Those that the list names."""
    files = [
        {"name": name, "mimeType": "image/png", "buffer": photo(colour=colour)[0].getvalue()}
        for name, colour in (("cup.png", "teal"), ("fan.png", "crimson"))
    ]
    page.set_input_files("form[action$='/pictures'] input[type=file]", files)
    page.locator("form[action$='/pictures'] button").click()
    page.wait_for_selector("main .badge.ok")


def _typed(page: Page, url: str, fits, shot) -> None:
    """The difference is told while prices are typed, and what sums is saved."""
    page.goto(f"{url}/office/products/1")
    fits()
    off = page.locator("tfoot td[data-of=retail1]").last
    page.locator("[name=retail1_maker]").fill("２40.5")
    expect(off).to_have_text("! -4.50")
    expect(off).to_have_class("num off")
    page.locator("[name=retail1]").fill("1,384.50元")
    expect(off).to_have_text("! 1,000.00")
    page.locator("[name=retail1]").fill("384.50")
    expect(off).to_have_text("✓ 0.00")
    expect(page.locator("tfoot td[data-of=retail1]").first).to_have_text("384.50")
    shot(page, "office-split")
    page.locator("[name=retail1_maker]").fill("240.50")
    page.locator("form[action$='/price'] button").click()
    expect(page.locator("[name=retail1]")).to_have_value("384.50")


def test_who_may_only_read_sees_text_that_fits_and_shuts_nobody_out(
    office, open_page, assert_fits, assert_accessible, shot
):
    page = open_page(lang="zh")
    _sign_in(page, office.url, "tao")
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        for path in ("products/1", "shop"):
            page.goto(f"{office.url}/office/{path}")
            expect(page.locator("main :is(input, select, textarea):not([type=hidden])")).to_have_count(0)
            assert_fits(page)
            assert_accessible(page)
            shot(page, f"office-read-{path}")
