"""What the worker does for pictures: files whose row never came are removed once a day."""

from shop.db import reading
from shop.media.folder import media_folder
from shop.media.services import sweep_pictures
from shop.outbox.periodic import every

A_DAY = 60 * 60 * 24


def sweep_now() -> list[str]:
    """One run of the job on this app's folder; gives the keys of the pictures removed."""
    with reading() as session:
        return sweep_pictures(session, folder=media_folder())


def init_app() -> None:
    every(A_DAY, "media.sweep")(sweep_now)
