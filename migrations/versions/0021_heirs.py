"""Unclaimed pay goes to heirs, on evidence and with a second person's yes."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE payout_method ADD COLUMN heir VARCHAR(120) DEFAULT '' NOT NULL")
    op.execute(
        "ALTER TABLE payout_method ADD COLUMN evidence VARCHAR(300) DEFAULT '' NOT NULL"
        " CONSTRAINT ck_payout_method_heir_evidenced CHECK (heir = '' OR evidence <> '')"
    )


def downgrade() -> None:
    """A way to an heir is one of her own again."""
    op.drop_column("payout_method", "evidence")
    op.drop_column("payout_method", "heir")
