"""Who sent a payout and who gave a draft up; from which device a word came; live claims found by SQLite's index.

SQLite matches a partial index by the text of its condition: `live` is not the `live = 1` that is asked.
"""

import sqlalchemy as sa
from alembic import op

from shop.db import Utc

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _live(condition: str) -> None:
    op.drop_index("uq_payout_item_live", table_name="payout_item")
    op.create_index(
        "uq_payout_item_live",
        "payout_item",
        ["earning_id"],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text("live"),
    )


def upgrade() -> None:
    op.add_column("payout", sa.Column("sent_by", sa.String(length=80), nullable=True))
    op.add_column("payout_batch", sa.Column("cancelled_by", sa.String(length=80), nullable=True))
    op.add_column("payout_batch", sa.Column("cancelled_at", Utc(), nullable=True))
    op.add_column("confirmation", sa.Column("device", sa.String(length=64), nullable=True))
    op.create_index("ix_confirmation_device", "confirmation", ["device", "at"])
    _live("live = 1")


def downgrade() -> None:
    _live("live")
    op.drop_index("ix_confirmation_device", table_name="confirmation")
    op.execute("ALTER TABLE confirmation DROP COLUMN device")
    op.execute("ALTER TABLE payout_batch DROP COLUMN cancelled_at")
    op.execute("ALTER TABLE payout_batch DROP COLUMN cancelled_by")
    op.execute("ALTER TABLE payout DROP COLUMN sent_by")
