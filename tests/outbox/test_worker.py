"""Running what is owed, in this process: order, failures, exactly once, rounds."""

import pytest
from sqlalchemy import select

from shop import clock
from shop.db import reading, writing
from shop.outbox import carrier, periodic, queries, services, worker
from shop.outbox.handlers import Hopeless, entry_for, handles
from shop.outbox.models import Heartbeat
from shop.outbox.services import owe
from shop.outbox.worker import run_due
from tests.outbox.conftest import make_due, row_of, states


@pytest.fixture
def round_of():
    """Register something periodic for this test alone."""
    known = []

    def register(seconds, name, doer, **how):
        periodic.every(seconds, name, **how)(doer)
        known.append(name)

    yield register
    for name in known:
        periodic.forget_round(name)


def test_due_jobs_run_in_order_each_once(app, owed, handler):
    ran = []
    handler("test.kind", lambda job: ran.append((job.key, job.payload)))
    owed("a", payload={"n": 1})
    owed("b", payload={"n": 2})
    assert run_due() == 2
    assert run_due() == 0
    assert ran == [("a", {"n": 1}), ("b", {"n": 2})]
    assert states() == {"a": "done", "b": "done"}


def test_a_poison_job_is_parked_after_its_tries_while_the_others_run(app, owed, handler, at):
    at("2026-11-20 09:00")
    tried = []

    def doer(job):
        tried.append(job.key)
        if job.key == "poison":
            raise ValueError("cannot be read")

    handler("test.kind", doer)
    owed("poison", "good")
    assert run_due() == 2
    assert states() == {"poison": "pending", "good": "done"}
    for day in range(21, 30):
        at(f"2026-11-{day} 09:00")
        run_due()
    assert tried.count("poison") == services.MOST_ATTEMPTS
    assert row_of("poison").state == "parked"
    assert row_of("poison").last_error == "ValueError: cannot be read"


def test_a_hopeless_job_and_one_nobody_knows_are_parked_at_once(app, owed, handler):
    def doer(job):
        raise Hopeless("the address is none")

    handler("test.kind", doer)
    owed("a")
    owed("b", kind="test.unheard")
    assert run_due() == 2
    assert states() == {"a": "parked", "b": "parked"}
    assert row_of("a").last_error == "the address is none"
    assert "no handler" in row_of("b").last_error


def test_a_handler_runs_outside_of_transactions_and_may_open_its_own(app, owed, handler):
    def doer(job):
        with writing() as session:
            owe(session, kind="test.next", key=f"after {job.key}", payload={})

    handler("test.kind", doer)
    handler("test.next", lambda job: None)
    owed("a")
    assert run_due() == 2
    assert states() == {"a": "done", "after a": "done"}


def test_running_jobs_inside_a_transaction_is_refused(app):
    with writing(), pytest.raises(RuntimeError, match="outside"):
        run_due()


def test_work_on_our_own_rows_is_undone_with_its_tick_and_happens_once(app, owed, handler):
    """A settling job shares its transaction with the tick-off: it cannot have happened and be tried again."""
    fail = [True]

    def doer(session, job):
        owe(session, kind="test.effect", key="effect", payload={})
        if fail.pop() if fail else False:
            raise RuntimeError("in the middle")

    handler("test.kind", doer, inside=True)
    owed("a")
    run_due(limit=1)
    assert states() == {"a": "pending"}
    make_due("a")
    run_due(limit=1, kinds=["test.kind"])
    assert states() == {"a": "done", "effect": "pending"}


def test_a_settling_job_whose_lease_was_lost_changes_nothing(app, owed, handler):
    effects = []
    handler("test.kind", lambda session, job: effects.append(job.key), inside=True)
    owed("a")
    with writing() as session:
        (job,) = services.lease(session, limit=1)
    stale = services.Job(job.id, job.kind, job.key, {}, attempts=job.attempts - 1)
    worker._settle(stale, entry_for("test.kind").inside, ())
    assert effects == []
    assert row_of("a").state == "leased"


