"""A maker's statement on paper: what she made, what she gets, in figures and in words, and whom to call (product.md §5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shop.documents.labels import LABELS, Words, day, days, label, said, short_day
from shop.documents.measure import short
from shop.documents.press import pressed
from shop.documents.qr import qr_svg
from shop.errors import ShopError
from shop.money import Money, format_money, in_words

State = Literal["available", "sent", "acknowledged", "confirmed"]
Strength = Literal["none", "witnessed", "self"]
PartKind = Literal["maker", "materials", "broker", "coop", "costs"]


class BadStatement(ShopError):
    """Lines, additions and deductions do not make the total, or are not in its currency. Data: ``difference`` in minor
    units, or ``currencies``. Such a paper must not be printed.
    """

    code = "bad_statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """Accepted work of one slip. ``pieces`` are those accepted, ``mended`` those of them that were mended first.
    ``rate`` is None where the sum does not come from so much a piece.
    """

    on: date
    what: Words
    pieces: int
    rate: Money | None
    amount: Money
    slip: str = ""
    mended: int = 0
    state: State = "sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementSum:
    """A sum above zero that is added or deducted, and how she agreed to it."""

    what: Words
    amount: Money
    agreed: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementProof:
    """What is known of a payment having arrived: nothing yet, witnessed through the broker, or her own word."""

    strength: Strength
    amount: Money
    text: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPart:
    """A part of what buyers paid for these pieces."""

    kind: PartKind
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementData:
    """One statement, or a ``year`` of them by month. ``hotline`` is the co-op's number, never the broker's. ``mark`` is her picture mark as SVG."""

    kind: Literal["statement", "year"] = "statement"
    number: str
    made_on: date
    coop_name: Words
    coop_place: Words = ""
    maker_name: str
    maker_no: str
    maker_place: Words = ""
    mark: bytes | None = None
    broker_name: str = ""
    broker_phone: str = ""
    sent_to: Sequence[Words] = ()
    first_day: date
    last_day: date
    batch: Words = ""
    lines: Sequence[StatementLine]
    additions: Sequence[StatementSum] = ()
    deductions: Sequence[StatementSum] = ()
    total: Money
    proofs: Sequence[StatementProof] = ()
    parts: Sequence[StatementPart] = ()
    figures: Sequence[tuple[Words, Words]] = ()
    hotline: str
    hotline_hours: Words = ""
    verify_url: str

    def check(self) -> None:
        """Raise BadStatement unless everything adds up to the total in one currency."""
        plus = [line.amount for line in self.lines] + [added.amount for added in self.additions]
        minus = [deducted.amount for deducted in self.deductions]
        shown = [
            *plus,
            *minus,
            *(line.rate for line in self.lines if line.rate),
            *(proof.amount for proof in self.proofs),
        ]
        currencies = {money.currency for money in (*shown, *(part.amount for part in self.parts), self.total)}
        if len(currencies) > 1:
            raise BadStatement(currencies=sorted(currencies))
        difference = sum(money.minor for money in plus) - sum(money.minor for money in minus) - self.total.minor
        if difference:
            raise BadStatement(difference=difference)


def statement_pdf(data: StatementData, lang: str) -> bytes:
    """The statement as a tagged PDF: one A4 page up to ten lines, its amount in words, a QR code of 26 mm.

    The same data give the same bytes. Raises BadStatement.
    """
    return statements_pdf([(data, lang)], tagged=True)


def statements_pdf(papers: Sequence[tuple[StatementData, str]], *, tagged: bool = False) -> bytes:
    """Several statements in one PDF, each in its own language and on sheets of its own. Raises BadStatement."""
    files: dict[str, bytes] = {}
    for place, (data, _lang) in enumerate(papers):
        data.check()
        files[f"code-{place}.svg"] = qr_svg(data.verify_url, module_px=1, border=0).encode()
        if data.mark is not None:
            files[f"mark-{place}.svg"] = data.mark
    return pressed("statement", [_laid_out(data, lang) for data, lang in papers], files, tagged=tagged)


def _laid_out(data: StatementData, lang: str) -> dict[str, object]:
    total = format_money(data.total, lang)
    words = {key: text[lang] for key, text in LABELS.items()}
    if data.kind == "year":
        words |= {"statement": words["year_statement"], "you_get": words["year_total"]}
    period = days(data.first_day, data.last_day, lang)
    batch = said(data.batch, lang)
    return {
        "lang": lang,
        "title": f"{words['statement']} {data.number}",
        "number": data.number,
        "made_on": day(data.made_on, lang),
        "coop": short(said(data.coop_name, lang), 44),
        "coop_place": short(said(data.coop_place, lang), 60),
        "period": " · ".join(part for part in (period, batch) if part),
        "total": total,
        "in_words": label("in_words", lang, words=in_words(data.total, lang)),
        "maker": {
            "name": short(data.maker_name, 40),
            "below": " · ".join(part for part in (said(data.maker_place, lang), data.maker_no) if part),
            "seal": data.maker_name.strip()[:1],
            "mark": data.mark is not None,
        },
        "broker": {"name": short(data.broker_name, 40), "phone": data.broker_phone},
        "sent_to": [said(where, lang) for where in data.sent_to],
        "lines": [_line(line, lang) for line in data.lines],
        "with_slips": any(line.slip for line in data.lines),
        "with_mended": any(line.mended for line in data.lines),
        "sums": _sums(data, lang),
        "proofs": [_proof(proof, lang) for proof in data.proofs],
        "parts": _parts(data, lang),
        "figures": [[said(name, lang), said(value, lang)] for name, value in data.figures],
        "hotline": data.hotline,
        "hotline_hours": said(data.hotline_hours, lang),
        "words": words,
    }


def _line(line: StatementLine, lang: str) -> dict[str, object]:
    return {
        "day": short_day(line.on, lang),
        "slip": line.slip,
        "what": short(said(line.what, lang), 60),
        "pieces": str(line.pieces) if line.pieces else "",
        "mended": str(line.mended) if line.mended else "",
        "rate": format_money(line.rate, lang) if line.rate else "",
        "amount": format_money(line.amount, lang),
        "state": label(f"state_{line.state}", lang),
        "confirmed": line.state == "confirmed",
    }


def _sums(data: StatementData, lang: str) -> list[dict[str, object]]:
    """The rows below the table: the pay of all lines where anything else follows, then what is added and deducted."""
    if not data.additions and not data.deductions:
        return []
    pieces = sum(line.pieces for line in data.lines)
    pay = Money(sum(line.amount.minor for line in data.lines), data.total.currency)
    rows: list[dict[str, object]] = [
        {"what": label("pay_for_pieces", lang, n=pieces), "amount": format_money(pay, lang), "minus": False}
    ]
    signed = [(added, False) for added in data.additions] + [(deducted, True) for deducted in data.deductions]
    for entry, minus in signed:
        agreed = said(entry.agreed, lang)
        brackets = f"（{agreed}）" if lang == "zh" else f" ({agreed})"
        amount = -entry.amount if minus else entry.amount
        rows.append(
            {
                "what": said(entry.what, lang) + (brackets if agreed else ""),
                "amount": format_money(amount, lang),
                "minus": minus,
            }
        )
    return rows


def _proof(proof: StatementProof, lang: str) -> dict[str, object]:
    return {
        "strength": proof.strength,
        "title": label(f"proof_{proof.strength}", lang),
        "amount": format_money(proof.amount, lang),
        "text": said(proof.text, lang),
    }


def _parts(data: StatementData, lang: str) -> dict[str, object] | None:
    whole = sum(part.amount.minor for part in data.parts)
    if whole <= 0:
        return None
    return {
        "title": label("buyers_paid", lang, amount=format_money(Money(whole, data.total.currency), lang)),
        "list": [
            {
                "kind": part.kind,
                "name": label(f"part_{part.kind}", lang),
                "amount": format_money(part.amount, lang),
                "permille": part.amount.minor * 1000 // whole,
            }
            for part in data.parts
        ],
    }
