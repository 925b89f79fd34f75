"""Whoever runs the shop can read about every setting and every command."""

import re

import click
import pytest

from config import ROOT, Settings
from tests.guards.reading import told

SETTINGS = sorted(name.upper() for name in Settings.model_fields)
FLASK_OWN = {"routes", "run", "shell"}


once_written = pytest.mark.skipif(not (ROOT / "docs").is_dir(), reason="docs/ is not there yet")


def documents() -> str:
    """All that is written for readers."""
    return "\n".join(path.read_text() for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))])


def test_every_setting_stands_in_the_example_and_no_other():
    listed = re.findall(r"^#?\s?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(listed) == SETTINGS


def test_the_example_is_accepted_as_it_stands(tmp_path):
    example = tmp_path / ".env"
    example.write_text((ROOT / ".env.example").read_text())
    assert Settings(_env_file=example).app_env == "development"


@once_written
def test_every_setting_is_documented():
    written = documents()
    missing = [name for name in SETTINGS if f"`{name}" not in written]
    assert not missing, told(missing)


@once_written
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_every_command_is_documented(app):
    written = documents()

    def names(group: click.Group, before: str) -> list[str]:
        found = []
        for name, command in group.commands.items():
            whole = f"{before} {name}".strip()
            found += names(command, whole) if isinstance(command, click.Group) else [whole]
        return found

    missing = [
        name
        for name in names(app.cli, "")
        if name not in FLASK_OWN and f"flask {name}" not in written and f"`{name}" not in written
    ]
    assert not missing, told(missing)


def test_every_make_target_is_explained():
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)
    shown = makefile.split("help:", 1)[1].split("\n\n", 1)[0]
    inner = {"help", "venv", "install", "install-dev", "chromium"}
    assert not [name for name in targets if name not in inner and f"make {name}" not in shown]
