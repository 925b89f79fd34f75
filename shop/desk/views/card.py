"""A maker's own page, opened by her card: her work, her pay, and her own word. No sign-in."""

from flask import Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.utils import redirect

from shop import clock
from shop.coop.facts import coop_facts
from shop.db import LANGS, reading, writing
from shop.desk import access
from shop.desk.access import CardHolder
from shop.desk.answers import DESK_DEVICE
from shop.desk.blueprint import card
from shop.desk.errors import BrokersDevice
from shop.desk.labels import rail_label, route_label
from shop.desk.queries import people, purse, slips
from shop.desk.services import own_word, say_missing
from shop.errors import ShopError
from shop.ids import digest
from shop.money import Money
from shop.payouts.pages import spoken, statement_file, statement_page
from shop.payouts.queries import ways
from shop.payouts.queries.advances import advances
from shop.payouts.queries.sweep import next_pay_day
from shop.payouts.sheet import checked, method_shown, sheet, who_of
from shop.payouts.year_pages import year_check, year_file, year_page
from shop.people.device import device_name
from shop.people.limits import network
from shop.web.access import signed_in
from shop.web.cross_site import WITHOUT_TOKEN
from shop.web.errors import sentence
from shop.web.i18n import LABELS

# the secret in the address is the token: who can forge the form could as well open the page
WITHOUT_TOKEN.update({"card.received", "card.missing"})


@card.after_request
def keep_it_hers(response: Response) -> Response:
    """Her page is in no index, no cache and no other site's log."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _brokers_here() -> bool:
    actor = signed_in()
    return actor is not None and actor.role == "broker"


@card.get("/<token>")
def mine(token: str) -> ResponseReturnValue:
    """Her work, what she is owed, and what was sent."""
    holder = access.card(token)
    return card_page(holder)


def card_page(holder: CardHolder, *, error: ShopError | None = None) -> ResponseReturnValue:
    """Her page, with why something was not done."""
    brokers_here = _brokers_here()  # reads who is signed in, which may change the language: hers comes after
    lang = spoken(holder.lang)
    with reading() as session:
        facts = coop_facts(session)
        lines = slips.slips(session, maker_id=holder.maker_id, today=clock.today(), limit=12)
        owed = purse.owed(session, maker_id=holder.maker_id, currency=facts.currency)
        sent = purse.payouts(session, maker_id=holder.maker_id, states=("sent", "acknowledged"), limit=12)
        past = purse.payouts(session, maker_id=holder.maker_id, states=("confirmed",), newest_first=True, limit=6)
        said = purse.words_about(session, payout_ids=[line.payout.id for line in past])
        heard = _heard(session, holder) if "heard" in request.args else None
        ahead = advances(session, maker_ids=[holder.maker_id], states=("asked", "agreed", "given"), limit=12)
        pieces = people.pieces_of(session, maker_id=holder.maker_id)
        method = ways.method_of(session, payee=f"maker:{holder.maker_id}")
        pay_day = next_pay_day(session, payee=f"maker:{holder.maker_id}")
    html = render_template(
        "desk/card.html",
        holder=holder,
        agreed=[line for line in lines if line.state == "agreed"],
        asked=[line for line in lines if line.state == "asked"],
        owed=Money(owed.open_minor, facts.currency),
        on_the_way=Money(owed.sent_minor + owed.acknowledged_minor, facts.currency),
        confirmed=Money(owed.confirmed_minor, facts.currency),
        sent=sent,
        past=past,
        heard=heard,
        said=said,
        ahead=ahead,
        pieces=pieces,
        count=pieces[0].of if pieces else 0,
        method=method_shown(method),
        rail=rail_label,
        route=route_label,
        pay_day=pay_day,
        brokers_here=brokers_here,
        langs=[
            (code, LABELS[code], url_for("card.mine", token=holder.token, lang=code), code == lang) for code in LANGS
        ],
        error=sentence(error) if error else "",
        has_errors=error is not None,
        user=None,
    )
    return html, error.status if error else 200


@card.post("/<token>/received/<int:payout_id>")
def received(token: str, payout_id: int) -> ResponseReturnValue:
    """She has it: her own word, unless a broker is signed in on this device."""
    holder = access.card(token)
    try:
        if _brokers_here():
            raise BrokersDevice
        with writing() as session:
            own_word(
                session,
                payout_id=min(payout_id, access.LARGEST_ID),
                by=holder.actor,
                evidence=device_name(request.user_agent.string),
                brokers_phone=DESK_DEVICE in request.cookies,
                device=digest(f"{network()} {request.user_agent.string}")[:40],
            )
    except ShopError as error:
        if error.status in {404, 503}:
            raise
        return card_page(holder, error=error)
    return redirect(_own(holder, heard=payout_id), 303)


@card.post("/<token>/missing/<int:payout_id>")
def missing(token: str, payout_id: int) -> ResponseReturnValue:
    """It did not come: the co-op is told, and no broker can close that."""
    holder = access.card(token)
    try:
        with writing() as session:
            say_missing(session, payout_id=min(payout_id, access.LARGEST_ID), by=holder.actor)
    except ShopError as error:
        if error.status in {404, 503}:
            raise
        return card_page(holder, error=error)
    return redirect(_own(holder), 303)


def _own(holder: CardHolder, *, heard: int | None = None) -> str:
    wished = request.args.get("lang", "")
    return url_for("card.mine", token=holder.token, lang=wished if wished in LANGS else None, heard=heard)


def _heard(session: Session, holder: CardHolder) -> purse.PayoutLine | None:
    """The payout of hers that she has just confirmed, so that she sees it first; nobody else's."""
    payout_id = min(max(request.args.get("heard", 0, type=int), 0), access.LARGEST_ID)
    found = purse.payouts(
        session, maker_id=holder.maker_id, states=("confirmed",), after=payout_id - 1, before=payout_id + 1, limit=1
    )
    return found[0] if found else None


