"""The page a buyer sees instead of Stripe's: says that no money moves, and lets her choose what happens."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from shop import clock
from shop.money import Money, format_money
from shop.payments.sandbox import paying
from shop.payments.sandbox.call import Call
from shop.payments.sandbox.paying import Outcome
from shop.payments.sandbox.store import Json, Store, Thing, Unit
from shop.payments.sandbox.texts import HTML_LANGS, TEXTS, texts_for

bp = Blueprint("hosted", __name__)

_SLOW = frozenset({"wechat_pay"})


def set_up(app: Any) -> None:
    """Serve the page in the app whose API is set up."""
    app.register_blueprint(bp)


@bp.get("/pay/<session_id>")
def pay(session_id: str) -> ResponseReturnValue:
    with _store().reading() as unit:
        session = unit.get("checkout.session", session_id)
    if session is None:
        return _message("missing", None, 404)
    state = _state(session)
    return _page(session) if state == "open" else _end(session, state)


@bp.post("/pay/<session_id>")
def choose(session_id: str) -> ResponseReturnValue:
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return _message("foreign", None, 403)
    with _store().writing() as unit:
        session = unit.get("checkout.session", session_id)
        return _message("missing", None, 404) if session is None else _carry_out(unit, session)


def _carry_out(unit: Unit, session: Thing) -> ResponseReturnValue:
    """What the pressed button does: ``do`` is pay, confirm, later, later_fail, decline or leave, ``m`` the method."""
    wish, chosen = request.form.get("do", ""), request.form.get("m", "card")
    method = chosen.removesuffix("_step")
    if method not in session.body["payment_method_types"]:
        method = chosen = "card"
    state = _state(session)
    if wish == "leave" and session.body["cancel_url"]:
        return _onward(session.body["cancel_url"])
    if wish == "pay" and chosen.endswith("_step") and state == "open":
        return _page(session, step=True)
    outcome = _do(unit, session, wish, method)
    if outcome is Outcome.DONE:
        return _onward(_success_url(session))
    if outcome is Outcome.EXPIRED or state != "open":
        return _end(session, "expired" if outcome is Outcome.EXPIRED else state)
    return _page(session, declined=outcome is Outcome.DECLINED)


def _do(unit: Unit, session: Thing, wish: str, method: str) -> Outcome | None:
    call = Call(int(clock.now().timestamp()))
    if wish == "confirm" or (wish == "pay" and method not in _SLOW):
        return paying.pay(unit, call, session, method)
    if wish in {"pay", "later", "later_fail"}:
        return paying.pay_later(unit, call, session, method, succeeds=wish != "later_fail")
    return paying.decline(unit, call, session, method) if wish == "decline" else None


def _store() -> Store:
    store: Store = current_app.extensions["sandbox"].store
    return store


def _state(session: Thing) -> str:
    """open, complete or expired, also where time has passed and nothing has written it down yet."""
    status = str(session.body["status"])
    return "expired" if status == "open" and clock.now().timestamp() >= session.body["expires_at"] else status


def _page(session: Thing, *, declined: bool = False, step: bool = False) -> Response:
    body = session.body
    lang, words = texts_for(body["locale"])
    seconds_left = body["expires_at"] - int(clock.now().timestamp())
    methods = [name for known in body["payment_method_types"] for name in _with_step(known)]
    page = render_template(
        "sandbox/pay.html",
        lang=lang,
        html_lang=HTML_LANGS[lang],
        t=words,
        session=body,
        total=_money(body["amount_total"], body["currency"], lang),
        lines=[_line(line, lang) for line in session.hidden["lines"]],
        minutes=max(1, seconds_left // 60),
        methods=methods,
        declined=declined,
        step=step,
    )
    return guarded(make_response(page, 402 if declined else 200), body)


def _with_step(method: str) -> list[str]:
    return ["card", "card_step"] if method == "card" else [method]


def _line(line: Json, lang: str) -> dict[str, object]:
    return {
        "name": line["description"],
        "quantity": line["quantity"],
        "sum": _money(line["amount_total"], line["currency"], lang),
    }


def _money(minor: int, currency: str, lang: str) -> str:
    return format_money(Money(minor, currency.upper()), lang)


def _end(session: Thing, state: str) -> Response:
    if state == "complete":
        return _message("done", session, 200, _success_url(session))
    return _message("expired", session, 410, session.body["cancel_url"])


def _message(name: str, session: Thing | None, status: int, onward: str | None = None) -> Response:
    wanted = session.body["locale"] if session else request.accept_languages.best_match(list(TEXTS))
    lang, words = texts_for(wanted)
    html_lang = HTML_LANGS[lang]
    page = render_template("sandbox/end.html", lang=lang, html_lang=html_lang, t=words, name=name, onward=onward)
    return guarded(make_response(page, status), session.body if session else None)


def _success_url(session: Thing) -> str:
    return str(session.body["success_url"]).replace("{CHECKOUT_SESSION_ID}", session.id)


def _onward(url: str) -> ResponseReturnValue:
    answer = redirect(url, 303)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def guarded(answer: Response, session: Json | None) -> Response:
    """Headers of the shop's rule (house.md §4); a form's redirect may lead to where the session says, nowhere else."""
    targets = " ".join(sorted({"'self'", *(f"{parts.scheme}://{parts.netloc}" for parts in _targets(session))}))
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
        f"form-action {targets}; frame-ancestors 'none'; base-uri 'none'"
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _targets(session: Json | None) -> list[Any]:
    urls = (session["success_url"], session["cancel_url"]) if session else ()
    return [urlsplit(url) for url in urls if url]
