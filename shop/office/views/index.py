"""What waits for the co-op: is there enough for what it owes, and whose pay left us without her word."""

from flask import render_template
from flask.typing import ResponseReturnValue

from shop.coop.models import Coop
from shop.db import reading
from shop.ledger.queries import cover
from shop.money import Money
from shop.office import access
from shop.office.blueprint import bp
from shop.payouts.queries import payee_names, unconfirmed


@bp.get("/")
def index() -> ResponseReturnValue:
    access.staff()
    with reading() as session:
        coop = session.get(Coop, 1)
        currency = coop.currency if coop else "CNY"
        found = cover(session, currency)
        waiting = unconfirmed(session, limit=200)
        names = payee_names(session, payees=[row.payout.payee for row in waiting])
    return render_template(
        "office/index.html",
        have=Money(sum(found.have.values()), currency),
        owe=Money(sum(found.owe.values()), currency),
        spare=Money(found.spare_minor, currency),
        waiting=[
            (
                names[row.payout.payee],
                Money(row.payout.amount_minor, row.payout.currency),
                row.payout.reference,
                row.days,
            )
            for row in waiting
            if row.payout.payee in names
        ],
    )
