"""A dispute: what the buyer's bank took back, until when Stripe waits for evidence, and what it means here."""

from flask import render_template
from flask.typing import ResponseReturnValue

from shop.db import reading
from shop.errors import NotFound
from shop.money import Money
from shop.office import access
from shop.office.blueprint import bp
from shop.orders.models import Dispute, OrderGroup


@bp.get("/disputes/<int:dispute_id>")
def dispute(dispute_id: int) -> ResponseReturnValue:
    """It is answered on Stripe's own pages; the outcome comes from there."""
    access.staff()
    with reading() as session:
        row = session.get(Dispute, dispute_id)
        if row is None:
            raise NotFound(what="dispute")
        order = session.get_one(OrderGroup, row.group_id)
    open_minor = row.withdrawn_minor - row.returned_minor - row.lost_minor
    sums = {
        "amount": row.amount_minor,
        "withdrawn": row.withdrawn_minor,
        "fee": row.fee_minor - row.fee_back_minor,
        "returned": row.returned_minor,
        "lost": row.lost_minor,
        "open": open_minor,
    }
    return render_template(
        "office/dispute.html",
        row=row,
        order=order,
        sums={name: Money(minor, row.currency) for name, minor in sums.items()},
        nav="office.orders",
    )
