"""What the office tests look at: rows as they stand now, and pictures to send."""

import io

from PIL import Image
from sqlalchemy import select, text

from shop import clock
from shop.db import reading

TODAY = clock.today().isoformat()
TABLES = [
    "maker",
    "consent",
    "skill",
    "mandate",
    "broker",
    "workshop",
    "workshop_maker",
    "coop",
    "coop_page",
    "hourly_minimum",
    "craft",
    "place",
    "change",
    "picture",
    "outbox",
    "ticket",
]


def everything():
    """Every row of what these pages can change."""
    with reading() as session:
        rows = {
            table: sorted(str(row) for row in session.execute(text(f'SELECT * FROM "{table}"'))) for table in TABLES
        }
        rows["user"] = sorted(str(row) for row in session.execute(text('SELECT id, role, is_active FROM "user"')))
    return rows


def all_of(model):
    with reading() as session:
        return session.scalars(select(model).order_by(model.id)).all()


def row(model, key):
    with reading() as session:
        return session.get_one(model, key)


def drawn(size=(900, 700), kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", size, "maroon").save(out, kind)
    out.seek(0)
    return out
