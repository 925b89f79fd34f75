"""Every rule of `flask audit` is broken once, with the database's own guards taken away, and must be reported."""

from datetime import date

import pytest
from sqlalchemy import select, text

from shop import clock
from shop.actor import COMMAND
from shop.db import reading, writing
from shop.ledger.audit import CHECKS, audit
from shop.ledger.chart import account
from shop.ledger.jobs import fold_now
from shop.ledger.services import Draft, Move, post
from shop.orders import services as orders
from shop.orders.services.settling import cancel_unpaid, held_order
from shop.payments.answers import DisputeAnswer, RefundAnswer
from shop.payments.models import StripeRefund
from shop.payments.settled import hooks
from shop.payouts import services as payouts
from tests.factories import catalog
from tests.factories.cash import in_hand
from tests.factories.orders import agreed, lines, on_shelf, paid, place, received, seller_orders, voucher, work_of
from tests.factories.ways import paid_by
from tests.guards.breaking import broken
from tests.people import ADA, FEN, LAN, MEI, TAO

ORDER = "(SELECT max(id) FROM order_group WHERE state = 'paid')"


def extra(kind: str) -> str:
    """More on an account than anybody has a right to."""
    return f"UPDATE account SET balance_minor = balance_minor + 500 WHERE kind = '{kind}'"


