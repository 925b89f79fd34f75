"""A line of a parcel that will not be sent."""

from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.errors import NotYours
from shop.orders.models import OrderLine, Refund
from shop.orders.services import cancel_line
from shop.orders.services.fulfilment import my_seller_order


def cancel_my_line(session: Session, *, seller_order_id: int, line_id: int, by: Actor) -> Refund:
    """Cancel a line of a parcel of hers. Raises NotYours, WorkBegun once a maker said yes, NotRefundable."""
    seller = my_seller_order(session, seller_order_id, by)
    line = session.get(OrderLine, line_id)
    if line is None or line.seller_order_id != seller.id:
        raise NotYours(line_id=line_id)
    return cancel_line(session, line_id=line_id, by=by)
