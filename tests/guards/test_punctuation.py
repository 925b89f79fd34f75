"""A line of a Chinese page has Chinese punctuation: templates join with comma(), colon() and semicolon()."""

import re

from config import ROOT

JOINED = re.compile(r"(\}\}|%\})(</\w+>)?[,;:] (?=[{<])|join\(\"[,;:]")


def test_no_template_joins_two_things_with_a_latin_comma():
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if JOINED.search(line) and "#" not in line.strip()[:2]
    ]
    assert not found, "\n".join(found)
