"""A statement as a page and as a PDF: the same rows, the same sums, the co-op's hotline."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer
from markupsafe import Markup, escape
from sqlalchemy.orm import Session

from config import Settings
from shop import clock
from shop.coop.facts import CoopFacts, coop_facts
from shop.db import Texts
from shop.documents.qr import qr_svg
from shop.documents.statement import StatementData, StatementLine, StatementPart, StatementProof, StatementSum, Strength
from shop.errors import NotFound
from shop.money import Money, share
from shop.payouts.models import Payout, PayoutMethod
from shop.payouts.queries import Statement, sheets, statement
from shop.payouts.queries import StatementLine as Earned
from shop.payouts.queries.sheets import BuyersPaid, Payee
from shop.payouts.queries.sweep import next_pay_day
from shop.payouts.queries.ways import method_of
from shop.payouts.rails import WALLET_NAMES
from shop.payouts.words import back_of
from shop.web.filters import day, tri_text, with_name

MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


_REST = {"zh": "（余款）", "vi": " (phần còn lại)", "en": " (the rest)"}
"""Said behind what a line is for where a payout in whole notes left something of it."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days a statement is about, both included; `month` is "2026-11" where it is a calendar month."""

    since: date
    until: date
    month: str


def span_of(asked: str) -> Span:
    """The month asked for, else from the first of last month to today."""
    today = clock.today()
    found = MONTH.fullmatch(asked)
    if found:
        first = date(int(found[1]), int(found[2]), 1)
        if first <= today:
            return Span(first, min(_after(first) - timedelta(days=1), today), asked)
    first = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return Span(first, today, "")


def _after(first: date) -> date:
    """The first day of the next month."""
    return (first + timedelta(days=32)).replace(day=1)


def months_back(count: int = 6) -> list[tuple[str, date]]:
    """The latest months, this one first: ("2026-11", its first day)."""
    found = []
    first = clock.today().replace(day=1)
    for _place in range(count):
        found.append((f"{first:%Y-%m}", first))
        first = (first - timedelta(days=1)).replace(day=1)
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the sheet. Pieces paid unevenly, by one minor unit, stand in two rows, so that each multiplies out."""

    on: date
    what: Texts
    numbers: tuple[str, ...]
    slip: str
    pieces: int
    each: Money | None
    amount: Money
    state: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that stands on a statement."""

    number: str
    payee: Payee
    span: Span
    rows: tuple[Row, ...]
    books: Statement
    acknowledged: Money
    sent: Money
    sent_to: tuple[PayoutMethod | Payout | None, ...]
    paid: BuyersPaid | None
    this_year: Money
    pay_day: date
    coop: CoopFacts
    confirmed_on: date | None

    @property
    def pieces(self) -> int:
        return sum(row.pieces for row in self.rows)


def who_of(session: Session, *, payee: str) -> Payee:
    """Whom a statement is for, and what became hers this year."""
    began = datetime(clock.today().year, 1, 1, tzinfo=UTC) - timedelta(hours=8)
    return sheets.payee_of(session, payee=payee, currency=coop_facts(session).currency, year_began=began)


def sheet(session: Session, *, payee: str, span: Span, who: Payee) -> Sheet:
    """Read a statement."""
    facts = coop_facts(session)
    books = statement(session, payee=payee, since=span.since, until=span.until, currency=facts.currency)
    sources = [line.source for line in books.lines]
    orders = sheets.parcels_behind(session, sources=sources) if payee.startswith("broker:") else {}
    rows = [row for line in books.lines for row in _rows(line, orders)]
    return Sheet(
        number=f"{who.number or payee.replace(':', '-').upper()}/{span.since:%y%m%d}-{span.until:%y%m%d}",
        payee=who,
        span=span,
        rows=tuple(rows),
        books=books,
        acknowledged=books.sum_of("acknowledged"),
        sent=books.sum_of("sent"),
        sent_to=_sent_to(books) or (method_of(session, payee=payee),),
        paid=sheets.buyers_paid(session, sources=sources),
        this_year=Money(who.this_year_minor, facts.currency),
        pay_day=next_pay_day(session, payee=payee),
        coop=facts,
        confirmed_on=max((line.confirmed_on for line in books.lines if line.confirmed_on), default=None),
    )


def _sent_to(books: Statement) -> tuple[Payout, ...]:
    """Where the money of these lines went, each place once: her way may be another by now."""
    return tuple({(row.rail, row.bank, row.account): row for row in books.sent}.values())


def _rows(line: Earned, orders: dict[str, str]) -> list[Row]:
    what = line.title
    if line.source in orders:
        what = {
            "zh": f"订单 {orders[line.source]}",
            "vi": f"Đơn {orders[line.source]}",
            "en": f"Order {orders[line.source]}",
        }
    if line.part == "rest":
        what = {
            lang: (what[lang] + rest if what else rest.strip())
            for lang, rest in _REST.items()
            if lang in (what or _REST)
        }
    slip = line.source.partition(":")[2] if line.source.startswith("receipt:") else ""
    if line.part or line.each is not None or line.pieces < 2:
        each = line.each or (line.amount if line.pieces == 1 and not line.part else None)
        return [Row(line.earned_on, what, line.numbers, slip, line.pieces, each, line.amount, line.state)]
    shares = share(line.amount.minor, [1] * line.pieces)
    rows: list[Row] = []
    for minor in sorted(set(shares), reverse=True):
        count, before = shares.count(minor), sum(row.pieces for row in rows)
        each = Money(minor, line.amount.currency)
        numbers = line.numbers[before : before + count]
        rows.append(
            Row(line.earned_on, what, numbers, slip, count, each, Money(minor * count, each.currency), line.state)
        )
    return rows


