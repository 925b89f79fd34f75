"""Commission rules: what broker, guide, co-op and costs are proposed of a price. They move no price that stands."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop import clock
from shop.catalog import services as catalog
from shop.catalog.models import RULED_PARTS, CommissionRule
from shop.catalog.sentences import part_label
from shop.catalog.services.proposing import amount_of
from shop.coop import services as coop
from shop.crafts.queries import craft_tree
from shop.db import reading, writing
from shop.money import BadMoney, Money, parse
from shop.office import access
from shop.office.answers import by_name, put
from shop.office.blueprint import bp
from shop.office.forms.commissions import RuleForm, basis_points
from shop.office.queries import commissions as reads
from shop.office.said_back import Meant, said_back
from shop.web.filters import money, tri_text
from shop.web.i18n import current_lang
from shop.workshops.queries import workshop_names

_SUMS = ("amount", "floor", "cap")


def rule_part(code: str) -> str:
    """A part that rules know, in words."""
    return str(_("The broker's guide")) if code == "guide" else part_label(code)


def scope_label(line: reads.Line) -> str:
    """For whom a rule is, in words."""
    if line.name is not None:
        return tri_text(line.name)
    if line.rule.tier is not None:
        return str(_("Brokers of tier %(tier)s", tier=line.rule.tier))
    return str(_("The whole co-op"))


def share_label(rule: CommissionRule) -> str:
    """What it gives, in words."""
    if rule.sum_minor is not None:
        said = str(_("%(amount)s a piece", amount=money(Money(rule.sum_minor, rule.currency))))
    else:
        said = f"{(rule.basis_points or 0) / 100:.2f}".rstrip("0").rstrip(".") + " %"
    if rule.floor_minor is not None:
        said += " · " + str(_("at least %(amount)s", amount=money(Money(rule.floor_minor, rule.currency))))
    if rule.cap_minor is not None:
        said += " · " + str(_("at most %(amount)s", amount=money(Money(rule.cap_minor, rule.currency))))
    return said


@bp.get("/commissions")
def commissions() -> ResponseReturnValue:
    actor = access.staff()
    with reading() as session:
        lines = reads.rules(session)
    return render_template(
        "office/commissions.html",
        lines=lines,
        rule_part=rule_part,
        scope_label=scope_label,
        share_label=share_label,
        today=clock.today(),
        may_edit=actor.role == "admin",
        nav="office.commissions",
    )


@bp.route("/commissions/new", methods=["GET", "POST"])
def commission_new() -> ResponseReturnValue:
    """What a rule comes to is shown before it is saved: the second post saves what the first said."""
    actor = access.admin()
    form = _form()
    return said_back(
        form,
        lambda: _meant(form),
        lambda session, facts: catalog.set_rule(session, by=actor, **facts),
        heading=_("New commission rule"),
        sub=_("It proposes how new prices are shared. Prices that stand, and her pay, stay as they are."),
        back=(str(_("Commission rules")), url_for("office.commissions")),
        nav="office.commissions",
    )


@bp.post("/commissions/<int:rule_id>/end")
def commission_end(rule_id: int) -> ResponseReturnValue:
    actor = access.admin()
    with writing() as session:
        rule = catalog.end_rule(session, rule_id=rule_id, on=clock.today(), by=actor)
        last = rule.ends_on
    flash(_("It proposes for the last time today.") if last else _("Saved."))
    return redirect(url_for("office.commissions"), 303)


def _form() -> RuleForm:
    form = RuleForm(data={"valid_from": clock.today()})
    form.part.choices = [(code, rule_part(code)) for code in RULED_PARTS]
    with reading() as session:
        houses = by_name(workshop_names(session))
        tree = craft_tree(session)
    form.scope.choices = [
        ("coop", _("The whole co-op")),
        *((f"tier:{tier}", _("Brokers of tier %(tier)s", tier=tier)) for tier in (1, 2)),
        *((f"craft_id:{node.id}", tri_text(node.name)) for node in tree),
        *((f"workshop_id:{number}", name) for number, name in houses),
    ]
    return form


def _meant(form: RuleForm) -> Meant | None:
    """What was typed, or None with its faults at their fields."""
    with reading() as session:
        currency = coop.the_coop(session).currency
        price = reads.usual_price(session)
    facts: dict[str, Any] = {"part": form.part.data, "valid_from": form.valid_from.data}
    if form.percent.data:
        facts["basis_points"] = basis_points(form.percent.data)
        if facts["basis_points"] is None:
            form.percent.errors = (*form.percent.errors, _("Please give a share from 0 to 100, like 8 or 8.5."))
    for name in _SUMS:
        if form[name].data:
            try:
                facts["sum_minor" if name == "amount" else f"{name}_minor"] = parse(
                    form[name].data, currency, current_lang()
                ).minor
            except BadMoney as error:
                put(form, error, name)
    kind, _colon, number = str(form.scope.data).partition(":")
    if number:
        facts[kind] = int(number)
    given = [name for name in ("basis_points", "sum_minor") if facts.get(name) is not None]
    if not form.errors and len(given) != 1:
        form.percent.errors = (*form.percent.errors, _("Give either a share or a sum."))
    if not form.errors and form.part.data == "guide" and "sum_minor" in facts:
        form.amount.errors = (*form.amount.errors, _("The guide's part is a share of the broker's part."))
    if form.errors:
        return None
    return Meant(facts, _example(facts, Money(price or 100_00, currency)))


def _example(facts: dict[str, Any], price: Money) -> str:
    """What the rule gives at the price set last."""
    rule = CommissionRule(
        **{name: facts.get(name) for name in ("basis_points", "sum_minor", "floor_minor", "cap_minor")}
    )
    found = money(Money(amount_of(rule, price.minor), price.currency))
    if facts["part"] == "guide":
        return str(_("Of a broker's part of %(whole)s, %(amount)s.", whole=money(price), amount=found))
    return str(_("Of a price of %(whole)s, %(amount)s.", whole=money(price), amount=found))
