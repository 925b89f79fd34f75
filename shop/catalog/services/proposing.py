"""How a new price is proposed to be shared (money.md 1): her pay as agreed, the rest by the co-op's commission rules."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.brokers.models import Broker
from shop.catalog.errors import UnbalancedSplit
from shop.catalog.models import RULED_PARTS, CommissionRule
from shop.catalog.services.pricing import Part
from shop.coop.models import Coop
from shop.coop.services import record
from shop.crafts.models import Craft
from shop.errors import BadInput, NotFound
from shop.money import share
from shop.people.errors import NotAllowed
from shop.workshops.models import Workshop

WEIGHTS = {"broker": 8, "coop": 10, "costs": 6}
"""Parts that no rule names share what is left in these proportions."""

GUIDE_BASIS_POINTS = 2_500
"""What the guide of a tier-2 broker has of the broker's part where no rule says so."""

WHOLE = 10_000
MOST_MINOR = 10**13


def set_rule(
    session: Session,
    *,
    part: str,
    valid_from: date,
    by: Actor,
    basis_points: int | None = None,
    sum_minor: int | None = None,
    floor_minor: int | None = None,
    cap_minor: int | None = None,
    workshop_id: int | None = None,
    craft_id: int | None = None,
    tier: int | None = None,
) -> CommissionRule:
    """A rule from a day on; prices that stand are not touched. The newest of the narrowest scope counts.

    Raises NotAllowed but for an administrator; BadInput for what makes no sense, its field named.
    """
    if by.role not in {"admin", "system"}:
        raise NotAllowed(role=by.role)
    coop = session.get(Coop, 1)
    if coop is None:
        raise NotFound(what="coop")
    if part not in RULED_PARTS or tier not in {None, 1, 2}:
        raise BadInput(field="part" if part not in RULED_PARTS else "scope")
    if sum(each is not None for each in (workshop_id, craft_id, tier)) > 1:
        raise BadInput(field="scope")
    if (basis_points is None) == (sum_minor is None) or (part == "guide" and basis_points is None):
        raise BadInput(field="amount")
    if not 0 <= (basis_points or 0) <= WHOLE:
        raise BadInput(field="amount")
    for name, minor in (("amount", sum_minor), ("floor", floor_minor), ("cap", cap_minor)):
        if minor is not None and not 0 <= minor < MOST_MINOR:
            raise BadInput(field=name)
    if cap_minor is not None and cap_minor < (floor_minor or 0):
        raise BadInput(field="cap")
    rule = CommissionRule(
        part=part,
        workshop_id=workshop_id,
        craft_id=craft_id,
        tier=tier,
        basis_points=basis_points,
        sum_minor=sum_minor,
        floor_minor=floor_minor,
        cap_minor=cap_minor,
        currency=coop.currency,
        valid_from=valid_from,
        set_by=by.key,
        set_at=clock.now(),
    )
    session.add(rule)
    session.flush()  # the record names it
    facts = {"rule": rule.id, "part": part, "from": valid_from.isoformat()}
    record(session, about="coop:1", kind="commission_rule", by=by, facts=facts)
    return rule


def end_rule(session: Session, *, rule_id: int, on: date, by: Actor) -> CommissionRule:
    """The rule proposes for the last time on this day. Raises NotAllowed, NotFound; BadInput for a day before it began."""
    if by.role not in {"admin", "system"}:
        raise NotAllowed(role=by.role)
    rule = session.get(CommissionRule, rule_id)
    if rule is None:
        raise NotFound(what="commission_rule", id=rule_id)
    if on < rule.valid_from:
        raise BadInput(field="ends_on")
    rule.ends_on = on
    record(session, about="coop:1", kind="commission_rule_ended", by=by, facts={"rule": rule.id, "on": on.isoformat()})
    return rule


