"""The pages of rails and the bank's results in Chromium: they fit a phone, can be read aloud, and tell each row's fate."""

import pytest

from tests.browser.test_narrow import go_on_as

pytestmark = pytest.mark.browser

RESULTS = "用途,金额,处理结果,失败原因\n工钱P1-ZZZZZ,426.00,交易成功,\n没有单号,1.00,失败,账号不存在\n"


def test_a_file_of_results_is_tried_on_a_phone_and_on_a_desk(
    shared_demo, open_page, assert_fits, assert_accessible, shot
):
    page = open_page(width=390)
    go_on_as(page, shared_demo, "Treasurer")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"{shared_demo.url}/office/results")
        assert_fits(page)
        page.locator("input[type=file]").set_input_files(
            {"name": "results.csv", "mimeType": "text/csv", "buffer": RESULTS.encode()}
        )
        page.locator("main form button").first.click()
        page.wait_for_load_state("load")
        assert page.locator("#refused").count() == 1
        assert page.locator("[aria-labelledby=refused] tbody tr").count() == 2
        assert_fits(page)
        assert_accessible(page)
        shot(page, "bank-results")


def test_pay_settings_fit_whoever_reads_or_writes_them(shared_demo, open_page, assert_fits, assert_accessible, shot):
    for role in ("Treasurer", "Admin"):
        page = open_page(width=390)
        go_on_as(page, shared_demo, role)
        page.goto(f"{shared_demo.url}/office/pay-settings")
        assert (page.locator("main form").count() > 0) == (role == "Admin")
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 844})
            assert_fits(page)
            assert_accessible(page)
            shot(page, f"pay-settings-{role.lower()}")
