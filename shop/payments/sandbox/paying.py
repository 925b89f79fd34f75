"""What a buyer does on the payment page: pay at once, pay slowly, be declined."""

from enum import StrEnum

from shop.payments.sandbox import shapes
from shop.payments.sandbox.amounts import fee_of
from shop.payments.sandbox.call import Call
from shop.payments.sandbox.checkout import expire
from shop.payments.sandbox.events import record
from shop.payments.sandbox.store import Json, Thing, Unit

SETTLES_AFTER = 60
"""Seconds a slow payment takes to succeed or fail."""

AVAILABLE_AFTER = 7 * 24 * 3600
"""Seconds until charged money can be paid out to the bank."""


class Outcome(StrEnum):
    """Where the buyer stands after a button."""

    DONE = "done"
    DECLINED = "declined"
    EXPIRED = "expired"


def pay(unit: Unit, call: Call, session: Thing, method: str) -> Outcome:
    """Take the money at once. A session already paid stays as it is: a second click pays nothing."""
    closed = _closed(unit, call, session)
    if closed:
        return closed
    intent = _intent(unit, call, session)
    intent.body["payment_method"] = shapes.new_id("pm")
    charge = _charge(unit, call, session, intent, method=method, status="succeeded")
    _succeed(unit, call, intent, charge)
    _complete(session, paid=True)
    unit.save(session)
    record(unit, call, "checkout.session.completed", session.body)
    record(unit, call, "payment_intent.succeeded", intent.body)
    record(unit, call, "charge.succeeded", charge.body)
    return Outcome.DONE


def pay_later(unit: Unit, call: Call, session: Thing, method: str, *, succeeds: bool) -> Outcome:
    """Begin a payment whose result is known only SETTLES_AFTER seconds later."""
    closed = _closed(unit, call, session)
    if closed:
        return closed
    intent = _intent(unit, call, session)
    intent.body["payment_method"] = shapes.new_id("pm")
    charge = _charge(unit, call, session, intent, method=method, status="pending")
    intent.body |= {"status": "processing", "latest_charge": charge.id, "last_payment_error": None}
    intent.hidden |= {"session": session.id, "succeeds": succeeds}
    intent.due = call.second + SETTLES_AFTER
    unit.save(intent)
    _complete(session, paid=False)
    unit.save(session)
    record(unit, call, "checkout.session.completed", session.body)
    record(unit, call, "payment_intent.processing", intent.body)
    record(unit, call, "charge.pending", charge.body)
    return Outcome.DONE


def decline(unit: Unit, call: Call, session: Thing, method: str) -> Outcome:
    """The bank refuses; the session stays open and the buyer may try again."""
    closed = _closed(unit, call, session)
    if closed:
        return closed
    intent = _intent(unit, call, session)
    charge = _charge(unit, call, session, intent, method=method, status="failed")
    intent.body |= {
        "status": "requires_payment_method",
        "latest_charge": charge.id,
        "last_payment_error": _error(charge),
    }
    unit.save(intent)
    unit.save(session)
    record(unit, call, "payment_intent.payment_failed", intent.body)
    record(unit, call, "charge.failed", charge.body)
    return Outcome.DECLINED


def settle(unit: Unit, call: Call, intent: Thing) -> None:
    """End a slow payment the way it was begun to end."""
    intent.due = None
    charge = unit.get("charge", intent.body["latest_charge"])
    session = unit.get("checkout.session", intent.hidden["session"])
    assert charge is not None
    assert session is not None
    if intent.hidden["succeeds"]:
        _succeed(unit, call, intent, charge)
        session.body["payment_status"] = "paid"
        told = ("checkout.session.async_payment_succeeded", "payment_intent.succeeded", "charge.succeeded")
    else:
        failure = {
            "failure_code": "payment_intent_payment_attempt_failed",
            "failure_message": "The test payment failed in the end.",
        }
        charge.body |= {"status": "failed", **failure}
        unit.save(charge)
        intent.body |= {"status": "requires_payment_method", "last_payment_error": _error(charge)}
        unit.save(intent)
        told = ("checkout.session.async_payment_failed", "payment_intent.payment_failed", "charge.failed")
    unit.save(session)
    for kind, thing in zip(told, (session, intent, charge), strict=True):
        record(unit, call, kind, thing.body)


def _closed(unit: Unit, call: Call, session: Thing) -> Outcome | None:
    if session.body["status"] == "complete":
        return Outcome.DONE
    if session.body["status"] == "open" and call.second >= session.body["expires_at"]:
        expire(unit, call, session)
    return Outcome.EXPIRED if session.body["status"] == "expired" else None


def _intent(unit: Unit, call: Call, session: Thing) -> Thing:
    """The session's payment, made when the buyer first tries (the session has none before, as at Stripe)."""
    known = unit.get("payment_intent", session.body["payment_intent"] or "")
    if known is not None:
        return known
    body = shapes.payment_intent(session.body, session.hidden["intent"], created=call.second)
    intent = unit.add(Thing("payment_intent", body))
    session.body["payment_intent"] = intent.id
    record(unit, call, "payment_intent.created", intent.body)
    return intent


def _charge(unit: Unit, call: Call, session: Thing, intent: Thing, *, method: str, status: str) -> Thing:
    email = session.body["customer_email"]
    body = shapes.charge(intent.body, email=email, method=method, status=status, created=call.second)
    return unit.add(Thing("charge", body))


def _succeed(unit: Unit, call: Call, intent: Thing, charge: Thing) -> None:
    amount, currency = charge.body["amount"], charge.body["currency"]
    card = charge.body["payment_method_details"]["type"] == "card"
    movement = shapes.balance_transaction(
        kind="charge" if card else "payment",
        source=charge.id,
        amount=amount,
        fee=fee_of(amount, currency),
        currency=currency,
        created=call.second,
        available_on=call.second + AVAILABLE_AFTER,
    )
    unit.add(Thing("balance_transaction", movement))
    taken = {"status": "succeeded", "paid": True, "captured": True, "amount_captured": amount}
    charge.body |= {**taken, "balance_transaction": movement["id"]}
    unit.save(charge)
    received = {"amount_received": amount, "latest_charge": charge.id, "last_payment_error": None}
    intent.body |= {"status": "succeeded", **received}
    unit.save(intent)


def _complete(session: Thing, *, paid: bool) -> None:
    session.body |= {"status": "complete", "payment_status": "paid" if paid else "unpaid", "url": None}
    session.due = None


def _error(charge: Thing) -> Json:
    return {
        "type": "card_error",
        "code": charge.body["failure_code"],
        "decline_code": "generic_decline",
        "message": charge.body["failure_message"],
        "charge": charge.id,
    }
