"""Parcels: what goes into each, where it goes, and sending it."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.coop.facts import known_facts
from shop.db import reading, writing
from shop.desk import access
from shop.desk.access import Mine
from shop.desk.answers import done, number, place, refused, told
from shop.desk.blueprint import desk
from shop.desk.labels import PARCEL_STATES, event_label, parcel_label
from shop.desk.queries import parcels
from shop.desk.services import cancel_my_line
from shop.errors import BadInput, ShopError
from shop.orders import services as orders
from shop.orders.models import OrderGroup
from shop.web.countries import postal_lines

PAGE = 20
CARRIERS = ("EMS", "顺丰", "中通", "圆通", "Viettel Post", "DHL")
ADDRESSED = ("ready", "dispatched")
"""States in which she needs the whole address; before and after, the country is enough."""


@desk.get("/orders", endpoint="orders")
def parcel_list() -> ResponseReturnValue:
    """Her workshops' parts of paid orders, in one state or all that are open."""
    me = access.broker()
    state = request.args.get("state", "")
    states = (state,) if state in PARCEL_STATES else parcels.OPEN
    with reading() as session:
        counts = parcels.parcel_counts(session, broker_id=me.broker_id)
        older = state in {"dispatched", "delivered", "cancelled"}
        found = parcels.parcels(
            session,
            broker_id=me.broker_id,
            states=states,
            limit=PAGE + 1,
            before=(number("before") or 2**62) if older else None,
            after=place("after"),
        )
    last = found[PAGE - 1] if len(found) > PAGE else None
    on = {"before": last.id} if older and last else {"after": f"{last.ship_by}.{last.id}"} if last else {}
    return render_template(
        "desk/orders.html",
        lines=found[:PAGE],
        chips=[
            (parcel_label(code), url_for("desk.orders", state=code), code == state, counts.get(code, 0))
            for code in PARCEL_STATES
        ],
        state=state,
        open_count=sum(counts.get(code, 0) for code in parcels.OPEN),
        label=parcel_label,
        next_url=url_for("desk.orders", state=state or None, **on) if last else None,
    )


@desk.get("/orders/<int:seller_order_id>")
def order(seller_order_id: int) -> ResponseReturnValue:
    """One parcel."""
    me = access.my_parcel(seller_order_id)
    return _page(me)


def _page(me: Mine, *, carrier: str = "", tracking: str = "", error: ShopError | None = None) -> ResponseReturnValue:
    with reading() as session:
        found = parcels.parcel(session, seller_order_id=me.id)
    html = render_template(
        "desk/order.html",
        parcel=found,
        label=parcel_label,
        event_label=event_label,
        with_address=found.seller.state in ADDRESSED,
        open_state=found.seller.state in parcels.OPEN,
        address=_address(found.group),
        carriers=CARRIERS,
        carrier=carrier,
        tracking=tracking,
        error=told(error) if error else "",
        bad=str(error.data.get("field", "")) if error else "",
        has_errors=error is not None,
    )
    return html, error.status if error else 200


def _address(group: OrderGroup) -> list[str]:
    """What she copies onto the parcel."""
    return postal_lines(
        name=group.name,
        street=group.street,
        city=group.city,
        region=group.region,
        postcode=group.postcode,
        country=group.country,
        sender=known_facts().country,
    )


@desk.post("/orders/<int:seller_order_id>/dispatch")
def dispatch(seller_order_id: int) -> ResponseReturnValue:
    """The parcel has left, with this carrier under this number."""
    me = access.my_parcel(seller_order_id)
    carrier, tracking = (request.form.get(name, "").strip() for name in ("carrier", "tracking"))
    try:
        for name, text, most in (("carrier", carrier, 60), ("tracking", tracking, 80)):
            if len(text) > most or not text.isprintable():
                raise BadInput(field=name)
        with writing() as session:
            orders.dispatch(session, seller_order_id=me.id, carrier=carrier, tracking=tracking, by=me.actor)
    except ShopError as error:
        if error.status in {403, 404, 503}:
            raise
        return _page(me, carrier=carrier, tracking=tracking, error=error)
    return done("desk.order", _("The parcel is on its way. The buyer has been told."), seller_order_id=me.id)


@desk.post("/orders/<int:seller_order_id>/delivered")
def delivered(seller_order_id: int) -> ResponseReturnValue:
    """The parcel has arrived."""
    me = access.my_parcel(seller_order_id)
    try:
        with writing() as session:
            orders.deliver(session, seller_order_id=me.id, by=me.actor)
    except ShopError as error:
        return refused(error, "desk.order", seller_order_id=me.id)
    return done("desk.order", _("Delivered. Your part is yours now."), seller_order_id=me.id)


@desk.post("/orders/<int:seller_order_id>/lines/<int:line_id>/cancel")
def cancel_line(seller_order_id: int, line_id: int) -> ResponseReturnValue:
    """A line that will not be sent: the buyer gets its money back."""
    me = access.my_parcel(seller_order_id, line_id)
    try:
        with writing() as session:
            cancel_my_line(session, seller_order_id=me.id, line_id=line_id, by=me.actor)
    except ShopError as error:
        return refused(error, "desk.order", seller_order_id=me.id)
    return done("desk.order", _("The line is cancelled. The buyer gets her money back."), seller_order_id=me.id)
