"""The folder of pictures. One picture is one folder under a random name, there whole or not at all."""

import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Collection
from pathlib import Path

from shop.errors import Closed, NotFound
from shop.media.pipeline import WIDTHS, Checked

MASTER = "master.jpg"
_KEY = re.compile(r"[0-9a-f]{32}")
_COMING = "coming"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


class NoRoom(Closed):
    """The disk takes no more pictures."""

    code = "no_room"


def store(folder: Path, checked: Checked, *, durable: bool = True) -> str:
    """Put the picture's files into ``folder``; gives its key. Raises NoRoom when the disk is full or read-only.

    The files are written aside and renamed in one step. ``durable`` waits until the disk has them; content that can
    be made again may do without.
    """
    key = secrets.token_hex(16)
    coming = folder / _COMING / key
    place = _place(folder, key)
    try:
        coming.mkdir(parents=True)
        for name, data in ((MASTER, checked.master), *((f"{w}.webp", size) for w, size in checked.sizes.items())):
            _write(coming / name, data, durable=durable)
        place.parent.mkdir(parents=True, exist_ok=True)
        coming.rename(place)
        if durable:
            _settle(place)
            _settle(place.parent)
    except OSError as error:
        shutil.rmtree(coming, ignore_errors=True)
        shutil.rmtree(place, ignore_errors=True)
        if error.errno in _FULL:
            raise NoRoom from error
        raise
    return key


def path_of(folder: Path, key: str, width: int | None = None) -> Path:
    """Where a size of a picture lies, or its master without a width. Raises NotFound for what no picture is called."""
    if not _KEY.fullmatch(key) or (width is not None and width not in WIDTHS):
        raise NotFound(key=key, width=width)
    return _place(folder, key) / (MASTER if width is None else f"{width}.webp")


def sweep(folder: Path, known_keys: Collection[str], *, older_than_seconds: int = 3600) -> list[str]:
    """Remove pictures that have no row, and leavings of writes that broke off; gives the keys removed.

    What is younger than ``older_than_seconds`` stays: its row may be under way.
    """
    # The age of a file is told by the machine's clock, not by the demo's, which can be moved.
    before = time.time() - older_than_seconds
    removed = []
    for place in (*folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*"), *folder.glob(f"{_COMING}/*")):
        known = place.name in known_keys and place.parent.name != _COMING
        if _KEY.fullmatch(place.name) and not known and place.stat().st_mtime <= before:
            shutil.rmtree(place)
            removed.append(place.name)
    return sorted(removed)


def _place(folder: Path, key: str) -> Path:
    return folder / key[:2] / key[2:4] / key


def _write(path: Path, data: bytes, *, durable: bool) -> None:
    with path.open("xb") as file:
        file.write(data)
        if durable:
            file.flush()
            os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """A rename is on the disk only once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
