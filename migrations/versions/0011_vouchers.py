"""Vouchers, their uses, and what a workshop leaves out of its own part; a refund of nothing, where one had paid it all."""

import sqlalchemy as sa
from alembic import op

from shop.db import Utc

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REASONS = (
    "cancelled",
    "late_payment",
    "double_payment",
    "over_payment",
    "return",
    "lost",
    "reduction",
    "fault",
    "unused",
)
RULES = {
    "percent_or_amount": "(percent IS NULL) <> (amount_minor IS NULL)",
    "percent_within": "percent BETWEEN 1 AND 100",
    "sums_positive": "amount_minor > 0 AND minimum_minor >= 0",
    "workshop_named": "kind = 'coop' OR workshop_id IS NOT NULL",
    "post_is_the_coops": "NOT with_post OR (kind = 'coop' AND workshop_id IS NULL)",
    "ends_after_start": "valid_until IS NULL OR valid_until >= valid_from",
    "limits_positive": "limit_all > 0 AND limit_each > 0",
    "used_within": "used >= 0 AND (limit_all IS NULL OR used <= limit_all)",
}
# orders that were given something before there were vouchers: the co-op's gift, and over
EARLIER = """
    INSERT INTO voucher (code, kind, amount_minor, currency, minimum_minor, with_post, valid_from, used, made_by,
        made_at, ended_by, ended_at)
    SELECT 'EARLIER', 'coop', max(voucher_minor), min(currency), 0, (1 = 0), '2026-01-01',
        sum(CASE WHEN paid_at IS NULL AND state IN ('cancelled', 'refunded') THEN 0 ELSE 1 END),
        'system:migration', min(placed_at), 'system:migration', max(placed_at)
    FROM order_group WHERE voucher_minor > 0 HAVING count(*) > 0
"""
ITS_USES = """
    INSERT INTO voucher_use (group_id, voucher_id, buyer, used_at, freed_at)
    SELECT order_group.id, voucher.id, lower(email), placed_at,
        CASE WHEN paid_at IS NULL AND state IN ('cancelled', 'refunded') THEN placed_at END
    FROM order_group JOIN voucher ON voucher.code = 'EARLIER' WHERE voucher_minor > 0
"""


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _refund(rule: str, name: str) -> sa.Table:
    """The table as SQLite has to make it anew: it cannot change a CHECK."""
    return sa.Table(
        "refund",
        sa.MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"}),
        sa.Column("id", KEY, nullable=False),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("line_id", KEY, nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("reason", _choice("reason", *REASONS), nullable=False),
        sa.Column("state", _choice("state", "decided", "sent", "failed"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("payment_intent", sa.String(length=255), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_at", Utc(), nullable=False),
        sa.Column("bank_note", sa.String(length=200), nullable=True),
        sa.Column("bank_asked_by", sa.String(length=80), nullable=True),
        sa.Column("bank_approved_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint(rule, name=name),
        sa.ForeignKeyConstraint(["group_id"], ["order_group.id"], name="fk_refund_group_id"),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name="fk_refund_line_id"),
        sa.PrimaryKeyConstraint("id", name="pk_refund"),
        sa.UniqueConstraint("key", name="uq_refund_key"),
        sa.Index("ix_refund_group_id", "group_id"),
        sa.Index("ix_refund_line_id", "line_id"),
    )


def _sum_of_a_refund(before: str, rule: str, name: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("refund", recreate="always", copy_from=_refund(rule, name)):
            pass
        return
    op.drop_constraint(op.f(f"ck_refund_{before}"), "refund", type_="check")
    op.create_check_constraint(op.f(f"ck_refund_{name}"), "refund", rule)


def _tables() -> None:
    op.create_table(
        "voucher",
        sa.Column("id", KEY, nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("kind", _choice("kind", "coop", "workshop"), nullable=False),
        sa.Column("workshop_id", KEY, nullable=True),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("minimum_minor", sa.BigInteger(), nullable=False),
        sa.Column("with_post", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("limit_all", sa.Integer(), nullable=True),
        sa.Column("limit_each", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", Utc(), nullable=False),
        sa.Column("ended_by", sa.String(length=80), nullable=True),
        sa.Column("ended_at", Utc(), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_voucher_{name}")) for name, rule in RULES.items()),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_voucher_workshop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher")),
        sa.UniqueConstraint("code", name=op.f("uq_voucher_code")),
    )
    op.create_index(op.f("ix_voucher_workshop_id"), "voucher", ["workshop_id"])
    op.create_table(
        "voucher_use",
        sa.Column("id", KEY, nullable=False),
        sa.Column("group_id", KEY, nullable=False),
        sa.Column("voucher_id", KEY, nullable=False),
        sa.Column("buyer", sa.String(length=254), nullable=False),
        sa.Column("used_at", Utc(), nullable=False),
        sa.Column("freed_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["order_group.id"], name=op.f("fk_voucher_use_group_id")),
        sa.ForeignKeyConstraint(["voucher_id"], ["voucher.id"], name=op.f("fk_voucher_use_voucher_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voucher_use")),
        sa.UniqueConstraint("group_id", name=op.f("uq_voucher_use_group_id")),
    )
    op.create_index("ix_voucher_use_voucher_buyer", "voucher_use", ["voucher_id", "buyer"])


def upgrade() -> None:
    _tables()
    with op.batch_alter_table("cart") as cart:
        cart.add_column(sa.Column("voucher_id", sa.BigInteger(), nullable=True))
        cart.create_foreign_key(op.f("fk_cart_voucher_id"), "voucher", ["voucher_id"], ["id"])
    # as SQL, since SQLite can add a column with its rule to a table as it stands, and Alembic cannot say so
    op.execute(
        "ALTER TABLE split_part ADD COLUMN waived_minor BIGINT DEFAULT 0 NOT NULL CONSTRAINT"
        " ck_split_part_waived_by_workshop CHECK (waived_minor = 0 OR (waived_minor > 0 AND kind = 'workshop'))"
    )
    _sum_of_a_refund("amount_positive", "amount_minor >= 0", "amount_not_negative")
    op.execute(EARLIER)
    op.execute(ITS_USES)


def downgrade() -> None:
    _sum_of_a_refund("amount_not_negative", "amount_minor > 0", "amount_positive")
    op.drop_column("split_part", "waived_minor")
    with op.batch_alter_table("cart") as cart:
        cart.drop_column("voucher_id")
    op.drop_index("ix_voucher_use_voucher_buyer", table_name="voucher_use")
    op.drop_table("voucher_use")
    op.drop_index(op.f("ix_voucher_workshop_id"), table_name="voucher")
    op.drop_table("voucher")
