"""Work given out: who is asked for how many pieces, and what each says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop import clock
from shop.db import LANGS, reading, writing
from shop.desk import access
from shop.desk.access import Mine
from shop.desk.answers import done, late_label, place, refused, told
from shop.desk.blueprint import desk
from shop.desk.labels import told_label
from shop.desk.queries import slips
from shop.desk.queries.slips import Asked, Work
from shop.desk.typed import NotWhole, stepped, whole
from shop.errors import BadInput, ShopError
from shop.money import per_hour
from shop.web.i18n import speak
from shop.work import services as work
from shop.work.errors import Answered, TooMany
from shop.work.models import LIVE
from shop.work.queries import Left, Proposed, proposal
from shop.work.services import Share

PAGE = 20
LONGEST = 60
"""Makers of a proposal that the page shows besides those it gives pieces to."""

WAYS = ("visit", "call", "slip", "sms")
"""How a broker may have told her; by herself is for her own page."""


@desk.get("/work", defaults={"work_order_id": None})
@desk.get("/work/<int:work_order_id>")
def assign(work_order_id: int | None) -> ResponseReturnValue:
    """Everything that waits to be given out; or one work order, its proposal and the answers so far."""
    me = access.my_work(work_order_id)
    if work_order_id is None:
        return _open_work(me)
    return _one(me)


def _open_work(me: Mine) -> ResponseReturnValue:
    with reading() as session:
        found = slips.open_work(session, broker_id=me.broker_id, limit=PAGE + 1, after=place("after"))
        waiting = slips.slips(session, broker_id=me.broker_id, today=clock.today(), states=("asked",), limit=50)
    more = found[PAGE - 1] if len(found) > PAGE else None
    return render_template(
        "desk/work.html",
        works=found[:PAGE],
        waiting=waiting,
        next_place=f"{more.order.due_on.isoformat()}.{more.order.id}" if more else None,
        late=late_label,
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """What the page of one work order shows."""

    work: Work
    asked: list[Asked]
    left: Left
    proposed: list[Proposed]


def _read(work_order_id: int) -> _Page:
    with reading() as session:
        found = slips.work(session, work_order_id=work_order_id, today=clock.today())
        answers = slips.asked(session, work_order_id=work_order_id)
        spoken_for = [each.assignment for each in answers if each.assignment.state in LIVE]
        left = Left(
            found.order.quantity - sum(row.quantity - row.rejected for row in spoken_for),
            found.order.maker_minor - sum(row.pay_minor - row.lost_minor for row in spoken_for),
        )
        offered = proposal(session, work_order=found.order, left=left) if found.order.state == "open" else []
        offered = [each for place_of, each in enumerate(offered) if each.quantity or place_of < LONGEST]
    return _Page(found, answers, left, offered)


def _one(
    me: Mine, *, typed: Mapping[str, str] | None = None, error: ShopError | None = None, bad: str = ""
) -> ResponseReturnValue:
    page = _read(me.id)
    order = page.work.order
    numbers = {each.maker_id: str(each.quantity or "") for each in page.proposed}
    if typed is not None:
        numbers |= {maker_id: typed[f"q{maker_id}"] for maker_id in numbers if f"q{maker_id}" in typed}
    minutes = order.minutes_each
    each = order.maker_minor // order.quantity
    html = render_template(
        "desk/assign.html",
        page=page,
        order=order,
        numbers=numbers,
        given=sum(_or_zero(text) for text in numbers.values()),
        hourly=per_hour(each, minutes) if minutes else None,
        even=order.maker_minor % order.quantity == 0,
        each=each,
        error=told(error) if error else "",
        bad=bad or next((f"q{maker_id}" for maker_id in numbers), ""),
        has_errors=error is not None,
        ways=[(way, told_label(way)) for way in WAYS],
        told=told_label,
        late=late_label,
    )
    return html, error.status if error else 200


def _or_zero(text: str) -> int:
    try:
        return whole(text)
    except NotWhole:
        return 0


@desk.post("/work/<int:work_order_id>/assign")
def ask(work_order_id: int) -> ResponseReturnValue:
    """Ask makers for pieces, as proposed or as typed; each waits for her own yes or no."""
    me = access.my_work(work_order_id)
    typed = request.form.to_dict()
    step = stepped(typed)
    if step:
        return _one(me, typed={**typed, step[0]: step[1]})
    try:
        shares = _shares(typed)
        with writing() as session:
            made = work.assign(session, work_order_id=work_order_id, shares=shares, by=me.actor)
    except TooMany as error:
        if not error.data["left"]:
            # a second click on the same form: everything has been given out by the first
            return refused(error, "desk.assign", work_order_id=work_order_id)
        return _one(me, typed=typed, error=error)
    except ShopError as error:
        if error.status in {403, 404, 503}:
            raise
        return _one(me, typed=typed, error=error, bad=str(error.data.get("at", "")))
    asked = sum(each.quantity for each in made)
    return done(
        "desk.assign", _("%(num)s pieces asked for. Now each maker's own word counts.", num=asked), work_order_id=me.id
    )


def _shares(typed: Mapping[str, str]) -> list[Share]:
    shares = []
    for name, text in typed.items():
        if re.fullmatch(r"q[1-9][0-9]{0,15}", name, re.ASCII):
            try:
                quantity = whole(text)
            except NotWhole:
                raise BadInput(field="quantity", at=name) from None
            if quantity:
                shares.append(Share(int(name[1:]), quantity))
    return shares


@desk.post("/work/<int:work_order_id>/answers")
def all_yes(work_order_id: int) -> ResponseReturnValue:
    """Everybody who was asked said yes, at the visit."""
    me = access.my_work(work_order_id)
    with reading() as session:
        asked = [
            each.assignment.id
            for each in slips.asked(session, work_order_id=work_order_id)
            if each.assignment.state == "asked"
        ]
    try:
        for assignment_id in asked:
            # each yes is a unit of work of its own: it is posted by itself, and again it changes nothing
            with writing() as session:
                work.answer(session, assignment_id=assignment_id, yes=True, how="visit", by=me.actor)
    except ShopError as error:
        return refused(error, "desk.assign", work_order_id=work_order_id)
    return done("desk.assign", _("They all said yes. Their pay stands on the slips."), work_order_id=work_order_id)


@desk.post("/slips/<int:assignment_id>/answer")
def answer(assignment_id: int) -> ResponseReturnValue:
    """Her yes or no, and how she was told."""
    me = access.my_slip(assignment_id)
    with reading() as session:
        work_order_id = slips.slip(session, assignment_id=assignment_id).assignment.work_order_id
    said, how = request.form.get("answer", ""), request.form.get("how", "")
    try:
        if said not in {"yes", "no"} or how not in WAYS:
            raise BadInput(field="how")
        with writing() as session:
            work.answer(session, assignment_id=assignment_id, yes=said == "yes", how=how, by=me.actor)
    except Answered as error:
        return refused(error, "desk.assign", work_order_id=work_order_id)
    except ShopError as error:
        if error.status in {403, 404, 503}:
            raise
        return _one(Mine(me.actor, me.broker_id, work_order_id), error=error, bad=f"how{assignment_id}")
    word = (
        _("Her yes is recorded.")
        if said == "yes"
        else _("Her no is recorded. It costs her nothing; she is asked again next time.")
    )
    return done("desk.assign", word, work_order_id=work_order_id)


@desk.post("/slips/<int:assignment_id>/take-back")
def take_back(assignment_id: int) -> ResponseReturnValue:
    """Pieces that are not accepted yet are given to somebody else; what was accepted stays hers."""
    me = access.my_slip(assignment_id)
    with reading() as session:
        work_order_id = slips.slip(session, assignment_id=assignment_id).assignment.work_order_id
    # without what no database keeps, or no page can show
    reason = "".join(sign for sign in request.form.get("reason", "") if sign.isprintable()).strip()[:200]
    try:
        with writing() as session:
            work.take_back(session, assignment_id=assignment_id, by=me.actor, reason=reason)
    except ShopError as error:
        return refused(error, "desk.assign", work_order_id=work_order_id)
    return done("desk.assign", _("The pieces are open again."), work_order_id=work_order_id)


@desk.get("/slips", endpoint="slips")
def open_slips() -> ResponseReturnValue:
    """Every slip that is out, the soonest due first."""
    me = access.broker()
    with reading() as session:
        found = slips.slips(
            session,
            broker_id=me.broker_id,
            today=clock.today(),
            states=("agreed",),
            limit=PAGE + 1,
            after=place("after"),
        )
    last = found[PAGE - 1] if len(found) > PAGE else None
    return render_template(
        "desk/slips.html",
        lines=found[:PAGE],
        next_place=f"{last.due_on.isoformat()}.{last.id}" if last else None,
        late=late_label,
    )


@desk.get("/slips/<int:assignment_id>")
def slip(assignment_id: int) -> ResponseReturnValue:
    """The work slip on paper, in the maker's language: picture, number, rate, day, sums in words."""
    me = access.my_slip(assignment_id)
    with reading() as session:
        found = slips.slip(session, assignment_id=assignment_id)
        about = slips.work(session, work_order_id=found.assignment.work_order_id, today=clock.today())
    wished = request.args.get("lang", "")
    spoken = wished if wished in LANGS else found.lang
    speak(spoken)
    return render_template("desk/slip.html", slip=found, work=about, broker=me.actor.name, her_lang=spoken)
