"""Some pieces of a line, or a sum of it, can be given back: how many were undone, and what left each part's account."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# as SQL, since SQLite can add a column with its rule to a table as it stands, and Alembic cannot say so
COLUMNS = (
    (
        "ALTER TABLE order_line ADD COLUMN undone INTEGER DEFAULT 0 NOT NULL CONSTRAINT"
        " ck_order_line_undone_within_quantity CHECK (undone >= 0 AND undone <= quantity)"
    ),
    (
        "ALTER TABLE order_line ADD COLUMN unmade INTEGER DEFAULT 0 NOT NULL CONSTRAINT"
        " ck_order_line_unmade_within_undone CHECK (unmade >= 0 AND unmade <= undone)"
    ),
    (
        "ALTER TABLE refund_part ADD COLUMN undone_minor BIGINT DEFAULT 0 NOT NULL CONSTRAINT"
        " ck_refund_part_undone_not_negative CHECK (undone_minor >= 0)"
    ),
)
# until now only whole lines were given back
EARLIER = (
    "UPDATE order_line SET undone = quantity WHERE cancelled",
    (
        "UPDATE order_line SET unmade = quantity WHERE source = 'made' AND EXISTS"
        " (SELECT 1 FROM refund WHERE refund.line_id = order_line.id AND reason = 'cancelled')"
    ),
    (
        "UPDATE refund SET quantity = (SELECT quantity FROM order_line WHERE order_line.id = refund.line_id)"
        " WHERE line_id IS NOT NULL"
    ),
    """
    UPDATE refund_part SET undone_minor = paid_minor + given_minor WHERE EXISTS (
        SELECT 1 FROM refund, split_part
        WHERE refund.id = refund_part.refund_id AND split_part.id = refund_part.part_id AND (
            refund.reason = 'cancelled'
            OR (refund.reason = 'return' AND split_part.kind = 'tax')
            OR (refund.reason = 'return' AND split_part.kind = 'coop' AND NOT split_part.released)
        )
    )
    """,
)


def upgrade() -> None:
    for statement in COLUMNS:
        op.execute(statement)
    op.add_column("refund", sa.Column("quantity", sa.Integer(), nullable=True))
    for statement in EARLIER:
        op.execute(statement)


def downgrade() -> None:
    op.drop_column("refund", "quantity")
    op.drop_column("refund_part", "undone_minor")
    op.drop_column("order_line", "unmade")
    op.drop_column("order_line", "undone")
