"""Static files under names that carry a hash of their contents, cached for a year."""

import hashlib
from pathlib import Path

from flask import Flask, url_for
from whitenoise import WhiteNoise


def init_app(app: Flask) -> None:
    folder = Path(str(app.static_folder))
    known: dict[str, str] = {}

    def asset(name: str) -> str:
        """The address of a static file; changes whenever the file does."""
        if name not in known or app.debug:
            known[name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:10]
        return url_for("static", filename=name, v=known[name])

    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["has_endpoint"] = lambda name: name in app.view_functions
    if folder.exists():
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
            app.wsgi_app, root=folder, prefix="static/", max_age=31536000, autorefresh=app.debug
        )
