"""A bank's file as rows: CSV or XLSX with headings as banks have them, or ISO 20022 pain.002."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from shop.documents.incoming import read_rows
from shop.documents.latin import plain
from shop.documents.limits import BadFile, Limits
from shop.errors import BadInput
from shop.money import CURRENCIES, BadMoney, Money, parse
from shop.payouts.models import LONGEST_REASON
from shop.payouts.results.words import FAILED, heading_kind, outcome_of

LIMITS = Limits(rows=2_000, columns=60, cell=2_000, size=4 * 1024 * 1024, unpacked=40 * 1024 * 1024)
"""Four batches in one file; more is a file of something else."""

HEADINGS_WITHIN = 20
"""Lines in which the headings must stand; banks put their name and a date above them."""

REFERENCE = re.compile(r"(?<![0-9A-Za-z])P[0-9]{1,9}-[0-9A-Z]{5}(?![0-9A-Z])", re.IGNORECASE)
_ISO = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<")
_NEEDED = ("reference", "outcome", "amount")


class BadResultFile(BadInput):
    """The file is none of a bank's results. Data: reason (no_headings with `missing`, no_payments, all_refused, or as BadFile's), row."""

    code = "bad_result_file"


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One line of the bank's. `why` says what keeps it from being read, of which `column`, with the `value` there.

    `amount_minor` is None where the bank does not repeat the amount (ISO 20022 may not).
    """

    row: int
    reference: str
    outcome: str
    amount_minor: int | None
    currency: str
    reason: str = ""
    why: str = ""
    column: str = ""
    value: str = ""


def read_results(content: bytes, filename: str, *, currency: str) -> list[ResultRow]:
    """Every line that says something of a payment, in the file's order. Raises BadResultFile for the file as a whole."""
    if len(content) > LIMITS.size:
        raise BadResultFile(field="file", reason="too_large", row=0)
    if _ISO.match(content):
        return _of_iso(content, currency)
    try:
        lines = list(read_rows(content, filename, LIMITS))
    except BadFile as error:
        raise BadResultFile(field="file", reason=error.reason, row=error.row) from None
    above, columns = _headings(lines)
    found = []
    for number, cells in enumerate(lines[above + 1 :], above + 2):
        said = {kind: [(lines[above][place], cells[place].strip()) for place in places if place < len(cells)]
                for kind, places in columns.items()}  # fmt: skip
        if any(value for kind in ("reference", "outcome") for _heading, value in said.get(kind, ())):
            found.append(_row(number, said, currency))
    return found


def _headings(lines: list[list[str]]) -> tuple[int, dict[str, list[int]]]:
    best: dict[str, list[int]] = {}
    for number, cells in enumerate(lines[:HEADINGS_WITHIN]):
        columns: dict[str, list[int]] = {}
        for place, cell in enumerate(cells):
            kind = heading_kind(cell)
            if kind:
                columns.setdefault(kind, []).append(place)
        if all(kind in columns for kind in _NEEDED):
            return number, columns
        best = columns if len(columns) > len(best) else best
    missing = [kind for kind in _NEEDED if kind not in best]
    raise BadResultFile(field="file", reason="no_headings", missing=missing, row=0)


def _row(number: int, said: dict[str, list[tuple[str, str]]], currency: str) -> ResultRow:
    heading, value = said["reference"][0] if said.get("reference") else ("", "")
    reference = next(
        (found[0].upper() for _heading, text in said.get("reference", ()) if (found := REFERENCE.search(text))), ""
    )
    reason = plain(" ".join(text for _heading, text in said.get("reason", ())))[:LONGEST_REASON]
    paid_in, strange = _currency(said, currency)
    if not reference:
        return ResultRow(number, "", "", None, paid_in, reason, "no_reference", heading, value)
    if strange:
        return ResultRow(number, reference, "", None, paid_in, reason, "unknown_currency", *strange)
    heading, value, outcome = _outcome(said.get("outcome", []))
    if not outcome:
        return ResultRow(number, reference, "", None, paid_in, reason, "unknown_outcome", heading, value)
    heading, value = said["amount"][0] if said.get("amount") else ("", "")
    try:
        minor = _amount(value, paid_in)
    except BadMoney:
        return ResultRow(number, reference, outcome, None, paid_in, reason, "bad_amount", heading, value)
    return ResultRow(number, reference, outcome, minor, paid_in, reason, column=heading, value=value)


_CURRENCY_WORDS = {
    "人民币": "CNY",
    "人民币元": "CNY",
    "RMB": "CNY",
    "元": "CNY",
    "ĐỒNG": "VND",
    "VNĐ": "VND",
    "港币": "HKD",
    "美元": "USD",
}


