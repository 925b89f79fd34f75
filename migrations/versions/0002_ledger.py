"""The books."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import drop_append_only, forbid, keep_append_only
from shop.db import Utc

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "side",
            sa.Enum("debit", "credit", name="side", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("floored", sa.Boolean(), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.Column("folded_minor", sa.BigInteger(), nullable=False),
        sa.Column("folded_to", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("NOT floored OR balance_minor >= 0", name=op.f("ck_account_floor")),
        sa.CheckConstraint("floored OR balance_minor = 0", name=op.f("ck_account_free_carries_no_balance")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("id", "currency", name=op.f("uq_account_id_currency")),
        sa.UniqueConstraint("kind", "owner", "currency", name=op.f("uq_account_kind_owner_currency")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_owner"), ["owner"], unique=False)

    op.create_table(
        "posting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("occurred_at", Utc(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["reverses_id"], ["posting.id"], name=op.f("fk_posting_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        sa.UniqueConstraint("key", name=op.f("uq_posting_key")),
    )
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posting_booked_on"), ["booked_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_posting_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_posting_source"), ["source"], unique=False)

    op.create_table(
        "earning",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("posting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("available_at", Utc(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_earning_amount_positive")),
        sa.ForeignKeyConstraint(["posting_id"], ["posting.id"], name=op.f("fk_earning_posting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earning")),
        sa.UniqueConstraint("source", name=op.f("uq_earning_source")),
    )
    with op.batch_alter_table("earning", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_earning_owner"), ["owner"], unique=False)
        batch_op.create_index(batch_op.f("ix_earning_posting_id"), ["posting_id"], unique=False)

    op.create_table(
        "transfer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("posting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("debit_id", sa.Integer(), nullable=False),
        sa.Column("credit_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_transfer_amount_positive")),
        sa.CheckConstraint("debit_id <> credit_id", name=op.f("ck_transfer_two_accounts")),
        sa.ForeignKeyConstraint(
            ["credit_id", "currency"], ["account.id", "account.currency"], name="fk_transfer_credit"
        ),
        sa.ForeignKeyConstraint(["debit_id", "currency"], ["account.id", "account.currency"], name="fk_transfer_debit"),
        sa.ForeignKeyConstraint(["posting_id"], ["posting.id"], name=op.f("fk_transfer_posting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.create_index("ix_transfer_credit_amount", ["credit_id", "amount_minor"], unique=False)
        batch_op.create_index("ix_transfer_debit_amount", ["debit_id", "amount_minor"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_posting_id"), ["posting_id"], unique=False)

    keep_append_only("posting", "transfer", "earning")
    forbid("account_never_goes", "account", "DELETE")
    forbid("account_keeps_its_name", "account", "UPDATE OF kind, owner, currency, side, floored")


def downgrade() -> None:
    drop_append_only("posting", "transfer", "earning")
    drop_append_only(names=("account_never_goes", "account_keeps_its_name"), table="account")
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_transfer_posting_id"))
        batch_op.drop_index("ix_transfer_debit_amount")
        batch_op.drop_index("ix_transfer_credit_amount")

    op.drop_table("transfer")
    with op.batch_alter_table("earning", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_earning_posting_id"))
        batch_op.drop_index(batch_op.f("ix_earning_owner"))

    op.drop_table("earning")
    with op.batch_alter_table("posting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posting_source"))
        batch_op.drop_index(batch_op.f("ix_posting_kind"))
        batch_op.drop_index(batch_op.f("ix_posting_booked_on"))

    op.drop_table("posting")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_owner"))

    op.drop_table("account")
