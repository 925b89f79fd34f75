"""Stripe's door: verify, store, answer; the worker does the rest."""

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from shop.db import writing
from shop.payments import services
from shop.payments.jobs import event_payload
from shop.payments.webhook import read_event
from shop.web import access

bp = Blueprint("payments", __name__)


@bp.post("/webhooks/stripe")
def stripe_webhook() -> ResponseReturnValue:
    """400 on anything that Stripe did not sign just now; 200 once the event is stored, also when it was before."""
    access.public()
    body = request.get_data(cache=False)
    event = read_event(body, request.headers.get("Stripe-Signature", ""), current_app.config["STRIPE_SECRET"])
    with writing() as session:
        fresh = services.store_event(session, event_id=event.id, kind=event.type, payload=event_payload(body))
    return {"stored": fresh}, 200
