"""Accounts, and what moved between them: append-only, balanced by construction (money.md 3)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Currency, Id, Minor, Utc, one_of


class Account(Base):
    """A sum of money with a meaning. `floored` accounts carry their balance, in their own direction, never below zero.

    Free accounts carry only `folded_minor`, the balance up to transfer `folded_to`; nobody locks them.
    """

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("kind", "owner", "currency"),
        UniqueConstraint("id", "currency"),
        CheckConstraint("NOT floored OR balance_minor >= 0", name="floor"),
        CheckConstraint("floored OR balance_minor = 0", name="free_carries_no_balance"),
    )
    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str] = mapped_column(String(60), default="", index=True)
    currency: Mapped[Currency]
    side: Mapped[str] = mapped_column(one_of("side", "debit", "credit"))
    floored: Mapped[bool]
    balance_minor: Mapped[Minor] = mapped_column(default=0)
    folded_minor: Mapped[Minor] = mapped_column(default=0)
    folded_to: Mapped[Minor] = mapped_column(default=0)

    @property
    def name(self) -> str:
        """As in money.md: maker:7:available, bank:main, coop:costs."""
        head, _, tail = self.kind.partition(":")
        return ":".join(part for part in (head, self.owner, tail) if part)


class Posting(Base):
    """One event in the books. `key` names the thing that happened once. Never updated, never deleted (triggers)."""

    __tablename__ = "posting"
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    occurred_at: Mapped[datetime] = mapped_column(Utc)
    booked_on: Mapped[date] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(80))
    on_behalf_of: Mapped[str | None] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(80), default="", index=True)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("posting.id"))


class ClosedMonth(Base):
    """A month in which nothing is booked any more, with what was booked in it. Never changed, never opened again.

    `month` is its first day, `until` the first day of the next, which is open. `digest` is that of its journal.
    """

    __tablename__ = "closed_month"
    __table_args__ = (CheckConstraint("until > month", name="until_after"),)
    month: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date] = mapped_column(unique=True)
    postings: Mapped[int]
    transfers: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    closed_at: Mapped[datetime] = mapped_column(Utc)
    closed_by: Mapped[str] = mapped_column(String(80))


class CoverDay(Base):
    """What we had and owed at the end of a day, or so far today, as the worker last saw it (`ledger.queries.Cover`).

    `fund_minor` is the revolving fund's cash, which is none of it.
    """

    __tablename__ = "cover_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    currency: Mapped[Currency] = mapped_column(primary_key=True)
    bank_minor: Mapped[Minor]
    stripe_minor: Mapped[Minor]
    float_minor: Mapped[Minor]
    makers_minor: Mapped[Minor]
    others_minor: Mapped[Minor]
    fund_minor: Mapped[Minor]
    seen_at: Mapped[datetime] = mapped_column(Utc)

    @property
    def have_minor(self) -> int:
        return self.bank_minor + self.stripe_minor + self.float_minor

    @property
    def owe_minor(self) -> int:
        return self.makers_minor + self.others_minor

    @property
    def spare_minor(self) -> int:
        return self.have_minor - self.owe_minor


class Transfer(Base):
    """One sum from one account to another, in the currency of both. Never updated, never deleted (triggers)."""

    __tablename__ = "transfer"
    __table_args__ = (
        CheckConstraint("debit_id <> credit_id", name="two_accounts"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        ForeignKeyConstraint(["debit_id", "currency"], ["account.id", "account.currency"], name="fk_transfer_debit"),
        ForeignKeyConstraint(["credit_id", "currency"], ["account.id", "account.currency"], name="fk_transfer_credit"),
        Index("ix_transfer_debit_amount", "debit_id", "amount_minor"),
        Index("ix_transfer_credit_amount", "credit_id", "amount_minor"),
    )
    id: Mapped[Id]
    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id"), index=True)
    debit_id: Mapped[int]
    credit_id: Mapped[int]
    currency: Mapped[Currency]
    amount_minor: Mapped[Minor]


class Earning(Base):
    """A sum that became somebody's own: a maker's at acceptance, a broker's at delivery. Claimed by one live payout.

    `owner` is "maker:7", "broker:2" or "workshop:1"; `source` names what it is for, once.
    """

    __tablename__ = "earning"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount_positive"),)
    id: Mapped[Id]
    owner: Mapped[str] = mapped_column(String(60), index=True)
    source: Mapped[str] = mapped_column(String(120), unique=True)
    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id"), index=True)
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    available_at: Mapped[datetime] = mapped_column(Utc)