@card.get("/<token>/statement")
def statement(token: str) -> ResponseReturnValue:
    """Her statement."""
    holder = access.card(token)
    return statement_page(
        f"maker:{holder.maker_id}",
        endpoint="card.statement",
        back=url_for("card.mine", token=token),
        pdf="card.statement_paper",
        year="card.year_statement",
        token=token,
    )


@card.get("/<token>/statement.pdf")
def statement_paper(token: str) -> ResponseReturnValue:
    """The same to be kept."""
    holder = access.card(token)
    return statement_file(f"maker:{holder.maker_id}")


@card.get("/check/<ref>")
def check(ref: str) -> ResponseReturnValue:
    """What stands on a statement now, for whoever holds the paper: sums, no name."""
    access.everybody()
    payee, span = checked(ref)
    spoken(g.lang)
    with reading() as session:
        found = sheet(session, payee=payee, span=span, who=who_of(session, payee=payee))
    return render_template("desk/check.html", sheet=found, user=None)


@card.get("/<token>/year/<int:year>")
def year_statement(token: str, year: int) -> ResponseReturnValue:
    """Her income of a year, for a bank or an office."""
    holder = access.card(token)
    return year_page(
        f"maker:{holder.maker_id}",
        year,
        endpoint="card.year_statement",
        pdf="card.year_paper",
        back=url_for("card.statement", token=token),
        token=token,
    )


@card.get("/<token>/year/<int:year>.pdf")
def year_paper(token: str, year: int) -> ResponseReturnValue:
    """The same on A4."""
    holder = access.card(token)
    return year_file(f"maker:{holder.maker_id}", year)


@card.get("/check-year/<ref>")
def check_year(ref: str) -> ResponseReturnValue:
    """What stands on a year's statement now, for whoever holds the paper: sums, no name."""
    access.everybody()
    return year_check(ref, g.lang)
