"""What waits for me: is there enough for what is owed, whose pay waits, who has said nothing yet, what to do."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop import clock
from shop.coop.facts import coop_facts
from shop.coop.queries import open_tasks
from shop.db import reading, writing
from shop.ledger.queries import Cover, cover
from shop.money import Money
from shop.office import access, tasks
from shop.office.answers import number
from shop.office.blueprint import bp
from shop.office.book_words import open_label, open_url
from shop.office.queries import waiting
from shop.office.queries.closing import not_over
from shop.office.services.tasks import finish_task
from shop.outbox.queries import backlog
from shop.payouts.facts import schedule
from shop.payouts.queries import payee_names
from shop.payouts.queries.sweep import stalled_since

SHOWN_TASKS = 6
MOST_TASKS = 99

Parts = list[tuple[str, str, Money]]
"""Parts of a bar: fill, words, sum."""


@bp.get("/")
def index() -> ResponseReturnValue:
    actor = access.staff()
    with reading() as session:
        facts = coop_facts(session)
        currency = facts.currency
        found = cover(session, currency)
        rows = waiting.unheard(session, currency=currency)
        oldest = waiting.longest_waiting(session, currency=currency)
        todo = open_tasks(session, limit=MOST_TASKS + 1)
        payouts = waiting.payouts_by_id(session, tasks.payout_ids(todo[:SHOWN_TASKS]))
        payees = [*(each.payee for each in oldest), *(each.payee for each in payouts.values())]
        payees += tasks.payees(todo[:SHOWN_TASKS])
        names = payee_names(session, payees=payees)
        batch = waiting.unfinished_batch(session)
        days, stalled = schedule(session), stalled_since(session)
        health = backlog(session)
        on_its_way = _on_its_way(session, currency)
    return render_template(
        "office/index.html",
        today=clock.now(),
        pay_day=days.day_to_draft(),
        stalled=stalled,
        batch=batch,
        money=_of(currency),
        have=_have(found, currency),
        owe=_owe(found, currency),
        have_sum=Money(sum(found.have.values()), currency),
        owe_sum=Money(sum(found.owe.values()), currency),
        spare=Money(found.spare_minor, currency),
        unheard=rows,
        unheard_sum=Money(sum(row.total_minor for row in rows), currency),
        unheard_count=sum(sum(row.count) for row in rows),
        unheard_days=max((_days(row.oldest_at) for row in rows), default=0),
        waiting=[(each, names.get(each.payee), _days(each.since)) for each in oldest],
        tasks=[tasks.shown(task, payouts, names, role=actor.role) for task in todo[:SHOWN_TASKS]],
        task_count=len(todo),
        shown_tasks=SHOWN_TASKS,
        health=health,
        on_its_way=on_its_way,
    )


OnItsWay = list[tuple[str, int, Money | None, str]]
"""What waits by kind: words, how many, their sum, where it is dealt with."""


def _on_its_way(session: Session, currency: str) -> OnItsWay:
    """Whatever is not over, in one statement; cash without her word has a table of its own below."""
    return [
        (
            open_label(each.kind),
            each.count,
            None if each.minor is None else Money(each.minor, currency),
            open_url(each.kind),
        )
        for each in not_over(session, currency=currency)
        if each.kind != "unconfirmed"
    ]


def _days(since: datetime) -> int:
    return max((clock.now() - since).days, 0)


def _of(currency: str) -> object:
    return lambda minor: Money(minor, currency)


def _sum(found: Mapping[str, int], kinds: Sequence[str]) -> int:
    return sum(found.get(kind, 0) for kind in kinds)


def _have(found: Cover, currency: str) -> Parts:
    known = (
        ("f-teal", str(_("Bank")), ("bank",)),
        ("f-indigo", "Stripe", ("psp:stripe",)),
        ("f-gold", str(_("Stripe, on its way to the bank")), ("psp:in_transit",)),
        ("f-jade", str(_("Cash with brokers")), ("broker:float",)),
    )
    return [(fill, label, Money(_sum(found.have, kinds), currency)) for fill, label, kinds in known]


def _owe(found: Cover, currency: str) -> Parts:
    who = ("maker", "broker", "workshop")
    known = [
        ("f-red", str(_("Accepted work, due on pay day")), ("maker:available",)),
        ("f-gold", str(_("On its way, not yet received")), tuple(f"{each}:in_transit" for each in who)),
        ("f-indigo", str(_("Paid by buyers, work not yet accepted")), ("work:open", "maker:held", "materials:held")),
        (
            "f-jade",
            str(_("Brokers and workshops")),
            ("broker:held", "broker:available", "broker:credit", "workshop:held", "workshop:available"),
        ),
    ]
    told = {kind for _fill, _label, kinds in known for kind in kinds}
    known.append(
        ("f-rest", str(_("Commission held, buyers, tax")), tuple(kind for kind in found.owe if kind not in told))
    )
    return [(fill, label, Money(_sum(found.owe, kinds), currency)) for fill, label, kinds in known]


@bp.get("/tasks")
def task_list() -> ResponseReturnValue:
    actor = access.staff()
    with reading() as session:
        todo = open_tasks(session, after=number("after"), limit=51)
        payouts = waiting.payouts_by_id(session, tasks.payout_ids(todo))
        names = payee_names(session, payees=[*(each.payee for each in payouts.values()), *tasks.payees(todo)])
    return render_template(
        "office/tasks.html",
        tasks=[tasks.shown(task, payouts, names, role=actor.role) for task in todo[:50]],
        next_page=url_for("office.task_list", after=todo[49].id) if len(todo) > 50 else None,
        nav="office.index",
    )


@bp.post("/tasks/<int:task_id>/done")
def task_done(task_id: int) -> ResponseReturnValue:
    actor = access.staff()
    with writing() as session:
        finish_task(session, task_id=task_id, by=actor)
    flash(_("Done. It is off the list."))
    return redirect(url_for("office.index"), 303)
