"""The one blueprint of all buyer pages; views and the buying part hang their routes on it."""

import re

from flask import Blueprint

from shop.errors import NotFound

bp = Blueprint("home", __name__)
_NAME = re.compile(r"[A-Za-z0-9-]{1,120}")


@bp.url_value_preprocessor
def only_names_of_ours(_endpoint: str | None, values: dict[str, object] | None) -> None:
    """Slugs and numbers are plain letters and figures; anything else names nothing, and no database need be asked."""
    for part in ("slug", "number"):
        named = (values or {}).get(part)
        if named is not None and not _NAME.fullmatch(str(named)):
            raise NotFound(what="page")
