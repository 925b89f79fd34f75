"""Nothing half done is left lying about, and nothing of one person's machine."""

import re

from config import ROOT
from tests.guards.reading import told, tracked

TEXTS = {
    ".py",
    ".html",
    ".css",
    ".js",
    ".md",
    ".txt",
    ".toml",
    ".in",
    ".po",
    ".typ",
    ".mako",
    ".service",
    ".yml",
    ".yaml",
    ".sh",
    "",
}
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "HA" + "CK"]) + r")\b")
DEBUGGING = re.compile(r"\b(breakpoint\(|pdb" + r"\.set_trace|console" + r"\.log\()")
SOMEBODYS_OWN = re.compile(
    "|".join(["/work/" + "main", "/work/" + "shared", "/root" + "/", r"pypi\." + "org", "python" + "hosted"])
)
VENDORED = ("static/vendor/", "shop/documents/fonts/", "requirements")


def _lines(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in tracked():
        name = str(path.relative_to(ROOT))
        if path.suffix not in TEXTS or name.startswith(VENDORED):
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    return found


def test_nothing_is_marked_as_unfinished():
    found = _lines(UNFINISHED)
    assert not found, told(found)


def test_nobody_is_debugging():
    found = _lines(DEBUGGING)
    assert not found, told(found)


def test_no_path_or_host_of_one_machine():
    found = _lines(SOMEBODYS_OWN)
    assert not found, told(found)
