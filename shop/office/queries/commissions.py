"""Commission rules with the names of whom they are for."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog.models import CommissionRule, Variant
from shop.crafts.models import Craft
from shop.db import Texts
from shop.workshops.models import Workshop

MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A rule, and the name of its workshop or craft."""

    rule: CommissionRule
    name: Texts | None


def rules(session: Session) -> list[Line]:
    """The newest rules first, at most `MOST`."""
    rows = session.execute(
        select(CommissionRule, func.coalesce(Workshop.name, Craft.name))
        .outerjoin(Workshop, Workshop.id == CommissionRule.workshop_id)
        .outerjoin(Craft, Craft.id == CommissionRule.craft_id)
        .order_by(CommissionRule.valid_from.desc(), CommissionRule.id.desc())
        .limit(MOST)
    )
    return [Line(rule, name) for rule, name in rows]


def usual_price(session: Session) -> int | None:
    """Minor units of the price set last: the example a rule is shown by; None in an empty shop."""
    return session.scalar(
        select(Variant.price_minor).where(Variant.price_minor.is_not(None)).order_by(Variant.id.desc()).limit(1)
    )
