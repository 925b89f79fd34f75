"""What the co-op had and owed each day, as the worker saw it."""

import sqlalchemy as sa
from alembic import op

from shop.db import Utc

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cover_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        *(
            sa.Column(f"{name}_minor", sa.BigInteger(), nullable=False)
            for name in ("bank", "stripe", "float", "makers", "others", "fund")
        ),
        sa.Column("seen_at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("day", "currency", name=op.f("pk_cover_day")),
    )


def downgrade() -> None:
    op.drop_table("cover_day")
