"""Lists between their dry run and their import: kept for a day in the instance folder, each for who sent it."""

import json
import re
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import current_app

from config import Settings
from shop.errors import NotFound
from shop.ids import secret

KEPT_SECONDS = 86_400
MOST_FILES = 200
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A list that waits: its name, what was said of it, and who sent it."""

    token: str
    filename: str
    workshop_id: int
    kind: str
    currency: str
    by: str


def _folder() -> Path:
    settings = current_app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    folder = settings.instance_path / "lists"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep(data: bytes, *, filename: str, workshop_id: int, kind: str, currency: str, by: str) -> Upload:
    """Put a list aside until it is imported; older ones are swept."""
    folder = _folder()
    _sweep(folder)
    made = Upload(secret(), filename[:120], workshop_id, kind, currency, by)
    (folder / f"{made.token}.list").write_bytes(data)
    (folder / f"{made.token}.json").write_text(json.dumps(asdict(made)), encoding="utf-8")
    return made


def kept(token: str, *, by: str) -> tuple[Upload, bytes]:
    """A list that this person put aside. Raises NotFound for another's, or one that is gone."""
    if not _TOKEN.fullmatch(token):
        raise NotFound(what="list")
    try:
        folder = _folder()
        found = Upload(**json.loads((folder / f"{token}.json").read_text(encoding="utf-8")))
        data = (folder / f"{token}.list").read_bytes()
    except (OSError, ValueError, TypeError):
        raise NotFound(what="list") from None
    if found.by != by:
        raise NotFound(what="list")
    return found, data


def forget(token: str) -> None:
    """It was imported, or is not wanted."""
    for tail in ("list", "json"):
        (_folder() / f"{token}.{tail}").unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    aged: list[tuple[float, Path]] = []
    for file in folder.iterdir():
        with suppress(FileNotFoundError):  # another request sweeps too
            aged.append((file.stat().st_mtime, file))
    old = time.time() - KEPT_SECONDS
    for place, (since, file) in enumerate(sorted(aged)):
        if since < old or place < len(aged) - 2 * MOST_FILES:
            file.unlink(missing_ok=True)
