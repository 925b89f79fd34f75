"""What is kept of the database is what would be read now, whoever writes, and however many read meanwhile."""

import threading
import time

import pytest
from sqlalchemy import bindparam, select, text, update

from shop.cart.models import ShippingRate
from shop.db import engine as bound
from shop.db import make_engine, reading_core, writing
from shop.home.queries import unchanged
from shop.home.queries.unchanged import rows_of

FEE = select(ShippingRate.fee_minor).where(ShippingRate.id == bindparam("id"))


@pytest.fixture
def rate(engine):
    """One number that the tests change."""
    with writing() as session:
        row = ShippingRate(country="*", fee_minor=0, second_fee_minor=0, currency="CNY", days_min=1, days_max=2)
        session.add(row)
        session.flush()
        return row.id


def fee(rate_id):
    with reading_core() as connection:
        return rows_of(connection, FEE, "fee", {"id": rate_id})[0].fee_minor


def write(rate_id, minor):
    with writing() as session:
        session.execute(update(ShippingRate).where(ShippingRate.id == rate_id).values(fee_minor=minor))


def test_an_unchanged_database_is_read_once_and_a_changed_one_again(rate, engine, statement_count):
    assert [fee(rate), fee(rate)] == [0, 0]
    statement_count.clear()
    assert fee(rate) == 0
    assert len(statement_count) == (0 if engine.dialect.name == "sqlite" else 1)
    write(rate, 7)
    assert fee(rate) == 7


def test_a_change_by_another_process_is_seen(rate, engine):
    assert fee(rate) == 0
    other = make_engine(engine.url.render_as_string(hide_password=False), pool=1)
    with other.execution_options(writing=True).begin() as connection:
        connection.execute(text("UPDATE shipping_rate SET fee_minor = 9"))
    other.dispose()
    assert fee(rate) == 9


def test_a_change_on_the_very_same_connection_is_seen(rate):
    with bound().connect() as connection:
        assert rows_of(connection, FEE, "fee", {"id": rate})[0].fee_minor == 0
        connection.rollback()
        connection.execute(text("UPDATE shipping_rate SET fee_minor = 3"))
        connection.commit()
        assert rows_of(connection, FEE, "fee", {"id": rate})[0].fee_minor == 3


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_an_old_transaction_sees_is_not_kept_as_new(rate):
    fee(rate)
    with bound().connect() as old:
        old.execute(select(ShippingRate.id)).all()  # its state is that of now
        write(rate, 5)
        assert fee(rate) == 5
        assert rows_of(old, FEE, "old", {"id": rate})[0].fee_minor == 0
    with reading_core() as connection:
        assert rows_of(connection, FEE, "old", {"id": rate})[0].fee_minor == 5


def _race(rate_id, seconds):
    """Readers while one writer counts up; how often a reader saw less than was committed before it began."""
    written, stale, stop = [0], [0], threading.Event()

    def read():
        while not stop.is_set():
            before = written[0]
            if fee(rate_id) < before:
                stale[0] += 1

    readers = [threading.Thread(target=read) for _ in range(6)]
    for one in readers:
        one.start()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        write(rate_id, written[0] + 1)
        written[0] += 1
        time.sleep(0.002)
    stop.set()
    for one in readers:
        one.join()
    return stale[0], written[0]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_no_reader_is_ever_behind_a_commit(rate):
    stale, written = _race(rate, 1.5)
    assert written > 10
    assert stale == 0


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_without_looking_readers_fall_behind(rate, monkeypatch):
    monkeypatch.setattr(unchanged, "_changes", lambda _connection: 1)
    stale, _written = _race(rate, 0.5)
    assert stale > 0
