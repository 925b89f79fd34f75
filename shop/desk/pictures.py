"""Photos on a form: stored at once, and kept through errors as a signed name that only their uploader can use."""

from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import FileStorage

from shop.actor import Actor
from shop.db import writing
from shop.media.folder import media_folder
from shop.media.pipeline import MAX_BYTES
from shop.media.services import Kept, add_kept, keep


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture that lies ready. `signed` goes into the page, `key` names its files."""

    id: int
    key: str
    signed: str


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="desk-photo")


def signed(picture_id: int, key: str, by: Actor) -> Shot:
    """A picture as `by`'s page may carry it."""
    return Shot(picture_id, key, str(_serializer().dumps([picture_id, key, by.key])))


def opened(text: str, by: Actor) -> Shot | None:
    """The picture behind a signed name; None for another's, or for what we did not sign."""
    try:
        picture_id, key, owner = _serializer().loads(text)
    except (BadData, ValueError, TypeError):
        return None
    return Shot(int(picture_id), str(key), text) if owner == by.key else None


def taken(file: FileStorage | None) -> Kept | None:
    """The files of an uploaded photo, stored; None where none was chosen. Raises BadPicture, NoRoom.

    Call it outside of any transaction: it takes half a second.
    """
    if file is None or not file.filename:
        return None
    return keep(file.stream.read(MAX_BYTES + 1), media_folder())


def uploaded(file: FileStorage | None, by: Actor) -> Shot | None:
    """An uploaded photo, checked and stored with its row. Raises as `taken`."""
    kept = taken(file)
    if kept is None:
        return None
    with writing() as session:
        picture = add_kept(session, kept=kept, by=by)
        return signed(picture.id, picture.key, by)
