"""Stripe's own pages, as far as they change what the shop must hear of: refunds made there, and disputes."""

from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from shop import clock
from shop.money import Money, format_money
from shop.payments.sandbox import disputes, refunds
from shop.payments.sandbox.call import Call
from shop.payments.sandbox.hosted import guarded
from shop.payments.sandbox.refusals import ApiError
from shop.payments.sandbox.store import Store, Thing, Unit
from shop.payments.sandbox.texts import HTML_LANGS, TEXTS, texts_for

bp = Blueprint("dashboard", __name__)

SHOWN = 50


def set_up(app: Any) -> None:
    """Serve the page in the app whose API is set up."""
    app.register_blueprint(bp)


@bp.get("/dashboard")
def payments() -> ResponseReturnValue:
    return _page()


@bp.post("/dashboard")
def change() -> ResponseReturnValue:
    """``do`` is refund (of ``amount`` minor units, or of all that is left), dispute, win or lose."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return _page(TEXTS["en"]["foreign_text"], 403)
    call = Call(int(clock.now().timestamp()))
    with _store().writing() as unit:
        unit.save_point()
        try:
            _carry_out(unit, call)
        except ApiError as refusal:
            unit.back_to_save_point()
            refused: ApiError | None = refusal
        else:
            refused = None
    return redirect(url_for("dashboard.payments"), 303) if refused is None else _page(refused.message, refused.status)


def _carry_out(unit: Unit, call: Call) -> None:
    wish, charge_id, typed = (request.form.get(name, "") for name in ("do", "charge", "amount"))
    charge = unit.get("charge", charge_id)
    if charge is None:
        raise ApiError("There is no such charge.", status=404)
    if wish == "refund":
        amount = {"amount": int(typed)} if typed.isascii() and typed.isdigit() and len(typed) < 12 else {}
        if typed and not amount:
            raise ApiError("Invalid integer", param="amount")
        refunds.create(unit, call, {"charge": charge.id, **amount})
    elif wish == "dispute":
        disputes.take_back(unit, call, charge)
    elif wish in {"win", "lose"}:
        found = _dispute(unit, charge)
        if found is None:
            raise ApiError("There is no dispute.", status=404)
        disputes.close(unit, call, found, won=wish == "win")


def _dispute(unit: Unit, charge: Thing) -> Thing | None:
    return next(iter(unit.listed("dispute", limit=1, where={"charge": charge.id})), None)


def _store() -> Store:
    store: Store = current_app.extensions["sandbox"].store
    return store


def _page(refused: str = "", status: int = 200) -> Response:
    lang, words = texts_for(request.accept_languages.best_match(list(TEXTS)))
    with _store().reading() as unit:
        charges = unit.listed("charge", limit=SHOWN, where={"status": "succeeded"})
        found = [(charge.body, _dispute(unit, charge)) for charge in charges]
    rows = [
        {
            "id": body["id"],
            "ref": body["transfer_group"] or body["payment_intent"],
            "sum": format_money(Money(body["amount"], body["currency"].upper()), lang),
            "given": body["amount_refunded"]
            and format_money(Money(body["amount_refunded"], body["currency"].upper()), lang),
            "left": body["amount"] - body["amount_refunded"],
            "dispute": None if dispute is None else _state(dispute),
        }
        for body, dispute in found
    ]
    page = render_template(
        "sandbox/dashboard.html", lang=lang, html_lang=HTML_LANGS[lang], t=words, rows=rows, refused=refused
    )
    return guarded(make_response(page, status), None)


def _state(dispute: Thing) -> str:
    status = str(dispute.body["status"])
    return status if status in {"won", "lost"} else "open"
