"""Pictures as pages ask for them. Their names never come again with other contents, so they may be cached for good."""

from flask import Blueprint, Response, request

from shop.errors import NotFound
from shop.media.folder import media_folder
from shop.media.pipeline import WIDTHS
from shop.media.storage import path_of
from shop.web import access

bp = Blueprint("media", __name__)
_YEAR_SECONDS = 31_536_000


@bp.get("/media/<string(length=32):key>-<int:width>.webp")
def picture(key: str, width: int) -> Response:
    """A size of a picture; where it is narrower than that, its largest."""
    access.public()
    folder = media_folder().resolve()
    asked = path_of(folder, key, width)
    offered = (asked.with_name(f"{smaller}.webp") for smaller in reversed(WIDTHS) if smaller <= width)
    found = next((path for path in offered if path.is_file()), None)
    if found is None:
        raise NotFound(key=key, width=width)
    response = Response(found.read_bytes(), mimetype="image/webp")
    response.set_etag(f"{key}-{found.stem}")
    response.cache_control.max_age = _YEAR_SECONDS
    response.cache_control.public = True
    response.cache_control.immutable = True
    response.make_conditional(request)
    return response
