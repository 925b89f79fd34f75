"""A closed month: nothing is booked in it, what comes late stands in the next, and its files stay to the byte."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shop.actor import COMMAND
from shop.db import reading, writing
from shop.ledger.audit import DEEP, audit, init_checks
from shop.ledger.chart import account
from shop.ledger.closing import NotToClose, close_month, closed_months, oldest_open_month
from shop.ledger.journal import beancount, journal, standing_before
from shop.ledger.models import Posting
from shop.ledger.services import Draft, Move, post
from tests.people import FEN

SEP, OCT, NOV, DEC = (date(2026, number, 1) for number in (9, 10, 11, 12))
init_checks()


def book(key: str, *moves: Move, at: datetime | None = None) -> None:
    with writing() as session:
        post(session, [Draft(key, key.partition(":")[0], "CNY", list(moves), occurred_at=at)], by=COMMAND)


def close(month: date) -> None:
    with writing() as session:
        close_month(session, month=month, by=FEN)


def months() -> tuple[date | None, list[date]]:
    with reading() as session:
        return oldest_open_month(session), sorted(closed_months(session))


def files(month: date, until: date) -> bytes:
    with reading() as session:
        lines = list(journal(session, since=month, until=until))
        before, after = standing_before(session, month), standing_before(session, until)
        told = beancount(lines, since=month, until=until, before=before, after=after)
        return "\n".join([*map(repr, lines), *told]).encode()


@pytest.fixture
def october(app, at):
    """An opening in September, a payment in October; it is the third of November."""
    at("2026-09-20 03:00")
    book("open:1", Move(account("bank", "main"), account("equity:opening"), 100_000))
    at("2026-10-20 03:00")
    book("pay:pi_1", Move(account("psp:stripe"), account("buyer:credit", 1), 39_200))
    return at("2026-11-03 03:00")


def test_months_are_closed_one_after_the_other_once_they_are_over(october, at):
    for wrong in (OCT, NOV, date(2026, 8, 1), date(2026, 9, 2)):
        with pytest.raises(NotToClose):
            close(wrong)
    assert months() == (SEP, [])
    close(SEP)
    close(OCT)
    assert months() == (NOV, [SEP, OCT])
    for wrong in (SEP, OCT, NOV):
        with pytest.raises(NotToClose):
            close(wrong)
    at("2026-11-30 15:59")  # one minute before midnight at the co-op
    with pytest.raises(NotToClose):
        close(NOV)
    at("2026-11-30 16:00")
    close(NOV)


def test_what_comes_late_is_booked_in_the_first_open_month_and_closed_files_stay_to_the_byte(october):
    close(SEP)
    before = files(OCT, NOV)
    close(OCT)
    late = datetime(2026, 10, 31, 2, tzinfo=UTC)
    book("pay:pi_2", Move(account("psp:stripe"), account("buyer:credit", 2), 700), at=late)
    book("refund:1:re_1", Move(account("buyer:credit", 1), account("psp:stripe"), 9_200), at=late)
    book("pay:pi_1", Move(account("psp:stripe"), account("buyer:credit", 1), 39_200))  # the same event again
    assert files(OCT, NOV) == before
    with reading() as session:
        rows = dict(session.execute(text("SELECT key, booked_on FROM posting")).all())
        assert session.get_one(Posting, 3).occurred_at == late
        own = ("ledger", "database")
        assert [breach for breach in audit(session, deep=True) if breach.check.startswith(own)] == []
    assert [str(rows[key]) for key in ("pay:pi_1", "pay:pi_2", "refund:1:re_1")] == [
        "2026-10-20",
        "2026-11-01",
        "2026-11-01",
    ]


@pytest.mark.parametrize(
    ("attack", "refused"),
    [
        (
            """INSERT INTO posting (key, kind, occurred_at, booked_on, actor, source)
            VALUES ('x:1', 'x', '2026-10-02 00:00:00', '2026-10-31', 'system', '')""",
            "this month is closed",
        ),
        (
            """INSERT INTO transfer (posting_id, debit_id, credit_id, currency, amount_minor)
            SELECT posting_id, debit_id, credit_id, currency, 5 FROM transfer WHERE posting_id = 2""",
            "this month is closed",
        ),
        ("DELETE FROM closed_month", "append-only"),
        ("UPDATE closed_month SET until = '2026-10-01'", "append-only"),
    ],
)
def test_the_database_itself_refuses_a_closed_month_and_its_reopening(october, engine, attack, refused):
    close(SEP)
    close(OCT)
    with pytest.raises(DBAPIError, match=refused), engine.begin() as connection:
        connection.execute(text(attack))


def test_the_deep_audit_sees_a_journal_that_is_another(october, engine):
    close(SEP)
    close(OCT)
    with engine.connect() as connection, connection.begin() as transaction:
        on = " ON transfer" if engine.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER transfer_never_changes{on}"))
        connection.execute(text("UPDATE transfer SET amount_minor = amount_minor - 1 WHERE posting_id = 2"))
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            found = DEEP["ledger.closed_to_the_byte"](session)
        transaction.rollback()
    assert [(breach.check, breach.ids) for breach in found] == [("ledger.closed_to_the_byte", ["2026-10"])]
