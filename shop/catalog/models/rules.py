"""What the shares of a price are proposed to be (money.md 1)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Currency, Id, Minor, Utc, one_of

RULED_PARTS = ("broker", "guide", "coop", "costs")


class CommissionRule(Base):
    """A share of the price, in basis points or as a sum a piece, from a day on. It only proposes; sold lines keep theirs.

    It is for a workshop, a craft, a tier of brokers, or, with none of them, for the whole co-op. `guide` is what a
    tier-2 broker's guide has of the broker's part, in basis points of that part.
    """

    __tablename__ = "commission_rule"
    __table_args__ = (
        CheckConstraint("(basis_points IS NULL) <> (sum_minor IS NULL)", name="share_or_sum"),
        CheckConstraint("basis_points BETWEEN 0 AND 10000", name="share_within"),
        CheckConstraint("sum_minor >= 0 AND floor_minor >= 0", name="sums_not_negative"),
        CheckConstraint("cap_minor >= coalesce(floor_minor, 0)", name="cap_over_floor"),
        CheckConstraint("part <> 'guide' OR basis_points IS NOT NULL", name="guide_is_a_share"),
        CheckConstraint(
            "(workshop_id IS NULL OR craft_id IS NULL) AND (tier IS NULL OR (workshop_id IS NULL AND craft_id IS NULL))",
            name="one_scope",
        ),
        CheckConstraint("ends_on IS NULL OR ends_on >= valid_from", name="ends_after_start"),
        Index("ix_commission_rule_part_from", "part", "valid_from"),
    )
    id: Mapped[Id]
    part: Mapped[str] = mapped_column(one_of("part", *RULED_PARTS))
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id"))
    craft_id: Mapped[int | None] = mapped_column(ForeignKey("craft.id"))
    tier: Mapped[int | None]
    basis_points: Mapped[int | None]
    sum_minor: Mapped[Minor | None]
    floor_minor: Mapped[Minor | None]
    cap_minor: Mapped[Minor | None]
    currency: Mapped[Currency]
    valid_from: Mapped[date]
    ends_on: Mapped[date | None]
    set_by: Mapped[str] = mapped_column(String(80))
    set_at: Mapped[datetime] = mapped_column(Utc)

    @property
    def scope(self) -> int:
        """How narrow it is: 3 a workshop, 2 a craft, 1 a tier, 0 the co-op. The narrowest in force counts."""
        if self.workshop_id is not None:
            return 3
        if self.craft_id is not None:
            return 2
        return 1 if self.tier is not None else 0
