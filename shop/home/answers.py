"""How buyer pages are answered: the same for everybody, so that caches may keep them and ask whether they changed."""

import hashlib

from flask import Response, make_response, request

_HOURS = 3600


def shown(html: str) -> Response:
    """A page that may be kept by anybody and is asked for anew each time: a withdrawn consent must act at once.

    Signed-in visitors get the same words with their name on top; `shop.web.headers` then makes the answer private.
    """
    response = make_response(html)
    response.headers["Cache-Control"] = "public, no-cache"
    response.set_etag(hashlib.blake2b(html.encode(), digest_size=12).hexdigest(), weak=True)
    if "If-None-Match" in request.headers:
        response.make_conditional(request)
    return response


def plain(text: str, *, mimetype: str) -> Response:
    """A file for machines, kept for an hour at most."""
    response = Response(text, mimetype=mimetype)
    response.headers["Cache-Control"] = f"public, max-age={_HOURS}"
    return response
