"""More ways to be paid than bank and cash; how and when the co-op pays.

SQLite changes no CHECK of a table that stands: `payout`, to which others point, is made anew under deferred foreign keys,
and its rows are put back before the unit of work ends.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shop.db import Utc

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OLD, NEW = ("cash", "bank_file"), ("cash", "bank_file", "vietqr", "wallet")
STATES = ("drafted", "approved", "sent", "acknowledged", "confirmed", "failed", "returned", "cancelled")


def _word(name: str, words: Sequence[str]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def _code() -> sa.Column[str]:
    return sa.Column("bank_code", sa.String(length=20), server_default="", nullable=False)


def _payout(rails: Sequence[str], *, code: bool) -> None:
    op.create_table(
        "payout",
        sa.Column("id", KEY, nullable=False),
        sa.Column("batch_id", KEY, nullable=False),
        sa.Column("payee", sa.String(length=60), nullable=False),
        sa.Column("broker_id", KEY, nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column("rail", _word("rail", rails), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("bank", sa.String(length=120), nullable=False),
        *((_code(),) if code else ()),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", _word("state", STATES), nullable=False),
        sa.Column("sent_at", Utc(), nullable=True),
        sa.Column("closed_at", Utc(), nullable=True),
        sa.Column("sent_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payout_amount_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["payout_batch.id"], name=op.f("fk_payout_batch_id")),
        sa.ForeignKeyConstraint(["broker_id"], ["broker.id"], name=op.f("fk_payout_broker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
        sa.UniqueConstraint("reference", name=op.f("uq_payout_reference")),
    )


def _method(rails: Sequence[str], *, code: bool) -> None:
    op.create_table(
        "payout_method",
        sa.Column("id", KEY, nullable=False),
        sa.Column("payee", sa.String(length=60), nullable=False),
        sa.Column("rail", _word("rail", rails), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("bank", sa.String(length=120), nullable=False),
        *((_code(),) if code else ()),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.Column("set_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_method")),
    )


def _indexes(table: str) -> None:
    if table == "payout":
        op.create_index("ix_payout_broker_id", table, ["broker_id"])
        op.create_index("ix_payout_payee", table, ["payee"])
        op.create_index("ix_payout_state_sent", table, ["state", "sent_at"])
        op.create_index("uq_payout_payee_attempt", table, ["batch_id", "payee", "attempt"], unique=True)
        return
    op.create_index("ix_payout_method_payee", table, ["payee"])
    live = sa.text("live")
    op.create_index("uq_payout_method_live", table, ["payee"], unique=True, sqlite_where=live, postgresql_where=live)


def _made_anew(table: str, rails: Sequence[str], *, code: bool) -> None:
    """The table with its rows, with or without the new column; nothing that points to it notices."""
    op.execute("PRAGMA defer_foreign_keys = ON")
    kept = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table) if column["name"] != "bank_code"]
    names = ", ".join(kept)
    op.execute(f"CREATE TABLE kept_rows AS SELECT {names} FROM {table}")  # noqa: S608  names of our own columns
    op.drop_table(table)
    (_payout if table == "payout" else _method)(rails, code=code)
    op.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM kept_rows ORDER BY id")  # noqa: S608  as above
    op.execute("DROP TABLE kept_rows")
    _indexes(table)


def _rails(rails: Sequence[str], *, code: bool) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in ("payout_method", "payout"):
            _made_anew(table, rails, code=code)
        return
    words = ", ".join(f"'{word}'" for word in rails)
    for table in ("payout_method", "payout"):
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_rail")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_rail CHECK (rail IN ({words}))")
        if code:
            op.add_column(table, _code())
        else:
            op.drop_column(table, "bank_code")


def upgrade() -> None:
    _rails(NEW, code=True)
    op.create_table(
        "pay_settings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("bank_profile", sa.String(length=40), nullable=False),
        sa.Column("payer_name", sa.String(length=120), nullable=False),
        sa.Column("payer_account", sa.String(length=40), nullable=False),
        sa.Column("payer_bank", sa.String(length=120), nullable=False),
        sa.Column("payer_bank_code", sa.String(length=20), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=True),
        sa.Column("cut_off_days", sa.Integer(), nullable=True),
        sa.Column("cut_off_hour", sa.Integer(), nullable=False),
        sa.Column("drafts_itself", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_pay_settings_only_one")),
        sa.CheckConstraint("every_weeks BETWEEN 1 AND 4", name=op.f("ck_pay_settings_weeks_sane")),
        sa.CheckConstraint(
            "cut_off_days BETWEEN 0 AND 6 AND cut_off_hour BETWEEN 0 AND 23", name=op.f("ck_pay_settings_cut_off_sane")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pay_settings")),
    )


def downgrade() -> None:
    """Whoever was paid by a code or a wallet counts as paid by bank again."""
    op.drop_table("pay_settings")
    for table in ("payout_method", "payout"):
        op.execute(f"UPDATE {table} SET rail = 'bank_file' WHERE rail IN ('vietqr', 'wallet')")  # noqa: S608  two names of ours
    _rails(OLD, code=False)