BREAKS: dict[str, str | tuple[str, ...]] = {
    "ledger.balance": "UPDATE account SET balance_minor = balance_minor + 1 WHERE kind = 'maker:available'",
    "ledger.fold": "UPDATE account SET folded_minor = folded_minor + 1 WHERE kind = 'bank'",
    "ledger.chart": "UPDATE account SET side = 'credit' WHERE kind = 'bank'",
    "ledger.empty_posting": "DELETE FROM transfer WHERE posting_id = (SELECT max(id) FROM posting)",
    "ledger.cover": "UPDATE account SET balance_minor = balance_minor + 90000000 WHERE kind = 'maker:available'",
    "ledger.fund": (
        "INSERT INTO account (kind, owner, currency, side, floored, balance_minor, folded_minor, folded_to)"
        " VALUES ('fund:capital', '', 'CNY', 'credit', true, 500, 0, 0)"
    ),
    "ledger.earning_without_posting": "UPDATE earning SET posting_id = 999999 WHERE id = (SELECT max(id) FROM earning)",
    "ledger.closed_month": (
        "INSERT INTO closed_month (month, until, postings, transfers, digest, closed_at, closed_by)"
        " VALUES ('2020-01-01', '2020-02-01', 1, 1, '', '2020-02-01 00:00:00', 'user:4')"
    ),
    "ledger.trigger_missing": ("DROP TRIGGER posting_never_goes{on}", "DROP TRIGGER order_event_never_changes{on}"),
    "database": "UPDATE order_line SET variant_id = 999999 WHERE id = (SELECT max(id) FROM order_line)",
    "catalog.stock_counts": "UPDATE variant SET on_hand = on_hand + 1 WHERE on_hand > 0",
    "catalog.reservation_pieces": "DELETE FROM reserved_piece",
    "catalog.split_sums": "UPDATE price_part SET amount_minor = amount_minor + 1 WHERE kind = 'coop'",
    "catalog.price_has_split": "UPDATE variant SET price_minor = price_minor + 100 WHERE on_hand > 0",
    "catalog.stock_value": "UPDATE piece SET maker_minor = maker_minor - 1 WHERE state = 'shelf'",
    "makers.live_consents": "UPDATE consent SET withdrawn_on = '2026-01-01' WHERE live",
    "makers.working_age": "UPDATE maker SET birth_year = 2020 WHERE id = 1",
    "brokers.live_mandates": "UPDATE mandate SET ends_on = '2099-01-01' WHERE live",
    "workshops.open_without_broker": "UPDATE broker SET is_active = false WHERE id = 1",
    "orders.group_sums": f"UPDATE order_group SET goods_minor = goods_minor + 1 WHERE id = {ORDER}",
    "orders.parts_are_the_line": "UPDATE split_part SET paid_minor = paid_minor + 1 WHERE kind = 'coop'",
    "orders.parts_are_the_post": "UPDATE seller_order SET shipping_minor = shipping_minor + 1",
    "orders.paid_is_posted": "UPDATE order_group SET paid_at = placed_at WHERE state = 'placed'",
    "orders.state": (
        f"UPDATE order_group SET state = 'cancelled' WHERE id = {ORDER}",
        f"UPDATE order_group SET state = 'refunded' WHERE id = {ORDER}",
        "UPDATE order_group SET state = 'paid' WHERE state = 'placed'",
        "UPDATE seller_order SET state = 'placed' WHERE state = 'making'",
        "UPDATE seller_order SET state = 'ready' WHERE state = 'placed'",
    ),
    "orders.parcels": (
        "UPDATE seller_order SET state = 'dispatched' WHERE state = 'ready'",
        "UPDATE seller_order SET state = 'delivered' WHERE state = 'dispatched'",
        "UPDATE shipment SET released_at = NULL WHERE delivered_at IS NOT NULL",
    ),
    "orders.work_is_the_line": (
        "UPDATE work_order SET quantity = quantity + 5 WHERE purpose = 'order'",
        "UPDATE work_order SET maker_minor = maker_minor + 1 WHERE purpose = 'order'",
        "UPDATE work_order SET materials_minor = materials_minor + 1 WHERE purpose = 'order'",
        "UPDATE work_order SET ledger_line = 'L999' WHERE purpose = 'order'",
        "UPDATE order_line SET work_order_id = NULL WHERE source = 'made'",
    ),
    "orders.payment_is_posted": "UPDATE checkout SET payment_intent = 'pi_unheard_of' WHERE state = 'paid' AND id = 1",
    "orders.refunded_within_paid": "UPDATE refund SET amount_minor = 9999999",
    "orders.buyer_credit": "UPDATE account SET balance_minor = balance_minor + 1 WHERE kind = 'buyer:credit'",
    "orders.undone_pieces": (
        "UPDATE order_line SET undone = 0 WHERE cancelled",
        "UPDATE order_line SET cancelled = (1 = 0) WHERE undone > 0",
        "UPDATE refund SET quantity = quantity + 1",
    ),
    "orders.line_pieces": "DELETE FROM line_piece",
    "orders.sold_pieces": (
        "DELETE FROM line_piece",
        "UPDATE piece SET state = 'gone' WHERE state = 'sold'",
        "UPDATE piece SET state = 'sold' WHERE state = 'shelf'",
    ),
    "orders.work_open": extra("work:open"),
    "orders.materials_held": extra("materials:held"),
    "orders.held": (
        extra("broker:held"),
        extra("coop:commission:held"),
        (
            "INSERT INTO account (kind, owner, currency, side, floored, balance_minor, folded_minor, folded_to)"
            " VALUES ('workshop:held', '1', 'CNY', 'credit', true, 500, 0, 0)"
        ),
    ),
    "orders.released_with_its_parcel": (
        "UPDATE split_part SET released = (1 = 1)",
        "UPDATE split_part SET released = (1 = 0)",
    ),
    "orders.refunded_parts": (
        "DELETE FROM refund_part",
        "UPDATE split_part SET refunded_minor = 1 WHERE refunded_minor = 0 AND paid_minor > 0",
        "UPDATE refund SET amount_minor = amount_minor - 1",
    ),
    "orders.refund_is_posted": (
        "UPDATE refund SET state = 'sent' WHERE state = 'decided'",
        "UPDATE refund SET state = 'decided' WHERE state = 'sent'",
        "UPDATE posting SET key = key || ':' WHERE kind = 'refund_cancelled'",
        (
            "INSERT INTO refund (group_id, key, reason, state, amount_minor, currency, payment_intent, decided_by, decided_at)"
            " SELECT group_id, key || 'q', reason, 'sent', 5, currency, payment_intent, decided_by, decided_at FROM refund"
        ),
    ),
    "orders.disputes_open": (
        extra("disputes:open"),
        "UPDATE dispute SET lost_minor = lost_minor + 1",
    ),
    "orders.dispute_is_posted": (
        "UPDATE dispute SET fee_minor = 0",
        "UPDATE posting SET key = key || ':' WHERE kind = 'dispute_opened'",
        "UPDATE dispute SET lost_minor = 5, state = 'lost' WHERE state = 'open'",
    ),
    "orders.lost_within_paid": (
        "UPDATE dispute SET state = 'lost', lost_minor = 9999999",
        (
            "INSERT INTO refund (group_id, key, reason, state, amount_minor, currency, payment_intent, decided_by, decided_at)"
            " SELECT group_id, 'q', 'unused', 'sent', 5, currency, payment_intent, 'x', opened_at FROM dispute"
            " WHERE state = 'lost'"
        ),
    ),
    "orders.carrier_claims": (extra("carrier:claims"), "UPDATE refund SET claim_got_minor = 0 WHERE claim_minor > 0"),
    "orders.owed_for_faults": (extra("broker:owes"), "UPDATE refund_part SET owed_minor = 0"),
    "orders.fault_has_a_second_person": (
        "UPDATE fault SET ended_by = asked_by",
        "UPDATE fault SET refund_id = NULL",
        "UPDATE fault SET quantity = quantity + 1",
    ),
    "orders.voucher_uses": (
        "DELETE FROM voucher_use WHERE freed_at IS NULL",
        "UPDATE order_group SET voucher_minor = 0 WHERE voucher_minor > 0",
        "UPDATE voucher_use SET freed_at = used_at WHERE freed_at IS NULL",
        "UPDATE voucher_use SET freed_at = NULL WHERE freed_at IS NOT NULL",
    ),
    "orders.voucher_limits": (
        "UPDATE voucher SET used = used + 1",
        "UPDATE voucher SET limit_all = 1 WHERE used > 1",
        "UPDATE voucher SET limit_each = 1 WHERE used > 1",
        "UPDATE voucher_use SET freed_at = used_at WHERE freed_at IS NULL",
    ),
    "orders.voucher_bearer": (
        "UPDATE voucher SET kind = 'workshop' WHERE kind = 'coop'",
        "UPDATE split_part SET waived_minor = 1 WHERE kind = 'coop'",
        "DELETE FROM voucher_use WHERE freed_at IS NULL",
    ),
    "orders.suspense": (
        "INSERT INTO account (kind, owner, currency, side, floored, balance_minor, folded_minor, folded_to)"
        " VALUES ('suspense:in', '', 'CNY', 'credit', true, 500, 0, 0)"
    ),
    "orders.stripe_balance": (
        "UPDATE account SET folded_minor = folded_minor - 500 WHERE kind = 'psp:stripe'",
        "UPDATE checkout SET fee_minor = fee_minor + 1 WHERE state = 'paid'",
    ),
    "orders.refund_agrees_with_stripe": (
        "UPDATE stripe_refund SET state = 'failed' WHERE state = 'pending'",
        "UPDATE stripe_refund SET state = 'pending' WHERE state = 'sent'",
        "UPDATE stripe_refund SET amount_minor = amount_minor - 1",
        "UPDATE stripe_refund SET ref = 'refund:99' WHERE id = (SELECT max(id) FROM stripe_refund)",
    ),
    "orders.event_stuck": (
        "INSERT INTO stripe_event (id, type, payload, received_at, outcome)"
        " VALUES ('evt_1', 'refund.failed', '{}', '2026-01-01 00:00:00', '')"
    ),
    "orders.payment_job_stuck": (
        "UPDATE outbox SET state = 'parked', due_at = '2026-01-01 00:00:00' WHERE kind = 'payments.refund'"
    ),
    "work.counts": "UPDATE work_assignment SET accepted = 0",
    "work.assigned_over": "UPDATE work_order SET maker_minor = 1",
    "work.held": "UPDATE account SET balance_minor = balance_minor + 1 WHERE kind = 'maker:held'",
    "work.receipt_earning": "UPDATE work_receipt SET pay_minor = pay_minor - 1",
    "payouts.claimed_twice": (
        "INSERT INTO payout_item (payout_id, earning_id, amount_minor, live)"
        " SELECT payout_id, earning_id, amount_minor, live FROM payout_item"
    ),
    "payouts.sum_of_items": "UPDATE payout_item SET amount_minor = amount_minor - 1",
    "payouts.owed": "UPDATE payout SET amount_minor = amount_minor - 1",
    "payouts.brokers_cash": (
        (
            "INSERT INTO account (kind, owner, currency, side, floored, balance_minor, folded_minor, folded_to)"
            " VALUES ('broker:credit', '1', 'CNY', 'credit', true, 500, 0, 0)"
        ),
        extra("broker:float"),
        "UPDATE payout SET state = 'sent' WHERE state = 'confirmed'",
        "UPDATE payout SET amount_minor = amount_minor - 1 WHERE state = 'confirmed'",
    ),
    "payouts.one_currency": "UPDATE payout SET currency = 'VND'",
    "payouts.confirmed_without_her_word": "DELETE FROM confirmation",
    "payouts.approved_is_posted": "UPDATE payout SET attempt = 7",
    "payouts.advances": (extra("maker:advance"), "UPDATE deduction SET amount_minor = amount_minor - 1"),
    "payouts.advance_rules": (
        "UPDATE advance SET given_by = asked_by",
        "UPDATE advance SET agreed_by = 'user:4'",
        "UPDATE advance SET slip_minor = amount_minor",
    ),
    "payouts.kept_back": (
        "UPDATE payout SET amount_minor = 1 WHERE payee = 'maker:1'",
        "UPDATE deduction SET amount_minor = amount_minor + 1",
        "UPDATE advance SET amount_minor = 1",
    ),
    "payouts.account_has_waited": (
        "UPDATE payout SET account = '622200002222' WHERE payee = 'maker:5'",
        "UPDATE payout_method SET good_from = '2099-01-01 00:00:00' WHERE payee = 'maker:5'",
        "UPDATE payout_method SET good_from = NULL WHERE payee = 'maker:5'",
        "UPDATE payout_method SET heir = 'her son' WHERE payee = 'maker:5'",
    ),
    "payouts.never_income": (
        "UPDATE transfer SET credit_id = (SELECT id FROM account WHERE kind = 'equity:opening')"
        " WHERE debit_id = (SELECT id FROM account WHERE kind = 'maker:available' AND owner = '1')"
    ),
}


