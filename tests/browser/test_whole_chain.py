"""The main job, once through in Chromium: imported, finished on the broker's phone, bought, made, paid, confirmed by her.

It ends with the maker's statement showing the same amount as the product page. Screenshots stay as test output.
"""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

LIST = "品名,SKU,价格,工钱,手艺人,尺寸,数量\n荷叶杯垫,CHAIN-1,168.00,102.00,沈荷芝,直径12厘米,\n"
HERS = "¥102.00"


@pytest.fixture
def goods_list(tmp_path: Path) -> Path:
    """A list as a co-op keeps it, one piece."""
    file = tmp_path / "list.csv"
    file.write_text("\ufeff" + LIST, encoding="utf-8")
    return file


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo as a telephone takes it."""
    out = io.BytesIO()
    Image.effect_noise((1200, 1200), 40).convert("RGB").save(out, "JPEG", quality=80)
    file = tmp_path / "photo.jpg"
    file.write_bytes(out.getvalue())
    return file


def sign_in(page: Page, url: str, who: str) -> None:
    page.goto(f"{url}/sign-in?lang=zh")
    page.fill("input[name=email]", f"{who}@demo.example")
    page.fill("input[name=password]", "qiaoshou-demo")
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state("load")


def test_an_imported_piece_goes_all_the_way_to_its_makers_confirmed_pay(demo_shop, open_page, shot, goods_list, photo):
    url = demo_shop.url
    said = demo_shop.flask("import", "products", str(goods_list), "--workshop", "heying-embroidery")
    assert "new drafts: 1" in said.stdout
    broker = open_page(width=390, lang="zh")
    sign_in(broker, url, "broker")
    _finish_the_draft(broker, url, photo, shot)
    buyer = open_page(width=1280, lang="zh")
    _buy(buyer, url, shot)
    _make(broker, url, shot)
    _pay_day(open_page, url, shot)
    _confirm(demo_shop, open_page, shot)
    broker.goto(f"{url}/desk/makers/1/statement?lang=zh")
    line = broker.locator("table tr", has_text="荷叶杯垫").last
    expect(line).to_contain_text(HERS)
    expect(line).to_contain_text("已确认")
    shot(broker, "chain-statement")
    assert demo_shop.flask("audit").returncode == 0


def _finish_the_draft(page: Page, url: str, photo: Path, shot) -> None:
    """What the list could not say is added on the phone; nothing of it is published before it is whole."""
    page.goto(f"{url}/desk/pieces?state=draft")
    page.get_by_role("link", name="补上").first.click()
    page.set_input_files("#photo0", photo)
    page.get_by_label("刺绣").check()
    expect(page.get_by_label("沈荷芝")).to_be_checked()
    page.get_by_label("也可以定做").check()
    page.get_by_label("价格").fill("168")
    page.get_by_label("每件给她的工钱").fill("102")
    page.get_by_label("每件材料").fill("20")
    page.get_by_label("每件分钟数").fill("180")
    page.get_by_role("button", name="看看怎么分").last.click()
    shot(page, "chain-split")
    page.get_by_role("button", name=re.compile("存下")).first.click()
    expect(page.locator("li.task", has_text="荷叶杯垫")).to_contain_text("在卖")


def _buy(page: Page, url: str, shot) -> None:
    page.goto(f"{url}/zh/search?q=荷叶杯垫")
    page.get_by_role("link", name=re.compile("荷叶杯垫")).first.click()
    expect(page.locator("main")).to_contain_text(HERS)
    shot(page, "chain-product")
    page.locator("form[action$='/cart/lines'] button[type=submit]").first.click()
    page.locator("a[href$='/checkout']").first.click()
    for name, value in (
        ("email", "anna@example.org"), ("name", "安娜"), ("street", "人民路 1 号"), ("city", "杭州"), ("postcode", "310000"),
    ):  # fmt: skip
        if page.locator(f"[name={name}]").count():
            page.fill(f"[name={name}]", value)
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/sandbox/pay/**")
    page.locator("button[value=pay]").click()
    page.wait_for_url("**/orders/**")
    page.wait_for_selector(".thread li:nth-child(2).now")
    shot(page, "chain-paid")


def _make(page: Page, url: str, shot) -> None:
    """Assigned as proposed, her yes recorded with how she was told, collected, sent, delivered."""
    page.goto(f"{url}/desk/")
    shot(page, "chain-today")
    page.goto(f"{url}/desk/work")
    page.locator("li.task", has_text="荷叶杯垫").get_by_role("link").click()
    page.get_by_role("button", name="照这样问她们").last.click()
    page.get_by_role("button", name="她答应了").first.click()
    page.get_by_role("link", name="收活", exact=True).first.click()
    page.get_by_role("button", name="看她得多少").last.click()
    expect(page.locator("dd.big")).to_contain_text(HERS)
    shot(page, "chain-collect")
    page.get_by_role("button", name="存下，就是她的了").click()
    expect(page).to_have_url(re.compile("/desk/receipts/"))
    page.goto(f"{url}/desk/orders?state=ready")
    page.locator("ul.rows a").last.click()
    page.get_by_label("快递公司").fill("顺丰")
    page.get_by_label("快递单号").fill("SF1234567890")
    page.get_by_role("button", name="包裹寄出了").click()
    expect(page.get_by_text("SF1234567890").first).to_be_visible()


def _pay_day(open_page, url: str, shot) -> None:
    """The treasurer drafts, a second person approves, the bank's sheet is made and carried out. Nobody says "paid" yet."""
    treasurer, officer = open_page(width=1280, lang="zh"), open_page(width=1280, lang="zh")
    sign_in(treasurer, url, "treasurer")
    sign_in(officer, url, "officer")
    treasurer.goto(f"{url}/office/batches")
    treasurer.locator("form[action='/office/batches'] button").click()
    treasurer.wait_for_url(re.compile(r"/office/batches/\d+"))
    batch = re.search(r"/office/batches/\d+", treasurer.url)
    assert batch
    expect(treasurer.locator("form[action$='/approve']")).to_have_count(0)
    officer.goto(url + batch.group())
    shot(officer, "chain-batch")
    officer.locator("form[action$='/approve'] button").click()
    treasurer.goto(url + batch.group())
    treasurer.locator("form[action$='/bank-file'] button").click()
    treasurer.goto(url + batch.group())
    treasurer.locator("form[action$='/bank-done'] button").click()
    treasurer.goto(url + batch.group())
    row = treasurer.locator("tr", has_text="沈荷芝").first
    expect(row).to_contain_text(HERS)
    expect(row).not_to_contain_text("已确认")
    shot(treasurer, "chain-sent")


def _confirm(demo_shop, open_page, shot) -> None:
    """The office makes her a card; she says so herself on its page, on a device that nobody signed in on."""
    officer = open_page(width=1280, lang="zh")
    sign_in(officer, demo_shop.url, "officer")
    officer.goto(f"{demo_shop.url}/office/makers/1")
    officer.get_by_role("button", name="做新卡").click()
    shot(officer, "chain-new-card")
    card = re.search(r"/m/[\w-]{20,}", officer.locator("main").inner_text())
    assert card, "the new card names no address"
    page = open_page(width=390, lang="zh", java_script_enabled=False)
    page.goto(f"{demo_shop.url}{card.group()}?lang=zh")
    shot(page, "chain-card")
    button = page.get_by_role("button", name="收到了", exact=True)
    while button.count():
        button.first.click()
    expect(page.get_by_text("已确认").first).to_be_visible()
