"""What the shares of a price are proposed to be."""

import sqlalchemy as sa
from alembic import op

from shop.db import Utc

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RULES = {
    "share_or_sum": "(basis_points IS NULL) <> (sum_minor IS NULL)",
    "share_within": "basis_points BETWEEN 0 AND 10000",
    "sums_not_negative": "sum_minor >= 0 AND floor_minor >= 0",
    "cap_over_floor": "cap_minor >= coalesce(floor_minor, 0)",
    "guide_is_a_share": "part <> 'guide' OR basis_points IS NOT NULL",
    "one_scope": (
        "(workshop_id IS NULL OR craft_id IS NULL) AND (tier IS NULL OR (workshop_id IS NULL AND craft_id IS NULL))"
    ),
    "ends_after_start": "ends_on IS NULL OR ends_on >= valid_from",
}


def upgrade() -> None:
    part = sa.Enum(
        "broker", "guide", "coop", "costs", name="part", native_enum=False, create_constraint=True, length=24
    )
    op.create_table(
        "commission_rule",
        sa.Column("id", KEY, nullable=False),
        sa.Column("part", part, nullable=False),
        sa.Column("workshop_id", KEY, nullable=True),
        sa.Column("craft_id", KEY, nullable=True),
        sa.Column("tier", sa.Integer(), nullable=True),
        sa.Column("basis_points", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in ("sum_minor", "floor_minor", "cap_minor")),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.Column("set_at", Utc(), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_commission_rule_{name}")) for name, rule in RULES.items()),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_commission_rule_workshop_id")),
        sa.ForeignKeyConstraint(["craft_id"], ["craft.id"], name=op.f("fk_commission_rule_craft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_rule")),
    )
    op.create_index("ix_commission_rule_part_from", "commission_rule", ["part", "valid_from"])


def downgrade() -> None:
    op.drop_index("ix_commission_rule_part_from", table_name="commission_rule")
    op.drop_table("commission_rule")