def _checker() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="desk-statement")


def check_url(payee: str, span: Span) -> str:
    """The address behind the code on a statement: what stands there now, without a name."""
    settings = current_app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    signed = _checker().dumps([payee, span.since.isoformat(), span.until.isoformat()])
    return f"{settings.site_url}/m/check/{signed!s}"


def checked(signed: str) -> tuple[str, Span]:
    """Whose statement, and of which days, a code is about. Raises NotFound for one that is not ours."""
    try:
        payee, since, until = _checker().loads(signed)
        return str(payee), Span(date.fromisoformat(since), date.fromisoformat(until), "")
    except (BadData, ValueError, TypeError):
        raise NotFound(what="statement") from None


def code(payee: str, span: Span, title: str) -> str:
    """The QR code as SVG."""
    return qr_svg(check_url(payee, span), module_px=3, border=2, title=title)


def method_text(method: PayoutMethod | Payout | None) -> str:
    """Where her money goes; of an account only the end is shown."""
    if method is None:
        return str(_("Not settled yet"))
    if method.rail == "cash":
        return str(_("Cash, from her broker"))
    if not method.account[-4:].isdigit():
        return _bank(method)
    return str(_("%(bank)s, account ending in %(end)s", bank=_bank(method), end=method.account[-4:]))


def _bank(method: PayoutMethod | Payout) -> str:
    known = WALLET_NAMES.get(method.bank, method.bank) if method.rail == "wallet" else method.bank
    return known or str(_("Bank"))


def method_shown(method: PayoutMethod | Payout | None) -> Markup:
    """As `method_text`, for a page: a bank's name in Chinese script carries its own `lang`."""
    if method is None or method.rail == "cash" or not method.account[-4:].isdigit():
        return escape(method_text(method))
    said = _("%(bank)s, account ending in %(end)s")
    return with_name(said, "bank", _bank(method), end=method.account[-4:])


PDF_STATE = {"sent": "sent", "acknowledged": "acknowledged", "confirmed": "confirmed"}


def paper(found: Sheet, *, payee: str, lang: str) -> StatementData:
    """The sheet as the PDF wants it; for makers, whose lines all have pieces and a rate."""
    lines = [
        StatementLine(
            on=row.on,
            what=row.what,
            pieces=row.pieces,
            rate=row.each,
            amount=row.amount,
            slip=row.slip,
            state=PDF_STATE.get(row.state, "available"),  # type: ignore[arg-type]
        )
        for row in found.rows
    ]
    words: tuple[tuple[Strength, Money, str], ...] = (
        ("self", found.books.confirmed, str(_("She has said so herself. Confirmed."))),
        ("witnessed", found.acknowledged, str(_("Acknowledged on her broker's phone. The co-operative may call."))),
        ("none", found.sent, str(_("Sent. Nobody has said yet that it came."))),
    )
    proofs = [
        StatementProof(strength=strength, amount=amount, text=text) for strength, amount, text in words if amount.minor
    ]
    currency = found.books.currency
    parts = [StatementPart(kind=kind, amount=Money(minor, currency)) for kind, minor in _pdf_parts(found.paid)]  # type: ignore[arg-type]
    return StatementData(
        number=found.number,
        made_on=clock.today(),
        coop_name=found.coop.name,
        coop_place=found.coop.address,
        maker_name=tri_text(found.payee.name),
        maker_no=found.payee.number,
        maker_place=found.payee.village,
        mark=mark_svg(found.payee.mark),
        broker_name=tri_text(found.payee.broker),
        sent_to=[method_text(each) for each in found.sent_to],
        first_day=found.span.since,
        last_day=found.span.until,
        lines=lines,
        deductions=[
            StatementSum(
                what=back_of(each.title),
                amount=each.amount,
                agreed=str(_("she agreed on %(day)s", day=day(each.agreed_on, lang))),
            )
            for each in found.books.kept
        ],
        total=found.books.total,
        proofs=proofs,
        parts=parts,
        figures=[(str(_("Next pay day")), day(found.pay_day, lang))],
        hotline=found.coop.hotline,
        hotline_hours=found.coop.hotline_hours,
        verify_url=check_url(payee, found.span),
    )


def _pdf_parts(paid: BuyersPaid | None) -> list[tuple[str, int]]:
    """The five parts that the paper knows: a workshop's counts with the broker's, whatever else with the costs."""
    sums: dict[str, int] = {}
    for kind, minor in paid.parts if paid else ():
        known = {"workshop": "broker"}.get(kind, kind)
        known = known if known in {"maker", "materials", "broker", "coop"} else "costs"
        sums[known] = sums.get(known, 0) + minor
    return list(sums.items())


@cache
def _marks(file: Path) -> dict[str, str]:
    return dict(re.findall(r'<symbol id="([a-z]+)"([^\0]*?)</symbol>', file.read_text("utf-8")))


def mark_svg(name: str) -> bytes | None:
    """A picture mark as a drawing of its own; None for one we do not have."""
    found = _marks(Path(str(current_app.static_folder)) / "img" / "marks.svg").get(name)
    if found is None:
        return None
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg"{found}</svg>'
    return drawn.replace("currentColor", "#0b6063").encode()
