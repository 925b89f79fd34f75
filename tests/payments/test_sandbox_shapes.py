"""What the sandbox answers has the fields of Stripe's objects: as the SDK describes them, as Stripe shows them."""

import json
import types
import typing
from pathlib import Path

import pytest
import stripe
from stripe import StripeObject

from shop.payments.sandbox import faults

FIXTURES = Path(__file__).parents[3] / "shared/data/stripe/fixtures3.json"

ONLY_EXPANDED = {"Session": {"line_items"}, "Charge": {"refunds"}}
"""Fields that are not there unless asked for."""

OF_OTHER_ROUTES = {
    "PaymentIntent": {"hooks", "payment_details", "payment_record", "presentment_details"},
    "Charge": {"authorization_code", "level3", "presentment_details", "radar_options", "transfer"},
    "Refund": {"description", "failure_balance_transaction", "failure_reason", "instructions_email", "next_action",
               "pending_reason", "presentment_details"},
    "Balance": {"connect_reserved", "instant_available", "issuing", "refund_and_dispute_prefunding"},
    "Event": {"account", "context"},
    "LineItem": {"discounts", "taxes"},
}  # fmt: skip
"""Optional fields that Stripe leaves out of payments such as ours."""

KINDS = {
    "checkout.session": stripe.checkout.Session,
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "dispute": stripe.Dispute,
    "balance_transaction": stripe.BalanceTransaction,
    "balance": stripe.Balance,
    "event": stripe.Event,
    "item": stripe.LineItem,
}


@pytest.fixture
def answers(api, paid, checkout, press, client, buyer, stripe_settings, at):
    """Every object in every state, as raw JSON."""
    at()
    sessions = [paid(), checkout(), checkout(), checkout(), checkout(email=None)]
    press(sessions[1], "decline")
    press(sessions[2], "later")
    press(sessions[3], "later_fail")
    client.v1.refunds.create({"payment_intent": sessions[0].payment_intent, "amount": 100})
    faults.switch(stripe_settings.instance_path, "refund_failed", on=True)
    client.v1.refunds.create({"payment_intent": sessions[0].payment_intent, "amount": 200, "reason": "duplicate"})
    charge = client.v1.charges.list({"payment_intent": paid().payment_intent}).data[0].id
    for do in ("dispute", "win"):
        assert buyer.post("/dashboard", data={"do": do, "charge": charge}).status_code == 303
    at(minutes=36)
    found = [api("GET", "/v1/balance")[1]]
    paths = ("checkout/sessions", "payment_intents", "charges", "refunds", "disputes", "balance_transactions", "events")
    for path in paths:
        found += api("GET", f"/v1/{path}", "limit=100")[1]["data"]
    found += api("GET", f"/v1/checkout/sessions/{sessions[0].session_id}/line_items")[1]["data"]
    found += [one["data"]["object"] for one in found if one["object"] == "event"]
    assert {one["object"] for one in found} == set(KINDS)
    return found


def parts(hint):
    if typing.get_origin(hint) in {typing.Union, types.UnionType}:
        return [part for one in typing.get_args(hint) for part in parts(one)]
    return [hint]


def differences(cls, body, path):
    """Where a JSON object is not what the SDK's class says."""
    hints = {name: hint for name, hint in cls.__annotations__.items() if name != "OBJECT_NAME"}
    top = cls in KINDS.values()
    missing = ONLY_EXPANDED.get(cls.__name__, set()) | OF_OTHER_ROUTES.get(cls.__name__, set()) if top else set()
    for name in body.keys() - hints.keys():
        yield f"{path}.{name} is unknown"
    for name, hint in hints.items():
        optional = type(None) in parts(hint)
        if name not in body:
            if (top and name not in missing) or not (top or optional):
                yield f"{path}.{name} is missing"
        elif body[name] is None:
            if not optional:
                yield f"{path}.{name} must not be null"
        else:
            yield from differences_of(hint, body[name], f"{path}.{name}")


def differences_of(hint, value, path):
    options = [one for one in parts(hint) if one is not type(None)]
    classes = [one for one in options if isinstance(one, type) and issubclass(one, StripeObject)]
    if isinstance(value, dict):
        if classes:
            yield from differences(classes[0], value, path)
        return
    if isinstance(value, list):
        inner = [typing.get_args(one)[0] for one in options if typing.get_origin(one) is list]
        if not inner:
            yield f"{path} is no list"
        for one in value:
            yield from differences_of(inner[0], one, path)
        return
    words = [word for one in options if typing.get_origin(one) is typing.Literal for word in typing.get_args(one)]
    if words:
        if value not in words:
            yield f"{path} may not be {value!r}"
        return
    plain = {one for one in options if one in {str, int, bool, float}}
    if plain and type(value) not in plain:
        yield f"{path} is a {type(value).__name__}"


def test_every_answer_is_what_the_sdk_describes(answers):
    found = sorted({line for one in answers for line in differences(KINDS[one["object"]], one, one["object"])})
    assert not found, "\n".join(found)


def test_the_comparison_sees_a_wrong_field(answers):
    session = next(one for one in answers if one["object"] == "checkout.session")
    for change in (
        {"foo": 1},
        {"status": "done"},
        {"amount_total": "516"},
        {"total_details": {"amount_discount": 0}},
        {"created": None},
    ):
        assert list(differences(stripe.checkout.Session, session | change, "session"))
    assert list(
        differences(stripe.checkout.Session, {name: session[name] for name in session if name != "url"}, "session")
    )


@pytest.mark.shared
@pytest.mark.skipif(not FIXTURES.exists(), reason="Stripe's example objects are not here")
def test_every_answer_has_the_fields_of_stripes_own_examples(answers):
    examples = json.loads(FIXTURES.read_text())["resources"]
    left_out = {"charge": {"refunds"}}
    for one in answers:
        kind = one["object"]
        example = examples[kind]
        absent = (
            example.keys() - one.keys() - left_out.get(kind, set()) - OF_OTHER_ROUTES.get(KINDS[kind].__name__, set())
        )
        assert absent == set(), kind
        for name in example.keys() & one.keys():
            if example[name] is not None and one[name] is not None:
                assert type(one[name]) is type(example[name]), f"{kind}.{name}"