@pytest.fixture
def lived(app) -> None:
    """A shop in which each kind of row stands: paid, unpaid and refunded orders, work half done, a confirmed payout."""
    with writing() as session:
        shop = catalog.make_shop(session)
        opening = Draft("open:1", "open", "CNY", [Move(account("bank", "main"), account("equity:opening"), 1_000_000)])
        post(session, [opening], by=COMMAND)
    lotus, knot, plate = (shop.variants[name] for name in ("lotus", "knot", "plate"))
    on_shelf(plate, 5, 8)
    with writing() as session:
        catalog.publish(session, shop, "plate")
    first = paid({lotus: 1, plate: 1})
    with reading() as session:
        (work,) = work_of(session, first)
    received(*agreed(work.id, {1: 1}), 1)
    second = paid({knot: 2})
    with reading() as session:
        (knots,) = work_of(session, second)
    agreed(knots.id, {2: 2})
    back = paid({plate: 1})
    with reading() as session:
        (line,) = lines(session, back)
    with writing() as session:
        orders.cancel_line(session, line_id=line.id, by=FEN)
    with writing() as session:
        place(session, {plate: 1})
    _sent_back(paid({plate: 1}))
    _parcel(paid({plate: 1}), delivered=True)
    _parcel(paid({plate: 1}), delivered=False)
    _faulty_and_lost(paid({plate: 2}))
    _disputed(paid({knot: 1}), "open")
    _disputed(paid({knot: 1}), "lost")
    _with_vouchers(lotus, knot)
    _ahead(lotus)
    paid_by("maker:1")
    paid_by("maker:5", "bank_file", holder="Zhao", account_no="622200001111")
    with writing() as session:
        batch, _ = payouts.draft_batch(session, pay_on=date(2099, 1, 1), currency="CNY", by=TAO)
        batch_id = batch.id
    with writing() as session:
        payouts.approve(session, batch_id=batch_id, by=FEN)
    with reading() as session:
        ids = list(session.scalars(text("SELECT id FROM payout WHERE payee = 'maker:1'")))
    in_hand(1, 90_000)
    with writing() as session:
        payouts.mark_sent(session, payout_ids=ids, by=TAO)
    with writing() as session:
        payouts.confirm(session, payout_id=ids[0], strength="self", route="card", by=LAN)
    fold_now()
    with reading() as session:
        assert audit(session) == []


