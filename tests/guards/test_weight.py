"""What a page carries besides its words and pictures stays small, and every sprite and file it names is there."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
TEMPLATES = ROOT / "templates"
GROUND = ["css/tokens.css", "css/base.css", "css/ui.css"]
SETS = {
    "buyer": (
        [*GROUND, "css/fonts.css", "css/shop.css", "js/cart-count.js", "js/once.js", "js/check-payment.js"],
        20_000,
    ),
    # the desk's page may weigh 30 kB with its HTML, of which these are the fixed part
    "desk": ([*GROUND, "css/desk.css", "js/once.js", "img/icons.svg", "img/marks.svg"], 20_000),
    "office": ([*GROUND, "css/fonts.css", "css/office.css", "js/once.js"], 20_000),
    "expo": ([*GROUND, "css/fonts.css", "css/office.css", "css/expo.css", "js/once.js"], 20_000),
    "print": ([*GROUND, "css/fonts.css", "css/print.css", "js/print.js"], 20_000),
}


def packed(name: str) -> int:
    return len(gzip.compress((STATIC / name).read_bytes(), compresslevel=6))


def symbols(sprite: str) -> set[str]:
    return set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "img" / sprite).read_text("utf-8")))


@pytest.mark.parametrize("page", SETS)
def test_the_fixed_part_of_a_page_stays_under_its_weight(page):
    names, ceiling = SETS[page]
    weights = {name: packed(name) for name in names}
    assert sum(weights.values()) <= ceiling, weights


def test_each_script_of_ours_is_under_one_kilobyte():
    heavy = {file.name: file.stat().st_size for file in (STATIC / "js").glob("*.js") if file.stat().st_size > 1000}
    assert not heavy


def test_the_desk_names_no_font():
    for name in SETS["desk"][0]:
        if name.endswith(".css"):
            assert "@font-face" not in (STATIC / name).read_text("utf-8"), name
    layout = (TEMPLATES / "layouts" / "desk.html").read_text("utf-8")
    assert "fonts" not in layout.replace("System fonts", "")


def test_one_font_at_most_is_fetched_ahead():
    for layout in (TEMPLATES / "layouts").glob("*.html"):
        assert layout.read_text("utf-8").count('rel="preload"') <= 1, layout.name


def test_every_file_named_in_css_exists():
    for sheet in (STATIC / "css").glob("*.css"):
        for name in re.findall(r"url\(([^)]+)\)", sheet.read_text("utf-8")):
            assert (sheet.parent / name.strip("\"'")).is_file(), f"{sheet.name}: {name}"


def test_every_static_file_named_in_a_template_exists():
    for page in TEMPLATES.rglob("*.html"):
        words = page.read_text("utf-8")
        for name in re.findall(r"""asset\(["']([^"']+)["']\)""", words) + re.findall(r'"/static/([^"]+)"', words):
            assert (STATIC / name).is_file(), f"{page.relative_to(TEMPLATES)}: {name}"


def test_every_icon_named_in_a_template_is_in_the_sprite():
    known = symbols("icons.svg")
    for page in TEMPLATES.rglob("*.html"):
        words = page.read_text("utf-8")
        named = re.findall(r"""(?:\bicon\(|\bicon=)["']([a-z0-9-]+)["']""", words)
        named += re.findall(r"icons\.svg'?\)? ?}}#([a-z0-9-]+)", words)
        assert set(named) <= known, f"{page.relative_to(TEMPLATES)}: {set(named) - known}"


def test_every_mark_has_its_picture_and_its_word():
    words = (TEMPLATES / "ui" / "mark.html").read_text("utf-8")
    named = set(re.findall(r'"([a-z]+)": _\("', words))
    tinted = set(re.findall(r'"([a-z]+)": "(?:rose|gold|mist)"', words))
    assert named == symbols("marks.svg")
    assert tinted <= named


def test_colours_stand_in_the_tokens_only():
    literal = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgb\(|\bhsl\(")
    for sheet in (STATIC / "css").glob("*.css"):
        if sheet.name in {"tokens.css", "print.css"}:  # paper is white and its ink black whatever the theme
            continue
        rules = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
        allowed = rules.replace("background:#fff", "")  # under a QR code, which is read by machines
        assert not literal.findall(allowed), sheet.name
