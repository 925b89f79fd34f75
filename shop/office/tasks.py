"""What waits for somebody at the co-op, each with a sentence and the page where it is dealt with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from shop import clock
from shop.coop.queries import TaskLine
from shop.money import Money
from shop.office.services.tasks import may_finish
from shop.payouts.models import Payout
from shop.payouts.queries import PayeeName
from shop.web.filters import day, listed, money, tri_text


@dataclass(frozen=True, slots=True)
class TaskShown:
    """A task as the front page shows it. `kind` colours its icon: red, mist or nothing; `may_done`: a button takes it off."""

    id: int
    icon: str
    kind: str
    title: str
    text: str
    url: str
    action: str
    may_done: bool


def payout_ids(tasks: Sequence[TaskLine]) -> list[int]:
    """The payouts that these tasks are about."""
    return [int(task.facts["payout_id"]) for task in tasks if isinstance(task.facts.get("payout_id"), int)]


def payees(tasks: Sequence[TaskLine]) -> list[str]:
    """The payees that these tasks are about without a payout."""
    return [
        each for task in tasks for each in (str(task.facts.get("payee") or ""), *task.facts.get("others", ())) if each
    ]


def shown(task: TaskLine, payouts: Mapping[int, Payout], names: Mapping[str, PayeeName], *, role: str) -> TaskShown:
    """The task in words, for somebody of this role."""
    may = may_finish(task.kind, role=role)
    since = clock.now() - task.created_at
    age = ngettext("open for %(num)s day", "open for %(num)s days", since.days) if since.days > 0 else _("since today")
    payout = payouts.get(int(task.facts.get("payout_id") or 0))
    if payout is not None:
        return _of_payout(task, payout, names, str(age), may=may)
    made = _SHOWN.get(task.kind)
    if made is not None:
        return made(task, names, str(age), may)
    order = str(task.facts.get("order") or "")
    if "dispute_row" in task.facts:
        url, action = url_for("office.dispute", dispute_id=int(task.facts["dispute_row"])), str(_("Look at it"))
    elif task.kind == "fault_asked":
        url, action = url_for("office.fault", fault_id=int(task.facts["fault_id"])), str(_("Look at it"))
    elif task.kind == "carrier_claim":
        url, action = url_for("office.refund", refund_id=int(task.facts["refund_id"])), str(_("Look at it"))
    elif task.kind == "refund_unnamed":
        url, action = url_for("office.refund", refund_id=int(task.facts["refund_id"])), str(_("Name it"))
    elif order:
        url, action = url_for("office.orders", q=order), str(_("See the order"))
    else:
        url, action = url_for("office.orders"), str(_("See the orders"))
    known: dict[str, str] = {
        "payment_mismatch": _("A payment does not fit order %(order)s", order=order),
        "short_payment": _("Less was paid than order %(order)s costs", order=order),
        "refund_failed": _("A refund could not be sent"),
        "fault_asked": _("A second person is to agree to a fault in order %(order)s", order=order),
        "carrier_claim": _("The carrier is to pay for a loss in order %(order)s", order=order),
        "refund_unnamed": _("A refund made at Stripe for order %(order)s is to be named", order=order),
        "refund_unbooked": _("A refund made at Stripe for order %(order)s cannot be booked by itself", order=order),
        "dispute_opened": _("The buyer's bank disputes the payment of order %(order)s", order=order),
        "dispute_lost": _("The dispute about order %(order)s is lost", order=order),
        "dispute_currency": _("The dispute about order %(order)s moved another currency", order=order),
    }
    return TaskShown(
        task.id, "triangle-alert", "red", str(known.get(task.kind, task.kind)), str(age), url, str(action), may
    )


def _one_account(task: TaskLine, names: Mapping[str, PayeeName], age: str, may: bool) -> TaskShown:  # noqa: FBT001  as those below
    payee, others = str(task.facts["payee"]), listed(_name(each, names) for each in task.facts["others"])
    title = str(_("%(name)s is to be paid into the account of %(others)s", name=_name(payee, names), others=others))
    url = url_for("office.method" if may else "office.statement", payee=payee)
    return TaskShown(task.id, "triangle-alert", "red", title, age, url, str(_("Look at it")), may)


def _message(task: TaskLine, names: Mapping[str, PayeeName], age: str, may: bool) -> TaskShown:  # noqa: FBT001
    who = listed([_name(each, names) for each in (str(task.facts["payee"]), *task.facts["others"])])
    title = str(_("%(name)s wrote: “%(text)s”", name=who, text=task.facts["text"]))
    url = url_for("office.statement", payee=str(task.facts["payee"]))
    return TaskShown(task.id, "phone", "mist", title, age, url, str(_("Look at it")), may)


def _stripe(task: TaskLine, _names: Mapping[str, PayeeName], age: str, may: bool) -> TaskShown:  # noqa: FBT001
    title = str(_("Stripe and the books differ: %(name)s", name=task.facts.get("name", "")))
    return TaskShown(
        task.id, "triangle-alert", "red", title, age, url_for("office.reconcile"), str(_("Reconcile")), may
    )


def _method_call(task: TaskLine, names: Mapping[str, PayeeName], age: str, may: bool) -> TaskShown:  # noqa: FBT001
    payee = str(task.facts["payee"])
    name = _name(payee, names)
    title = str(_("Tell %(name)s that the way she is paid was changed: she has no phone of her own", name=name))
    return TaskShown(
        task.id, "phone", "mist", title, age, url_for("office.method", payee=payee), str(_("Look at it")), may
    )


def _method_second(task: TaskLine, names: Mapping[str, PayeeName], age: str, may: bool) -> TaskShown:  # noqa: FBT001
    payee = str(task.facts["payee"])
    title = str(_("The changed account of %(name)s waits for a second person", name=_name(payee, names)))
    url = url_for("office.method", payee=payee)
    return TaskShown(task.id, "triangle-alert", "red", title, age, url, str(_("Look at it")), may)


def _advance(task: TaskLine, names: Mapping[str, PayeeName], age: str, may: bool) -> TaskShown:  # noqa: FBT001
    name = _name(str(task.facts["payee"]), names)
    known: dict[str, str] = {
        "advance_asked": _("An advance is asked for %(name)s: ring her", name=name),
        "advance_agreed": _("%(name)s wants her advance: a second person gives it", name=name),
        "advance_uncovered": _("The slip of %(name)s no longer covers her advance", name=name),
        "advance_loss": _("The advance of %(name)s is to be written off", name=name),
    }
    url = url_for("office.advance", advance_id=int(task.facts["advance_id"]))
    return TaskShown(task.id, "triangle-alert", "mist", known[task.kind], age, url, str(_("Look at it")), may)


def _unclaimed(task: TaskLine, _names: Mapping[str, PayeeName], age: str, may: bool) -> TaskShown:  # noqa: FBT001
    amount = money(Money(int(task.facts["minor"]), str(task.facts["currency"])))
    title = ngettext(
        "Unclaimed at the end of %(year)s: %(amount)s of %(num)s person",
        "Unclaimed at the end of %(year)s: %(amount)s of %(num)s people",
        int(task.facts["people"]),
        year=task.facts["year"],
        amount=amount,
    )
    url = url_for("office.unclaimed_pay", year=int(task.facts["year"]))
    return TaskShown(task.id, "triangle-alert", "mist", str(title), age, url, str(_("Look at it")), may)


def _payer_change(task: TaskLine, _names: Mapping[str, PayeeName], age: str, may: bool) -> TaskShown:  # noqa: FBT001
    title, url = str(_("The co-op is to pay from another account")), url_for("office.pay_settings")
    return TaskShown(task.id, "triangle-alert", "red", title, age, url, str(_("Look at it")), may)


_Made = Callable[[TaskLine, Mapping[str, PayeeName], str, bool], TaskShown]
_SHOWN: dict[str, _Made] = {
    "one_account": _one_account,
    "message": _message,
    "stripe_difference": _stripe,
    "method_call": _method_call,
    "method_second": _method_second,
    "payer_change": _payer_change,
    "unclaimed": _unclaimed,
    **dict.fromkeys(("advance_asked", "advance_agreed", "advance_uncovered", "advance_loss"), _advance),
}
"""Kinds of tasks that are about no payout and no order."""


def _name(payee: str, names: Mapping[str, PayeeName]) -> str:
    return tri_text(names[payee].name) if payee in names else payee


def _of_payout(task: TaskLine, payout: Payout, names: Mapping[str, PayeeName], age: str, *, may: bool) -> TaskShown:
    name = _name(payout.payee, names)
    amount = money(Money(payout.amount_minor, payout.currency))
    sent = str(_("%(number)s, sent on %(day)s", number=payout.reference, day=day(payout.sent_at)))
    others = listed(_name(each, names) for each in task.facts.get("others", ()))
    url, action = url_for("office.payout", payout_id=payout.id), str(_("Look at it"))
    icon, kind = "triangle-alert", "red"
    known: dict[str, str] = {
        "spot_call": _("A call to %(name)s about %(amount)s", name=name, amount=amount),
        "not_received": _("%(name)s says that %(amount)s did not come", name=name, amount=amount),
        "less_received": _("%(name)s says that less than %(amount)s came", name=name, amount=amount),
        "card_on_brokers_phone": _("The card of %(name)s was used on her broker's phone", name=name),
        "float_short": _("%(name)s has her %(amount)s, and the broker had less of our cash", name=name, amount=amount),
        "brokers_number": _("The word of %(name)s came from a broker's number", name=name),
        "burst": _("%(name)s and %(others)s confirmed from one phone within minutes", name=name, others=others),
        "bank_against_word": _(
            "%(name)s says that she has %(amount)s, and the bank says that it failed", name=name, amount=amount
        ),
        "back_after_word": _("%(name)s had confirmed %(amount)s, and the bank sent it back", name=name, amount=amount),
    }
    if task.kind == "spot_call":
        icon, kind = "phone", "mist"
        url, action = url_for("office.spot_calls"), str(_("To the calls"))
    if task.kind == "float_short" and payout.broker_id:
        url, action = url_for("office.broker_cash", broker_id=payout.broker_id), str(_("Give her cash"))
    return TaskShown(task.id, icon, kind, str(known.get(task.kind, task.kind)), f"{sent} · {age}", url, action, may)
