"""The books: the worked example, keys, floors, what can never be changed, and what the audit sees."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shop import db
from shop.actor import WORKER
from shop.db import reading, writing
from shop.ledger.audit import audit, init_checks
from shop.ledger.chart import account, named
from shop.ledger.jobs import fold
from shop.ledger.models import Account
from shop.ledger.queries import balance, cover, movements, trial_balance
from shop.ledger.services import Draft, KeyReused, Move, Overdraft, post
from tests.ledger.worked_example import ROWS, TRIAL

init_checks()


def minor(yuan: str) -> int:
    whole, _, rest = yuan.partition(".")
    return int(whole) * 100 + int(rest)


def draft(key: str, *moves: tuple[str, str, int], **more) -> Draft:
    return Draft(key, key.partition(":")[0], "CNY", [Move(named(d), named(c), m) for d, c, m in moves], **more)


def put(key: str, *moves: tuple[str, str, int]):
    with writing() as session:
        return post(session, [draft(key, *moves)], by=WORKER)[0]


def kept(name: str) -> int:
    with reading() as session:
        return balance(session, named(name), "CNY")


def own_breaches(session) -> list[str]:
    return [breach.check for breach in audit(session) if breach.check.startswith(("ledger", "database"))]


def events() -> list[tuple[str, list[tuple[str, str, int]]]]:
    """The rows as postings; row 18 is one posting per payee."""
    found = []
    for key, moves in ROWS:
        sums = [(debit, credit, minor(amount)) for debit, credit, amount in moves]
        if "<payee>" not in key:
            found.append((key, sums))
            continue
        for payee in ("M1", "M2", "M3", "M4"):
            hers = [
                move for place, move in enumerate(sums) if f":{payee}:" in move[0] or (payee == "M1" and place == 1)
            ]
            found.append((key.replace("<payee>", payee), hers))
    return found


def test_the_worked_example_balances_after_every_row_and_ends_in_its_trial_balance(engine):
    for key, moves in events():
        assert put(key, *moves).fresh
        with reading() as session:
            rows = trial_balance(session, "CNY")
            assert sum(row.debit_minor for row in rows) == sum(row.credit_minor for row in rows)
            assert own_breaches(session) == []
    with reading() as session:
        found = {row.name: (row.debit_minor, row.credit_minor) for row in trial_balance(session, "CNY")}
    assert found == {name: (minor(debit), minor(credit)) for name, (debit, credit) in TRIAL.items()}
    assert sum(debit for debit, _ in found.values()) == minor("9798.00")


def test_rows_1_to_13_leave_what_each_person_is_owed(engine):
    for key, moves in events()[:13]:
        put(key, *moves)
    assert kept("maker:M1:available") == minor("236.00")
    assert [kept(f"maker:M{n}:available") for n in (2, 3, 4, 5)] == [5125, 3075, 4100, 42600]
    assert kept("broker:B1:available") == minor("58.72")
    assert kept("buyer:1001:credit") == 0
    assert kept("psp:stripe") == 93300 - 3187 - 34961


def test_the_same_event_again_writes_nothing(engine):
    first = put("pay:pi_1", ("psp:stripe", "buyer:1:credit", 500))
    again = put("pay:pi_1", ("psp:stripe", "buyer:1:credit", 500))
    assert (again.id, again.fresh) == (first.id, False)
    assert kept("buyer:1:credit") == 500


def test_a_known_key_with_other_contents_is_an_error(engine):
    put("pay:pi_1", ("psp:stripe", "buyer:1:credit", 500))
    with pytest.raises(KeyReused):
        put("pay:pi_1", ("psp:stripe", "buyer:1:credit", 501))
    assert kept("buyer:1:credit") == 500


def test_an_account_with_a_floor_never_falls_below_zero(engine):
    put("pay:pi_1", ("psp:stripe", "buyer:1:credit", 500))
    with pytest.raises(Overdraft) as refused:
        put("refund:1", ("buyer:1:credit", "psp:stripe", 501))
    assert refused.value.data == {"account": "buyer:1:credit", "short_minor": 1}
    assert kept("buyer:1:credit") == 500


def test_the_database_itself_refuses_a_balance_below_its_floor(engine):
    put("pay:pi_1", ("psp:stripe", "buyer:1:credit", 500))
    with pytest.raises(DBAPIError), writing() as session:
        session.execute(text("UPDATE account SET balance_minor = -1 WHERE kind = 'buyer:credit'"))


@pytest.mark.parametrize("table", ["posting", "transfer", "earning"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}"])
def test_what_is_booked_is_never_changed_and_never_deleted(engine, table, change):
    from shop.ledger.services import Earned

    with writing() as session:
        event = draft(
            "receipt:1", ("stock:1:pieces", "maker:1:available", 7), earned=[Earned("maker:1", "receipt:1", 7)]
        )
        post(session, [event], by=WORKER)
    with pytest.raises(DBAPIError, match="append-only"), writing() as session:
        session.execute(text(change.format(table)))


def test_on_sqlite_insert_or_replace_cannot_rewrite_history(engine):
    put("pay:pi_1", ("psp:stripe", "buyer:1:credit", 500))
    if engine.dialect.name == "sqlite":
        with pytest.raises(DBAPIError, match="append-only"), writing() as session:
            session.execute(
                text(
                    "INSERT OR REPLACE INTO transfer SELECT id, posting_id, debit_id, credit_id, currency, 1 FROM transfer"
                )
            )
    assert kept("buyer:1:credit") == 500


def test_an_account_keeps_its_name(engine):
    put("pay:pi_1", ("psp:stripe", "buyer:1:credit", 500))
    with pytest.raises(DBAPIError, match="append-only"), writing() as session:
        session.execute(text("UPDATE account SET owner = '2' WHERE kind = 'buyer:credit'"))


def test_one_unit_of_work_posts_once(engine):
    with pytest.raises(RuntimeError), writing() as session:
        post(session, [draft("a:1", ("psp:stripe", "buyer:1:credit", 1))], by=WORKER)
        post(session, [draft("a:2", ("psp:stripe", "buyer:1:credit", 1))], by=WORKER)
    assert kept("buyer:1:credit") == 0


def test_an_event_moves_a_positive_sum(engine):
    for wrong in ([], [("psp:stripe", "buyer:1:credit", 0)], [("psp:stripe", "buyer:1:credit", -5)]):
        with pytest.raises(ValueError, match="positive"), writing() as session:
            post(session, [draft("a:1", *wrong)], by=WORKER)


def test_opposite_transfers_at_once_neither_deadlock_nor_lose_a_cent(engine):
    for owner in ("1", "2"):
        put(f"open:{owner}", ("bank:main", f"maker:{owner}:available", 10_000))
    failures: list[BaseException] = []

    def run(worker: int) -> None:
        try:
            for turn in range(15):
                a, b = ("1", "2") if worker % 2 else ("2", "1")
                put(f"move:{worker}:{turn}", (f"maker:{a}:available", f"maker:{b}:available", 10))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]
    [each.start() for each in threads]
    [each.join(60) for each in threads]
    assert failures == []
    assert kept("maker:1:available") + kept("maker:2:available") == 20_000
    with reading() as session:
        assert own_breaches(session) == []


def test_forty_withdrawals_of_one_purse_pay_out_what_is_in_it(engine):
    put("open:1", ("bank:main", "maker:1:available", 500))
    done: list[str] = []

    def run(turn: int) -> None:
        try:
            put(f"payout:{turn}", ("maker:1:available", "bank:main", 100))
            done.append("paid")
        except Overdraft:
            done.append("refused")

    threads = [threading.Thread(target=run, args=(n,)) for n in range(40)]
    [each.start() for each in threads]
    [each.join(60) for each in threads]
    assert (done.count("paid"), done.count("refused")) == (5, 35)
    assert kept("maker:1:available") == 0


def test_folding_changes_no_balance_and_runs_again_harmlessly(engine):
    for turn in range(5):
        put(f"lot:{turn}", ("stock:1:materials", "bank:main", 100))
    put("order:1:paid", ("bank:main", "equity:opening", 1000))
    before = kept("bank:main")
    for _ in range(2):
        with writing() as session:
            fold(session)
        assert kept("bank:main") == before
    put("lot:9", ("stock:1:materials", "bank:main", 1))
    assert kept("bank:main") == before - 1
    with reading() as session:
        assert own_breaches(session) == []


def test_cover_is_what_we_have_less_what_we_owe(engine):
    put("open:1", ("bank:main", "equity:opening", 1000))
    put("receipt:1", ("stock:1:pieces", "maker:1:available", 400))
    with reading() as session:
        found = cover(session, "CNY")
    assert (found.have["bank"], found.owe["maker:available"], found.spare_minor) == (1000, 400, 600)


def test_the_audit_names_an_account_whose_sum_was_tampered_with(engine):
    put("pay:pi_1", ("psp:stripe", "buyer:1:credit", 500))
    with writing() as session:
        row = session.query(Account).filter_by(kind="buyer:credit").one()
        row.balance_minor = 501
    with reading() as session:
        found = [breach for breach in audit(session) if breach.check == "ledger.balance"]
    assert [breach.ids for breach in found] == [[row.id]]


def test_the_audit_sees_a_missing_trigger(engine):
    on = " ON transfer" if engine.dialect.name == "postgresql" else ""
    with pytest.raises(ZeroDivisionError), writing() as session:
        session.execute(text(f"DROP TRIGGER transfer_never_goes{on}"))
        found = [breach for breach in audit(session) if breach.check == "ledger.trigger_missing"]
        assert found[0].ids == ["transfer_never_goes"]
        raise ZeroDivisionError  # so that the trigger stays


def test_the_audit_sees_more_owed_than_there_is(engine):
    put("receipt:1", ("stock:1:pieces", "maker:1:available", 400))
    with reading() as session:
        found = [breach for breach in audit(session) if breach.check == "ledger.cover"]
    assert found[0].facts == {"short_minor": 400}


def test_movements_are_signed_in_the_accounts_own_direction(engine):
    put("open:1", ("bank:main", "maker:1:available", 500))
    put("payout:1", ("maker:1:available", "bank:main", 200))
    with reading() as session:
        row = session.query(Account).filter_by(kind="maker:available").one()
        assert [(move.minor, move.other) for move in movements(session, row.id)] == [
            (-200, "bank:main"),
            (500, "bank:main"),
        ]


def test_account_names_read_as_in_the_design():
    for name in (
        "bank:main",
        "maker:M1:available",
        "stock:pieces",
        "stock:1:pieces",
        "fund:loans:M1",
        "coop:costs",
        "deposits:12",
    ):
        assert str(named(name)) == name
    assert str(account("coop:commission:held", 3)) == "coop:3:commission:held"


def test_a_moment_without_a_zone_is_refused(engine):
    with pytest.raises(Exception, match="naive"), writing() as session:
        post(session, [draft("a:1", ("psp:stripe", "buyer:1:credit", 1), occurred_at=datetime(2026, 1, 1))], by=WORKER)
    assert db.holding() == ""
    assert datetime.now(UTC).tzinfo is UTC
