"""The books: all kinds of accounts, what moved on one, and whether Stripe, bank and cash say the same."""

from dataclasses import dataclass

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop import clock
from shop.coop.facts import coop_facts
from shop.db import Texts, reading
from shop.errors import NotFound
from shop.ledger.chart import CHART, Name
from shop.ledger.models import Account
from shop.ledger.queries import cover, movements
from shop.money import BadMoney, Money, parse
from shop.office import access
from shop.office.answers import number
from shop.office.blueprint import bp
from shop.office.book_words import GROUPS, OWN, group_label, group_of, kind_label, own_label, source_url, voucher_label
from shop.office.queries import books, pay
from shop.payments.gateway import SANDBOX_PATH, OutcomeUnknown, Refused
from shop.payments.jobs import gateway
from shop.payments.reconciling import Compared, reconciled
from shop.web.errors import sentence
from shop.web.i18n import colon, current_lang

MOVEMENTS = 50
MOST_DIFFERENCES = 200


@bp.get("/accounts")
def accounts() -> ResponseReturnValue:
    """The trial balance by kind."""
    access.staff()
    with reading() as session:
        currency = coop_facts(session).currency
        rows = books.kind_sums(session, currency=currency)
    grouped = [(group, group_label(group), [row for row in rows if group_of(row.kind) == group]) for group in GROUPS]
    return render_template(
        "office/accounts.html",
        groups=[each for each in grouped if each[2]],
        currency=currency,
        debit=Money(sum(row.debit_minor for row in rows), currency),
        credit=Money(sum(row.credit_minor for row in rows), currency),
    )


@bp.get("/accounts/of/<kind>")
def accounts_of(kind: str) -> ResponseReturnValue:
    """The accounts of one kind that are not empty."""
    access.staff()
    if kind not in CHART:
        raise NotFound(what="account")
    with reading() as session:
        currency = coop_facts(session).currency
        rows = books.accounts_page(session, kind=kind, currency=currency, after=number("after"))
        more, rows = len(rows) > books.PAGE, rows[: books.PAGE]
        names = _owners(session, [row for row, _minor in rows])
    return render_template(
        "office/accounts_of.html",
        kind=kind,
        label=kind_label(kind),
        own=kind in OWN,
        rows=[(row, Money(minor, currency)) for row, minor in rows],
        names=names,
        next_page=url_for("office.accounts_of", kind=kind, after=rows[-1][0].id) if more else None,
        nav="office.accounts",
    )


@bp.get("/accounts/<int:account_id>")
def account(account_id: int) -> ResponseReturnValue:
    """What moved on an account, the newest first, each line with what stood there after it."""
    access.staff()
    before = number("before") or None
    with reading() as session:
        found = session.get(Account, account_id)
        if found is None:
            raise NotFound(what="account")
        now = books.standing(session, found)
        moved = movements(session, account_id, before=before, limit=MOVEMENTS + 1)
        more, moved = len(moved) > MOVEMENTS, moved[:MOVEMENTS]
        after = now - (books.moved_since(session, found, before=before) if before else 0)
        lines = []
        for each in moved:
            lines.append((each, Money(each.minor, found.currency), Money(after, found.currency)))
            after -= each.minor
        payouts = pay.payout_names(session, sources=[each.source for each in moved])
        facts: dict[str, object] = {
            "account": found,
            "vouchers": {each.id: voucher_label(each.source, payouts) for each in moved},
            "label": kind_label(found.kind),
            "owner": _owners(session, [found]).get(found.id, ""),
            "name": str(Name(found.kind, found.owner)),
            "group": group_of(found.kind),
            "now": Money(now, found.currency),
            "lines": lines,
            "actors": pay.actor_names(session, [each.actor for each in moved]),
            "payee": _payee(found),
            "next_page": url_for("office.account", account_id=account_id, before=moved[-1].id) if more else None,
            "first": before is None,
            "nav": "office.accounts",
        }
    return render_template("office/account.html", **facts)


def _owners(session: Session, accounts: list[Account]) -> dict[int, Texts | str]:
    """Whose or what for each account is, in words."""
    own: dict[int, Texts | str] = {row.id: own_label(row.owner) for row in accounts if row.kind in OWN}
    return {**books.owner_names(session, accounts), **own}


