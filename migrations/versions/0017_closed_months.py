"""Months that are closed: nothing is booked in them any more, and they are never opened again."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import drop_append_only, keep_append_only
from shop.db import Utc

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

REFUSAL = "this month is closed: what comes late is booked in the next"
LATE = {
    "posting": "NEW.booked_on < (SELECT max(until) FROM closed_month)",
    "transfer": "(SELECT booked_on FROM posting WHERE id = NEW.posting_id) < (SELECT max(until) FROM closed_month)",
}


def upgrade() -> None:
    op.create_table(
        "closed_month",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("postings", sa.Integer(), nullable=False),
        sa.Column("transfers", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("closed_at", Utc(), nullable=False),
        sa.Column("closed_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("until > month", name=op.f("ck_closed_month_until_after")),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_closed_month")),
        sa.UniqueConstraint("until", name=op.f("uq_closed_month_until")),
    )
    keep_append_only("closed_month")
    for table, late in LATE.items():
        name = f"{table}_in_an_open_month"
        if op.get_bind().dialect.name == "sqlite":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN {late}"
                f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
            )
            continue
        op.execute(
            f"CREATE FUNCTION refuse_late_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {late} THEN"
            f" RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_late_{table}()"
        )


def downgrade() -> None:
    """The books stay as they are; which months were closed is forgotten."""
    for table in LATE:
        drop_append_only(names=(f"{table}_in_an_open_month",), table=table)
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"DROP FUNCTION refuse_late_{table}()")
    drop_append_only("closed_month")
    op.drop_table("closed_month")
