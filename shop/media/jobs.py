"""What the worker does for pictures: files whose row never came are removed once a day."""

from pathlib import Path

from shop.db import reading
from shop.media.services import sweep_pictures
from shop.outbox.periodic import every

A_DAY = 60 * 60 * 24


def sweep_now(folder: Path) -> list[str]:
    """One run of the job; gives the keys of the pictures removed."""
    with reading() as session:
        return sweep_pictures(session, folder=folder)


def init_app(folder: Path) -> None:
    """Let the worker sweep this folder."""
    every(A_DAY, "media.sweep")(lambda: sweep_now(folder))
