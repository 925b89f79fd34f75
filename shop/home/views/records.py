"""The record behind a piece's number."""

from flask import Response
from flask_babel import gettext as _
from markupsafe import Markup

from shop.db import reading_core
from shop.errors import NotFound
from shop.home import thread
from shop.home.answers import Page, shown
from shop.home.answers import piece as drawn
from shop.home.blueprint import bp
from shop.home.her import her_card, who
from shop.home.parts import materials_words
from shop.home.queries.records import Record, materials_text, record_of
from shop.makers.public import PublicMaker, public_makers
from shop.media.srcset import picture_src, srcset
from shop.money import Money, format_money
from shop.web import access
from shop.web.filters import tri, tri_text
from shop.web.i18n import current_lang

LONGEST_NUMBER = 30


@bp.get("/<lang:lang>/p/<number>")
def piece(number: str) -> Response:
    """Who made it, when it was accepted, and "paid" only where she said so herself."""
    access.public()
    if len(number) > LONGEST_NUMBER:
        raise NotFound(what="piece")
    with reading_core() as connection:
        record = record_of(connection, number.upper())
        if record is None:
            raise NotFound(what="piece")
        public = public_makers(connection, record.able | {record.maker_id})
    her = public[record.maker_id]
    hers = _hers(record, public)
    main = drawn(
        "home/_piece.html",
        record=record,
        title=tri(record.name),
        size=_size(record),
        materials=materials_words(materials_text(record)),
        her=her_card(her, village=record.village, face=None, pieces=0) if her.named is not None else None,
        who=who([her], {her.id: record.village}, record.workshop_name),
        hers=hers,
        src=picture_src(record.cover, 800) if record.cover else None,
        srcset=srcset(record.cover, record.cover_width) if record.cover and record.cover_width else None,
        thread=_thread(record, hers),
        sold=record.state in {"sold", "made"},
    )
    return shown(Page(record.number, main, tri_text(record.name), main_class="wrap sec"))


def _hers(record: Record, public: dict[int, PublicMaker]) -> str | None:
    """Her pay; one rate holds for all who make it, so each of them must let it be public."""
    if not all(maker.shows_pay for maker in public.values()) or not record.maker_minor:
        return None
    return format_money(Money(record.maker_minor, record.currency), current_lang())


def _size(record: Record) -> Markup:
    comma = Markup("，") if current_lang() == "zh" else Markup(", ")
    return comma.join(tri(each) for each in (record.size_label, record.colour) if each)


def _thread(record: Record, hers: str | None) -> list[thread.Event]:
    events = [thread.accepted(record.accepted_at, hers)]
    if record.confirmed_at is not None:
        events.append(thread.confirmed(record.confirmed_at))
    if record.state in {"shelf", "reserved"}:
        events.append(thread.event("now", None, str(_("On the shelf")), str(_("Numbered and ready to post."))))
    elif record.state in {"sold", "made"}:
        events.append(thread.event("done", None, str(_("Sold"))))
    return events
