"""Is the process alive, can it serve, and does what it owes get done?"""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Flask
from sqlalchemy.orm import Session

from shop.db import reading
from shop.web import access

bp = Blueprint("health", __name__)

SHOWN: dict[str, Callable[[Session], datetime | None]] = {}
"""Moments that tell whether the shop keeps up. Rooms above register theirs in `init_app`."""


@bp.get("/healthz")
def healthz() -> tuple[dict[str, str], int]:
    """Alive: answers without touching the database."""
    access.public()
    return {"status": "ok"}, 200


@bp.get("/readyz")
def readyz() -> tuple[dict[str, str | None], int]:
    """Ready: the database answers, and says since when what waits has been waiting (money.md 4)."""
    access.public()
    with reading() as session:
        moments = {name: find(session) for name, find in sorted(SHOWN.items())}
    return {"status": "ready", **{name: at.isoformat() if at else None for name, at in moments.items()}}, 200


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
