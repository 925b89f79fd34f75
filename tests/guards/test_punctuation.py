"""A line of a Chinese page has Chinese punctuation: pages and sentences join with comma(), colon(), semicolon() and stop()."""

import re
from collections.abc import Iterator
from pathlib import Path

from config import ROOT

JOINED = re.compile(
    r"(\}\}|%\})(</\w+>)?[,;:.] (?=[{<])"  # {{ a }}, {{ b }}
    r'|join\("[,;:]'
    r'|~ "[,;:.] '  # a ~ ", " ~ b
    r'|:"(, [^}]*)?\) \}\} '  # a colon of the language, and then a Latin space
)
JOINED_BY_PYTHON = re.compile(r"""["'][,;:] ["']\.join\(|f["'][^"']*\}[,;:] \{""")
FOR_NO_PAGE = {"shop/web/i18n.py": 1, "shop/office/views/imports.py": 1}
"""Lines that no reader sees: what stops a start with a clash in the catalogues, and two facts of a row's fault."""


def faults(files: Iterator[Path], wrong: re.Pattern[str]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if wrong.search(line) and "#" not in line.strip()[:2]
    ]


def test_no_template_joins_two_things_with_latin_punctuation():
    found = faults(iter(sorted((ROOT / "templates").rglob("*.html"))), JOINED)
    assert not found, "\n".join(found)


def test_no_sentence_of_the_shop_joins_two_things_with_latin_punctuation():
    speaking = (file for file in sorted((ROOT / "shop").rglob("*.py")) if "flask_babel" in file.read_text())
    found = faults(speaking, JOINED_BY_PYTHON)
    allowed = {name: sum(line.startswith(f"{name}:") for line in found) for name in FOR_NO_PAGE}
    assert allowed == FOR_NO_PAGE
    found = [line for line in found if line.split(":")[0] not in FOR_NO_PAGE]
    assert not found, "\n".join(found)
