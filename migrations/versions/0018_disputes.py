"""Refunds first seen at Stripe, which an officer names, and disputes."""

import sqlalchemy as sa
from alembic import op

from shop.db import Utc

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RULES = {
    "amount_positive": "amount_minor > 0",
    "sums_not_negative": "withdrawn_minor >= 0 AND returned_minor >= 0 AND fee_minor >= 0 AND fee_back_minor >= 0",
    "lost_within_withdrawn": "lost_minor >= 0 AND lost_minor <= withdrawn_minor",
}


def upgrade() -> None:
    op.add_column("refund", sa.Column("unnamed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "dispute",
        sa.Column("id", KEY, nullable=False),
        sa.Column("dispute_id", sa.String(length=255), nullable=False),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("payment_intent", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "won", "lost", name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("withdrawn_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("returned_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_back_minor", sa.BigInteger(), nullable=False),
        sa.Column("lost_minor", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", Utc(), nullable=False),
        sa.Column("due_at", Utc(), nullable=True),
        sa.Column("ended_at", Utc(), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_dispute_{name}")) for name, rule in RULES.items()),
        sa.ForeignKeyConstraint(["group_id"], ["order_group.id"], name=op.f("fk_dispute_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("dispute_id", name=op.f("uq_dispute_dispute_id")),
    )
    op.create_index(op.f("ix_dispute_group_id"), "dispute", ["group_id"])
    op.create_index(op.f("ix_dispute_payment_intent"), "dispute", ["payment_intent"])


def downgrade() -> None:
    op.drop_index(op.f("ix_dispute_payment_intent"), table_name="dispute")
    op.drop_index(op.f("ix_dispute_group_id"), table_name="dispute")
    op.drop_table("dispute")
    op.drop_column("refund", "unnamed")
