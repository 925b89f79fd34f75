"""What the public may know of a maker: exactly what she agreed to, item by item, today (product.md 1.5)."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Exists, Integer, case, exists, func, literal_column, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import InstrumentedAttribute, Session

from shop.db import Texts
from shop.makers.models import CONSENT_ITEMS, Consent, Maker


@dataclass(frozen=True, slots=True)
class PublicMaker:
    """A maker as anybody may see her. Whatever she did not agree to is None or False here, and stays so on every page."""

    id: int
    slug: str | None
    name: Texts | None
    pen_name: Texts | None
    village_id: int | None
    story: Texts | None
    face_id: int | None
    shows_pay: bool
    shows_count: bool
    consents: frozenset[str]

    @property
    def named(self) -> Texts | None:
        """Her name, else her pen-name, else None: then she is "a maker of" her workshop."""
        return self.name or self.pen_name


def public_makers(session: Session | Connection, ids: Collection[int]) -> dict[int, PublicMaker]:
    """The public side of these makers, by id, in one statement."""
    return _public(session, Maker.id.in_(sorted(ids))) if ids else {}


def public_maker_by_slug(session: Session | Connection, slug: str) -> PublicMaker | None:
    """The maker whose page this is; None where there is none or she agreed to neither name nor pen-name."""
    return next((maker for maker in _public(session, Maker.slug == slug).values() if maker.named), None)


def named_makers(session: Session | Connection, *, after: int = 0, limit: int = 48) -> list[PublicMaker]:
    """A page of the makers who work with us and agreed to be named, in order of id; `after` is the last id before."""
    agreed = (
        select(Consent.maker_id)
        .join(Maker, Maker.id == Consent.maker_id)
        .where(
            Consent.live,
            Consent.given,
            (Consent.item == "name") | ((Consent.item == "pen_name") & Maker.pen_name.is_not(None)),
            Maker.left_on.is_(None),
            Maker.id > after,
        )
        .distinct()
        .order_by(Consent.maker_id)
        .limit(max(1, min(limit, 100)))
    )
    return sorted(_public(session, Maker.id.in_(agreed)).values(), key=lambda maker: maker.id)


def _public(session: Session | Connection, which: ColumnElement[bool]) -> dict[int, PublicMaker]:
    rows = session.execute(
        select(
            Maker.id,
            Maker.slug,
            Maker.name,
            Maker.pen_name,
            Maker.village_id,
            Maker.story,
            Maker.face_id,
            Consent.item,
        )
        .outerjoin(
            Consent,
            (Consent.maker_id == Maker.id) & Consent.live & Consent.given & Consent.withdrawn_on.is_(None),
        )
        .where(which)
    ).all()
    agreed: dict[int, set[str]] = {}
    for row in rows:
        agreed.setdefault(row.id, set()).add(row.item)
    return {
        row.id: _side(
            frozenset(item for item in agreed[row.id] if item),
            id_=row.id,
            slug=row.slug,
            name=row.name,
            pen_name=row.pen_name,
            village_id=row.village_id,
            story=row.story,
            face_id=row.face_id,
        )
        for row in rows
    }


def _side(
    agreed: frozenset[str],
    *,
    id_: int,
    slug: str,
    name: Texts,
    pen_name: Texts | None,
    village_id: int,
    story: Texts | None,
    face_id: int | None,
) -> PublicMaker:
    called = pen_name if "pen_name" in agreed else None
    named = name if "name" in agreed and called is None else None
    return PublicMaker(
        id=id_,
        slug=slug if named or called else None,
        name=named,
        pen_name=called,
        village_id=village_id if "village" in agreed else None,
        story=story if "story" in agreed else None,
        face_id=face_id if "face" in agreed else None,
        shows_pay="pay_per_piece" in agreed,
        shows_count="piece_count" in agreed,
        consents=agreed,
    )


def public_side(
    mark: int,
    *,
    maker_id: int,
    slug: str,
    name: Texts,
    pen_name: Texts | None,
    village_id: int,
    story: Texts | None = None,
    face_id: int | None = None,
) -> PublicMaker:
    """The public side of a maker whose facts a hot page's own statement read together with her `agreed_mark`."""
    agreed = frozenset(item for place, item in enumerate(CONSENT_ITEMS) if mark >> place & 1)
    return _side(
        agreed,
        id_=maker_id,
        slug=slug,
        name=name,
        pen_name=pen_name,
        village_id=village_id,
        story=story,
        face_id=face_id,
    )


NAMED = ("name", "pen_name")
"""Either of them, agreed to, makes her known by a name."""


PAY_BIT = 1 << CONSENT_ITEMS.index("pay_per_piece")
"""Set in her `agreed_mark` where her pay may be public."""


def agrees(maker_id: "InstrumentedAttribute[int] | ColumnElement[int]", *items: str) -> Exists:
    """SQL condition: today she agrees to one of `items`. For filters over many makers in one statement."""
    return exists().where(
        Consent.maker_id == maker_id,
        Consent.item.in_(items),
        Consent.live,
        Consent.given,
        Consent.withdrawn_on.is_(None),
    )


def agreed_mark(maker_id: "InstrumentedAttribute[int] | ColumnElement[int]") -> ColumnElement[int]:
    """SQL figure that is another as soon as she agrees to something else: part of the key of all that is kept of her."""
    # constants stand in the statement itself: two dozen bind parameters would cost a hot page as much as the query
    bits = case(
        {literal_column(f"'{item}'"): literal_column(str(1 << place)) for place, item in enumerate(CONSENT_ITEMS)},
        value=Consent.item,
        else_=literal_column("0"),
    )
    return (
        select(func.coalesce(func.sum(bits), literal_column("0")).cast(Integer))
        .where(Consent.maker_id == maker_id, Consent.live, Consent.given, Consent.withdrawn_on.is_(None))
        .scalar_subquery()
    )
