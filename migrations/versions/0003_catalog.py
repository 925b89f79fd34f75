"""Makers, brokers, workshops and what they list."""

import sqlalchemy as sa
from alembic import op

from shop.db import Tri, Utc

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "broker",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", Tri(), nullable=False),
        sa.Column("about", Tri(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("village_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("name_in_split", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("tier IN (1, 2)", name=op.f("ck_broker_tier_known")),
        sa.ForeignKeyConstraint(["parent_id"], ["broker.id"], name=op.f("fk_broker_parent_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_broker_user_id")),
        sa.ForeignKeyConstraint(["village_id"], ["place.id"], name=op.f("fk_broker_village_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broker")),
        sa.UniqueConstraint("slug", name=op.f("uq_broker_slug")),
        sa.UniqueConstraint("user_id", name=op.f("uq_broker_user_id")),
    )
    op.create_table(
        "maker",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", Tri(), nullable=False),
        sa.Column("pen_name", Tri(), nullable=True),
        sa.Column("mark", sa.String(length=30), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hours_a_week", sa.Integer(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column(
            "lang",
            sa.Enum("zh", "vi", "en", name="lang", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("story", Tri(), nullable=True),
        sa.Column("face_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column(
            "phone_kind",
            sa.Enum(
                "none",
                "own_phone",
                "shared_phone",
                name="phone_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("phone_verified_at", Utc(), nullable=True),
        sa.Column("card_digest", sa.String(length=64), nullable=True),
        sa.Column("pin_hash", sa.String(length=200), nullable=True),
        sa.Column("pin_tries", sa.Integer(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("birth_year BETWEEN 1900 AND 2100", name=op.f("ck_maker_birth_year_sane")),
        sa.CheckConstraint("hours_a_week BETWEEN 0 AND 48", name=op.f("ck_maker_hours_legal")),
        sa.ForeignKeyConstraint(["face_id"], ["picture.id"], name=op.f("fk_maker_face_id")),
        sa.ForeignKeyConstraint(["village_id"], ["place.id"], name=op.f("fk_maker_village_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maker")),
        sa.UniqueConstraint("card_digest", name=op.f("uq_maker_card_digest")),
        sa.UniqueConstraint("number", name=op.f("uq_maker_number")),
        sa.UniqueConstraint("slug", name=op.f("uq_maker_slug")),
    )
    with op.batch_alter_table("maker", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_maker_phone"), ["phone"], unique=False)
        batch_op.create_index(batch_op.f("ix_maker_village_id"), ["village_id"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("maker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "item",
            sa.Enum(
                "name",
                "pen_name",
                "village",
                "face",
                "voice",
                "story",
                "pay_per_piece",
                "piece_count",
                name="item",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("how", sa.String(length=30), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("withdrawn_on IS NULL OR given", name=op.f("ck_consent_only_a_yes_is_withdrawn")),
        sa.ForeignKeyConstraint(["maker_id"], ["maker.id"], name=op.f("fk_consent_maker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_maker_id"), ["maker_id"], unique=False)
        batch_op.create_index(
            "uq_consent_live",
            ["maker_id", "item"],
            unique=True,
            sqlite_where=sa.text("live"),
            postgresql_where=sa.text("live"),
        )

    op.create_table(
        "mandate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("maker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("broker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("may_list", sa.Boolean(), nullable=False),
        sa.Column("may_accept_work", sa.Boolean(), nullable=False),
        sa.Column("may_collect_money", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", Utc(), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_mandate_ends_after_start")),
        sa.ForeignKeyConstraint(["broker_id"], ["broker.id"], name=op.f("fk_mandate_broker_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["maker.id"], name=op.f("fk_mandate_maker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mandate_broker_id"), ["broker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mandate_maker_id"), ["maker_id"], unique=False)
        batch_op.create_index(
            "uq_mandate_live", ["maker_id"], unique=True, sqlite_where=sa.text("live"), postgresql_where=sa.text("live")
        )

    op.create_table(
        "skill",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("maker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("craft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 5", name=op.f("ck_skill_level_known")),
        sa.ForeignKeyConstraint(["craft_id"], ["craft.id"], name=op.f("fk_skill_craft_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["maker.id"], name=op.f("fk_skill_maker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skill")),
        sa.UniqueConstraint("maker_id", "craft_id", name=op.f("uq_skill_maker_id_craft_id")),
    )
    with op.batch_alter_table("skill", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skill_craft_id"), ["craft_id"], unique=False)

    op.create_table(
        "workshop",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", Tri(), nullable=False),
        sa.Column("story", Tri(), nullable=False),
        sa.Column("hours", Tri(), nullable=False),
        sa.Column("craft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("village_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("broker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("picture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["broker_id"], ["broker.id"], name=op.f("fk_workshop_broker_id")),
        sa.ForeignKeyConstraint(["craft_id"], ["craft.id"], name=op.f("fk_workshop_craft_id")),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_workshop_picture_id")),
        sa.ForeignKeyConstraint(["village_id"], ["place.id"], name=op.f("fk_workshop_village_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop")),
        sa.UniqueConstraint("slug", name=op.f("uq_workshop_slug")),
    )
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_broker_id"), ["broker_id"], unique=False)

    op.create_table(
        "product",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("item_no", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "published", "withdrawn", name="state", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("name", Tri(), nullable=False),
        sa.Column("description", Tri(), nullable=False),
        sa.Column("care", Tri(), nullable=False),
        sa.Column("craft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("technique_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("workshop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("broker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_to_order", sa.Boolean(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("unique_piece", sa.Boolean(), nullable=False),
        sa.Column("materials", sa.JSON(), nullable=False),
        sa.Column("hs_code", sa.String(length=12), nullable=False),
        sa.Column("origin", sa.String(length=2), nullable=False),
        sa.Column("certificate", Tri(), nullable=True),
        sa.Column("cover_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_key", sa.String(length=300), nullable=True),
        sa.Column("source_facts", sa.JSON(), nullable=False),
        sa.Column("listed_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("published_at", Utc(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL", name=op.f("ck_product_published_is_dated")
        ),
        sa.CheckConstraint("lead_days >= 0", name=op.f("ck_product_lead_days_positive")),
        sa.ForeignKeyConstraint(["broker_id"], ["broker.id"], name=op.f("fk_product_broker_id")),
        sa.ForeignKeyConstraint(["cover_id"], ["picture.id"], name=op.f("fk_product_cover_id")),
        sa.ForeignKeyConstraint(["craft_id"], ["craft.id"], name=op.f("fk_product_craft_id")),
        sa.ForeignKeyConstraint(["technique_id"], ["craft.id"], name=op.f("fk_product_technique_id")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_product_workshop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("item_no", name=op.f("uq_product_item_no")),
        sa.UniqueConstraint("slug", name=op.f("uq_product_slug")),
        sa.UniqueConstraint("workshop_id", "source_key", name=op.f("uq_product_workshop_id_source_key")),
    )
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_broker_id"), ["broker_id"], unique=False)
        batch_op.create_index("ix_product_craft_shelf", ["craft_id", "state", "published_at", "id"], unique=False)
        batch_op.create_index("ix_product_shelf", ["state", "published_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_technique_id"), ["technique_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_product_workshop_id"), ["workshop_id"], unique=False)

    op.create_table(
        "workshop_maker",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workshop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("maker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["maker_id"], ["maker.id"], name=op.f("fk_workshop_maker_maker_id")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_workshop_maker_workshop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_maker")),
        sa.UniqueConstraint("workshop_id", "maker_id", name=op.f("uq_workshop_maker_workshop_id_maker_id")),
    )
    with op.batch_alter_table("workshop_maker", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workshop_maker_maker_id"), ["maker_id"], unique=False)

    op.create_table(
        "product_maker",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("maker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["maker_id"], ["maker.id"], name=op.f("fk_product_maker_maker_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_maker_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_maker")),
        sa.UniqueConstraint("product_id", "maker_id", name=op.f("uq_product_maker_product_id_maker_id")),
    )
    with op.batch_alter_table("product_maker", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_maker_maker_id"), ["maker_id"], unique=False)

    op.create_table(
        "product_picture",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("picture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alt", Tri(), nullable=False),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_product_picture_picture_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_product_picture_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_picture")),
        sa.UniqueConstraint("product_id", "picture_id", name=op.f("uq_product_picture_product_id_picture_id")),
    )
    with op.batch_alter_table("product_picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_picture_product_id"), ["product_id"], unique=False)

    op.create_table(
        "variant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", sa.String(length=80), nullable=True),
        sa.Column("size_label", Tri(), nullable=False),
        sa.Column("colour", Tri(), nullable=False),
        sa.Column("size", sa.JSON(), nullable=False),
        sa.Column("weight_grams", sa.Integer(), nullable=True),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("on_hand", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("to_take_in", sa.Integer(), nullable=False),
        sa.Column("source_key", sa.String(length=300), nullable=True),
        sa.Column("carton", sa.JSON(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("price_minor IS NULL OR price_minor > 0", name=op.f("ck_variant_price_positive")),
        sa.CheckConstraint("reserved >= 0 AND reserved <= on_hand", name=op.f("ck_variant_reserved_within_stock")),
        sa.CheckConstraint("to_take_in >= 0", name=op.f("ck_variant_to_take_in_positive")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_variant_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant")),
        sa.UniqueConstraint("sku", name=op.f("uq_variant_sku")),
    )
    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.create_index("ix_variant_price", ["price_minor", "product_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_variant_product_id"), ["product_id"], unique=False)

    op.create_table(
        "piece",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("maker_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workshop_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "shelf",
                "reserved",
                "sold",
                "made",
                "gone",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("maker_minor", sa.BigInteger(), nullable=False),
        sa.Column("materials_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("receipt_key", sa.String(length=80), nullable=False),
        sa.Column("accepted_at", Utc(), nullable=False),
        sa.CheckConstraint("maker_minor >= 0 AND materials_minor >= 0", name=op.f("ck_piece_cost_not_negative")),
        sa.ForeignKeyConstraint(["maker_id"], ["maker.id"], name=op.f("fk_piece_maker_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_piece_variant_id")),
        sa.ForeignKeyConstraint(["workshop_id"], ["workshop.id"], name=op.f("fk_piece_workshop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece")),
        sa.UniqueConstraint("number", name=op.f("uq_piece_number")),
    )
    with op.batch_alter_table("piece", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_piece_maker_id"), ["maker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_piece_receipt_key"), ["receipt_key"], unique=False)
        batch_op.create_index("ix_piece_variant_state", ["variant_id", "state", "id"], unique=False)

    op.create_table(
        "piece_rate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pay_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("below_minimum_reason", sa.String(length=300), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_piece_rate_minutes_positive")),
        sa.CheckConstraint("pay_minor > 0", name=op.f("ck_piece_rate_pay_positive")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_piece_rate_variant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece_rate")),
    )
    with op.batch_alter_table("piece_rate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_piece_rate_variant_id"), ["variant_id"], unique=False)
        batch_op.create_index(
            "uq_piece_rate_live",
            ["variant_id"],
            unique=True,
            sqlite_where=sa.text("live"),
            postgresql_where=sa.text("live"),
        )

    op.create_table(
        "price_split",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "retail", "trade", "sample", "outlet", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("min_quantity", sa.Integer(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=True),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("valid_from", Utc(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("set_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("min_quantity > 0", name=op.f("ck_price_split_min_quantity_positive")),
        sa.CheckConstraint("price_minor > 0", name=op.f("ck_price_split_price_positive")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_price_split_variant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_split")),
    )
    with op.batch_alter_table("price_split", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_price_split_variant_id"), ["variant_id"], unique=False)
        batch_op.create_index(
            "uq_price_split_live",
            ["variant_id", "kind", "min_quantity"],
            unique=True,
            sqlite_where=sa.text("live"),
            postgresql_where=sa.text("live"),
        )

    op.create_table(
        "reservation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=60), nullable=False),
        sa.Column("variant_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("held", "taken", "freed", name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservation_quantity_positive")),
        sa.ForeignKeyConstraint(["variant_id"], ["variant.id"], name=op.f("fk_reservation_variant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
        sa.UniqueConstraint("ref", "variant_id", name=op.f("uq_reservation_ref_variant_id")),
    )
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reservation_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reservation_variant_id"), ["variant_id"], unique=False)

    op.create_table(
        "price_part",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("split_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("payee", sa.String(length=60), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_price_part_amount_not_negative")),
        sa.ForeignKeyConstraint(["split_id"], ["price_split.id"], name=op.f("fk_price_part_split_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_part")),
    )
    with op.batch_alter_table("price_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_price_part_split_id"), ["split_id"], unique=False)

    op.create_table(
        "reserved_piece",
        sa.Column("piece_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reservation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["piece_id"], ["piece.id"], name=op.f("fk_reserved_piece_piece_id")),
        sa.ForeignKeyConstraint(["reservation_id"], ["reservation.id"], name=op.f("fk_reserved_piece_reservation_id")),
        sa.PrimaryKeyConstraint("piece_id", name=op.f("pk_reserved_piece")),
    )
    with op.batch_alter_table("reserved_piece", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reserved_piece_reservation_id"), ["reservation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reserved_piece", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reserved_piece_reservation_id"))

    op.drop_table("reserved_piece")
    with op.batch_alter_table("price_part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_price_part_split_id"))

    op.drop_table("price_part")
    with op.batch_alter_table("reservation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reservation_variant_id"))
        batch_op.drop_index(batch_op.f("ix_reservation_expires_at"))

    op.drop_table("reservation")
    with op.batch_alter_table("price_split", schema=None) as batch_op:
        batch_op.drop_index("uq_price_split_live", sqlite_where=sa.text("live"), postgresql_where=sa.text("live"))
        batch_op.drop_index(batch_op.f("ix_price_split_variant_id"))

    op.drop_table("price_split")
    with op.batch_alter_table("piece_rate", schema=None) as batch_op:
        batch_op.drop_index("uq_piece_rate_live", sqlite_where=sa.text("live"), postgresql_where=sa.text("live"))
        batch_op.drop_index(batch_op.f("ix_piece_rate_variant_id"))

    op.drop_table("piece_rate")
    with op.batch_alter_table("piece", schema=None) as batch_op:
        batch_op.drop_index("ix_piece_variant_state")
        batch_op.drop_index(batch_op.f("ix_piece_receipt_key"))
        batch_op.drop_index(batch_op.f("ix_piece_maker_id"))

    op.drop_table("piece")
    with op.batch_alter_table("variant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_variant_product_id"))
        batch_op.drop_index("ix_variant_price")

    op.drop_table("variant")
    with op.batch_alter_table("product_picture", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_picture_product_id"))

    op.drop_table("product_picture")
    with op.batch_alter_table("product_maker", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_maker_maker_id"))

    op.drop_table("product_maker")
    with op.batch_alter_table("workshop_maker", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_maker_maker_id"))

    op.drop_table("workshop_maker")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_workshop_id"))
        batch_op.drop_index(batch_op.f("ix_product_technique_id"))
        batch_op.drop_index("ix_product_shelf")
        batch_op.drop_index("ix_product_craft_shelf")
        batch_op.drop_index(batch_op.f("ix_product_broker_id"))

    op.drop_table("product")
    with op.batch_alter_table("workshop", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_workshop_broker_id"))

    op.drop_table("workshop")
    with op.batch_alter_table("skill", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_skill_craft_id"))

    op.drop_table("skill")
    with op.batch_alter_table("mandate", schema=None) as batch_op:
        batch_op.drop_index("uq_mandate_live", sqlite_where=sa.text("live"), postgresql_where=sa.text("live"))
        batch_op.drop_index(batch_op.f("ix_mandate_maker_id"))
        batch_op.drop_index(batch_op.f("ix_mandate_broker_id"))

    op.drop_table("mandate")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index("uq_consent_live", sqlite_where=sa.text("live"), postgresql_where=sa.text("live"))
        batch_op.drop_index(batch_op.f("ix_consent_maker_id"))

    op.drop_table("consent")
    with op.batch_alter_table("maker", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_maker_village_id"))
        batch_op.drop_index(batch_op.f("ix_maker_phone"))

    op.drop_table("maker")
    op.drop_table("broker")