def amount_of(rule: CommissionRule, whole_minor: int) -> int:
    """What the rule gives of a price (for `guide`: of the broker's part), half a unit up, within floor and cap."""
    if rule.sum_minor is not None:
        found = rule.sum_minor
    else:
        found = (whole_minor * (rule.basis_points or 0) + WHOLE // 2) // WHOLE
    found = max(found, rule.floor_minor or 0)
    return found if rule.cap_minor is None else min(found, rule.cap_minor)


def rules_for(
    session: Session, *, workshop_id: int, craft_id: int | None, tier: int, currency: str, on: date
) -> dict[str, CommissionRule]:
    """The rule in force for each part: the narrowest scope, and of equals the newest. Another currency's do not count.

    A technique has its craft's rules where it has none of its own.
    """
    crafts = [craft_id, session.scalar(select(Craft.parent_id).where(Craft.id == craft_id))] if craft_id else []
    rows = session.scalars(
        select(CommissionRule).where(
            CommissionRule.currency == currency,
            CommissionRule.valid_from <= on,
            CommissionRule.ends_on.is_(None) | (CommissionRule.ends_on >= on),
            CommissionRule.workshop_id.is_(None) | (CommissionRule.workshop_id == workshop_id),
            CommissionRule.craft_id.is_(None) | CommissionRule.craft_id.in_(crafts),
            CommissionRule.tier.is_(None) | (CommissionRule.tier == tier),
        )
    ).all()
    narrowest_last = sorted(rows, key=lambda rule: (rule.scope, rule.craft_id == craft_id, rule.valid_from, rule.id))
    return {rule.part: rule for rule in narrowest_last}


def propose_parts(
    session: Session,
    *,
    workshop_id: int,
    price_minor: int,
    pay_minor: int,
    materials_minor: int,
    craft_id: int | None = None,
) -> list[Part]:
    """A split for a new price: her pay and the materials as given, the rest by the rules in force today.

    Parts without a rule share what is left by weight; where every part has its rule, what is left stays with the co-op.
    Rules that ask for more than there is give way in proportion: nothing is taken from her pay. A tier-2 broker's guide
    has her share of the broker's part. Raises UnbalancedSplit when pay and materials alone exceed the price.
    """
    workshop = session.get(Workshop, workshop_id)
    if workshop is None:
        raise NotFound(what="workshop")
    rest = price_minor - pay_minor - materials_minor
    if rest < 0:
        raise UnbalancedSplit(difference_minor=rest)
    her = session.get_one(Broker, workshop.broker_id)
    currency = session.scalar(select(Coop.currency).where(Coop.id == 1)) or ""
    rules = rules_for(
        session, workshop_id=workshop_id, craft_id=craft_id, tier=her.tier, currency=currency, on=clock.today()
    )
    shares = _shares({part: amount_of(rules[part], price_minor) for part in WEIGHTS if part in rules}, rest)
    parts = [
        Part("maker", pay_minor),
        Part("materials", materials_minor),
        *_brokers(her, shares["broker"], rules.get("guide")),
        Part("coop", shares["coop"]),
        Part("costs", shares["costs"]),
    ]
    return [part for part in parts if part.amount_minor or part.kind == "maker"]


def _shares(ruled: dict[str, int], rest: int) -> dict[str, int]:
    """What broker, co-op and costs get of `rest`."""
    if sum(ruled.values()) > rest:
        ruled = dict(zip(ruled, share(rest, list(ruled.values())), strict=True))
    left, free = rest - sum(ruled.values()), [part for part in WEIGHTS if part not in ruled]
    if not free:
        return ruled | {"coop": ruled["coop"] + left}
    return ruled | dict(zip(free, share(left, [WEIGHTS[part] for part in free]), strict=True))


def _brokers(her: Broker, minor: int, rule: CommissionRule | None) -> list[Part]:
    """The broker's part, shared with the broker who guides her."""
    if not her.parent_id:
        return [Part("broker", minor, f"broker:{her.id}")]
    if rule is None:
        hers, guides = share(minor, [WHOLE - GUIDE_BASIS_POINTS, GUIDE_BASIS_POINTS])
    else:
        guides = min(minor, amount_of(rule, minor))
        hers = minor - guides
    return [Part("broker", hers, f"broker:{her.id}"), Part("broker", guides, f"broker:{her.parent_id}")]