def _payee(found: Account) -> str:
    """The maker or broker whose statement says more of this account, or nobody."""
    head = found.kind.partition(":")[0]
    return f"{head}:{found.owner}" if head in {"maker", "broker"} and found.owner.isdecimal() else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One difference as the page shows it: where, both sums, what it is, what to do. `kind` colours the badge."""

    where: str
    kind: str
    outside: Money | None
    books: Money | None
    minor: int
    what: str
    todo: str
    url: str | None


@bp.get("/reconcile")
def reconcile() -> ResponseReturnValue:
    """Stripe is asked between transactions; what the bank says is typed, since no bank statement is brought in yet."""
    access.staff()
    with reading() as session:
        currency = coop_facts(session).currency
        held = cover(session, currency).have
        waiting = books.unanswered_by_bank(session, currency=currency)
        hands = pay.handing(session, currency=currency)
    compared, trouble = _ask_stripe(currency)
    typed, bank, bad = _bank_says(currency)
    lines = _stripe_lines(compared, currency) if compared else []
    lines += _bank_lines(waiting, bank, Money(held["bank"], currency))
    lines += _cash_lines(hands, currency)
    return render_template(
        "office/reconcile.html",
        now=clock.now(),
        compared=compared,
        trouble=trouble,
        stripe=Money(compared.outside_minor, currency) if compared else None,
        held={kind: Money(minor, currency) for kind, minor in held.items()},
        held_sum=Money(sum(held.values()), currency),
        bank=bank,
        typed=typed,
        bad=bad,
        hands=hands,
        currency=currency,
        lines=lines[:MOST_DIFFERENCES],
        sandbox=_sandbox(),
        cut=len(lines) - MOST_DIFFERENCES,
    )


def _sandbox() -> str:
    """Where in development the pages are that stand in for Stripe's own."""
    settings = current_app.config["SETTINGS"]
    return f"{SANDBOX_PATH}/dashboard" if settings.sandboxed and not settings.stripe_api_base else ""


def _ask_stripe(currency: str) -> tuple[Compared | None, str]:
    """Everything Stripe has beside our postings; or why it could not be asked."""
    try:
        return reconciled(gateway(), currency=currency), ""
    except (OutcomeUnknown, Refused) as error:
        return None, sentence(error)


def _bank_says(currency: str) -> tuple[str, Money | None, str]:
    """What was typed as the bank's balance: the text, the sum, and what is wrong with it."""
    typed = request.args.get("bank", "").strip()[:40]
    if not typed:
        return "", None, ""
    try:
        return typed, parse(typed, currency, current_lang()), ""
    except BadMoney as error:
        return typed, None, sentence(error)


def _stripe_lines(compared: Compared, currency: str) -> list[Line]:
    known: dict[str, str] = {
        "payment": _("a payment"),
        "fee": _("Stripe's fee"),
        "refund": _("a refund"),
        "dispute": _("a dispute"),
        "other": _("a movement the books have no name for"),
    }
    lines = []
    for each in compared.differences:
        if each.books_minor is None:
            todo = str(_("Stripe has it, the books do not: let the worker look, or look it up at Stripe."))
        elif each.outside_minor is None:
            todo = str(_("The books have it, Stripe does not: look the order up."))
        else:
            todo = str(_("Both have it, with different sums."))
        lines.append(
            Line(
                "Stripe",
                "red",
                None if each.outside_minor is None else Money(each.outside_minor, currency),
                None if each.books_minor is None else Money(each.books_minor, currency),
                each.minor,
                f"{known[each.what]}{colon()}{each.name}",
                todo,
                source_url(each.source),
            )
        )
    return lines


def _bank_lines(waiting: list[books.Unanswered], bank: Money | None, ours: Money) -> list[Line]:
    where = str(_("Bank"))
    lines = [
        Line(
            where,
            "wait",
            None,
            None,
            -each.minor,
            str(_("Batch %(number)s: %(count)s payouts, sent and not reported", number=each.number, count=each.count)),
            str(_("Expected: write down the bank's result once it has one.")),
            url_for("office.batch", batch_id=each.batch_id),
        )
        for each in waiting
    ]
    if bank is None:
        return lines
    rest = bank.minor - ours.minor + sum(each.minor for each in waiting)
    if rest:
        what = str(_("not explained by what is on its way"))
        todo = str(_("Compare the bank's lines one by one; put it right by a new line, never by changing an old one."))
        lines.insert(0, Line(where, "red", bank, ours, rest, what, todo, None))
    return lines


def _cash_lines(hands: list[pay.Handing], currency: str) -> list[Line]:
    lines = []
    for each in hands:
        over = each.float_minor - each.waits_minor
        if not over:
            continue
        what = str(_("more cash than she has to hand over") if over > 0 else _("less cash than she has to hand over"))
        todo = str(
            _("Expected between pay days: she brings it back.") if over > 0 else _("Give her the rest before she pays.")
        )
        lines.append(
            Line(
                each.name.get(current_lang()) or next(iter(each.name.values()), str(_("Cash"))),
                "wait",
                Money(each.waits_minor, currency),
                Money(each.float_minor, currency),
                -over,
                what,
                todo,
                url_for("office.broker_cash", broker_id=each.broker_id),
            )
        )
    return lines
