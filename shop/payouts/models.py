"""Paying people: batches approved by a second person, payouts, and what the payee herself said of them."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Currency, Id, Minor, Utc, one_of

RAILS = ("cash", "bank_file", "vietqr", "wallet")
BY_BANK = ("bank_file", "vietqr", "wallet")
"""Rails whose money leaves our bank account and whose results come back by our reference. Cash leaves a broker's float."""

WALLETS = {"CNY": ("alipay", "wechat"), "VND": ("momo",)}
"""Electronic wallets by the currency they pay in; a wallet stands in a method as its bank."""

LONGEST_REASON = 300
"""Signs an officer has to say why a payout is ended."""

HER_WAYS = ("card", "coop_call")
"""Ways by which a maker agrees to an advance: on her own card's page, or in a call of the co-op. Never her broker's phone."""


class PayoutMethod(Base):
    """How a payee wants her money. A new way is a new row; `live` is the last one written down.

    `watched` sends money elsewhere than before: it pays from `good_from` on, until then the way before it does, and large
    sums go by it only once a second person said yes. A way without `good_from` was taken back before it paid anything.
    `heir` is who is paid in her stead, on `evidence`, and always with a second person's yes.
    """

    __tablename__ = "payout_method"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> set_by", name="two_persons"),
        CheckConstraint("heir = '' OR evidence <> ''", name="heir_evidenced"),
        Index("uq_payout_method_live", "payee", unique=True, sqlite_where=text("live"), postgresql_where=text("live")),
    )
    id: Mapped[Id]
    payee: Mapped[str] = mapped_column(String(60), index=True)
    rail: Mapped[str] = mapped_column(one_of("rail", *RAILS))
    holder: Mapped[str] = mapped_column(String(120), default="")
    bank: Mapped[str] = mapped_column(String(120), default="")
    bank_code: Mapped[str] = mapped_column(String(20), default="", server_default="")
    account: Mapped[str] = mapped_column(String(40), default="")
    live: Mapped[bool] = mapped_column(default=True)
    set_by: Mapped[str] = mapped_column(String(80))
    set_at: Mapped[datetime] = mapped_column(Utc)
    watched: Mapped[bool] = mapped_column(default=False, server_default=false())
    good_from: Mapped[datetime | None] = mapped_column(Utc)
    approved_by: Mapped[str | None] = mapped_column(String(80))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    heir: Mapped[str] = mapped_column(String(120), default="", server_default="")
    evidence: Mapped[str] = mapped_column(String(LONGEST_REASON), default="", server_default="")


class PaySettings(Base):
    """How the co-op pays: from which account, by which bank's sheet, and when. No row is the defaults."""

    __tablename__ = "pay_settings"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("every_weeks BETWEEN 1 AND 4", name="weeks_sane"),
        CheckConstraint("cut_off_days BETWEEN 0 AND 6 AND cut_off_hour BETWEEN 0 AND 23", name="cut_off_sane"),
        CheckConstraint("account_wait_days BETWEEN 0 AND 30", name="wait_sane"),
        CheckConstraint("account_limit_minor >= 0", name="limit_sane"),
    )
    id: Mapped[Id]
    bank_profile: Mapped[str] = mapped_column(String(40), default="")
    payer_name: Mapped[str] = mapped_column(String(120), default="")
    payer_account: Mapped[str] = mapped_column(String(40), default="")
    payer_bank: Mapped[str] = mapped_column(String(120), default="")
    payer_bank_code: Mapped[str] = mapped_column(String(20), default="")
    every_weeks: Mapped[int] = mapped_column(default=1)
    counted_from: Mapped[date | None]
    cut_off_days: Mapped[int | None]
    cut_off_hour: Mapped[int] = mapped_column(default=0)
    drafts_itself: Mapped[bool] = mapped_column(default=False)
    account_wait_days: Mapped[int] = mapped_column(default=3, server_default="3")
    account_limit_minor: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(default=1)


class PayerChange(Base):
    """Another account for the co-op to pay from: waits, may need a second person, then is taken up, or is dropped."""

    __tablename__ = "payer_change"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> set_by", name="two_persons"),
        Index(
            "uq_payer_change_open",
            "is_open",
            unique=True,
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
    )
    id: Mapped[Id]
    payer_name: Mapped[str] = mapped_column(String(120))
    payer_account: Mapped[str] = mapped_column(String(40))
    payer_bank: Mapped[str] = mapped_column(String(120))
    payer_bank_code: Mapped[str] = mapped_column(String(20))
    set_by: Mapped[str] = mapped_column(String(80))
    set_at: Mapped[datetime] = mapped_column(Utc)
    good_from: Mapped[datetime] = mapped_column(Utc)
    approved_by: Mapped[str | None] = mapped_column(String(80))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    is_open: Mapped[bool] = mapped_column(default=True)
    ended_as: Mapped[str | None] = mapped_column(one_of("ended_as", "taken_up", "dropped"))
    ended_by: Mapped[str | None] = mapped_column(String(80))
    ended_at: Mapped[datetime | None] = mapped_column(Utc)


