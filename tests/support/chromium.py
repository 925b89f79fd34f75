"""Finding Chromium, and driving it without a word to the network."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
OUTPUT = Path(__file__).resolve().parents[1] / "output"
MISSING = (
    "no Chromium, so browser tests did not run: `apt install chromium fonts-noto-cjk libatomic1` on Debian"
    " (Ubuntu's package is only a stub), or name one by CHROMIUM=/path/to/chrome"
)


@cache
def executable() -> str | None:
    """The Chromium to drive: CHROMIUM, else the system's; None where none runs (Ubuntu's stub does not)."""
    # Playwright brings a Node of its own, which needs libatomic1: a bare Debian has none
    if not _runs(str(compute_driver_executable()[0]), "v"):
        return None
    named = os.environ.get("CHROMIUM", "")
    for name in (named,) if named else NAMES:
        found = shutil.which(name)
        if found and _runs(found, "Chromium", "Chrome"):
            return found
    return None


def _runs(program: str, *words: str) -> bool:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and any(word in said.stdout for word in words)
