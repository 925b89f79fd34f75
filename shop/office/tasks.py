"""What waits for somebody at the co-op, each with a sentence and the page where it is dealt with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from shop import clock
from shop.coop.queries import TaskLine
from shop.money import Money
from shop.payouts.models import Payout
from shop.payouts.queries import PayeeName
from shop.web.filters import day, money, tri_text


@dataclass(frozen=True, slots=True)
class TaskShown:
    """A task as the front page shows it. `kind` colours its icon: red, mist or nothing."""

    id: int
    icon: str
    kind: str
    title: str
    text: str
    url: str
    action: str


def payout_ids(tasks: Sequence[TaskLine]) -> list[int]:
    """The payouts that these tasks are about."""
    return [int(task.facts["payout_id"]) for task in tasks if isinstance(task.facts.get("payout_id"), int)]


def shown(task: TaskLine, payouts: Mapping[int, Payout], names: Mapping[str, PayeeName]) -> TaskShown:
    """The task in words."""
    since = clock.now() - task.created_at
    age = ngettext("open for %(num)s day", "open for %(num)s days", since.days) if since.days > 0 else _("since today")
    payout = payouts.get(int(task.facts.get("payout_id") or 0))
    if payout is not None:
        return _of_payout(task, payout, names, str(age))
    order = str(task.facts.get("order") or "")
    if order:
        url, action = url_for("office.orders", q=order), str(_("See the order"))
    else:
        url, action = url_for("office.orders"), str(_("See the orders"))
    known: dict[str, str] = {
        "payment_mismatch": _("A payment does not fit order %(order)s", order=order),
        "short_payment": _("Less was paid than order %(order)s costs", order=order),
        "refund_failed": _("A refund could not be sent"),
    }
    return TaskShown(task.id, "triangle-alert", "red", str(known.get(task.kind, task.kind)), str(age), url, str(action))


def _of_payout(task: TaskLine, payout: Payout, names: Mapping[str, PayeeName], age: str) -> TaskShown:
    name = tri_text(names[payout.payee].name) if payout.payee in names else payout.payee
    amount = money(Money(payout.amount_minor, payout.currency))
    sent = str(_("%(number)s, sent on %(day)s", number=payout.reference, day=day(payout.sent_at)))
    url, action = url_for("office.payout", payout_id=payout.id), str(_("Look at it"))
    icon, kind = "triangle-alert", "red"
    known: dict[str, str] = {
        "spot_call": _("A call to %(name)s about %(amount)s", name=name, amount=amount),
        "not_received": _("%(name)s says that %(amount)s did not come", name=name, amount=amount),
        "less_received": _("%(name)s says that less than %(amount)s came", name=name, amount=amount),
        "card_on_brokers_phone": _("The card of %(name)s was used on her broker's phone", name=name),
    }
    if task.kind == "spot_call":
        icon, kind = "phone", "mist"
        url, action = url_for("office.spot_calls"), str(_("To the calls"))
    return TaskShown(task.id, icon, kind, str(known.get(task.kind, task.kind)), f"{sent} · {age}", url, action)
