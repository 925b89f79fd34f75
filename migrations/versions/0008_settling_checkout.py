"""Which payment an order took; a refund that goes by bank, asked by one and approved by another; checkouts by due time.

The payment is named by its intent, as a refund names it: SQLite adds no foreign key to a table that stands.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("order_group", sa.Column("settling_intent", sa.String(length=255), nullable=True))
    op.execute(
        "UPDATE order_group SET settling_intent = (SELECT min(c.payment_intent) FROM checkout c"
        " WHERE c.ref = 'order:' || order_group.id AND c.state = 'paid' AND c.received_minor >= order_group.total_minor"
        " AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.payment_intent = c.payment_intent"
        " AND r.reason IN ('double_payment', 'late_payment'))) WHERE paid_at IS NOT NULL"
    )
    op.add_column("refund", sa.Column("bank_note", sa.String(length=200), nullable=True))
    op.add_column("refund", sa.Column("bank_asked_by", sa.String(length=80), nullable=True))
    op.add_column("refund", sa.Column("bank_approved_by", sa.String(length=80), nullable=True))
    op.create_index("ix_checkout_state_expires", "checkout", ["state", "expires_at"])


def downgrade() -> None:
    op.drop_index("ix_checkout_state_expires", table_name="checkout")
    for name in ("bank_approved_by", "bank_asked_by", "bank_note"):
        op.execute(f"ALTER TABLE refund DROP COLUMN {name}")
    op.execute("ALTER TABLE order_group DROP COLUMN settling_intent")
