"""Owing, leasing, trying again, parking: the rows of the outbox, on both databases."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import text

from shop import clock
from shop.db import reading, writing
from shop.errors import NotFound
from shop.outbox import queries, services
from shop.outbox.services import Job, done, failed, lease, owe, pull_back, renew, still_ours, unpark
from tests.outbox.conftest import row_of, states


def take(limit: int = 10, **how) -> list[Job]:
    with writing() as session:
        return lease(session, limit=limit, **how)


def fail(job: Job, **how) -> bool:
    with writing() as session:
        return failed(session, job, "no", **how)


def finish(job: Job, **how) -> bool:
    with writing() as session:
        return done(session, job, **how)


def test_the_same_key_is_owed_once_and_keeps_its_first_contents(engine, owed):
    owed("letter:1", payload={"n": 1})
    owed("letter:1", payload={"n": 2})
    owed("letter:1", "letter:1", payload={"n": 3})
    assert states() == {"letter:1": "pending"}
    assert row_of("letter:1").payload == {"n": 1}


def test_what_a_rolled_back_unit_of_work_owed_is_not_owed(engine):
    def broken() -> None:
        with writing() as session:
            owe(session, kind="test.kind", key="never", payload={})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert states() == {}


@pytest.mark.parametrize("key", ["", "k" * 161])
def test_a_key_that_only_one_database_would_keep_is_refused(engine, key):
    with pytest.raises(ValueError, match="160"), writing() as session:
        owe(session, kind="test.kind", key=key, payload={})


def test_a_longest_key_and_all_scripts_are_kept(engine, owed):
    owed("键" * 160, payload={"text": "绣 thêu 😀 \u0000"})
    assert row_of("键" * 160).payload == {"text": "绣 thêu 😀 \u0000"}


def test_jobs_are_leased_oldest_first_and_only_when_due(engine, owed, at):
    at("2026-11-20 09:00")
    owed("later", due_at=clock.now() + timedelta(days=8))
    owed("first")
    owed("second")
    owed("earlier", due_at=clock.now() - timedelta(hours=1))
    assert [job.key for job in take()] == ["earlier", "first", "second"]
    assert take() == []
    at("2026-11-28 09:00")
    assert [job.key for job in take()] == ["later"]


def test_a_lease_is_bounded_and_may_be_for_some_kinds_only(engine, owed):
    owed("a", "b", "c", kind="test.one")
    owed("d", kind="test.two")
    assert [job.key for job in take(5, kinds=["test.two"])] == ["d"]
    assert [job.key for job in take(2)] == ["a", "b"]


def test_a_leased_job_is_nobody_elses_until_its_lease_runs_out(engine, owed, monkeypatch):
    owed("a")
    monkeypatch.setattr(services, "LEASE", timedelta(seconds=-1))
    (first,) = take()
    monkeypatch.undo()
    (second,) = take()
    assert (first.attempts, second.attempts) == (1, 2)
    assert take() == []
    assert not finish(first), "whose lease ran out cannot tick it off"
    assert not fail(first)
    assert row_of("a").state == "leased"
    assert finish(second)
    assert row_of("a").state == "done"


def test_a_renewed_lease_holds_and_a_lost_one_is_not_ours(engine, owed, monkeypatch):
    owed("a")
    monkeypatch.setattr(services, "LEASE", timedelta(seconds=-1))
    (job,) = take()
    monkeypatch.undo()
    with writing() as session:
        renew(session, [job])
    assert take() == []
    with writing() as session:
        assert still_ours(session, job)
        assert not still_ours(session, Job(job.id, job.kind, job.key, {}, attempts=7))


def test_the_demos_jump_by_eight_days_takes_no_running_job_away(engine, owed, at):
    at("2026-11-20 09:00")
    owed("a")
    assert len(take()) == 1
    at("2026-11-28 09:00")
    assert take() == []


def test_a_failing_job_is_tried_ever_later_and_parked_after_eight_tries(engine, owed, at):
    moment = at("2026-11-20 09:00")
    owed("a")
    pauses = []
    for _ in range(7):
        (job,) = take()
        assert fail(job)
        row = row_of("a")
        assert row.state == "pending"
        pauses.append(int((row.due_at - moment).total_seconds()))
        moment = row.due_at
        assert take() == [], "not before its time"
        clock.stand_at(moment)
    assert pauses == [30, 120, 480, 1920, 7680, 30720, 86400]
    (job,) = take()
    assert job.attempts == services.MOST_ATTEMPTS
    fail(job)
    assert row_of("a").state == "parked"
    clock.stand_at(moment + timedelta(days=365))
    assert take() == []


def test_a_hopeless_job_is_parked_at_once_and_keeps_why(engine, owed):
    owed("a")
    (job,) = take()
    with writing() as session:
        failed(session, job, "refused\x00" + "x" * 900, hopeless=True)
    row = row_of("a")
    assert row.state == "parked"
    assert row.last_error.startswith("refusedx")
    assert len(row.last_error) == 500


def test_a_parked_job_can_be_tried_anew_with_all_its_tries_and_only_once(engine, owed):
    owed("a")
    (job,) = take()
    fail(job, hopeless=True)
    with writing() as session:
        unpark(session, row_id=job.id)
    with pytest.raises(NotFound), writing() as session:
        unpark(session, row_id=job.id)
    (again,) = take()
    assert again.attempts == 1


def test_a_job_that_kills_its_worker_every_time_is_parked_and_the_others_go_on(engine, owed, monkeypatch):
    owed("killer")
    monkeypatch.setattr(services, "LEASE", timedelta(seconds=-1))
    for _ in range(services.MOST_ATTEMPTS):
        assert [job.key for job in take(1)] == ["killer"]
    owed("innocent")
    assert [job.key for job in take()] == ["innocent"]
    assert row_of("killer").state == "parked"
    assert "every worker" in row_of("killer").last_error


def test_what_is_to_be_forgotten_is_gone_once_it_is_done(engine, owed):
    owed("a", payload={"to": "anna@demo.example", "facts": {"token": "s3cret"}})
    (job,) = take()
    assert job.payload["facts"] == {"token": "s3cret"}
    finish(job, forget=("facts",))
    assert row_of("a").payload == {"to": "anna@demo.example"}


def test_twenty_jobs_and_six_lessees_at_once_are_leased_once_each(engine, owed):
    owed(*(f"job:{n}" for n in range(20)))
    got: list[str] = []

    def work() -> None:
        while jobs := take(3):
            got.extend(job.key for job in jobs)

    crowd = [threading.Thread(target=work) for _ in range(6)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join(30)
    assert sorted(got) == sorted(f"job:{n}" for n in range(20))


def test_after_the_clock_went_back_what_was_owed_in_lost_days_keeps_its_distance(engine, owed, at):
    at("2026-11-28 09:00")
    owed("now", "then", due_at=None)
    owed("in three days", due_at=clock.now() + timedelta(days=3))
    (job, _other) = take(2)
    fail(job)
    clock.stand_at(clock.now() - timedelta(days=8))
    with writing() as session:
        assert pull_back(session, by=timedelta(days=8)) == 2
    assert row_of("now").due_at - clock.now() == timedelta(seconds=30)
    assert row_of("in three days").due_at - clock.now() == timedelta(days=3)


def test_the_backlog_tells_how_far_the_worker_is_behind(engine, owed, at):
    at("2026-11-20 09:00")
    owed("parked")
    fail(take()[0], hopeless=True)
    owed("a", "b")
    owed("tomorrow", due_at=clock.now() + timedelta(days=1))
    at("2026-11-20 09:06")
    with reading() as session:
        found = queries.backlog(session)
        assert queries.anything_to_do(session)
        assert [row.key for row in queries.rows(session)] == ["parked"]
    assert (found.due, found.parked, found.seen_at) == (2, 1, None)
    assert found.stalled
    take()
    with reading() as session:
        assert not queries.anything_to_do(session)
        assert not queries.backlog(session).stalled


def test_with_a_hundred_thousand_jobs_a_look_and_an_owing_stay_short(engine):
    with writing() as session:
        session.execute(
            text(
                "INSERT INTO outbox (kind, key, payload, state, attempts, due_at, last_error, created_at)"
                " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
                " SELECT 'test.kind', 'bulk:' || i, '{}', CASE WHEN i % 2 = 0 THEN 'done' ELSE 'pending' END, 0,"
                " '2026-01-01 00:00:00', '', '2026-01-01 00:00:00' FROM n"
            )
        )
    if engine.dialect.name == "postgresql":
        with writing() as session:
            session.execute(text("ANALYZE outbox"))
    began = time.perf_counter()
    with reading() as session:
        assert queries.anything_to_do(session)
        assert queries.backlog(session).due == queries.COUNTED
    with writing() as session:
        owe(session, kind="test.kind", key="one more", payload={})
        assert len(lease(session, limit=1)) == 1
    assert time.perf_counter() - began < 0.25