def _ahead(lotus: int) -> None:
    """Lan was given 100.00 before two pieces, one of which came in: half of it is kept back of her next payout."""
    made = paid({lotus: 2})
    with reading() as session:
        (work,) = work_of(session, made)
    (slip,) = agreed(work.id, {1: 2})
    with writing() as session:
        advance_id = payouts.ask_advance(session, assignment_id=slip, amount_minor=10_000, by=MEI).id
    with writing() as session:
        payouts.agree_advance(session, advance_id=advance_id, by=LAN)
    with writing() as session:
        payouts.give_advance(session, advance_id=advance_id, by=ADA)
    received(slip, 1)


def _with_vouchers(lotus: int, knot: int) -> None:
    """The co-op's used by one buyer in two orders and in one that ended unpaid."""
    with writing() as session:
        voucher(session, percent=100, with_post=True)
    with writing() as session:
        place(session, {lotus: 1}, code="LOTUS-20")
    with writing() as session:
        voucher(session, "KNOT-5", amount_minor=500, limit_all=9)
    for _ in range(3):
        with writing() as session:
            placed = place(session, {knot: 1}, code="KNOT-5")
    with writing() as session:
        group = held_order(session, group_id=placed.group.id)
        assert group is not None
        cancel_unpaid(session, group=group)


