"""The demo bar of the design: from the home page to a maker's confirmed statement in at most 15 clicks."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

MOST_CLICKS = 15


class Walker:
    """A newcomer who clicks, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, what: Locator) -> None:
        """One click, and the page that follows."""
        self.clicks += 1
        what.click()
        self.page.wait_for_load_state("load")


def test_who_continues_as_the_broker_has_work_to_assign_to_collect_and_to_pay_out(demo_shop, open_page):
    page = open_page(width=390)
    page.goto(f"{demo_shop.url}/en/")
    page.locator(".demo summary").click()
    page.get_by_role("button", name="Broker", exact=True).click()
    page.wait_for_url("**/desk/")
    for heading in ("要收的活", "等她点头", "要派的活", "要寄的"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    page.goto(f"{demo_shop.url}/desk/pay")
    expect(page.locator("main")).to_contain_text("还要交给1人")


def test_a_newcomer_gets_from_the_home_page_to_a_confirmed_statement_in_fifteen_clicks(demo_shop, page, shot):
    walker = Walker(page)
    page.goto(f"{demo_shop.url}/en/")
    walker.click(page.get_by_role("link", name=re.compile("Chinese knots")).first)
    walker.click(page.get_by_role("link", name=re.compile("Plafond knot pendant")).first)
    pay = page.locator(".split tbody tr, table tbody tr").first.inner_text()
    hers = re.search(r"¥[\d,]+\.\d\d", pay)
    assert hers, pay
    walker.click(page.locator("form[action$='/cart/lines'] button[type=submit]").first)
    walker.click(page.locator("a[href$='/checkout']").first)
    for name, value in (
        ("email", "new@example.org"), ("name", "Nora New"), ("street", "1 High Street"), ("city", "Leeds"),
        ("postcode", "LS1 1AA"), ("region", "Yorkshire"),
    ):  # fmt: skip
        if page.locator(f"[name={name}]").count():
            page.fill(f"[name={name}]", value)
    walker.click(page.locator("main form button[type=submit]").last)
    page.wait_for_url("**/sandbox/pay/**")
    walker.click(page.locator("button[value=pay]"))
    page.wait_for_url("**/orders/**")
    page.wait_for_selector(".thread li:nth-child(2).now")
    while "/statement" not in page.url:
        step = page.locator("aside.demo form.next button")
        expect(step).to_be_visible()
        assert walker.clicks < MOST_CLICKS, f"{walker.clicks} clicks, and still {step.inner_text()}"
        walker.click(step)
    assert walker.clicks <= MOST_CLICKS
    line = page.locator("table tr", has_text=hers.group()).last
    expect(line).to_contain_text(re.compile("confirmed", re.IGNORECASE))
    shot(page, "demo-statement")
    assert demo_shop.flask("audit").returncode == 0
