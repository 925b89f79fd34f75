"""Carts, payments, work and orders."""

import sqlalchemy as sa
from alembic import op

from migrations.triggers import drop_append_only, keep_append_only
from shop.db import Tri, Utc

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cart",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("touched_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_cart_token_digest")),
    )
    with op.batch_alter_table("cart", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cart_touched_at"), ["touched_at"], unique=False)

    op.create_table(
        "checkout",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "open",
                "processing",
                "paid",
                "expired",
                "failed",
                "unknown",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("session_id", sa.String(length=255), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("payment_intent", sa.String(length=255), nullable=True),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("received_minor", sa.BigInteger(), nullable=True),
        sa.Column("fee_minor", sa.BigInteger(), nullable=True),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("paid_at", Utc(), nullable=True),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_checkout_amount_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkout")),
        sa.UniqueConstraint("key", name=op.f("uq_checkout_key")),
        sa.UniqueConstraint("payment_intent", name=op.f("uq_checkout_payment_intent")),
        sa.UniqueConstraint("session_id", name=op.f("uq_checkout_session_id")),
    )
    with op.batch_alter_table("checkout", schema=None) as batch_op:
        batch_op.create_index("ix_checkout_ref", ["ref"], unique=False)

    op.create_table(
        "stripe_event",
        sa.Column("id", sa.String(length=255), nullable=False),
        sa.Column("type", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("handled_at", Utc(), nullable=True),
        sa.Column("outcome", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_event")),
    )
    with op.batch_alter_table("stripe_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stripe_event_type"), ["type"], unique=False)

    op.create_table(
        "stripe_refund",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.Column("payment_intent", sa.String(length=255), nullable=False),
        sa.Column("refund_id", sa.String(length=255), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "sent",
                "failed",
                "unknown",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_stripe_refund_amount_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stripe_refund")),
        sa.UniqueConstraint("ref", name=op.f("uq_stripe_refund_ref")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_stripe_refund_refund_id")),
    )
    with op.batch_alter_table("stripe_refund", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stripe_refund_payment_intent"), ["payment_intent"], unique=False)

    op.create_table(
        "order_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("secret", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "placed",
                "paid",
                "cancelled",
                "refunded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("street", sa.String(length=300), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "lang",
            sa.Enum("zh", "vi", "en", name="lang", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cart_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("goods_minor", sa.BigInteger(), nullable=False),
        sa.Column("shipping_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("voucher_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("placed_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("paid_at", Utc(), nullable=True),
        sa.CheckConstraint("state <> 'paid' OR paid_at IS NOT NULL", name=op.f("ck_order_group_paid_is_dated")),
        sa.CheckConstraint(
            "goods_minor > 0 AND shipping_minor >= 0 AND tax_minor >= 0", name=op.f("ck_order_group_sums_not_negative")
        ),
        sa.CheckConstraint(
            "total_minor = goods_minor + shipping_minor + tax_minor - voucher_minor",
            name=op.f("ck_order_group_total_adds_up"),
        ),
        sa.CheckConstraint("voucher_minor >= 0 AND total_minor >= 0", name=op.f("ck_order_group_voucher_within")),
        sa.ForeignKeyConstraint(["cart_id"], ["cart.id"], name=op.f("fk_order_group_cart_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_order_group_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_group")),
        sa.UniqueConstraint("key", name=op.f("uq_order_group_key")),
        sa.UniqueConstraint("number", name=op.f("uq_order_group_number")),
        sa.UniqueConstraint("secret", name=op.f("uq_order_group_secret")),
    )
    with op.batch_alter_table("order_group", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_group_cart_id"), ["cart_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_group_email"), ["email"], unique=False)
        batch_op.create_index("ix_order_group_state_expires", ["state", "expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_group_user_id"), ["user_id"], unique=False)

    op.create_table(
        "seller_order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workshop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("broker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "placed",
                "to_assign",
                "making",
                "ready",
                "dispatched",
                "delivered",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("shipping_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("ship_by", sa.Date(), nullable=False),
        sa.Column("arrives_from", sa.Date(), nullable=False),
        sa.Column("arrives_to", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["broker_id"], ["broker.id"], name=op.f("fk_seller_order_broker_id")),
        sa.ForeignKeyConstraint(["group_id"], ["order_group.id"], name=op.f("fk_seller_order_group_id")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_seller_order_workshop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seller_order")),
        sa.UniqueConstraint("group_id", "workshop_id", name=op.f("uq_seller_order_group_id_workshop_id")),
    )
    with op.batch_alter_table("seller_order", schema=None) as batch_op:
        batch_op.create_index("ix_seller_order_broker_state", ["broker_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_seller_order_workshop_id"), ["workshop_id"], unique=False)

    op.create_table(
        "shipping_rate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workshop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("second_fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("days_min", sa.Integer(), nullable=False),
        sa.Column("days_max", sa.Integer(), nullable=False),
        sa.CheckConstraint("days_min >= 0 AND days_max >= days_min", name=op.f("ck_shipping_rate_days_in_order")),
        sa.CheckConstraint("fee_minor >= 0", name=op.f("ck_shipping_rate_fee_not_negative")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_shipping_rate_workshop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_rate")),
        sa.UniqueConstraint("workshop_id", "country", name=op.f("uq_shipping_rate_workshop_id_country")),
    )
    with op.batch_alter_table("shipping_rate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shipping_rate_workshop_id"), ["workshop_id"], unique=False)

    op.create_table(
        "order_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seller_order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["order_group.id"], name=op.f("fk_order_event_group_id")),
        sa.ForeignKeyConstraint(["seller_order_id"], ["seller_order.id"], name=op.f("fk_order_event_seller_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_event")),
    )
    with op.batch_alter_table("order_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_event_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_event_seller_order_id"), ["seller_order_id"], unique=False)

    op.create_table(
        "shipment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seller_order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("carrier", sa.String(length=60), nullable=False),
        sa.Column("tracking", sa.String(length=80), nullable=False),
        sa.Column("dispatched_at", Utc(), nullable=False),
        sa.Column("delivered_at", Utc(), nullable=True),
        sa.Column("released_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["seller_order_id"], ["seller_order.id"], name=op.f("fk_shipment_seller_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment")),
        sa.UniqueConstraint("seller_order_id", name=op.f("uq_shipment_seller_order_id")),
    )
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.create_index("ix_shipment_release", ["released_at", "dispatched_at"], unique=False)

    op.create_table(
        "cart_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cart_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("seen_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 999", name=op.f("ck_cart_line_quantity_sane")),
        sa.ForeignKeyConstraint(["cart_id"], ["cart.id"], name=op.f("fk_cart_line_cart_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_cart_line_variant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart_line")),
        sa.UniqueConstraint("cart_id", "variant_id", name=op.f("uq_cart_line_cart_id_variant_id")),
    )
    with op.batch_alter_table("cart_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cart_line_variant_id"), ["variant_id"], unique=False)

    op.create_table(
        "work_order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workshop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("broker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("order", "shelf", name="purpose", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("ledger_line", sa.String(length=40), nullable=False),
        sa.Column("title", Tri(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("maker_minor", sa.BigInteger(), nullable=False),
        sa.Column("materials_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("minutes_each", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "done", "cancelled", name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("created_at", Utc(), nullable=False),
        sa.CheckConstraint("maker_minor > 0 AND materials_minor >= 0", name=op.f("ck_work_order_pay_positive")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_work_order_quantity_positive")),
        sa.ForeignKeyConstraint(["broker_id"], ["broker.id"], name=op.f("fk_work_order_broker_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_work_order_variant_id")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_work_order_workshop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order")),
    )
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.create_index("ix_work_order_broker_state", ["broker_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_work_order_ledger_line"), ["ledger_line"], unique=False)
        batch_op.create_index(batch_op.f("ix_work_order_variant_id"), ["variant_id"], unique=False)

    op.create_table(
        "order_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seller_order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", Tri(), nullable=False),
        sa.Column("size_label", Tri(), nullable=False),
        sa.Column("sku", sa.String(length=80), nullable=False),
        sa.Column(
            "source",
            sa.Enum("shelf", "made", name="source", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_minor", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("work_order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "amount_minor = unit_minor * quantity", name=op.f("ck_order_line_amount_is_unit_times_quantity")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_line_quantity_positive")),
        sa.ForeignKeyConstraint(["seller_order_id"], ["seller_order.id"], name=op.f("fk_order_line_seller_order_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_order_line_variant_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_order.id"], name=op.f("fk_order_line_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
        sa.UniqueConstraint(
            "seller_order_id", "variant_id", "source", name=op.f("uq_order_line_seller_order_id_variant_id_source")
        ),
        sa.UniqueConstraint("work_order_id", name=op.f("uq_order_line_work_order_id")),
    )
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_line_variant_id"), ["variant_id"], unique=False)

    op.create_table(
        "work_assignment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("work_order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("maker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("pay_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "agreed",
                "refused",
                "done",
                "taken_back",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "told_how",
            sa.Enum(
                "slip",
                "visit",
                "call",
                "sms",
                "self",
                name="told_how",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("answered_at", Utc(), nullable=True),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("lost_minor", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'done') OR (told_how IS NOT NULL AND answered_at IS NOT NULL)",
            name=op.f("ck_work_assignment_yes_is_evidenced"),
        ),
        sa.CheckConstraint(
            "accepted >= 0 AND rejected >= 0 AND accepted + rejected <= quantity",
            name=op.f("ck_work_assignment_counts_within"),
        ),
        sa.CheckConstraint("pay_minor > 0", name=op.f("ck_work_assignment_pay_positive")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_work_assignment_quantity_positive")),
        sa.ForeignKeyConstraint(["maker_id"], ["maker.id"], name=op.f("fk_work_assignment_maker_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_order.id"], name=op.f("fk_work_assignment_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_assignment")),
    )
    with op.batch_alter_table("work_assignment", schema=None) as batch_op:
        batch_op.create_index("ix_work_assignment_maker_state", ["maker_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_work_assignment_work_order_id"), ["work_order_id"], unique=False)

    op.create_table(
        "line_piece",
        sa.Column("piece_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_line_piece_line_id")),
        sa.ForeignKeyConstraint(["piece_id"], ["piece.id"], name=op.f("fk_line_piece_piece_id")),
        sa.PrimaryKeyConstraint("piece_id", name=op.f("pk_line_piece")),
    )
    with op.batch_alter_table("line_piece", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_line_piece_line_id"), ["line_id"], unique=False)

    op.create_table(
        "refund",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "cancelled",
                "late_payment",
                "double_payment",
                "over_payment",
                "return",
                "lost",
                "reduction",
                "fault",
                name="reason",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("decided", "sent", "failed", name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("payment_intent", sa.String(length=255), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=False),
        sa.Column("decided_at", Utc(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refund_amount_positive")),
        sa.ForeignKeyConstraint(["group_id"], ["order_group.id"], name=op.f("fk_refund_group_id")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_refund_line_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("key", name=op.f("uq_refund_key")),
    )
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refund_line_id"), ["line_id"], unique=False)

    op.create_table(
        "review",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("piece_number", sa.String(length=30), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column(
            "lang",
            sa.Enum("zh", "vi", "en", name="lang", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("signed", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", Utc(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_review_stars_known")),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_review_line_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_review_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("line_id", name=op.f("uq_review_line_id")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_review_product_id"), ["product_id"], unique=False)

    op.create_table(
        "split_part",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("seller_order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "maker",
                "materials",
                "broker",
                "workshop",
                "coop",
                "costs",
                "outlet",
                "tax",
                "shipping",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("payee", sa.String(length=60), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("given_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("paid_minor >= 0 AND given_minor >= 0", name=op.f("ck_split_part_sums_not_negative")),
        sa.CheckConstraint(
            "refunded_minor >= 0 AND refunded_minor <= paid_minor", name=op.f("ck_split_part_refunded_within_paid")
        ),
        sa.ForeignKeyConstraint(["line_id"], ["order_line.id"], name=op.f("fk_split_part_line_id")),
        sa.ForeignKeyConstraint(["seller_order_id"], ["seller_order.id"], name=op.f("fk_split_part_seller_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_split_part")),
    )
    with op.batch_alter_table("split_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_split_part_line_id"), ["line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_split_part_seller_order_id"), ["seller_order_id"], unique=False)

    op.create_table(
        "work_receipt",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("assignment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("mend", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("pay_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("accepted + mend + rejected = counted", name=op.f("ck_work_receipt_counts_agree")),
        sa.CheckConstraint(
            "accepted >= 0 AND mend >= 0 AND rejected >= 0", name=op.f("ck_work_receipt_counts_not_negative")
        ),
        sa.CheckConstraint("counted > 0", name=op.f("ck_work_receipt_something_came")),
        sa.ForeignKeyConstraint(["assignment_id"], ["work_assignment.id"], name=op.f("fk_work_receipt_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_receipt")),
        sa.UniqueConstraint("key", name=op.f("uq_work_receipt_key")),
    )
    with op.batch_alter_table("work_receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_receipt_assignment_id"), ["assignment_id"], unique=False)

    op.create_table(
        "refund_part",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("refund_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), nullable=False),
        sa.Column("given_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("paid_minor >= 0 AND given_minor >= 0", name=op.f("ck_refund_part_sums_not_negative")),
        sa.ForeignKeyConstraint(["part_id"], ["split_part.id"], name=op.f("fk_refund_part_part_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_refund_part_refund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_part")),
    )
    with op.batch_alter_table("refund_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refund_part_part_id"), ["part_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refund_part_refund_id"), ["refund_id"], unique=False)

    keep_append_only("work_receipt", "order_event")


def downgrade() -> None:
    drop_append_only("work_receipt", "order_event")
    with op.batch_alter_table("refund_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refund_part_refund_id"))
        batch_op.drop_index(batch_op.f("ix_refund_part_part_id"))

    op.drop_table("refund_part")
    with op.batch_alter_table("work_receipt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_receipt_assignment_id"))

    op.drop_table("work_receipt")
    with op.batch_alter_table("split_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_split_part_seller_order_id"))
        batch_op.drop_index(batch_op.f("ix_split_part_line_id"))

    op.drop_table("split_part")
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_product_id"))

    op.drop_table("review")
    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refund_line_id"))
        batch_op.drop_index(batch_op.f("ix_refund_group_id"))

    op.drop_table("refund")
    with op.batch_alter_table("line_piece", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_line_piece_line_id"))

    op.drop_table("line_piece")
    with op.batch_alter_table("work_assignment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_assignment_work_order_id"))
        batch_op.drop_index("ix_work_assignment_maker_state")

    op.drop_table("work_assignment")
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_line_variant_id"))

    op.drop_table("order_line")
    with op.batch_alter_table("work_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_order_variant_id"))
        batch_op.drop_index(batch_op.f("ix_work_order_ledger_line"))
        batch_op.drop_index("ix_work_order_broker_state")

    op.drop_table("work_order")
    with op.batch_alter_table("cart_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cart_line_variant_id"))

    op.drop_table("cart_line")
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.drop_index("ix_shipment_release")

    op.drop_table("shipment")
    with op.batch_alter_table("order_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_event_seller_order_id"))
        batch_op.drop_index(batch_op.f("ix_order_event_group_id"))

    op.drop_table("order_event")
    with op.batch_alter_table("shipping_rate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shipping_rate_workshop_id"))

    op.drop_table("shipping_rate")
    with op.batch_alter_table("seller_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seller_order_workshop_id"))
        batch_op.drop_index("ix_seller_order_broker_state")

    op.drop_table("seller_order")
    with op.batch_alter_table("order_group", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_group_user_id"))
        batch_op.drop_index("ix_order_group_state_expires")
        batch_op.drop_index(batch_op.f("ix_order_group_email"))
        batch_op.drop_index(batch_op.f("ix_order_group_cart_id"))

    op.drop_table("order_group")
    with op.batch_alter_table("stripe_refund", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stripe_refund_payment_intent"))

    op.drop_table("stripe_refund")
    with op.batch_alter_table("stripe_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stripe_event_type"))

    op.drop_table("stripe_event")
    with op.batch_alter_table("checkout", schema=None) as batch_op:
        batch_op.drop_index("ix_checkout_ref")

    op.drop_table("checkout")
    with op.batch_alter_table("cart", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cart_touched_at"))

    op.drop_table("cart")
