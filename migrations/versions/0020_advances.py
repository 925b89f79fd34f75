"""Advances, and what payouts keep back for them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from shop.db import Utc

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("asked", "agreed", "refused", "given", "settled", "written_off")
HER_WAYS = ("card", "coop_call")
CHECKS = {
    "amount_positive": "amount_minor > 0",
    "two_persons": "given_by IS NULL OR (given_by <> asked_by AND given_by <> agreed_by)",
    "agreed_by_her": "state IN ('asked', 'refused') OR agreed_by IS NOT NULL",
    "given_by_somebody": "state IN ('asked', 'agreed', 'refused') OR given_by IS NOT NULL",
    "loss_by_two": "written_off_by IS NULL OR written_off_by <> loss_asked_by",
    "loss_within": "written_off_minor BETWEEN 0 AND amount_minor",
}


def _word(name: str, words: Sequence[str]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=24)


def _text(name: str, length: int, *, nullable: bool = True) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "advance",
        sa.Column("id", KEY, nullable=False),
        sa.Column("maker_id", KEY, nullable=False),
        sa.Column("assignment_id", KEY, nullable=False),
        sa.Column("slip_minor", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        _text("currency", 3, nullable=False),
        sa.Column("state", _word("state", STATES), nullable=False),
        _text("asked_by", 80, nullable=False),
        sa.Column("asked_at", Utc(), nullable=False),
        sa.Column("agreed_how", _word("agreed_how", HER_WAYS), nullable=True),
        sa.Column("agreed_at", Utc(), nullable=True),
        _text("agreed_by", 80),
        _text("evidence", 300, nullable=False),
        sa.Column("given_at", Utc(), nullable=True),
        _text("given_by", 80),
        sa.Column("carried_how", _word("carried_how", HER_WAYS), nullable=True),
        sa.Column("carried_at", Utc(), nullable=True),
        _text("carried_by", 80),
        _text("loss_asked_by", 80),
        _text("loss_reason", 300, nullable=False),
        _text("written_off_by", 80),
        sa.Column("written_off_minor", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        _text("ended_by", 80),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_advance_{name}")) for name, rule in CHECKS.items()),
        sa.ForeignKeyConstraint(["assignment_id"], ["work_assignment.id"], name=op.f("fk_advance_assignment_id")),
        sa.ForeignKeyConstraint(["maker_id"], ["maker.id"], name=op.f("fk_advance_maker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advance")),
    )
    op.create_index(op.f("ix_advance_assignment_id"), "advance", ["assignment_id"])
    op.create_index(op.f("ix_advance_maker_id"), "advance", ["maker_id"])
    op.create_index("ix_advance_state_maker", "advance", ["state", "maker_id"])
    op.create_table(
        "deduction",
        sa.Column("id", KEY, nullable=False),
        sa.Column("payout_id", KEY, nullable=False),
        sa.Column("advance_id", KEY, nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        _text("currency", 3, nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_deduction_amount_positive")),
        sa.ForeignKeyConstraint(["advance_id"], ["advance.id"], name=op.f("fk_deduction_advance_id")),
        sa.ForeignKeyConstraint(["payout_id"], ["payout.id"], name=op.f("fk_deduction_payout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deduction")),
        sa.UniqueConstraint("payout_id", "advance_id", name=op.f("uq_deduction_payout_id_advance_id")),
    )
    op.create_index(op.f("ix_deduction_advance_id"), "deduction", ["advance_id"])
    _items(kept=True)


def downgrade() -> None:
    """What was kept back counts as paid out."""
    _items(kept=False)
    op.drop_table("deduction")
    op.drop_table("advance")


def _items(*, kept: bool) -> None:
    """Claims with or without the deduction that they are kept back for. SQLite makes the table anew, with its triggers."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA defer_foreign_keys = ON")
        _made_anew(kept=kept)
    elif kept:
        op.add_column("payout_item", sa.Column("deduction_id", KEY, nullable=True))
        op.create_foreign_key(op.f("fk_payout_item_deduction_id"), "payout_item", "deduction", ["deduction_id"], ["id"])
    if kept:
        op.create_index(op.f("ix_payout_item_deduction_id"), "payout_item", ["deduction_id"])
    elif op.get_bind().dialect.name != "sqlite":
        op.drop_column("payout_item", "deduction_id")


def _made_anew(*, kept: bool) -> None:
    names = "id, payout_id, earning_id, amount_minor, live"
    op.execute(f"CREATE TABLE kept_rows AS SELECT {names} FROM payout_item")  # noqa: S608  names of our own columns
    op.drop_table("payout_item")
    key = [sa.ForeignKeyConstraint(["deduction_id"], ["deduction.id"], name=op.f("fk_payout_item_deduction_id"))]
    op.create_table(
        "payout_item",
        sa.Column("id", KEY, nullable=False),
        sa.Column("payout_id", KEY, nullable=False),
        sa.Column("earning_id", KEY, nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        *([sa.Column("deduction_id", KEY, nullable=True)] if kept else []),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payout_item_amount_positive")),
        sa.ForeignKeyConstraint(["earning_id"], ["earning.id"], name=op.f("fk_payout_item_earning_id")),
        sa.ForeignKeyConstraint(["payout_id"], ["payout.id"], name=op.f("fk_payout_item_payout_id")),
        *(key if kept else []),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_item")),
    )
    op.execute(f"INSERT INTO payout_item ({names}) SELECT {names} FROM kept_rows ORDER BY id")  # noqa: S608  as above
    op.execute("DROP TABLE kept_rows")
    op.create_index("ix_payout_item_payout_id", "payout_item", ["payout_id"])
    live = sa.text("live = 1")
    op.create_index("ix_payout_item_live", "payout_item", ["earning_id", "amount_minor"], sqlite_where=live)
    for name, event in (("", "INSERT"), ("_later", "UPDATE")):
        op.execute(
            f"CREATE TRIGGER payout_item_within_earning{name} AFTER {event} ON payout_item WHEN NEW.live BEGIN"  # noqa: S608  words of ours
            " SELECT RAISE(ABORT, 'an earning is claimed for more than it is') WHERE"
            " (SELECT sum(amount_minor) FROM payout_item WHERE earning_id = NEW.earning_id AND live = 1)"
            " > (SELECT amount_minor FROM earning WHERE id = NEW.earning_id); END"
        )
