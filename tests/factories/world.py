"""One of everything, for two brokers: what is Mei's, and what is Hoa's, under the names that addresses use."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from shop import clock
from shop.actor import COMMAND
from shop.catalog.services import set_rule
from shop.db import reading, writing
from shop.expo.models import Expo, ExpoOrganizer
from shop.ids import digest
from shop.ledger.chart import account
from shop.ledger.services import Draft, Move, post
from shop.makers.models import Maker
from shop.media.models import Picture
from shop.orders.models import OrderGroup
from shop.payouts import services as payouts
from shop.payouts.models import Payout, PayoutBatch
from shop.work.models import WorkAssignment, WorkReceipt
from tests.factories import catalog
from tests.factories.cash import in_hand
from tests.factories.orders import agreed, lines, on_shelf, paid, received, seller_orders, voucher, work_of
from tests.people import ADA, FEN, HOA, MEI, OTTO, TAO
from tests.support import databases

CARDS = {1: "card-of-lan-0123456789abcdef", 5: "card-of-zhao-0123456789abcde"}


@dataclass(frozen=True)
class World:
    """Values for the variables of addresses: `mine` belongs to Mei (and Otto, Lan), `foreign` to others."""

    mine: dict[str, object]
    foreign: dict[str, object]


def make_world() -> World:
    """What `_make` makes, on a clean database."""
    return databases.built("world", _make)


def _make() -> World:
    """An order in work and one received with each broker, a pay day, and two fairs."""
    with writing() as session:
        shop = catalog.make_shop(session)
        set_rule(session, part="broker", basis_points=800, valid_from=date(2024, 1, 1), by=COMMAND)
        opening = [Move(account("bank", "main"), account("equity:opening"), 5_000_000)]
        post(session, [Draft("open:1", "open", "CNY", opening)], by=COMMAND)
        for number, card in CARDS.items():
            session.get_one(Maker, number).card_digest = digest(card)
        _fairs(session)
        voucher(session, percent=5)
    on_shelf(shop.variants["plate"], 5, 3)
    with writing() as session:
        catalog.publish(session, shop, "plate")
    made = paid({shop.variants["lotus"]: 1, shop.variants["knot"]: 4})
    shelf = paid({shop.variants["plate"]: 1})
    with reading() as session:
        lotus, knot = work_of(session, made)
    (slip,) = agreed(lotus.id, {1: 1})
    receipt = received(slip, 1)
    (open_slip,) = agreed(knot.id, {2: 2})
    _pay_day()
    with reading() as session:
        rows = {payout.payee: payout for payout in session.scalars(select(Payout))}
        plates = session.scalars(select(WorkAssignment).where(WorkAssignment.maker_id == 5)).one()
        plate_receipt = session.scalars(select(WorkReceipt).where(WorkReceipt.assignment_id == plates.id)).one()
        common = _common(session)
        mine = {
            "device_id": 1,
            "work_order_id": knot.id,
            "assignment_id": open_slip,
            "receipt_id": receipt,
            "seller_order_id": seller_orders(session, made)[0].id,
            "line_id": lines(session, made)[0].id,
            "group_id": made,
            "order_id": made,
            "maker_id": 1,
            "broker_id": 1,
            "workshop_id": 1,
            "product_id": shop.products["lotus"],
            "variant_id": shop.variants["lotus"],
            "payout_id": rows["maker:1"].id,
            "payee": "maker:1",
            "rail": "wallet",
            "token": CARDS[1],
            "secret": session.get_one(OrderGroup, made).secret,
        }
        foreign = {
            "device_id": 999_999,
            "work_order_id": plates.work_order_id,
            "assignment_id": plates.id,
            "receipt_id": plate_receipt.id,
            "seller_order_id": seller_orders(session, shelf)[0].id,
            "line_id": lines(session, shelf)[0].id,
            "group_id": shelf,
            "order_id": shelf,
            "maker_id": 5,
            "broker_id": 2,
            "workshop_id": 2,
            "product_id": shop.products["plate"],
            "variant_id": shop.variants["plate"],
            "payout_id": rows["maker:5"].id,
            "payee": "maker:5",
            "rail": "vietqr",
            "token": "no-such-card-0123456789abcdef",
            "secret": "no-such-order-0123456789ab",
        }
    return World(common | mine, common | foreign)


def _common(session) -> dict[str, object]:
    """What belongs to nobody in particular."""
    picture = session.scalars(select(Picture)).first()
    return {
        "lang": "en",
        "batch_id": session.scalars(select(PayoutBatch.id)).one(),
        "key": picture.key if picture else "",
        "width": 320,
        "kind": "csv",
        "year": 2026,
        "month": 11,
        "number": "QS-0300-01",
        "user_id": 7,
        "voucher_id": 1,
        "craft_id": 1,
        "place_id": 2,
        "what": "check",
        "part": "x",
        "role": "broker",
        "task_id": 1,
        "refund_id": 1,
        "dispute_id": 1,
        "fault_id": 1,
        "method_id": 1,
        "run_id": 1,
        "advance_id": 1,
        "change_id": 1,
        "checkout_id": 1,
        "row_id": 1,
        "account_id": 1,
        "ref": "1",
        "rule_id": 1,
        "filename": "css/base.css",
    }


def _fairs(session) -> None:
    for slug in ("my-fair", "other-fair"):
        session.add(
            Expo(
                slug=slug,
                name=catalog.tri("展", "Hội", "Fair"),
                starts_on=date(2026, 12, 1),
                ends_on=date(2026, 12, 2),
                entry_deadline=date(2026, 11, 30),
                created_at=clock.now(),
            )
        )
    session.flush()
    session.add(ExpoOrganizer(expo_id=1, user_id=OTTO.user_id))


def _pay_day() -> None:
    """Lan gets cash through Mei, Zhao through Hoa; both are sent."""
    for number in (1, 5):
        with writing() as session:
            payouts.set_method(session, payee=f"maker:{number}", rail="cash", by=ADA)
    with writing() as session:
        batch, _ = payouts.draft_batch(session, pay_on=date(2026, 11, 27), currency="CNY", by=TAO)
    with writing() as session:
        payouts.approve(session, batch_id=batch.id, by=FEN)
    for broker in (MEI, HOA):
        in_hand(broker.broker_id, 100_000, key="w")
    with writing() as session:
        ids = list(session.scalars(select(Payout.id)))
        payouts.mark_sent(session, payout_ids=ids, by=TAO)
