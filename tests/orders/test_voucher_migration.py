"""Orders that had a voucher before there was a table of them keep it, as one use of one voucher that is over."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop import db, schema
from shop.orders.checks import vouchers as checks
from tests.support import databases

GROUP = """
    INSERT INTO order_group (id, number, secret, key, state, email, name, phone, street, city, region, postcode, country,
        note, lang, currency, goods_minor, shipping_minor, tax_minor, voucher_minor, total_minor, placed_at, expires_at,
        paid_at)
    VALUES (:id, :id_text, :id_text, :id_text, :state, 'Anna@Example.org', 'Anna', '', '', '', '', '', 'GB', '', 'en',
        'CNY', 39200, 0, 0, :given, 39200 - :given, '2026-11-01 09:00:00', '2026-11-01 09:45:00', :paid)
"""


@pytest.fixture(params=databases.KINDS)
def before(request, tmp_path):
    """A database of the release before."""
    url = f"sqlite:///{tmp_path}/before.sqlite3" if request.param == "sqlite" else databases.empty_postgres("before")
    made = db.make_engine(url)
    schema.upgrade(made, "0010")
    yield made
    made.dispose()


def orders(engine, *rows):
    with engine.begin() as connection:
        for place, (state, given, paid) in enumerate(rows, 1):
            facts = {"id": place, "id_text": f"o{place}", "state": state, "given": given, "paid": paid}
            connection.execute(text(GROUP), facts)


def test_earlier_gifts_become_uses_of_one_voucher_that_is_over(before):
    orders(before, ("paid", 2000, "2026-11-01 09:10:00"), ("cancelled", 900, None), ("placed", 0, None))
    schema.upgrade(before)
    with before.connect() as connection:
        voucher = connection.execute(text("SELECT code, amount_minor, used, ended_at FROM voucher")).one()
        uses = connection.execute(text("SELECT group_id, buyer, freed_at FROM voucher_use ORDER BY group_id")).all()
        assert (voucher.code, voucher.amount_minor, voucher.used) == ("EARLIER", 2000, 1)
        assert voucher.ended_at is not None
        assert [(use.group_id, use.buyer) for use in uses] == [(1, "anna@example.org"), (2, "anna@example.org")]
        assert [use.freed_at is None for use in uses] == [True, False]
        with Session(connection) as session:
            assert [*checks._uses(session), *checks._limits(session)] == []


def test_a_shop_without_gifts_gets_no_voucher(before):
    orders(before, ("paid", 0, "2026-11-01 09:10:00"))
    schema.upgrade(before)
    with before.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM voucher")).scalar() == 0


@pytest.mark.parametrize(("minor", "fine"), [(0, True), (-1, False)])
def test_a_refund_of_nothing_may_stand_and_one_below_it_never(before, minor, fine):
    orders(before, ("paid", 0, "2026-11-01 09:10:00"))
    schema.upgrade(before)
    row = text(
        "INSERT INTO refund (group_id, key, reason, state, amount_minor, currency, payment_intent, decided_by, decided_at)"
        " VALUES (1, 'k', 'cancelled', 'sent', :minor, 'CNY', '', 'user:1', '2026-11-02 09:00:00')"
    )
    with before.begin() as connection:
        if fine:
            connection.execute(row, {"minor": minor})
            return
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.execute(row, {"minor": minor})
