"""Money back to the buyer: never more than is left of the charge."""

from shop.payments.sandbox import faults, shapes
from shop.payments.sandbox.call import Call
from shop.payments.sandbox.events import record
from shop.payments.sandbox.refusals import ApiError, missing_parameter, no_such, not_simulated
from shop.payments.sandbox.store import Json, Thing, Unit

SETTLES_AFTER = 60
"""Seconds a pending refund takes to succeed or fail."""

_SIMULATED = frozenset({"amount", "charge", "expand", "metadata", "payment_intent", "reason"})


def create(unit: Unit, call: Call, params: Json) -> Json:
    """A refund of ``amount``, or of all that is left. Raises ApiError when it is more than that."""
    for name in params:
        if name not in _SIMULATED:
            raise not_simulated(name)
    charge = _charge_of(unit, params)
    if charge.body["disputed"]:
        raise ApiError(f"Charge {charge.id} has been charged back.", code="charge_disputed")
    left = charge.body["amount"] - charge.body["amount_refunded"]
    if left == 0:
        raise ApiError(f"Charge {charge.id} has already been refunded.", code="charge_already_refunded")
    amount = params.get("amount", left)
    if amount < 1:
        raise ApiError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        message = f"Refund amount ({amount} {charge.body['currency']}) is greater than unrefunded amount ({left})"
        raise ApiError(message, param="amount")
    fails, slow = faults.is_on(unit, "refund_failed"), faults.is_on(unit, "refund_pending")
    body = shapes.refund(
        charge.body,
        amount=amount,
        status="pending" if fails or slow else "succeeded",
        reason=params.get("reason"),
        metadata=params.get("metadata", {}),
        created=call.second,
    )
    movement = _movement(unit, call, charge, body, amount=-amount, kind="refund")
    body["balance_transaction"] = movement["id"]
    due = call.second + SETTLES_AFTER if body["status"] == "pending" else None
    unit.add(Thing("refund", body, {"succeeds": not fails}, due=due))
    _move_charge(unit, charge, amount)
    record(unit, call, "refund.created", body)
    record(unit, call, "charge.refunded", charge.body)
    return body


def settle(unit: Unit, call: Call, refund: Thing) -> None:
    """End a pending refund. A failed one gives its money back to the account and to what can be refunded."""
    refund.due = None
    if refund.hidden["succeeds"]:
        refund.body["status"] = "succeeded"
        told = ["refund.updated", "charge.refund.updated"]
    else:
        charge = unit.get("charge", refund.body["charge"])
        assert charge is not None
        amount = refund.body["amount"]
        back = _movement(unit, call, charge, refund.body, amount=amount, kind="refund_failure")
        failure = {"failure_reason": "expired_or_canceled_card", "failure_balance_transaction": back["id"]}
        refund.body |= {"status": "failed", **failure}
        _move_charge(unit, charge, -amount)
        told = ["refund.failed", "refund.updated", "charge.refund.updated"]
    unit.save(refund)
    for kind in told:
        record(unit, call, kind, refund.body)


def _charge_of(unit: Unit, params: Json) -> Thing:
    if ("charge" in params) == ("payment_intent" in params):
        if "charge" in params:
            raise ApiError("Give the charge or the payment intent to refund, not both.", param="charge")
        raise missing_parameter("payment_intent")
    if "charge" in params:
        found = unit.get("charge", params["charge"])
        if found is None:
            raise no_such("charge", params["charge"], "charge")
    else:
        intent = unit.get("payment_intent", params["payment_intent"])
        if intent is None:
            raise no_such("payment_intent", params["payment_intent"], "payment_intent")
        found = unit.get("charge", intent.body["latest_charge"] or "")
    if found is None or found.body["status"] != "succeeded":
        raise ApiError("There is no successful charge to refund.", code="payment_intent_unexpected_state")
    return found


def _movement(unit: Unit, call: Call, charge: Thing, refund: Json, *, amount: int, kind: str) -> Json:
    """The account's side of it; Stripe does not give its fee back (docs.stripe.com/refunds)."""
    if kind == "refund" and charge.body["payment_method_details"]["type"] != "card":
        kind = "payment_refund"
    movement = shapes.balance_transaction(
        kind=kind,
        source=refund["id"],
        amount=amount,
        fee=0,
        currency=refund["currency"],
        created=call.second,
        available_on=call.second,
    )
    unit.add(Thing("balance_transaction", movement))
    return movement


def _move_charge(unit: Unit, charge: Thing, amount: int) -> None:
    refunded = charge.body["amount_refunded"] + amount
    charge.body |= {"amount_refunded": refunded, "refunded": refunded == charge.body["amount"]}
    unit.save(charge)
