"""Real worker processes: killed in the middle, two side by side, ended by SIGTERM, cut off from database and Redis."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from config import ROOT
from shop.db import reading, writing
from shop.outbox import queries
from shop.outbox.models import OutboxRow
from shop.outbox.services import owe
from tests.outbox.fake_redis import FakeRedis
from tests.support.running import bare_environment


class Worker:
    """One process."""

    def __init__(self, instance: Path, url: str, redis_url: str = "") -> None:
        self.log = (instance / f"worker-{time.monotonic_ns()}.log").open("w+")
        words = [sys.executable, "-m", "tests.outbox.real_worker", str(instance), url, redis_url]
        self.process = subprocess.Popen(
            words, cwd=ROOT, env=bare_environment(), stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL
        )

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and wait; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(20)

    def said(self) -> str:
        """Its log."""
        self.log.flush()
        return Path(self.log.name).read_text()


@pytest.fixture
def instance(tmp_path) -> Path:
    folder = tmp_path / "instance"
    folder.mkdir()
    return folder


@pytest.fixture
def start(engine, instance) -> Iterator[Callable[..., Worker]]:
    """Start workers on the test's database; what is left of them ends with the test."""
    made: list[Worker] = []

    def go(redis_url: str = "") -> Worker:
        made.append(Worker(instance, engine.url.render_as_string(hide_password=False), redis_url))
        return made[-1]

    yield go
    for one in made:
        if one.process.poll() is None:
            one.end(signal.SIGKILL)
        one.log.close()


def put(kind: str, count: int, seconds: float, start: int = 0) -> None:
    with writing() as session:
        for n in range(start, start + count):
            owe(session, kind=kind, key=f"{kind}:{n}", payload={"seconds": seconds})


def tally() -> Counter:
    with reading() as session:
        rows = session.execute(select(OutboxRow.kind, OutboxRow.state, func.count()).group_by("kind", "state"))
        return Counter({(kind, state): count for kind, state, count in rows})


def wait_for(what: Callable[[], bool], workers: list[Worker], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, f"{tally()}\n" + "\n".join(one.said()[-3000:] for one in workers)
        time.sleep(0.05)


def all_done(*kinds: str) -> bool:
    found = tally()
    return not any(kind in kinds and state != "done" for kind, state in found)


def effects() -> Counter:
    with reading() as session:
        keys = session.scalars(select(OutboxRow.key).where(OutboxRow.kind == "test.effect")).all()
    return Counter(key.rsplit(":", 1)[0] for key in keys)


def beginnings(instance: Path) -> Counter:
    return Counter(file.name.split(".")[0] + "." + file.name.split(".")[1] for file in (instance / "begun").iterdir())


def test_a_worker_killed_in_the_middle_again_and_again_loses_nothing_and_does_nothing_twice(start, instance):
    put("test.settle", 40, 0.06)
    put("test.slow", 10, 0.06)
    for done in (4, 16):
        worker = start()
        wait_for(lambda done=done: tally()["test.settle", "done"] >= done, [worker])
        assert worker.end(signal.SIGKILL) == -signal.SIGKILL
        assert not all_done("test.settle", "test.slow")
    worker = start()
    wait_for(lambda: all_done("test.settle", "test.slow", "test.effect"), [worker])
    assert worker.end() == 0
    assert set(effects().values()) == {1}
    assert len(effects()) == 40
    assert len(beginnings(instance)) == 50
    assert sum(beginnings(instance).values()) > 50, "the kills did fall into the middle of work"


def test_two_workers_side_by_side_begin_each_job_once(start, instance):
    workers = [start(), start()]
    wait_for(lambda: all((instance / f"up.{one.process.pid}").exists() for one in workers), workers)
    put("test.slow", 40, 0.1)
    put("test.settle", 20, 0.01)
    wait_for(lambda: all_done("test.slow", "test.settle", "test.effect"), workers)
    assert [one.end() for one in workers] == [0, 0]
    assert set(beginnings(instance).values()) == {1}
    assert len(beginnings(instance)) == 60
    assert len({file.name.split(".")[2] for file in (instance / "begun").iterdir()}) == 2, "both took part"
    assert set(effects().values()) == {1}


def test_a_job_longer_than_its_lease_stays_with_the_worker_that_is_at_it(start, instance):
    workers = [start(), start()]
    wait_for(lambda: all((instance / f"up.{one.process.pid}").exists() for one in workers), workers)
    put("test.slow", 2, 2.2)
    wait_for(lambda: all_done("test.slow"), workers)
    assert set(beginnings(instance).values()) == {1}


def test_sigterm_lets_the_running_job_end_and_takes_no_other(start, instance):
    put("test.slow", 12, 1.0)
    worker = start()
    wait_for(lambda: (instance / "begun").exists() and len(beginnings(instance)) > 0, [worker])
    assert worker.end() == 0
    found = tally()
    assert found["test.slow", "leased"] == 0
    assert found["test.slow", "done"] == len(beginnings(instance)) > 0
    assert found["test.slow", "pending"] > 0


def test_a_job_that_hangs_does_not_hold_up_the_others(start, instance):
    put("test.slow", 1, 20.0)
    worker = start()
    wait_for((instance / "begun").exists, [worker])
    put("test.slow", 5, 0.0, start=1)
    wait_for(lambda: tally()["test.slow", "done"] == 5, [worker], seconds=10)
    assert worker.end(signal.SIGKILL)


def test_a_worker_shows_that_it_lives(start):
    def seen() -> bool:
        with reading() as session:
            return queries.worker_seen_at(session) is not None

    assert not seen()
    worker = start()
    wait_for(seen, [worker])


BACKENDS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_worker_whose_database_connections_are_cut_goes_on_by_itself(start, engine):
    with engine.connect() as connection:
        ours = set(connection.scalars(text(BACKENDS)))
    put("test.slow", 3, 0.0)
    worker = start()
    wait_for(lambda: all_done("test.slow"), [worker])
    cut = 0
    for _ in range(3):
        with engine.connect() as connection:
            for pid in set(connection.scalars(text(BACKENDS))) - ours:
                cut += bool(connection.scalar(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid}))
        time.sleep(0.2)
    assert cut
    put("test.slow", 3, 0.0, start=3)
    wait_for(lambda: all_done("test.slow"), [worker])
    assert worker.process.poll() is None


def test_nothing_is_only_in_redis(start, instance):
    redis = FakeRedis()
    worker = start(redis.url)
    put("test.settle", 5, 0.0)
    wait_for(lambda: all_done("test.settle", "test.effect"), [worker])
    redis.lose_everything()
    put("test.settle", 5, 0.0, start=5)
    wait_for(lambda: all_done("test.settle", "test.effect"), [worker])
    redis.stop()
    put("test.settle", 5, 0.0, start=10)
    time.sleep(1)
    assert tally()["test.settle", "pending"] == 5
    redis.start()
    wait_for(lambda: all_done("test.settle", "test.effect"), [worker])
    assert worker.end() == 0
    redis.stop()
    assert set(effects().values()) == {1}
    assert len(effects()) == 15
    assert redis.asked["RPUSH"] + redis.asked["LPUSH"] > 0, "the bells did go through Redis"