def _outcome(said: list[tuple[str, str]]) -> tuple[str, str, str]:
    """Heading, words and outcome of all columns that tell one: "" unless they say the same, since money hangs on it."""
    told = [(heading, text) for heading, text in said if text]
    outcomes = {outcome_of(text) for _heading, text in told}
    heading, value = " / ".join(heading for heading, _text in told), " / ".join(text for _heading, text in told)
    return heading, value, outcomes.pop() if len(outcomes) == 1 else ""


def _currency(said: dict[str, list[tuple[str, str]]], usual: str) -> tuple[str, tuple[str, str] | None]:
    """The currency of a row, `usual` where it names none; and heading and word where it is none that we know."""
    heading, typed = next(((heading, text) for heading, text in said.get("currency", ()) if text), ("", ""))
    known = _CURRENCY_WORDS.get(typed.upper(), typed.upper()) or usual
    return (known, None) if known in CURRENCIES else (usual, (heading, typed))


def _amount(text: str, currency: str) -> int:
    """Minor units, as banks of either country write a sum; a form's strict reading has the last word."""
    for lang in ("zh", "vi"):
        try:
            return parse(text, currency, lang).minor
        except BadMoney as error:
            refused = error
    raise refused


def _of_iso(content: bytes, currency: str) -> list[ResultRow]:
    """The transactions of a pain.002, whatever its version. A document type is refused: entities hide in it."""
    try:
        text = content.decode("utf-8-sig")
        if "<!" in text.replace("<!--", ""):
            raise BadResultFile(field="file", reason="entities", row=0)
        root = ET.fromstring(text)  # noqa: S314  no document type, so no entities, and at most LIMITS.size long
    except (UnicodeDecodeError, ET.ParseError, ValueError):
        raise BadResultFile(field="file", reason="damaged", row=0) from None
    rows = [
        _transaction(number, part, currency)
        for number, part in enumerate((each for each in root.iter() if _name(each) == "TxInfAndSts"), 1)
    ]
    if not rows:
        group = outcome_of(next((plain(each.text or "") for each in root.iter() if _name(each) == "GrpSts"), ""))
        raise BadResultFile(field="file", reason="all_refused" if group == FAILED else "no_payments", row=0)
    if len(rows) > LIMITS.rows:
        raise BadResultFile(field="file", reason="too_many_rows", row=LIMITS.rows + 1)
    return rows


def _name(part: ET.Element) -> str:
    return part.tag.rpartition("}")[2]


def _said(part: ET.Element, name: str) -> str:
    return next((plain(each.text or "") for each in part.iter() if _name(each) == name and each.text), "")


def _transaction(number: int, part: ET.Element, usual: str) -> ResultRow:
    typed, status = _said(part, "OrgnlEndToEndId"), _said(part, "TxSts")
    found, outcome = REFERENCE.fullmatch(typed), outcome_of(status)
    told = next((each for each in part.iter() if _name(each) == "InstdAmt"), None)
    currency = (told.get("Ccy") or usual) if told is not None else usual
    reasons = next((each for each in part.iter() if _name(each) == "StsRsnInf"), ET.Element("none"))
    code = _said(reasons, "Cd") or _said(reasons, "Prtry")
    reason = " ".join(text for text in (code, _said(reasons, "AddtlInf")) if text)[:LONGEST_REASON]
    if not found:
        return ResultRow(number, "", "", None, currency, reason, "no_reference", "OrgnlEndToEndId", typed)
    reference = typed.upper()
    if not outcome:
        return ResultRow(number, reference, "", None, currency, reason, "unknown_outcome", "TxSts", status)
    try:
        minor = _iso_minor(told, currency)
    except (BadMoney, KeyError):
        value = told.text if told is not None else ""
        return ResultRow(number, reference, outcome, None, currency, reason, "bad_amount", "InstdAmt", value or "")
    return ResultRow(number, reference, outcome, minor, currency, reason, column="InstdAmt", value="")


def _iso_minor(told: ET.Element | None, currency: str) -> int | None:
    """ISO 20022 writes full stops for decimals and no groups, whatever the country."""
    if told is None or not told.text:
        return None
    places = CURRENCIES[currency].exponent
    whole, _, rest = told.text.strip().partition(".")
    if not whole.isascii() or not (whole + rest).isdecimal() or len(whole) > 15 or rest[places:].strip("0"):
        raise BadMoney("malformed")
    return Money(int(whole + rest[:places].ljust(places, "0")), currency).minor
