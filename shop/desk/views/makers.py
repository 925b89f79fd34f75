"""Her makers: marks and numbers, what each has in hand, and what each is owed."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from shop import clock
from shop.coop.facts import coop_facts
from shop.db import reading
from shop.desk import access
from shop.desk.answers import late_label, number
from shop.desk.blueprint import desk
from shop.desk.labels import rail_label
from shop.desk.queries import people, purse, slips
from shop.makers.sentences import phone_label
from shop.money import Money
from shop.payouts.queries import ways

FILTERS = ("", "free", "late", "unconfirmed", "no_phone")


@desk.get("/makers")
def makers() -> ResponseReturnValue:
    """The makers who let her act for them."""
    me = access.broker()
    words = request.args.get("q", "").strip()[:100]
    which = request.args.get("show", "")
    which = which if which in FILTERS else ""
    with reading() as session:
        found = people.makers(
            session, broker_id=me.broker_id, words=words, which=which, today=clock.today(), after=number("after")
        )
    shown = found[: people.PAGE]
    more = len(found) > people.PAGE
    return render_template(
        "desk/makers.html",
        lines=shown,
        words=words,
        which=which,
        filters=FILTERS,
        total=found[0].total if found else 0,
        next_url=url_for("desk.makers", q=words or None, show=which or None, after=shown[-1].id) if more else None,
        late=late_label,
    )


@desk.get("/makers/<int:maker_id>")
def maker(maker_id: int) -> ResponseReturnValue:
    """One maker: what she has in hand, what she is owed, what was sent and what she confirmed."""
    me = access.my_maker(maker_id)
    with reading() as session:
        currency = coop_facts(session).currency
        page = people.maker(session, maker_id=me.id)
        lines = slips.slips(session, maker_id=me.id, broker_id=me.broker_id, today=clock.today(), limit=20)
        owed = purse.owed(session, maker_id=me.id, currency=currency)
        paid = purse.payouts(
            session,
            maker_id=me.id,
            states=("approved", "sent", "acknowledged", "confirmed", "failed", "returned"),
            newest_first=True,
            limit=8,
        )
        method = ways.method_of(session, payee=f"maker:{me.id}")
    return render_template(
        "desk/maker.html",
        page=page,
        lines=lines,
        owed=owed,
        sums={
            name: Money(minor, currency)
            for name, minor in (
                ("open", owed.open_minor),
                ("sent", owed.sent_minor),
                ("acknowledged", owed.acknowledged_minor),
                ("confirmed", owed.confirmed_minor),
            )
        },
        paid=paid,
        method=method,
        rail=rail_label,
        phone=phone_label,
        late=late_label,
        me=me,
    )
