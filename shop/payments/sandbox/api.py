"""Stripe's HTTP interface: key, parameters, idempotency, answer."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, request
from stripe import params as stripe_params
from stripe.params import checkout as checkout_params

from shop import clock
from shop.payments.sandbox import checkout, clockwork, disputes, faults, reading, refunds, shapes
from shop.payments.sandbox.call import Call
from shop.payments.sandbox.parameters import checked, decoded
from shop.payments.sandbox.refusals import ApiError
from shop.payments.sandbox.store import Json, Store, Thing, Unit

bp = Blueprint("api", __name__, url_prefix="/v1")

KEEPS_ANSWERS = 24 * 3600
"""Seconds for which an idempotency key is remembered."""

LOST = "X-Sandbox-Lost"
"""Header of an answer that the in-process client must not see."""

Change = Callable[[Unit, Call, Json], Json]


@dataclass(frozen=True)
class _Desk:
    """What a request works with."""

    store: Store
    api_key: str


def _desk() -> _Desk:
    desk: _Desk = current_app.extensions["sandbox"]
    return desk


def set_up(app: Any, store: Store, api_key: str) -> None:
    """Give the app its store and the key it takes."""
    app.extensions["sandbox"] = _Desk(store, api_key)
    app.register_blueprint(bp)


@bp.post("/checkout/sessions")
def new_session() -> Response:
    return _change(checkout_params.SessionCreateParams, "checkout.session", checkout.create)


@bp.get("/checkout/sessions")
def sessions() -> Response:
    return _list(checkout_params.SessionListParams, "checkout.session")


@bp.get("/checkout/sessions/<thing_id>")
def session(thing_id: str) -> Response:
    return _retrieve(checkout_params.SessionRetrieveParams, "checkout.session", thing_id)


@bp.post("/checkout/sessions/<thing_id>/expire")
def expire_session(thing_id: str) -> Response:
    def expire(unit: Unit, call: Call, _: Json) -> Json:
        found = checkout.open_session(unit, thing_id)
        checkout.expire(unit, call, found)
        return found.body

    return _change(checkout_params.SessionExpireParams, "checkout.session", expire)


@bp.get("/checkout/sessions/<thing_id>/line_items")
def session_lines(thing_id: str) -> Response:
    def lines(unit: Unit, given: Json, _: int) -> Json:
        return reading.lines(checkout.open_session(unit, thing_id), given)

    return _read(checkout_params.SessionListLineItemsParams, lines)


@bp.get("/payment_intents")
def payment_intents() -> Response:
    return _list(stripe_params.PaymentIntentListParams, "payment_intent")


@bp.get("/payment_intents/<thing_id>")
def payment_intent(thing_id: str) -> Response:
    return _retrieve(stripe_params.PaymentIntentRetrieveParams, "payment_intent", thing_id)


@bp.get("/charges")
def charges() -> Response:
    return _list(stripe_params.ChargeListParams, "charge")


@bp.get("/charges/<thing_id>")
def charge(thing_id: str) -> Response:
    return _retrieve(stripe_params.ChargeRetrieveParams, "charge", thing_id)


@bp.post("/refunds")
def new_refund() -> Response:
    return _change(stripe_params.RefundCreateParams, "refund", refunds.create)


@bp.get("/refunds")
def refund_list() -> Response:
    return _list(stripe_params.RefundListParams, "refund")


@bp.get("/refunds/<thing_id>")
def refund(thing_id: str) -> Response:
    return _retrieve(stripe_params.RefundRetrieveParams, "refund", thing_id)


@bp.get("/disputes")
def dispute_list() -> Response:
    return _list(stripe_params.DisputeListParams, "dispute")


@bp.get("/disputes/<thing_id>")
def dispute(thing_id: str) -> Response:
    return _retrieve(stripe_params.DisputeRetrieveParams, "dispute", thing_id)


@bp.post("/disputes/<thing_id>/close")
def close_dispute(thing_id: str) -> Response:
    def close(unit: Unit, call: Call, _: Json) -> Json:
        return disputes.close(unit, call, disputes.known(unit, thing_id), won=False)

    return _change(stripe_params.DisputeCloseParams, "dispute", close)


@bp.get("/balance")
def balance() -> Response:
    return _read(stripe_params.BalanceRetrieveParams, lambda unit, _, second: reading.balance(unit, second))


@bp.get("/balance_transactions")
def balance_transactions() -> Response:
    return _list(stripe_params.BalanceTransactionListParams, "balance_transaction")


@bp.get("/balance_transactions/<thing_id>")
def balance_transaction(thing_id: str) -> Response:
    return _retrieve(stripe_params.BalanceTransactionRetrieveParams, "balance_transaction", thing_id)


@bp.get("/events")
def events() -> Response:
    return _list(stripe_params.EventListParams, "event")


@bp.get("/events/<thing_id>")
def event(thing_id: str) -> Response:
    return _retrieve(stripe_params.EventRetrieveParams, "event", thing_id)


@bp.route("/<path:rest>", methods=["GET", "POST", "DELETE"])
def unknown(rest: str) -> Response:
    _check_key()
    return _answer(ApiError(f"Unrecognized request URL ({request.method}: /v1/{rest[:200]}).", status=404).body, 404)


@bp.errorhandler(ApiError)
def refused(refusal: ApiError) -> Response:
    return _answer(refusal.body, refusal.status)


def _check_key() -> None:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not given:
        raise ApiError("You did not provide an API key.", status=401)
    if given.encode() != _desk().api_key.encode():
        raise ApiError(f"Invalid API Key provided: {given[:8]}****", status=401)


def _answer(body: Json | str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    answer = Response(text, status, content_type="application/json")
    answer.headers["Request-Id"] = shapes.new_id("req", 14)
    answer.headers["Stripe-Version"] = shapes.API_VERSION
    answer.headers.extend(headers or {})
    return answer


def _read(params: type, read: Callable[[Unit, Json, int], Json]) -> Response:
    _check_key()
    given = checked(params, decoded(request.query_string))
    second = int(clock.now().timestamp())
    clockwork.catch_up(_desk().store, second)
    with _desk().store.reading() as unit:
        return _answer(read(unit, given, second))


def _list(params: type, kind: str) -> Response:
    return _read(params, lambda unit, given, second: reading.many(unit, kind, given, request.path, second))


def _retrieve(params: type, kind: str, thing_id: str) -> Response:
    return _read(params, lambda unit, given, second: reading.one(unit, kind, thing_id, given, second))


def _change(params: type, kind: str, change: Change) -> Response:
    """Make a change once per idempotency key; the key's first answer, good or bad, is given again for 24 h."""
    _check_key()
    raw = request.get_data()
    given = checked(params, decoded(raw))
    key = request.headers.get("Idempotency-Key")
    if key is not None and not 0 < len(key) <= 255:
        raise ApiError("An idempotency key has 1 to 255 characters.", kind="idempotency_error")
    second = int(clock.now().timestamp())
    clockwork.catch_up(_desk().store, second)
    call = Call(second, pages=request.url_root.rstrip("/"), request_id=shapes.new_id("req", 14), key=key)
    asked = hashlib.sha256(f"{request.path}\n".encode() + raw).hexdigest()
    with _desk().store.writing() as unit:
        kept = _kept(unit, key, asked, second)
        if kept is not None:
            return kept
        text, status = _carried_out(unit, call, given, kind, change)
        if key is not None:
            values = (key, asked, status, text, second)
            unit.execute("INSERT OR REPLACE INTO kept_answer VALUES (?, ?, ?, ?, ?)", values)
        lost = faults.is_on(unit, "timeout_after")
    # a stored 500 would only be replayed, so Stripe tells its clients not to ask again
    headers = {"Stripe-Should-Retry": "false"} if status >= 500 else {}
    return Response("", 502, {LOST: "1"}) if lost else _answer(text, status, headers)