def _sent_back(group_id: int) -> None:
    """Cancelled, and Stripe has made the refund."""
    with reading() as session:
        (line,) = lines(session, group_id)
    with writing() as session:
        refund = orders.cancel_line(session, line_id=line.id, by=FEN)
    with writing() as session:
        row = session.scalars(select(StripeRefund).where(StripeRefund.ref == f"refund:{refund.id}")).one()
        row.state, row.refund_id = "sent", "re_1"
        assert hooks.refunded
        hooks.refunded(session, row, RefundAnswer("re_1", "succeeded", refund.amount_minor, "CNY", "pi_1"))


def _faulty_and_lost(group_id: int) -> None:
    """One of two plates was at fault, which its broker let pass, and the other was lost on its way."""
    _parcel(group_id, delivered=True)
    with reading() as session:
        (line,) = lines(session, group_id)
    with writing() as session:
        fault = orders.ask_fault(session, line_id=line.id, quantity=1, passed=True, how="a crack", by=FEN)
    with writing() as session:
        orders.agree_fault(session, fault_id=fault.id, by=ADA)
    with writing() as session:
        orders.lose_line(session, line_id=line.id, cover_minor=5000, by=FEN)


def _disputed(group_id: int, state: str) -> None:
    """The buyer's bank took the money back, and perhaps keeps it."""
    with writing() as session:
        intent = session.scalars(text(f"SELECT settling_intent FROM order_group WHERE id = {group_id}")).one()
        answer = DisputeAnswer(
            f"dp_{group_id}", state, "fraudulent", intent, 8000, "CNY", 8000, 7700, 0, 0, "CNY", clock.now(), None
        )
        assert orders.settle_dispute(session, answer) == state


def _parcel(group_id: int, *, delivered: bool) -> None:
    with reading() as session:
        (seller,) = seller_orders(session, group_id)
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E1", by=ADA)
    if delivered:
        with writing() as session:
            orders.deliver(session, seller_order_id=seller.id, by=ADA)


def test_every_check_has_its_break(app):
    assert set(CHECKS) == set(BREAKS)


def test_each_check_reports_the_break_it_is_for(lived, engine):
    silent = {}
    with engine.connect() as connection:
        for check, statements in BREAKS.items():
            if check == "database" and engine.dialect.name != "sqlite":
                continue  # PostgreSQL keeps its own keys, and has no PRAGMA to ask
            for statement in [statements] if isinstance(statements, str) else statements:
                found = broken(connection, check, statement)
                if check not in found:
                    silent[check, statement] = found
        connection.invalidate()
    assert silent == {}
