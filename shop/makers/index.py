"""Finding a maker by name, number or village, accents or none: for the co-op and the brokers, never for the public."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from shop.db import Texts
from shop.makers.models import Maker
from shop.places.models import Place
from shop.search import services as search
from shop.words import index_words

KIND = "staff:maker"
"""Entries of this kind hold names that nobody agreed to show: no public page asks for it."""

_village = aliased(Place)
_FACTS = (
    select(Maker.id, Maker.number, Maker.name, Maker.pen_name, _village.name.label("village"))
    .join(_village, _village.id == Maker.village_id)
    .order_by(Maker.id)
)


def _words(number: str, *texts: Texts | None) -> str:
    return index_words([number, *(text for each in texts if each for text in each.values())])


def index_maker(session: Session, *, maker_id: int) -> None:
    """Bring the index up to what is known of her now."""
    session.flush()  # the row may be new
    row = session.execute(_FACTS.where(Maker.id == maker_id)).one()
    search.remember(session, kind=KIND, ref=maker_id, words=_words(row.number, row.name, row.pen_name, row.village))


def read_makers(session: Session, after_id: int, limit: int) -> Sequence[tuple[int, str | None]]:
    """All makers for `flask search reindex`."""
    rows = session.execute(_FACTS.where(Maker.id > after_id).limit(limit))
    return [(row.id, _words(row.number, row.name, row.pen_name, row.village)) for row in rows]
