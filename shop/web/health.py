"""Is the process alive, can it serve, and does what it owes get done?"""

import threading
import time
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from shop.db import KEPT, Busy, reading
from shop.web import access

bp = Blueprint("health", __name__)

SHOWN: dict[str, Callable[[Session], datetime | None]] = {}
"""Moments that tell whether the shop keeps up. Rooms above register theirs in `init_app`."""

ALIVE: dict[str, Callable[[Session], datetime | None]] = {}
"""The few of them that `/healthz` says too."""

FRESH_SECONDS = 30.0
_lock = threading.Lock()
_kept: dict[str, tuple[float, str | None]] = {}


@bp.get("/healthz")
def healthz() -> tuple[dict[str, str | None], int]:
    """Alive, whatever the database does: what it last said is told, at most half a minute old, or "unknown"."""
    access.public()
    return {"status": "ok", **{name: _last(name) for name in ALIVE}}, 200


def _last(name: str) -> str | None:
    kept = _kept.get(name)
    if kept is not None and time.monotonic() < kept[0]:
        return kept[1]
    try:
        with reading() as session:
            at = ALIVE[name](session)
        said = at.isoformat() if at else None
    except (SQLAlchemyError, Busy):
        said = "unknown"
    with _lock:
        _kept[name] = (time.monotonic() + FRESH_SECONDS, said)
    return said


@bp.get("/readyz")
def readyz() -> tuple[dict[str, str | None], int]:
    """Ready: the database answers, and says since when what waits has been waiting (money.md 4)."""
    access.public()
    with reading() as session:
        moments = {name: find(session) for name, find in sorted(SHOWN.items())}
    return {"status": "ready", **{name: at.isoformat() if at else None for name, at in moments.items()}}, 200


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)


KEPT.append(_kept.clear)