def test_a_run_ends_at_its_limit(app, owed, handler):
    handler("test.kind", lambda job: None)
    owed(*"abcde")
    assert run_due(limit=3) == 3
    assert sorted(states().values()) == ["done", "done", "done", "pending", "pending"]


def test_a_job_costs_one_commit(app, owed, handler, statement_count):
    handler("test.kind", lambda job: None)
    owed(*(f"job:{n}" for n in range(10)))
    statement_count.clear()
    run_due()
    assert len(statement_count) <= 10 * 5 + 3


def test_two_functions_for_one_kind_are_refused(handler):
    handler("test.kind", lambda job: None)
    with pytest.raises(ValueError, match="two handlers"):
        handles("test.kind")(print)


def test_a_round_runs_once_for_two_schedulers_and_again_when_its_time_has_come(app, round_of, at):
    ran = []
    round_of(60, "test", lambda: ran.append(clock.now()))
    at("2026-11-20 09:00")
    assert periodic.run_round("test")
    assert not periodic.run_round("test")
    at("2026-11-20 09:00:59")
    assert not periodic.run_round("test")
    at("2026-11-20 09:01")
    assert periodic.run_round("test")
    assert len(ran) == 2


def test_after_a_day_off_a_round_runs_once(app, round_of, at):
    ran = []
    round_of(60, "test", lambda: ran.append(1))
    at("2026-11-20 09:00")
    periodic.run_round("test")
    at("2026-11-21 09:00")
    for _ in range(5):
        periodic.run_round("test")
    assert len(ran) == 2


def test_a_round_does_not_wait_for_days_that_the_clock_took_back(app, round_of, at):
    ran = []
    round_of(60, "test", lambda: ran.append(1))
    at("2026-11-28 09:00")
    periodic.run_round("test")
    at("2026-11-20 09:00")
    with reading() as session:
        assert "test" in periodic.due(queries.marks(session))
    assert periodic.run_round("test")


def test_a_round_with_nothing_to_do_costs_no_commit(app, round_of):
    asked = []
    round_of(1, "test", lambda: None, when=lambda: bool(asked))
    with reading() as session:
        assert "test" not in periodic.due(queries.marks(session))
    asked.append(1)
    with reading() as session:
        assert "test" in periodic.due(queries.marks(session))


class Bell:
    """Stands for Huey: takes down what was rung."""

    def __init__(self):
        self.hung = []

    def task(self, name):
        return lambda _fn: lambda *args: self.hung.append((name, *args))

    def pending_count(self):
        return len(self.hung)


def test_a_tick_rings_once_until_somebody_answers_and_shows_that_the_worker_lives(app, owed, round_of, at):
    at("2026-11-20 09:00")
    for name in periodic.names():
        with writing() as session:
            periodic.mark(session, name=periodic.PREFIX + name)
    bell = Bell()
    ticker = carrier.Ticker(carrier.Bells(app, bell))
    ticker.tick()
    assert bell.hung == []
    owed("a")
    round_of(5, "test", lambda: None)
    ticker.tick()
    ticker.tick()
    assert bell.hung == [("round", "test"), ("drain",)]
    bell.hung.clear()
    ticker.tick()
    assert ("drain",) in bell.hung
    with reading() as session:
        assert queries.worker_seen_at(session) == clock.now()
        assert session.scalar(select(Heartbeat.name).where(Heartbeat.name == "worker"))


def test_the_tick_of_an_idle_worker_only_reads(app, at, statement_count):
    at("2026-11-20 09:00")
    for name in periodic.names():
        with writing() as session:
            periodic.mark(session, name=periodic.PREFIX + name)
    ticker = carrier.Ticker(carrier.Bells(app, Bell()))
    ticker.tick()
    statement_count.clear()
    ticker.tick()
    assert statement_count.writes == []
    assert len(statement_count) <= 3
