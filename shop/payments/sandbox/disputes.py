"""Disputes: the buyer's bank takes a charge back with a fee, and gives it back or keeps it."""

from shop.payments.sandbox import shapes
from shop.payments.sandbox.amounts import dispute_fee_of
from shop.payments.sandbox.call import Call
from shop.payments.sandbox.events import record
from shop.payments.sandbox.refusals import ApiError, no_such
from shop.payments.sandbox.store import Json, Thing, Unit

ANSWER_WITHIN = 9 * 24 * 3600
"""Seconds until evidence is due."""


def take_back(unit: Unit, call: Call, charge: Thing) -> Json:
    """The whole charge is disputed, also one that was given back. Raises ApiError for one that is not paid, or twice."""
    if charge.body["status"] != "succeeded" or charge.body["disputed"]:
        raise ApiError("This charge cannot be disputed.", code="sandbox_not_simulated")
    body = _shape(charge.body, created=call.second)
    fee = dispute_fee_of(charge.body["currency"])
    body["balance_transactions"] = [_movement(unit, call, body, amount=-body["amount"], fee=fee)]
    unit.add(Thing("dispute", body))
    charge.body["disputed"] = True
    unit.save(charge)
    record(unit, call, "charge.dispute.created", body)
    record(unit, call, "charge.dispute.funds_withdrawn", body)
    return body


def close(unit: Unit, call: Call, dispute: Thing, *, won: bool) -> Json:
    """The bank has decided. Raises ApiError where it had before."""
    if dispute.body["status"] in {"won", "lost"}:
        raise ApiError("This dispute is already closed.")
    dispute.body["status"] = "won" if won else "lost"
    if won:
        back = _movement(unit, call, dispute.body, amount=dispute.body["amount"], fee=0)
        dispute.body["balance_transactions"] = [*dispute.body["balance_transactions"], back]
    unit.save(dispute)
    if won:
        record(unit, call, "charge.dispute.funds_reinstated", dispute.body)
    record(unit, call, "charge.dispute.closed", dispute.body)
    return dispute.body


def known(unit: Unit, dispute_id: str) -> Thing:
    """The dispute of that id. Raises ApiError when there is none."""
    found = unit.get("dispute", dispute_id)
    if found is None:
        raise no_such("dispute", dispute_id)
    return found


_EVIDENCE = (
    "access_activity_log",
    "appeal",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
)


def _shape(charge: Json, *, created: int) -> Json:
    method = charge["payment_method_details"]["type"]
    card = {"brand": "visa", "case_type": "chargeback", "network": "visa", "network_reason_code": "10.4"}
    return {
        "id": shapes.new_id("du"),
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": created,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": created + ANSWER_WITHIN,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "intended_submission_method": None,
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "network_reason_code": "10.4" if method == "card" else None,
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {"card": card, "type": "card"} if method == "card" else None,
        "reason": "fraudulent",
        "status": "needs_response",
    }


def _movement(unit: Unit, call: Call, dispute: Json, *, amount: int, fee: int) -> Json:
    movement = shapes.balance_transaction(
        kind="adjustment",
        source=dispute["id"],
        amount=amount,
        fee=fee,
        currency=dispute["currency"],
        created=call.second,
        available_on=call.second,
    )
    movement["reporting_category"] = "dispute" if amount < 0 else "dispute_reversal"
    unit.add(Thing("balance_transaction", movement))
    return movement
