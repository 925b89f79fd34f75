"""Paying makers: cash she hands over, and witnessing that it came. Only the maker's own word makes it confirmed."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.coop.facts import coop_facts
from shop.db import reading, writing
from shop.desk import access
from shop.desk.access import Mine
from shop.desk.answers import done, number, told, week_began
from shop.desk.blueprint import desk
from shop.desk.labels import rail_label, route_label
from shop.desk.pictures import taken
from shop.desk.queries import purse
from shop.desk.services import witness
from shop.desk.services.words import WITNESSED
from shop.errors import BadInput, ShopError
from shop.makers.pins import check_pin
from shop.media.services import add_kept
from shop.money import Money

PAGE = 20


@desk.get("/pay")
def pay() -> ResponseReturnValue:
    """The co-op's cash she holds, what she is to hand over, and who has said what."""
    me = access.broker()
    before = number("before")
    with reading() as session:
        currency = coop_facts(session).currency
        mine = purse.purse(session, broker_id=me.broker_id, currency=currency, week_began=week_began())
        to_hand = purse.cash_to_hand(session, broker_id=me.broker_id)
        waiting = purse.payouts(
            session,
            broker_id=me.broker_id,
            states=("approved", "sent"),
            limit=PAGE + 1,
            after=number("after") or None,
        )
        told_of = purse.payouts(
            session,
            broker_id=me.broker_id,
            states=("acknowledged", "confirmed", "failed", "returned"),
            newest_first=True,
            limit=PAGE + 1,
            before=before or None,
        )
        said = purse.words_about(session, payout_ids=[line.payout.id for line in told_of])
    return render_template(
        "desk/pay.html",
        purse=mine,
        to_hand=(to_hand[0], Money(to_hand[1], currency)),
        rest=Money(mine.float_minor - to_hand[1], currency),
        waiting=waiting[:PAGE],
        more_url=url_for("desk.pay", after=waiting[PAGE - 1].payout.id) if len(waiting) > PAGE else None,
        told=told_of[:PAGE],
        said=said,
        rail=rail_label,
        route=route_label,
        next_url=url_for("desk.pay", before=told_of[PAGE - 1].payout.id) if len(told_of) > PAGE else None,
    )


@desk.get("/pay/<int:payout_id>")
def payout(payout_id: int) -> ResponseReturnValue:
    """One payout: how she may say that she has it."""
    me = access.my_payout(payout_id)
    return _page(me)


def _page(me: Mine, *, error: ShopError | None = None, field: str = "") -> ResponseReturnValue:
    with reading() as session:
        line, keys = purse.payout(session, payout_id=me.id)
        said = purse.words_about(session, payout_ids=[me.id]).get(me.id, [])
    html = render_template(
        "desk/payout.html",
        line=line,
        keys=keys,
        said=said,
        rail=rail_label,
        route=route_label,
        error=told(error) if error else "",
        field=field,
        has_errors=error is not None,
    )
    return html, (422 if error and error.status == 409 else error.status) if error else 200


@desk.post("/pay/<int:payout_id>/pin")
def pin(payout_id: int) -> ResponseReturnValue:
    """She types her PIN on the broker's phone: witnessed."""
    me = access.my_payout(payout_id)
    with reading() as session:
        line, _keys = purse.payout(session, payout_id=me.id)
    try:
        asked = line.payout.state not in WITNESSED
        if asked:
            check_pin(maker_id=int(line.payout.payee.partition(":")[2]), pin=request.form.get("pin", ""))
        with writing() as session:
            witness(session, payout_id=me.id, route="pin", by=me.actor, pin_checked=asked)
    except ShopError as error:
        if error.status in {403, 404, 503}:
            raise
        return _page(me, error=error, field="pin")
    return _witnessed()


@desk.post("/pay/<int:payout_id>/signature")
def signature(payout_id: int) -> ResponseReturnValue:
    """A photo of her signature on the receipt: witnessed."""
    me = access.my_payout(payout_id)
    try:
        kept = taken(request.files.get("photo"))
        if kept is None:
            raise BadInput(field="photo")
        with writing() as session:
            picture = add_kept(session, kept=kept, by=me.actor)
            witness(session, payout_id=me.id, route="signature", by=me.actor, picture_id=picture.id)
    except ShopError as error:
        if error.status in {403, 404, 503}:
            raise
        return _page(me, error=error, field="photo")
    return _witnessed()


def _witnessed() -> ResponseReturnValue:
    return done("desk.pay", _("Recorded as acknowledged through you. It is confirmed once she says so herself."))
