"""Who may pass on the desk: a broker, and only to what is hers; and who holds a maker's card."""

from dataclasses import dataclass

from sqlalchemy import select

from shop.actor import Actor
from shop.brokers.errors import BrokerRests
from shop.brokers.models import Mandate
from shop.catalog.models import Product
from shop.db import Texts, reading
from shop.errors import NotFound, NotYours
from shop.makers.models import Maker
from shop.makers.queries import maker_by_card
from shop.orders.models import OrderGroup, OrderLine, SellerOrder
from shop.payouts.models import Payout
from shop.places.models import Place
from shop.web.access import current_actor, rule
from shop.work.models import WorkAssignment, WorkOrder, WorkReceipt
from shop.workshops.models import Workshop

LARGEST_ID = 2**62


@dataclass(frozen=True, slots=True)
class Mine:
    """The broker who asks, and the id of what she asked for and may touch."""

    actor: Actor
    broker_id: int
    id: int = 0


@dataclass(frozen=True, slots=True)
class CardHolder:
    """Whose card it is; `token` is what opened the page."""

    token: str
    maker_id: int
    number: str
    name: Texts
    mark: str
    village: Texts
    lang: str

    @property
    def actor(self) -> Actor:
        """She herself, as services know her."""
        return Actor(f"maker:{self.maker_id}", "maker", next(iter(self.name.values()), ""), lang=self.lang)


def _me(wanted: int = 0) -> Mine:
    actor = current_actor()
    if actor.broker_id is None:
        raise BrokerRests
    if wanted > LARGEST_ID:
        raise NotFound(what="number")
    return Mine(actor, actor.broker_id, wanted)


@rule("broker")
def broker() -> Mine:
    """Any working broker. Raises BrokerRests for one who does not work with the co-op now."""
    return _me()


@rule("broker", own="work_order")
def my_work(work_order_id: int | None) -> Mine:
    """Work that was routed to her; without a number, all of it."""
    if work_order_id is None:
        return _me()
    me = _me(work_order_id)
    with reading() as session:
        owner = session.scalar(select(WorkOrder.broker_id).where(WorkOrder.id == work_order_id))
    return _hers(me, owner)


@rule("broker", own="assignment")
def my_slip(assignment_id: int) -> Mine:
    """A maker's share of work that was routed to her."""
    me = _me(assignment_id)
    with reading() as session:
        owner = session.scalar(
            select(WorkOrder.broker_id)
            .join(WorkAssignment, WorkAssignment.work_order_id == WorkOrder.id)
            .where(WorkAssignment.id == assignment_id)
        )
    return _hers(me, owner)


@rule("broker", own="receipt")
def my_receipt(receipt_id: int) -> Mine:
    """What came in of work that was routed to her."""
    me = _me(receipt_id)
    with reading() as session:
        owner = session.scalar(
            select(WorkOrder.broker_id)
            .join(WorkAssignment, WorkAssignment.work_order_id == WorkOrder.id)
            .join(WorkReceipt, WorkReceipt.assignment_id == WorkAssignment.id)
            .where(WorkReceipt.id == receipt_id)
        )
    return _hers(me, owner)


@rule("broker", own="seller_order")
def my_parcel(seller_order_id: int, line_id: int = 0) -> Mine:
    """Her workshop's part of an order that was paid; with `line_id`, a line of just that part."""
    me = _me(max(seller_order_id, line_id))
    with reading() as session:
        owner = session.scalar(
            select(SellerOrder.broker_id)
            .join(OrderGroup, OrderGroup.id == SellerOrder.group_id)
            .where(SellerOrder.id == seller_order_id, OrderGroup.paid_at.is_not(None))
        )
        if line_id and session.scalar(select(OrderLine.seller_order_id).where(OrderLine.id == line_id)) != (
            seller_order_id
        ):
            owner = None
    return _hers(Mine(me.actor, me.broker_id, seller_order_id), owner)


@rule("broker", own="payout")
def my_payout(payout_id: int) -> Mine:
    """A payout to a maker that goes through her; never her own, nor one that has not left."""
    me = _me(payout_id)
    with reading() as session:
        owner = session.scalar(
            select(Payout.broker_id).where(
                Payout.id == payout_id,
                Payout.payee.startswith("maker:"),
                Payout.state.not_in(("drafted", "cancelled")),
            )
        )
    return _hers(me, owner)


@rule("broker", own="payout")
def my_own_pay(payout_id: int) -> Mine:
    """A payout of her own fee that has left."""
    me = _me(payout_id)
    with reading() as session:
        payee = session.scalar(
            select(Payout.payee).where(Payout.id == payout_id, Payout.state.not_in(("drafted", "cancelled")))
        )
    return _hers(me, me.broker_id if payee == f"broker:{me.broker_id}" else None)


@rule("broker", own="maker")
def my_maker(maker_id: int) -> Mine:
    """A maker who lets her act for her now."""
    me = _me(maker_id)
    with reading() as session:
        owner = session.scalar(select(Mandate.broker_id).where(Mandate.maker_id == maker_id, Mandate.live))
    return _hers(me, owner)


@rule("broker", own="product")
def my_goods(product_id: int) -> Mine:
    """A product of a workshop she is the broker of."""
    me = _me(product_id)
    with reading() as session:
        owner = session.scalar(
            select(Workshop.broker_id).join(Product, Product.workshop_id == Workshop.id).where(Product.id == product_id)
        )
    return _hers(me, owner)


def _hers(me: Mine, owner: int | None) -> Mine:
    if owner is None or owner != me.broker_id:
        raise NotYours(id=me.id)
    return me


@rule(own="card")
def card(token: str) -> CardHolder:
    """Whose card this is. The secret on it is the right; a card that was taken back opens nothing."""
    with reading() as session:
        maker: Maker | None = maker_by_card(session, token=token)
        if maker is None:
            raise NotFound(what="card")
        village = session.get_one(Place, maker.village_id).name
    return CardHolder(token, maker.id, maker.number, maker.name, maker.mark, village, maker.lang)


@rule()
def everybody() -> None:
    """What is printed on a statement may be checked by whoever holds it."""
