"""A payment that no order took can be given back, and says so: one more reason of a refund."""

import sqlalchemy as sa
from alembic import op

from shop.db import Utc

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BEFORE = ("cancelled", "late_payment", "double_payment", "over_payment", "return", "lost", "reduction", "fault")
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _states(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _refund(reasons: tuple[str, ...]) -> sa.Table:
    """The table as SQLite has to make it anew: it cannot change a CHECK."""
    return sa.Table(
        "refund",
        sa.MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"}),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("group_id", NUMBER, nullable=False),
        sa.Column("line_id", NUMBER, nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("reason", _states("reason", reasons), nullable=False),
        sa.Column("state", _states("state", ("decided", "sent", "failed")), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("payment_intent", sa.String(length=255), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_at", Utc(), nullable=False),
        sa.Column("bank_note", sa.String(length=200), nullable=True),
        sa.Column("bank_asked_by", sa.String(length=80), nullable=True),
        sa.Column("bank_approved_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name="amount_positive"),
        sa.ForeignKeyConstraint(["group_id"], ["order_group.id"], name="fk_refund_group_id"),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name="fk_refund_line_id"),
        sa.PrimaryKeyConstraint("id", name="pk_refund"),
        sa.UniqueConstraint("key", name="uq_refund_key"),
        sa.Index("ix_refund_group_id", "group_id"),
        sa.Index("ix_refund_line_id", "line_id"),
    )


def _allow(reasons: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("refund", recreate="always", copy_from=_refund(reasons)):
            pass
        return
    op.drop_constraint(op.f("ck_refund_reason"), "refund", type_="check")
    told = ", ".join(f"'{reason}'" for reason in reasons)
    op.create_check_constraint(op.f("ck_refund_reason"), "refund", f"reason IN ({told})")


def upgrade() -> None:
    _allow((*BEFORE, "unused"))


def downgrade() -> None:
    _allow(BEFORE)
