"""Faults, which a second person agrees to, and what carriers are asked to pay for a loss."""

import sqlalchemy as sa
from alembic import op

from shop.db import Utc

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RULES = {
    "quantity_positive": "quantity > 0",
    "second_person": "ended_by IS NULL OR ended_by <> asked_by OR state = 'dropped'",
}


def upgrade() -> None:
    op.add_column("refund_part", sa.Column("owed_minor", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("refund", sa.Column("claim_on", sa.String(length=60), nullable=False, server_default=""))
    op.add_column("refund", sa.Column("claim_minor", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("refund", sa.Column("claim_got_minor", sa.BigInteger(), nullable=True))
    op.create_table(
        "fault",
        sa.Column("id", KEY, nullable=False),
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("refund_id", KEY, nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("how", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum("asked", "agreed", "dropped", name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", Utc(), nullable=False),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.Column("ended_at", Utc(), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_fault_{name}")) for name, rule in RULES.items()),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_fault_line_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_fault_refund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_fault_refund_id")),
    )
    op.create_index(op.f("ix_fault_line_id"), "fault", ["line_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_fault_line_id"), table_name="fault")
    op.drop_table("fault")
    for column in ("claim_got_minor", "claim_minor", "claim_on"):
        op.drop_column("refund", column)
    op.drop_column("refund_part", "owed_minor")
