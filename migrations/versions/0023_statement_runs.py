"""Statements of a broker's whole group, made by the worker."""

import sqlalchemy as sa
from alembic import op

from shop.db import Utc

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "statement_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("broker_id", KEY, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("last_maker_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", Utc(), nullable=False),
        sa.Column("finished_at", Utc(), nullable=True),
        sa.CheckConstraint("total > 0 AND done BETWEEN 0 AND total", name=op.f("ck_statement_run_done_within")),
        sa.CheckConstraint("since <= until", name=op.f("ck_statement_run_days_in_order")),
        sa.ForeignKeyConstraint(["broker_id"], ["broker.id"], name=op.f("fk_statement_run_broker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_run")),
        sa.UniqueConstraint("token", name=op.f("uq_statement_run_token")),
    )
    op.create_index(op.f("ix_statement_run_broker_id"), "statement_run", ["broker_id"])


def downgrade() -> None:
    op.drop_table("statement_run")
