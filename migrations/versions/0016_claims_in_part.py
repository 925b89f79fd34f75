"""Cash ends at whole notes: an earning may be claimed in part, never beyond itself; a broker's own word for her own pay.

SQLite changes no CHECK of a table that stands: both tables are made anew, with their rows, indexes and triggers.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.triggers import drop_append_only, keep_append_only
from shop.db import Utc

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OLD = ("sms", "card", "coop_call", "pin", "signature")
NEW = ("sms", "card", "account", "coop_call", "pin", "signature")
REFUSAL = "an earning is claimed for more than it is"


def _word(name: str, words: Sequence[str]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def _confirmation(routes: Sequence[str]) -> None:
    op.create_table(
        "confirmation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("payout_id", KEY, nullable=False),
        sa.Column("strength", _word("strength", ("self", "witnessed")), nullable=False),
        sa.Column("route", _word("route", routes), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("picture_id", KEY, nullable=True),
        sa.Column("device", sa.String(length=64), nullable=True),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["payout_id"], ["payout.id"], name=op.f("fk_confirmation_payout_id")),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_confirmation_picture_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
    )
    op.create_index("ix_confirmation_payout_id", "confirmation", ["payout_id"])
    op.create_index("uq_confirmation_kind", "confirmation", ["payout_id", "strength", "route"], unique=True)
    op.create_index("ix_confirmation_device", "confirmation", ["device", "at"])


def _item(*, checked: bool) -> None:
    check = [sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payout_item_amount_positive"))] if checked else []
    op.create_table(
        "payout_item",
        sa.Column("id", KEY, nullable=False),
        sa.Column("payout_id", KEY, nullable=False),
        sa.Column("earning_id", KEY, nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        *check,
        sa.ForeignKeyConstraint(["earning_id"], ["earning.id"], name=op.f("fk_payout_item_earning_id")),
        sa.ForeignKeyConstraint(["payout_id"], ["payout.id"], name=op.f("fk_payout_item_payout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_item")),
    )
    op.create_index("ix_payout_item_payout_id", "payout_item", ["payout_id"])


def _made_anew(table: str, routes: Sequence[str], *, checked: bool) -> None:
    names = ", ".join(f'"{column["name"]}"' for column in sa.inspect(op.get_bind()).get_columns(table))
    op.execute(f"CREATE TABLE kept_rows AS SELECT {names} FROM {table}")  # noqa: S608  names of our own columns
    op.drop_table(table)
    if table == "confirmation":
        _confirmation(routes)
    else:
        _item(checked=checked)
    op.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM kept_rows ORDER BY id")  # noqa: S608  as above
    op.execute("DROP TABLE kept_rows")


def _changed(routes: Sequence[str], *, checked: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA defer_foreign_keys = ON")
        for table in ("confirmation", "payout_item"):
            _made_anew(table, routes, checked=checked)
        return
    words = ", ".join(f"'{word}'" for word in routes)
    op.execute("ALTER TABLE confirmation DROP CONSTRAINT ck_confirmation_route")
    op.execute(f"ALTER TABLE confirmation ADD CONSTRAINT ck_confirmation_route CHECK (route IN ({words}))")
    if checked:
        op.create_check_constraint(op.f("ck_payout_item_amount_positive"), "payout_item", "amount_minor > 0")
    else:
        op.drop_constraint(op.f("ck_payout_item_amount_positive"), "payout_item")


def _within_earning() -> None:
    """The sum of live claims is looked at after each; PostgreSQL holds the earning meanwhile, SQLite has one writer.

    Its plan is made while the table may be empty: without the setting it would read the whole table for each claim.
    """
    if op.get_bind().dialect.name == "sqlite":
        for name, event in (("", "INSERT"), ("_later", "UPDATE")):
            op.execute(
                f"CREATE TRIGGER payout_item_within_earning{name} AFTER {event} ON payout_item WHEN NEW.live BEGIN"  # noqa: S608  words of ours
                f" SELECT RAISE(ABORT, '{REFUSAL}') WHERE (SELECT sum(amount_minor) FROM payout_item"
                " WHERE earning_id = NEW.earning_id AND live = 1)"
                " > (SELECT amount_minor FROM earning WHERE id = NEW.earning_id); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION claims_within_earning() RETURNS trigger LANGUAGE plpgsql"  # noqa: S608  as above
        " SET enable_seqscan = off AS $$"
        " DECLARE whole bigint; claimed bigint; BEGIN"
        " SELECT amount_minor INTO whole FROM earning WHERE id = NEW.earning_id FOR NO KEY UPDATE;"
        " SELECT sum(amount_minor) INTO claimed FROM payout_item WHERE earning_id = NEW.earning_id AND live;"
        f" IF claimed > whole THEN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'check_violation'; END IF;"
        " RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER payout_item_within_earning AFTER INSERT OR UPDATE ON payout_item"
        " FOR EACH ROW WHEN (NEW.live) EXECUTE FUNCTION claims_within_earning()"
    )


def upgrade() -> None:
    op.drop_index("uq_payout_item_live", table_name="payout_item")
    if op.get_bind().dialect.name == "sqlite":
        drop_append_only("confirmation")
    _changed(NEW, checked=True)
    if op.get_bind().dialect.name == "sqlite":
        keep_append_only("confirmation")
    op.create_index(
        "ix_payout_item_live", "payout_item", ["earning_id", "amount_minor"],
        sqlite_where=sa.text("live = 1"), postgresql_where=sa.text("live"),
    )  # fmt: skip
    _within_earning()


def downgrade() -> None:
    """Refused by the unique index while an earning stands in two live claims. Her account counts as her card."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER payout_item_within_earning ON payout_item")
        op.execute("DROP FUNCTION claims_within_earning()")
    op.drop_index("ix_payout_item_live", table_name="payout_item")
    drop_append_only("confirmation")
    op.execute("UPDATE confirmation SET route = 'card' WHERE route = 'account'")
    _changed(OLD, checked=False)
    keep_append_only("confirmation")
    op.create_index(
        "uq_payout_item_live", "payout_item", ["earning_id"], unique=True,
        sqlite_where=sa.text("live = 1"), postgresql_where=sa.text("live"),
    )  # fmt: skip