class PayoutBatch(Base):
    """One pay day. Whoever drafted it never approves it."""

    __tablename__ = "payout_batch"
    __table_args__ = (
        CheckConstraint("approved_by IS NULL OR approved_by <> drafted_by", name="two_persons"),
        CheckConstraint(
            "state = 'drafted' OR state = 'cancelled' OR approved_by IS NOT NULL", name="approved_before_sent"
        ),
    )
    id: Mapped[Id]
    number: Mapped[int] = mapped_column(unique=True)
    pay_on: Mapped[date]
    state: Mapped[str] = mapped_column(one_of("state", "drafted", "approved", "cancelled"), default="drafted")
    currency: Mapped[Currency]
    drafted_by: Mapped[str] = mapped_column(String(80))
    drafted_at: Mapped[datetime] = mapped_column(Utc)
    approved_by: Mapped[str | None] = mapped_column(String(80))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    cancelled_by: Mapped[str | None] = mapped_column(String(80))
    cancelled_at: Mapped[datetime | None] = mapped_column(Utc)


class Payout(Base):
    """What one payee gets in one batch. `sent` is not received: only `confirmed` is called paid (product.md 1.6)."""

    __tablename__ = "payout"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        Index("uq_payout_payee_attempt", "batch_id", "payee", "attempt", unique=True),
        Index("ix_payout_state_sent", "state", "sent_at"),
    )
    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey("payout_batch.id"))
    payee: Mapped[str] = mapped_column(String(60), index=True)
    broker_id: Mapped[int | None] = mapped_column(ForeignKey("broker.id"), index=True)
    attempt: Mapped[int] = mapped_column(default=1)
    reference: Mapped[str] = mapped_column(String(30), unique=True)
    rail: Mapped[str] = mapped_column(one_of("rail", *RAILS))
    holder: Mapped[str] = mapped_column(String(120), default="")
    bank: Mapped[str] = mapped_column(String(120), default="")
    bank_code: Mapped[str] = mapped_column(String(20), default="", server_default="")
    account: Mapped[str] = mapped_column(String(40), default="")
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    state: Mapped[str] = mapped_column(
        one_of("state", "drafted", "approved", "sent", "acknowledged", "confirmed", "failed", "returned", "cancelled"),
        default="drafted",
    )
    sent_at: Mapped[datetime | None] = mapped_column(Utc)
    sent_by: Mapped[str | None] = mapped_column(String(80))
    closed_at: Mapped[datetime | None] = mapped_column(Utc)


class PayoutItem(Base):
    """An earning claimed by a payout, whole, or in part where cash ends at whole notes (money.md 4).

    Live claims of an earning never exceed it (trigger `payout_item_within_earning`), or somebody would be paid twice.
    """

    __tablename__ = "payout_item"
    __table_args__ = (
        # SQLite takes a partial index only for the very condition that is asked, which is `live = 1`
        Index(
            "ix_payout_item_live",
            "earning_id",
            "amount_minor",
            sqlite_where=text("live = 1"),
            postgresql_where=text("live"),
        ),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
    )
    id: Mapped[Id]
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"), index=True)
    earning_id: Mapped[int] = mapped_column(ForeignKey("earning.id"))
    amount_minor: Mapped[Minor]
    deduction_id: Mapped[int | None] = mapped_column(ForeignKey("deduction.id"), index=True)
    live: Mapped[bool] = mapped_column(default=True)


class Confirmation(Base):
    """What was said of a payout, by which route, how strongly. Append-only; a later, stronger one is a further row.

    `device` tells one phone or browser from another and says nothing else of it.
    """

    __tablename__ = "confirmation"
    __table_args__ = (
        Index("uq_confirmation_kind", "payout_id", "strength", "route", unique=True),
        Index("ix_confirmation_device", "device", "at"),
    )
    id: Mapped[Id]
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"), index=True)
    strength: Mapped[str] = mapped_column(one_of("strength", "self", "witnessed"))
    route: Mapped[str] = mapped_column(one_of("route", "sms", "card", "account", "coop_call", "pin", "signature"))
    evidence: Mapped[str] = mapped_column(Text, default="")
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    device: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc)
    by: Mapped[str] = mapped_column(String(80))


