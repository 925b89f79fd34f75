"""One more thing that a maker is asked: whether her own line stands in the open accounts.

SQLite changes no CHECK of a table that stands: the table of answers, to which nothing points, is made anew.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OLD = ("name", "pen_name", "village", "face", "voice", "story", "pay_per_piece", "piece_count")
NEW = (*OLD, "own_line")


def _table(items: Sequence[str]) -> None:
    op.create_table(
        "consent",
        sa.Column("id", KEY, nullable=False),
        sa.Column("maker_id", KEY, nullable=False),
        sa.Column(
            "item", sa.Enum(*items, name="item", native_enum=False, create_constraint=True, length=24), nullable=False
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
    live = sa.text("live")
    op.create_index("ix_consent_maker_id", "consent", ["maker_id"])
    op.create_index(
        "uq_consent_live", "consent", ["maker_id", "item"], unique=True, sqlite_where=live, postgresql_where=live
    )


def _items(items: Sequence[str]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        words = ", ".join(f"'{item}'" for item in items)
        op.execute("ALTER TABLE consent DROP CONSTRAINT ck_consent_item")
        op.execute(f"ALTER TABLE consent ADD CONSTRAINT ck_consent_item CHECK (item IN ({words}))")
        return
    op.execute("CREATE TABLE kept_rows AS SELECT * FROM consent")
    op.drop_table("consent")
    _table(items)
    op.execute(
        "INSERT INTO consent (id, maker_id, item, given, answered_on, how, withdrawn_on, live, recorded_by)"
        " SELECT id, maker_id, item, given, answered_on, how, withdrawn_on, live, recorded_by FROM kept_rows ORDER BY id"
    )
    op.execute("DROP TABLE kept_rows")


def upgrade() -> None:
    _items(NEW)


def downgrade() -> None:
    """What she said of her own line is forgotten, and no page shows it then."""
    op.execute("DELETE FROM consent WHERE item = 'own_line'")
    _items(OLD)
