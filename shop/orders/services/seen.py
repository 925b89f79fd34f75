"""Refunds first seen at Stripe, made in its own pages: booked at once, and named by an officer later (money.md 2)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import STRIPE, Actor
from shop.coop.services import close_task, open_task
from shop.db import locked
from shop.errors import BadInput, Conflict, NotFound, NotYours
from shop.ledger.chart import account
from shop.ledger.models import Account, Posting, Transfer
from shop.ledger.services import Draft, Move, post
from shop.orders.models import OrderGroup, OrderLine, Refund, RefundPart, SellerOrder, SplitPart
from shop.orders.services.aftersale import BEFORE_DISPATCH, cancelling, losing, only_tax, returning
from shop.orders.services.deciding import LOSSES, RETURNS, Undoing, apply, draft_of, new_refund
from shop.orders.services.refunds import OFFICERS, last_ref, sent_draft, task_key
from shop.orders.services.settling import held_order, order_of
from shop.orders.services.undoing import Back, Case, held, pieces_back, standing
from shop.orders.services.unused import unused_payments
from shop.payments.answers import RefundAnswer
from shop.payments.models import Checkout, StripeRefund

KINDS = {"cancel": "cancelled", "return": "return", "lose": "lost"}
"""What an officer may say it was for → its reason."""


def refund_seen(session: Session, answer: RefundAnswer) -> str:
    """Book a refund that Stripe tells of and we never asked for. Gives its reason, or why it concerns us not.

    One that could not be sent before, of the same sum, is taken to be sent by it. What the order took is booked as
    cancelled where all of it goes back before anything has left, else as a price reduction, until an officer names it;
    a payment that no order took is given back by it. Anything else waits for a person.
    """
    checkout = session.scalar(select(Checkout).where(Checkout.payment_intent == (answer.payment_intent or "")))
    group_id = order_of(checkout.ref) if checkout is not None else None
    group = held_order(session, group_id=group_id) if group_id is not None else None
    if checkout is None or group is None:
        return "not ours"
    if answer.state in {"failed", "canceled"}:
        return "came to nothing"
    known = session.scalar(select(StripeRefund.state).where(StripeRefund.refund_id == answer.refund_id))
    if known is not None:
        return known
    return (
        _sends_a_failed_one(session, answer)
        or _of_the_order(session, group, answer)
        or _of_no_order(session, group, answer)
        or _for_a_person(session, group, answer)
    )


def _row(session: Session, ref: str, answer: RefundAnswer) -> StripeRefund:
    row = StripeRefund(
        ref=ref,
        payment_intent=answer.payment_intent or "",
        refund_id=answer.refund_id,
        state="sent",
        amount_minor=answer.amount_minor,
        currency=answer.currency,
        created_at=clock.now(),
    )
    session.add(row)
    return row


def _sends_a_failed_one(session: Session, answer: RefundAnswer) -> str | None:
    refund = session.scalar(
        select(Refund)
        .where(
            Refund.payment_intent == (answer.payment_intent or ""),
            Refund.amount_minor == answer.amount_minor,
            Refund.state == "failed",
            Refund.bank_asked_by.is_(None),
        )
        .order_by(Refund.id)
        .limit(1)
        .with_for_update()
    )
    if refund is None:
        return None
    last = last_ref(session, refund)
    close_task(session, key=task_key(refund, last), by=STRIPE)
    stem, _, tail = last.removeprefix("refund:").partition(":")
    _row(session, f"refund:{stem}:{int(tail or 1) + 1}", answer)
    refund.state = "sent"
    post(session, [sent_draft(refund, answer.refund_id)], by=STRIPE)
    return "sent"


def _of_the_order(session: Session, group: OrderGroup, answer: RefundAnswer) -> str | None:
    if group.settling_intent != answer.payment_intent or group.state != "paid" or answer.currency != group.currency:
        return None
    parts = session.scalars(
        select(SplitPart)
        .join(SellerOrder, SellerOrder.id == SplitPart.seller_order_id)
        .where(SellerOrder.group_id == group.id)
        .order_by(SplitPart.id)
        .execution_options(populate_existing=True)
    ).all()
    left = sum(part.paid_minor - part.refunded_minor for part in parts)
    if answer.amount_minor > left:
        return None
    undoings = _all_cancelled(session, group) if answer.amount_minor == left else []
    reason = "cancelled" if undoings else "reduction"
    if not undoings:
        undoings = _reduced(session, group, answer.amount_minor)
    if not undoings:
        return None
    refund = new_refund(session, undoings, reason=reason, by=STRIPE, key=f"stripe:{answer.refund_id}"[:80])
    refund.state, refund.unnamed = "sent", True
    _row(session, f"refund:{refund.id}", answer)
    facts = {"refund_id": refund.id, "order": group.number, "amount_minor": refund.amount_minor}
    open_task(session, key=f"refund:{refund.id}:unnamed", kind="refund_unnamed", facts=facts)
    moves = apply(session, refund, undoings, bearers=[(RETURNS, None)], by=STRIPE)
    post(session, [draft_of(refund, moves), sent_draft(refund, answer.refund_id)], by=STRIPE)
    return reason


def _lines_left(session: Session, group: OrderGroup) -> list[OrderLine]:
    return list(
        session.scalars(
            select(OrderLine)
            .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
            .where(SellerOrder.group_id == group.id, ~OrderLine.cancelled)
            .order_by(OrderLine.id)
        )
    )


def _all_cancelled(session: Session, group: OrderGroup) -> list[Undoing]:
    """Every line, with its post, where nothing has left yet; none of them otherwise."""
    lines = _lines_left(session, group)
    sellers = locked(session, SellerOrder, {line.seller_order_id for line in lines})
    if any(seller.state not in BEFORE_DISPATCH for seller in sellers.values()):
        return []
    posts = {line.seller_order_id: line.id for line in lines}
    undoings = []
    for line in lines:
        case = pieces_back(
            session, standing(session, line_id=line.id), quantity=None, last=posts[line.seller_order_id] == line.id
        )
        # what makers have begun they finish for the shelf: no maker loses by what a buyer's bank does
        undoings.append(cancelling(session, case, begun=True, by=None))
    return undoings


def _reduced(session: Session, group: OrderGroup, amount_minor: int) -> list[Undoing]:
    """The sum, of the lines that are left in turn: which pieces it was for nobody knows yet, so none is undone."""
    lines = _lines_left(session, group)
    posts = {line.seller_order_id: line.id for line in lines}
    undoings, rest = [], amount_minor
    for line in lines:
        found, last = standing(session, line_id=line.id), posts[line.seller_order_id] == line.id
        most = min(rest, pieces_back(session, found, quantity=None, last=last).amount_minor)
        if most:
            taken = pieces_back(session, found, quantity=None, amount_minor=most, last=last)
            backs = tuple(Back(back.part, back.paid_minor, 0, 0) for back in taken.backs)
            kept = Case(found.group, found.seller, found.line, 0, last=False, backs=backs)
            undoings.append(Undoing(kept, [only_tax(kept, back) for back in backs]))
            rest -= most
    return [] if rest else undoings


def _of_no_order(session: Session, group: OrderGroup, answer: RefundAnswer) -> str | None:
    waiting = (each for each in unused_payments(session, order_id=group.id))
    found = next((each for each in waiting if each.payment_intent == answer.payment_intent), None)
    if found is None or (found.amount.minor, found.amount.currency) != (answer.amount_minor, answer.currency):
        return None
    refund = Refund(
        group_id=group.id,
        key=f"stripe:{answer.refund_id}"[:80],
        reason="unused",
        state="sent",
        amount_minor=answer.amount_minor,
        currency=answer.currency,
        payment_intent=found.payment_intent,
        decided_by=STRIPE.key,
        decided_at=clock.now(),
    )
    session.add(refund)
    session.flush()  # its postings are named after it
    _row(session, f"refund:{refund.id}", answer)
    close_task(session, key=f"payment:{found.session_id}", by=STRIPE)
    drafts = [sent_draft(refund, answer.refund_id)]
    if not found.fits:
        move = Move(account("suspense:in"), account("buyer:credit", group.id), found.amount.minor)
        key = f"pay:{found.payment_intent}:back"
        drafts.insert(0, Draft(key, "pay_back", answer.currency, [move], source=f"order:{group.id}"))
    post(session, drafts, by=STRIPE)
    return "unused"


def _for_a_person(session: Session, group: OrderGroup, answer: RefundAnswer) -> str:
    """Nothing here bears it: the comparison with Stripe names it too, until somebody has found out."""
    facts = {"order": group.number, "amount_minor": answer.amount_minor, "currency": answer.currency}
    open_task(session, key=f"refund:{answer.refund_id}:unbooked", kind="refund_unbooked", facts=facts)
    return "for a person"


def name_refund(
    session: Session, *, refund_id: int, what: str, by: Actor, line_id: int = 0, quantity: int | None = None
) -> Refund:
    """An officer says what a refund first seen at Stripe was for. `keep`: it stands as it was booked.

    cancel, return, lose: so many pieces of a line for the sum that was sent; the first booking is taken back. Raises
    NotYours, NotFound, Conflict where it has been named or may not be another, BadInput where the line does not have it.
    """
    if by.role not in OFFICERS:
        raise NotYours(refund_id=refund_id)
    refund = locked(session, Refund, {refund_id}).get(refund_id)
    if refund is None:
        raise NotFound(what="refund")
    if not refund.unnamed or (what != "keep" and refund.reason != "reduction"):
        raise Conflict(state=refund.reason)
    refund.unnamed = False
    close_task(session, key=f"refund:{refund.id}:unnamed", by=by)
    if what == "keep":
        return refund
    if what not in KINDS:
        raise BadInput(field="what")
    found = held(session, line_id=line_id, seen="")
    if found.group.id != refund.group_id:
        raise BadInput(field="line")
    back = _taken_back(session, refund)
    case = pieces_back(session, found, quantity=quantity, amount_minor=refund.amount_minor)
    undoing = _named(session, case, what, by)
    refund.reason, refund.line_id, refund.quantity = KINDS[what], line_id, case.pieces
    bearer = LOSSES if what == "lose" else RETURNS
    moves = apply(session, refund, [undoing], bearers=[(bearer, None)], by=by)
    named = Draft(
        f"named:{refund.id}", f"refund_{refund.reason}", refund.currency, moves, source=f"order:{refund.group_id}"
    )
    post(session, [back, named], by=by)
    return refund


def _named(session: Session, case: Case, what: str, by: Actor) -> Undoing:
    if what == "cancel":
        return cancelling(session, case, begun=True, by=by)
    return returning(session, case) if what == "return" else losing(session, case)


def _taken_back(session: Session, refund: Refund) -> Draft:
    """The first booking's reversal; its parts are as if it had never been."""
    for row in session.scalars(select(RefundPart).where(RefundPart.refund_id == refund.id)).all():
        part = session.get_one(SplitPart, row.part_id, with_for_update=True)
        part.refunded_minor -= row.paid_minor
        session.delete(row)
    session.flush()  # what is left of the parts is read again
    posting_id = session.scalars(select(Posting.id).where(Posting.key == f"refund:{refund.id}")).one()
    moves = []
    for transfer in session.scalars(select(Transfer).where(Transfer.posting_id == posting_id).order_by(Transfer.id)):
        debit, credit = (session.get_one(Account, each) for each in (transfer.credit_id, transfer.debit_id))
        moves.append(Move(account(debit.kind, debit.owner), account(credit.kind, credit.owner), transfer.amount_minor))
    key = f"named:{refund.id}:back"
    source = f"order:{refund.group_id}"
    return Draft(key, "refund_named", refund.currency, moves, source=source, reverses_id=posting_id)
