"""All buyer pages: the shelf with its filters, a piece and where its price goes, who made it, and the search.

Everything here is read and may be cached: no page writes, sets a cookie or opens a session. What the public may know
of a maker is decided in `shop.makers.public` alone; what is kept between requests (`kept`) is known by all it was
made from, so that a withdrawn consent acts on the next request. Buying lies in `shop.home.buying`.
"""

from importlib import import_module
from importlib.util import find_spec

from flask import Flask


def init_app(app: Flask) -> None:
    from shop.home.blueprint import bp  # noqa: PLC0415  routes are hung on before the app takes them

    import_module("shop.home.views")
    if find_spec("shop.home.buying"):
        import_module("shop.home.buying")
    app.register_blueprint(bp)