def _carried_out(unit: Unit, call: Call, given: Json, kind: str, change: Change) -> tuple[str, int]:
    unit.save_point()
    try:
        body = change(unit, call, given)
        if "expand" in given:
            body = reading.shown(unit, _again(unit, kind, body), given["expand"], call.second)
        status = 200
    except ApiError as refusal:
        unit.back_to_save_point()
        body, status = refusal.body, refusal.status
    if status == 200 and faults.is_on(unit, "error_after"):
        body, status = (
            ApiError("Something went wrong in the sandbox, as asked.", status=500, kind="api_error").body,
            500,
        )
    return json.dumps(body, ensure_ascii=False), status


def _again(unit: Unit, kind: str, body: Json) -> Thing:
    found = unit.get(kind, body["id"])
    assert found is not None
    return found


def _kept(unit: Unit, key: str | None, asked: str, second: int) -> Response | None:
    if key is None:
        return None
    rows = unit.execute("SELECT asked, status, body, created FROM kept_answer WHERE key = ?", (key,))
    if not rows or rows[0][3] + KEEPS_ANSWERS <= second:
        return None
    if rows[0][0] != asked:
        message = f"The idempotency key '{key}' was used with another request; the same key needs the same parameters."
        raise ApiError(message, kind="idempotency_error")
    if faults.is_on(unit, "timeout_after"):
        return Response("", 502, {LOST: "1"})
    headers = {"Idempotent-Replayed": "true"}
    if rows[0][1] >= 500:
        headers["Stripe-Should-Retry"] = "false"
    return _answer(rows[0][2], rows[0][1], headers)
