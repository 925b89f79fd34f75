"""Pages that were squeezed or stuck together once: words keep their line, and what stands below keeps its distance."""

import pytest

pytestmark = pytest.mark.browser

LINES = """(found) => found.map((one) => {
    const height = parseFloat(getComputedStyle(one).lineHeight);
    return [one.innerText, Math.round(one.getBoundingClientRect().height / height)];
})"""
GAPS = """(found) => found.slice(1).map((one, place) => {
    return Math.round(one.getBoundingClientRect().top - found[place].getBoundingClientRect().bottom);
})"""


def go_on_as(page, shop, role: str) -> None:
    """Continue as somebody of the demo."""
    page.goto(f"{shop.url}/en/")
    page.locator(".demo summary").click()
    page.get_by_role("button", name=role, exact=True).click()
    page.wait_for_load_state("load")


def test_the_printers_files_of_a_fair_are_named_on_whole_lines_on_a_phone(shared_demo, open_page, assert_fits, shot):
    page = open_page(width=390)
    go_on_as(page, shared_demo, "Organizer")
    page.goto(f"{shared_demo.url}/expo/")
    page.locator("main a[href*='/expo/']").first.click()
    page.wait_for_selector(".outs h3")
    names = page.locator(".outs h3").evaluate_all(LINES)
    assert len(names) >= 3
    assert [(name, lines) for name, lines in names if lines > 2] == []
    assert_fits(page)
    shot(page, "fair-files")


def test_letters_and_text_messages_keep_their_distance(shared_demo, open_page, shot):
    for width in (390, 1280):
        page = open_page(width=width)
        page.goto(f"{shared_demo.url}/demo/letters")
        parts = page.locator("main .stack.loose > *")
        assert parts.count() > 4
        assert min(parts.evaluate_all(GAPS)) >= 8
        shot(page, "letters")
