"""Taking pictures in. The files come first and the row last, so no row stands without its files."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.clock import now
from shop.media import queries
from shop.media.models import Picture
from shop.media.pipeline import Checked, check_and_reencode
from shop.media.storage import store, sweep


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture whose files lie in the folder and whose row is still to be written."""

    key: str
    checked: Checked


def keep(data: bytes, folder: Path) -> Kept:
    """Check the picture in ``data`` and store its files. Raises BadPicture, NoRoom.

    It needs no database and takes about half a second for a telephone's photo: call it before `writing()`, then
    `add_kept` inside. Files whose row never came are swept.
    """
    checked = check_and_reencode(data)
    return Kept(store(folder, checked), checked)


def add_kept(session: Session, *, kept: Kept, by: Actor) -> Picture:
    """The row of a picture that `keep` has stored."""
    picture = Picture(
        key=kept.key,
        width=kept.checked.width,
        height=kept.checked.height,
        bytes_size=kept.checked.bytes_size,
        sha256=kept.checked.sha256,
        uploaded_by=by.key,
        created_at=now(),
    )
    session.add(picture)
    session.flush()  # the caller hangs the picture on something and needs its id
    return picture


def add_picture(session: Session, *, data: bytes, by: Actor, folder: Path) -> Picture:
    """`keep` and `add_kept` in one, for commands and imports; a page keeps its transaction short and calls both."""
    return add_kept(session, kept=keep(data, folder), by=by)


def sweep_pictures(session: Session, *, folder: Path) -> list[str]:
    """Remove files that no row knows and that are over an hour old; gives their keys."""
    return sweep(folder, queries.known_keys(session))
