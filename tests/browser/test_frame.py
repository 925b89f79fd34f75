"""Chromium against the shop as it runs: the frame that every page has."""

import pytest

pytestmark = pytest.mark.browser

DRAWN = """(sign) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 64;
    const pen = canvas.getContext("2d");
    pen.font = "48px sans-serif";
    pen.fillText(sign, 4, 52);
    return canvas.toDataURL();
}"""


def test_chinese_and_vietnamese_are_drawn_and_are_no_boxes(page):
    box = page.evaluate(DRAWN, "\U0003fffe")
    signs = [page.evaluate(DRAWN, sign) for sign in "绣珐琅Ễộẫđ"]
    assert box not in signs
    assert len(set(signs)) == len(signs)


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_fits_breaks_no_rule_and_can_be_read_by_everybody(
    shared_shop, open_page, assert_fits, assert_accessible, shot, lang, width
):
    page = open_page(width=width, lang=lang)
    said = page.goto(f"{shared_shop.url}/{lang}/nothing-here")
    assert said.status == 404
    assert page.locator("h1").count() == 1
    assert_fits(page)
    assert_accessible(page)
    shot(page, f"not-found-{lang}")
