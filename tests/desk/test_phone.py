"""A broker's day on her phone, in real Chromium, without script: list, assign, collect, send; then the maker's card."""

import io
import re
import sqlite3
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from shop.ids import digest

pytestmark = pytest.mark.browser

SMALL = """() => [...document.querySelectorAll("main a, main button, main select, main input, main summary, nav a")]
  .filter((one) => {
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    const around = one.closest("label");
    const room = around ? around.getBoundingClientRect() : box;
    return box.width && style.visibility !== "hidden" && !one.closest(".vh") && !one.classList.contains("vh")
      && style.opacity !== "0" && Math.max(box.height, room.height) < 47.5;
  }).map((one) => one.outerHTML.slice(0, 90))"""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo as a telephone takes it."""
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 40).convert("RGB").save(out, "JPEG", quality=80)
    file = tmp_path / "photo.jpg"
    file.write_bytes(out.getvalue())
    return file


def sign_in(page: Page, url: str, who: str) -> None:
    page.goto(f"{url}/sign-in?lang=zh")
    page.fill("input[name=email]", f"{who}@demo.example")
    page.fill("input[name=password]", "qiaoshou-demo")
    page.get_by_role("button", name="登录").click()
    expect(page).to_have_url(f"{url}/desk/")


@pytest.mark.parametrize(("width", "script"), [(360, False), (390, True)])
def test_a_day_on_the_phone_with_and_without_script(
    demo_shop, open_page, assert_fits, assert_accessible, shot, photo, width, script
):
    page = open_page(width=width, lang="zh", java_script_enabled=script)

    def look(name: str) -> None:
        page.wait_for_load_state("load")
        assert_fits(page)
        if script:  # axe itself is one; it takes what the dock hides at the fold for too small
            page.set_viewport_size({"width": width, "height": 5000})
            assert_accessible(page)
            page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(SMALL) == [], page.url
        shot(page, f"desk-{name}")

    sign_in(page, demo_shop.url, "broker2")
    look("today")
    _lists_a_piece(page, photo, look)
    _assigns_and_collects(page, demo_shop.url, look)
    _sends(page, demo_shop.url, look)
    for name in ("orders", "pay", "makers", "pieces", "account", "slips", "work"):
        page.goto(f"{demo_shop.url}/desk/{name}")
        look(name)
    assert demo_shop.flask("audit").returncode == 0


def _lists_a_piece(page: Page, photo: Path, look) -> None:
    page.get_by_role("link", name="货", exact=True).click()
    page.get_by_role("link", name="上一样新货").click()
    page.set_input_files("#photo0", photo)
    page.get_by_label("名字").fill("平安结")
    page.get_by_label("中国结").check()
    page.get_by_label("宽或直径（厘米）").fill("12")
    page.get_by_label("高（厘米）").fill("30")
    page.locator("input[name=makers]").first.check()
    page.locator(".ready input").first.fill("2")
    page.get_by_label("价格").fill("68")
    page.get_by_label("每件给她的工钱").fill("40")
    page.get_by_label("每件材料").fill("9")
    page.get_by_label("每件分钟数").fill("90")
    page.get_by_role("button", name="看看怎么分").last.click()
    expect(page.get_by_text("人民币捌拾元整")).to_be_visible()
    expect(page.get_by_text("¥26.66")).to_be_visible()
    look("new-piece")
    page.get_by_role("button", name="存下，上架").click()
    expect(page.get_by_role("heading", name="平安结")).to_be_visible()
    expect(page.locator("li.task", has_text="平安结")).to_contain_text("在卖")


def _assigns_and_collects(page: Page, url: str, look) -> None:
    page.goto(f"{url}/desk/")
    page.get_by_role("button", name="照这样派").click()
    expect(page).to_have_url(re.compile("/desk/work/"))
    look("assign")
    while page.get_by_role("button", name="她答应了").count():
        page.get_by_role("button", name="她答应了").first.click()
    page.get_by_role("link", name="收活", exact=True).first.click()
    expect(page).to_have_url(re.compile("/collect$"))
    look("collect")
    page.get_by_role("button", name="看她得多少").last.click()
    expect(page.locator("dd.big")).to_be_visible()
    shown = page.locator("dd.big").inner_text()
    look("collect-pay")
    page.get_by_role("button", name="存下，就是她的了").click()
    expect(page).to_have_url(re.compile("/desk/receipts/"))
    assert page.locator("p.big").inner_text() == shown
    look("receipt")


def _sends(page: Page, url: str, look) -> None:
    page.goto(f"{url}/desk/orders?state=ready")
    page.locator("ul.rows a").first.click()
    expect(page).to_have_url(re.compile(r"/desk/orders/\d+$"))
    look("order")
    page.get_by_label("快递公司").fill("顺丰")
    page.get_by_label("快递单号").fill("SF1234567890")
    page.get_by_role("button", name="包裹寄出了").click()
    expect(page.get_by_text("SF1234567890").first).to_be_visible()


def test_papers_and_the_makers_card_break_no_rule(demo_shop, open_page, assert_fits, assert_accessible, shot):
    books = sqlite3.connect(demo_shop.instance / "shop.sqlite3")

    def one(query: str) -> int:
        return books.execute(query).fetchone()[0]

    payout, payee = books.execute(
        "SELECT id, substr(payee, 7) FROM payout WHERE state = 'sent' AND payee LIKE 'maker:%' LIMIT 1"
    ).fetchone()
    broker = one(f"SELECT broker_id FROM payout WHERE id = {payout}")
    books.execute("UPDATE maker SET card_digest = ? WHERE id = ?", (digest("a-card"), payee))
    books.commit()
    slip = one(
        "SELECT a.id FROM work_assignment a JOIN work_order o ON o.id = a.work_order_id"
        f" WHERE o.broker_id = {broker} LIMIT 1"
    )
    parcel = one(f"SELECT id FROM seller_order WHERE broker_id = {broker} AND state = 'delivered' LIMIT 1")
    goods = one(
        f"SELECT p.id FROM product p JOIN workshop w ON w.id = p.workshop_id WHERE w.broker_id = {broker} LIMIT 1"
    )
    paths = [f"/m/a-card?lang={lang}" for lang in ("zh", "vi", "en")] + ["/m/a-card/statement?lang=vi"]
    page = open_page(width=390, lang="zh")
    for path in paths:
        _looked_at(page, demo_shop.url + path, assert_fits, assert_accessible)
    shot(page, "card-statement")
    sign_in(page, demo_shop.url, {1: "broker", 2: "broker2", 3: "broker3"}[broker])
    for path in (
        f"slips/{slip}",
        f"makers/{payee}",
        f"makers/{payee}/statement",
        f"pay/{payout}",
        f"orders/{parcel}",
        f"pieces/{goods}",
        f"pieces/{goods}/add",
        "account/statement",
    ):
        _looked_at(page, f"{demo_shop.url}/desk/{path}", assert_fits, assert_accessible)
    page.goto(f"{demo_shop.url}/m/a-card?lang=zh")
    expect(page.get_by_text("这部手机上登录着女经纪人").first).to_be_visible()
    shot(page, "card-on-brokers-phone")
    hers = open_page(width=390, lang="zh", java_script_enabled=False)
    hers.goto(f"{demo_shop.url}/m/a-card")
    hers.get_by_role("button", name="收到了", exact=True).first.click()
    expect(hers.get_by_role("button", name="收到了", exact=True)).to_have_count(0)
    expect(hers.get_by_text("已确认").first).to_be_visible()


def _looked_at(page: Page, address: str, assert_fits, assert_accessible) -> None:
    said = page.goto(address)
    assert said is not None
    assert said.status == 200, address
    page.set_viewport_size({"width": 390, "height": 5000})
    assert_fits(page)
    assert_accessible(page)


@pytest.mark.parametrize("zoom", [2])
def test_at_twice_the_size_nothing_is_cut_off(demo_shop, open_page, assert_fits, zoom):
    page = open_page(width=360 // zoom, lang="zh", java_script_enabled=False)
    sign_in(page, demo_shop.url, "broker")
    for path in ("", "pieces/new", "makers", "pay", "orders", "account"):
        page.goto(f"{demo_shop.url}/desk/{path}")
        assert_fits(page)
