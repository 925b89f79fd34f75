"""A changed account waits, and a second person may have to say yes; whatever stands now is in force."""

import sqlalchemy as sa
from alembic import op

from shop.db import Utc

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RULES = (
    ("payout_method", "approved_by", "VARCHAR(80)", "two_persons", "approved_by IS NULL OR approved_by <> set_by"),
    (
        "pay_settings",
        "account_wait_days",
        "INTEGER DEFAULT 3 NOT NULL",
        "wait_sane",
        "account_wait_days BETWEEN 0 AND 30",
    ),
    ("pay_settings", "account_limit_minor", "BIGINT", "limit_sane", "account_limit_minor >= 0"),
)
"""Columns with a rule. SQLite adds a rule only together with its column."""


def upgrade() -> None:
    for table, column, kind, name, rule in RULES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind} CONSTRAINT ck_{table}_{name} CHECK ({rule})")
    op.add_column("payout_method", sa.Column("watched", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("payout_method", sa.Column("good_from", Utc(), nullable=True))
    op.add_column("payout_method", sa.Column("approved_at", Utc(), nullable=True))
    op.execute("UPDATE payout_method SET good_from = set_at")
    op.create_table(
        "payer_change",
        sa.Column("id", KEY, nullable=False),
        sa.Column("payer_name", sa.String(length=120), nullable=False),
        sa.Column("payer_account", sa.String(length=40), nullable=False),
        sa.Column("payer_bank", sa.String(length=120), nullable=False),
        sa.Column("payer_bank_code", sa.String(length=20), nullable=False),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.Column("set_at", Utc(), nullable=False),
        sa.Column("good_from", Utc(), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_at", Utc(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column(
            "ended_as",
            sa.Enum("taken_up", "dropped", name="ended_as", native_enum=False, create_constraint=True, length=24),
            nullable=True,
        ),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> set_by", name=op.f("ck_payer_change_two_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payer_change")),
    )
    open_one = sa.text("is_open")
    op.create_index(
        "uq_payer_change_open",
        "payer_change",
        ["is_open"],
        unique=True,
        sqlite_where=open_one,
        postgresql_where=open_one,
    )


def downgrade() -> None:
    """Whatever waits is in force at once."""
    op.drop_table("payer_change")
    for column in ("approved_at", "good_from", "watched"):
        op.drop_column("payout_method", column)
    for table, column, _kind, _name, _rule in reversed(RULES):
        op.drop_column(table, column)
