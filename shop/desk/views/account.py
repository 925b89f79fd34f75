"""Her own book: what she earned, and the co-op's cash in her hands."""

from datetime import timedelta

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.utils import redirect

from shop import clock
from shop.coop.facts import coop_facts
from shop.db import reading, writing
from shop.desk import access
from shop.desk.answers import week_began
from shop.desk.blueprint import desk
from shop.desk.labels import rail_label
from shop.desk.queries import purse
from shop.desk.services import own_word, say_missing
from shop.money import Money
from shop.payouts.queries import sheets, statement, ways
from shop.payouts.queries.sweep import next_pay_day
from shop.payouts.sheet import method_shown
from shop.people.device import device_name

SHOWN_DAYS = 62


@desk.get("/account")
def account() -> ResponseReturnValue:
    """Her fee, what is on its way to her, and the cash she holds for the co-op."""
    me = access.broker()
    payee = f"broker:{me.broker_id}"
    today = clock.today()
    with reading() as session:
        facts = coop_facts(session)
        mine = purse.purse(session, broker_id=me.broker_id, currency=facts.currency, week_began=week_began())
        to_hand = purse.cash_to_hand(session, broker_id=me.broker_id)
        books = statement(
            session, payee=payee, since=today - timedelta(days=SHOWN_DAYS), until=today, currency=facts.currency
        )
        orders = sheets.parcels_behind(session, sources=[line.source for line in books.lines])
        method = ways.method_of(session, payee=payee)
        pay_day = next_pay_day(session, payee=payee)
        sent = purse.own_pay(session, broker_id=me.broker_id)
    return render_template(
        "desk/account.html",
        purse=mine,
        sent=sent,
        rail=rail_label,
        to_hand=(to_hand[0], Money(to_hand[1], facts.currency)),
        back_to_coop=Money(mine.float_minor - to_hand[1], facts.currency),
        lines=[(line, orders.get(line.source, "")) for line in reversed(books.lines[-30:])],
        method=method_shown(method),
        pay_day=pay_day,
    )


@desk.post("/account/<int:payout_id>/received")
def own_received(payout_id: int) -> ResponseReturnValue:
    """She has her own fee: her own word, signed in as herself."""
    me = access.my_own_pay(payout_id)
    with writing() as session:
        own_word(session, payout_id=payout_id, by=me.actor, evidence=device_name(request.user_agent.string))
    flash(_("Written down: you have it."), "ok")
    return redirect(url_for("desk.account"), 303)


@desk.post("/account/<int:payout_id>/missing")
def own_missing(payout_id: int) -> ResponseReturnValue:
    """Her own fee did not come: the co-op is told."""
    me = access.my_own_pay(payout_id)
    with writing() as session:
        say_missing(session, payout_id=payout_id, by=me.actor)
    flash(_("The co-operative is told and will call you."), "ok")
    return redirect(url_for("desk.account"), 303)