class SpotCall(Base):
    """A call the co-op owes after a witnessed confirmation (money.md 4); its answer may confirm or open a case."""

    __tablename__ = "spot_call"
    id: Mapped[Id]
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"), unique=True)
    drawn_at: Mapped[datetime] = mapped_column(Utc)
    answer: Mapped[str | None] = mapped_column(
        one_of("answer", "received", "not_received", "less_received", "not_reached")
    )
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    answered_by: Mapped[str | None] = mapped_column(String(80))


class IncomingSms(Base):
    """A text message from a phone, as the gateway handed it over; `key` makes a replay harmless."""

    __tablename__ = "incoming_sms"
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    number: Mapped[str] = mapped_column(String(20), index=True)
    body: Mapped[str] = mapped_column(String(500))
    received_at: Mapped[datetime] = mapped_column(Utc)
    outcome: Mapped[str] = mapped_column(String(60), default="")


class Advance(Base):
    """Pay before the work, without interest: at most half of a slip, agreed by her, given by the co-op (money.md 4).

    It comes back out of her pay for that slip, in the same share as the slip's pieces are accepted; `slip_minor` is what the
    whole slip was to pay when it was given. What the slip does not
    cover is carried on only at her new word, else written off by two persons.
    """

    __tablename__ = "advance"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("given_by IS NULL OR (given_by <> asked_by AND given_by <> agreed_by)", name="two_persons"),
        CheckConstraint("state IN ('asked', 'refused') OR agreed_by IS NOT NULL", name="agreed_by_her"),
        CheckConstraint("state IN ('asked', 'agreed', 'refused') OR given_by IS NOT NULL", name="given_by_somebody"),
        CheckConstraint("written_off_by IS NULL OR written_off_by <> loss_asked_by", name="loss_by_two"),
        CheckConstraint("written_off_minor BETWEEN 0 AND amount_minor", name="loss_within"),
        Index("ix_advance_state_maker", "state", "maker_id"),
    )
    id: Mapped[Id]
    maker_id: Mapped[int] = mapped_column(ForeignKey("maker.id"), index=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("work_assignment.id"), index=True)
    slip_minor: Mapped[Minor]
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    state: Mapped[str] = mapped_column(
        one_of("state", "asked", "agreed", "refused", "given", "settled", "written_off"), default="asked"
    )
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(Utc)
    agreed_how: Mapped[str | None] = mapped_column(one_of("agreed_how", *HER_WAYS))
    agreed_at: Mapped[datetime | None] = mapped_column(Utc)
    agreed_by: Mapped[str | None] = mapped_column(String(80))
    evidence: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    given_at: Mapped[datetime | None] = mapped_column(Utc)
    given_by: Mapped[str | None] = mapped_column(String(80))
    carried_how: Mapped[str | None] = mapped_column(one_of("carried_how", *HER_WAYS))
    carried_at: Mapped[datetime | None] = mapped_column(Utc)
    carried_by: Mapped[str | None] = mapped_column(String(80))
    loss_asked_by: Mapped[str | None] = mapped_column(String(80))
    loss_reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    written_off_by: Mapped[str | None] = mapped_column(String(80))
    written_off_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_by: Mapped[str | None] = mapped_column(String(80))


class Deduction(Base):
    """What a payout keeps back of her pay, as she agreed. A payout that comes back leaves it; a cancelled one undoes it."""

    __tablename__ = "deduction"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        UniqueConstraint("payout_id", "advance_id"),
    )
    id: Mapped[Id]
    payout_id: Mapped[int] = mapped_column(ForeignKey("payout.id"))
    advance_id: Mapped[int] = mapped_column(ForeignKey("advance.id"), index=True)
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    live: Mapped[bool] = mapped_column(default=True)


class StatementRun(Base):
    """Statements of a broker's whole group on paper, made by the worker part by part: `done` of `total` so far.

    `lang` "" is each maker's own. `token` names its folder; `last_maker_id` is where the next part goes on.
    """

    __tablename__ = "statement_run"
    __table_args__ = (
        CheckConstraint("total > 0 AND done BETWEEN 0 AND total", name="done_within"),
        CheckConstraint("since <= until", name="days_in_order"),
    )
    id: Mapped[Id]
    broker_id: Mapped[int] = mapped_column(ForeignKey("broker.id"), index=True)
    since: Mapped[date]
    until: Mapped[date]
    lang: Mapped[str] = mapped_column(String(2), default="")
    token: Mapped[str] = mapped_column(String(40), unique=True)
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    parts: Mapped[int] = mapped_column(default=0)
    last_maker_id: Mapped[int | None] = mapped_column(BigInteger)
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(Utc)
    finished_at: Mapped[datetime | None] = mapped_column(Utc)
