"""Is the process alive, and can it serve?"""

from flask import Blueprint, Flask
from sqlalchemy import text

from shop.db import reading_core
from shop.web import access

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> tuple[dict[str, str], int]:
    """Alive: answers without touching the database."""
    access.public()
    return {"status": "ok"}, 200


@bp.get("/readyz")
def readyz() -> tuple[dict[str, str], int]:
    """Ready: the database answers."""
    access.public()
    with reading_core() as connection:
        connection.execute(text("SELECT 1"))
    return {"status": "ready"}, 200


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
