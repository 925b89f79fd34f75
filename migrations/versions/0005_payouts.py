"""Paying people, and fairs."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import drop_append_only, keep_append_only
from shop.db import Tri, Utc

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incoming_sms",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("body", sa.String(length=500), nullable=False),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("outcome", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_sms")),
        sa.UniqueConstraint("key", name=op.f("uq_incoming_sms_key")),
    )
    with op.batch_alter_table("incoming_sms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incoming_sms_number"), ["number"], unique=False)

    op.create_table(
        "payout_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pay_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drafted", "approved", "cancelled", name="state", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("drafted_by", sa.String(length=80), nullable=False),
        sa.Column("drafted_at", Utc(), nullable=False),
        sa.Column("approved_by", sa.String(length=80), nullable=True),
        sa.Column("approved_at", Utc(), nullable=True),
        sa.CheckConstraint(
            "state = 'drafted' OR state = 'cancelled' OR approved_by IS NOT NULL",
            name=op.f("ck_payout_batch_approved_before_sent"),
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> drafted_by", name=op.f("ck_payout_batch_two_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_payout_batch_number")),
    )
    op.create_table(
        "payout_method",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payee", sa.String(length=60), nullable=False),
        sa.Column(
            "rail",
            sa.Enum("cash", "bank_file", name="rail", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("bank", sa.String(length=120), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.Column("set_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_method")),
    )
    with op.batch_alter_table("payout_method", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payout_method_payee"), ["payee"], unique=False)
        batch_op.create_index(
            "uq_payout_method_live",
            ["payee"],
            unique=True,
            sqlite_where=sa.text("live"),
            postgresql_where=sa.text("live"),
        )

    op.create_table(
        "expo",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", Tri(), nullable=False),
        sa.Column("venue", Tri(), nullable=False),
        sa.Column("preface", Tri(), nullable=False),
        sa.Column("place_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("entry_deadline", sa.Date(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_expo_ends_after_start")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_expo_place_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expo")),
        sa.UniqueConstraint("slug", name=op.f("uq_expo_slug")),
    )
    op.create_table(
        "expo_organizer",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expo_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_expo_organizer_expo_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_expo_organizer_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expo_organizer")),
        sa.UniqueConstraint("expo_id", "user_id", name=op.f("uq_expo_organizer_expo_id_user_id")),
    )
    with op.batch_alter_table("expo_organizer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_expo_organizer_user_id"), ["user_id"], unique=False)

    op.create_table(
        "payout",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payee", sa.String(length=60), nullable=False),
        sa.Column("broker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=30), nullable=False),
        sa.Column(
            "rail",
            sa.Enum("cash", "bank_file", name="rail", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("bank", sa.String(length=120), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "drafted",
                "approved",
                "sent",
                "acknowledged",
                "confirmed",
                "failed",
                "returned",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("sent_at", Utc(), nullable=True),
        sa.Column("closed_at", Utc(), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payout_amount_positive")),
        sa.ForeignKeyConstraint(["batch_id"], ["payout_batch.id"], name=op.f("fk_payout_batch_id")),
        sa.ForeignKeyConstraint(["broker_id"], ["broker.id"], name=op.f("fk_payout_broker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
        sa.UniqueConstraint("reference", name=op.f("uq_payout_reference")),
    )
    with op.batch_alter_table("payout", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payout_broker_id"), ["broker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payout_payee"), ["payee"], unique=False)
        batch_op.create_index("ix_payout_state_sent", ["state", "sent_at"], unique=False)
        batch_op.create_index("uq_payout_payee_attempt", ["batch_id", "payee", "attempt"], unique=True)

    op.create_table(
        "confirmation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payout_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "strength",
            sa.Enum("self", "witnessed", name="strength", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "route",
            sa.Enum(
                "sms",
                "card",
                "coop_call",
                "pin",
                "signature",
                name="route",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("picture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["payout_id"], ["payout.id"], name=op.f("fk_confirmation_payout_id")),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_confirmation_picture_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
    )
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_confirmation_payout_id"), ["payout_id"], unique=False)
        batch_op.create_index("uq_confirmation_kind", ["payout_id", "strength", "route"], unique=True)

    op.create_table(
        "payout_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payout_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("earning_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["earning_id"], ["earning.id"], name=op.f("fk_payout_item_earning_id")),
        sa.ForeignKeyConstraint(["payout_id"], ["payout.id"], name=op.f("fk_payout_item_payout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_item")),
    )
    with op.batch_alter_table("payout_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payout_item_payout_id"), ["payout_id"], unique=False)
        batch_op.create_index(
            "uq_payout_item_live",
            ["earning_id"],
            unique=True,
            sqlite_where=sa.text("live"),
            postgresql_where=sa.text("live"),
        )

    op.create_table(
        "spot_call",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payout_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drawn_at", Utc(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "received",
                "not_received",
                "less_received",
                "not_reached",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("answered_at", Utc(), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["payout_id"], ["payout.id"], name=op.f("fk_spot_call_payout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_call")),
        sa.UniqueConstraint("payout_id", name=op.f("uq_spot_call_payout_id")),
    )
    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("expo_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("added_at", Utc(), nullable=False),
        sa.ForeignKeyConstraint(["expo_id"], ["expo.id"], name=op.f("fk_entry_expo_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_entry_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("expo_id", "product_id", name=op.f("uq_entry_expo_id_product_id")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_product_id"), ["product_id"], unique=False)

    keep_append_only("confirmation")


def downgrade() -> None:
    drop_append_only("confirmation")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entry_product_id"))

    op.drop_table("entry")
    op.drop_table("spot_call")
    with op.batch_alter_table("payout_item", schema=None) as batch_op:
        batch_op.drop_index("uq_payout_item_live", sqlite_where=sa.text("live"), postgresql_where=sa.text("live"))
        batch_op.drop_index(batch_op.f("ix_payout_item_payout_id"))

    op.drop_table("payout_item")
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.drop_index("uq_confirmation_kind")
        batch_op.drop_index(batch_op.f("ix_confirmation_payout_id"))

    op.drop_table("confirmation")
    with op.batch_alter_table("payout", schema=None) as batch_op:
        batch_op.drop_index("uq_payout_payee_attempt")
        batch_op.drop_index("ix_payout_state_sent")
        batch_op.drop_index(batch_op.f("ix_payout_payee"))
        batch_op.drop_index(batch_op.f("ix_payout_broker_id"))

    op.drop_table("payout")
    with op.batch_alter_table("expo_organizer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_expo_organizer_user_id"))

    op.drop_table("expo_organizer")
    op.drop_table("expo")
    with op.batch_alter_table("payout_method", schema=None) as batch_op:
        batch_op.drop_index("uq_payout_method_live", sqlite_where=sa.text("live"), postgresql_where=sa.text("live"))
        batch_op.drop_index(batch_op.f("ix_payout_method_payee"))

    op.drop_table("payout_method")
    op.drop_table("payout_batch")
    with op.batch_alter_table("incoming_sms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incoming_sms_number"))

    op.drop_table("incoming_sms")
