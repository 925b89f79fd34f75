"""Who was paid by an order, and by which payouts: the way from a buyer's money to her hand."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from shop.db import reading
from shop.errors import NotFound
from shop.office import access
from shop.office.answers import cut, number
from shop.office.blueprint import bp
from shop.office.queries import trail as found
from shop.orders.models import OrderGroup, OrderLine, SellerOrder
from shop.payouts.queries import payee_names


@bp.get("/orders/<int:order_id>/pay")
def order_pay(order_id: int) -> ResponseReturnValue:
    """Every earning of an order, or of one line, with the payouts that claim it."""
    access.staff()
    line_id = number("line") or None
    with reading() as session:
        order = session.get(OrderGroup, order_id)
        line = session.get(OrderLine, line_id) if line_id else None
        if order is None or (line_id and line is None):
            raise NotFound(what="order")
        if line is not None and session.get_one(SellerOrder, line.seller_order_id).group_id != order_id:
            raise NotFound(what="line")
        steps, more = cut(found.trail(session, order_id=order_id, line_id=line_id, after=number("after")))
        names = payee_names(session, payees=[step.payee for step in steps])
    return render_template(
        "office/order_pay.html",
        order=order,
        line=line,
        steps=steps,
        names=names,
        next_page=url_for("office.order_pay", order_id=order_id, line=line_id, after=steps[-1].earning_id)
        if more
        else None,
        nav="office.orders",
    )
