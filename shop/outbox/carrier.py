"""`flask worker`: Huey carries the bell, the outbox holds the work.

A ticker in the worker process looks once a second for due rows and rings; Huey's threads then lease and run. What
Huey's file or Redis loses is rung again a second later.
"""

import threading
import time
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from huey.api import RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer

from config import Settings
from shop.db import again, reading, writing
from shop.outbox import periodic, queries, services, worker

THREADS = 4
DRAINS = 3
"""How many drains may run at once in one process: one that hangs in a call does not hold up the rest."""

TICK_SECONDS = 1.0
PULSE_SECONDS = 10.0
STOP_SECONDS = 8
"""How long running jobs may still take after SIGTERM; what is cut off is taken up when its lease runs out."""


def carrier(app: Flask) -> Any:
    """Huey on a file in the instance folder, or on Redis where REDIS_URL names one."""
    settings = app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    # Huey unpickles what it is handed: only what this installation signed
    signed = SignedSerializer(secret=str(app.secret_key), salt="worker")
    if settings.redis_url:
        return RedisHuey("qiaoshou", url=settings.redis_url, results=False, serializer=signed)
    file = str(Path(app.instance_path) / "huey.db")
    return SqliteHuey("qiaoshou", filename=file, results=False, fsync=False, serializer=signed)


class Bells:
    """The two things Huey carries, and how many of them this process is at."""

    def __init__(self, app: Flask, huey: Any) -> None:
        self.app = app
        self.huey = huey
        self.stop = threading.Event()
        self._lock = threading.Lock()
        self._draining = 0
        self._rounds: set[str] = set()
        self.drain = huey.task(name="drain")(self._drain)
        self.round = huey.task(name="round")(self._round)

    def _drain(self) -> None:
        with self._lock:
            self._draining += 1
        try:
            worker.drain(self.app, stop=self.stop)
        finally:
            with self._lock:
                self._draining -= 1

    def _round(self, name: str) -> None:
        with self._lock:
            if name in self._rounds:
                return
            self._rounds.add(name)
        try:
            with self.app.app_context():
                periodic.run_round(name)
        except Exception as error:  # noqa: BLE001  one round's failure is logged, its next turn comes
            structlog.get_logger().error("round failed", round=name, error=f"{type(error).__name__}: {error}"[:300])
        finally:
            with self._lock:
                self._rounds.discard(name)

    def ring(self, *, work: bool, rounds: list[str]) -> None:
        """Ring for due work and rounds, unless a bell hangs that nobody has answered yet."""
        if not (work or rounds) or self.huey.pending_count():
            return
        for name in rounds:
            self.round(name)
        if work and self._draining < DRAINS:
            self.drain()


class Ticker(threading.Thread):
    """Looks for work once a second, renews the leases of what runs, and shows that a worker is alive."""

    def __init__(self, bells: Bells) -> None:
        super().__init__(name="ticker", daemon=True)
        self.bells = bells
        self._pulse_at = -PULSE_SECONDS

    def run(self) -> None:
        """Tick until the worker stops. A database or Redis that is away is waited for, ever longer, at most 10 s."""
        pause = TICK_SECONDS
        while not self.bells.stop.is_set():
            try:
                self.tick()
                pause = TICK_SECONDS
            except Exception as error:  # noqa: BLE001  the ticker outlives any outage
                structlog.get_logger().error("tick failed", error=f"{type(error).__name__}: {error}"[:300])
                pause = min(pause * 2, 10.0)
            self.bells.stop.wait(pause)

    def tick(self) -> None:
        """One look: one read where nothing is to be done."""
        with reading() as session:
            work = queries.anything_to_do(session)
            rounds = periodic.due(queries.marks(session))
        if time.monotonic() - self._pulse_at >= PULSE_SECONDS:
            again(self._pulse)
            self._pulse_at = time.monotonic()
        self.bells.ring(work=work, rounds=rounds)

    def _pulse(self) -> None:
        with writing() as session:
            periodic.mark(session, name=queries.WORKER)
            services.renew(session, worker.running())


def run_worker(app: Flask) -> None:
    """Work in the foreground until SIGTERM, which lets running jobs end (8 s at most), or Ctrl-C, which does not."""
    huey = carrier(app)
    bells = Bells(app, huey)
    consumer = huey.create_consumer(
        workers=THREADS,
        periodic=False,
        max_delay=0.5,
        scheduler_interval=60,
        graceful_signal="TERM",
        shutdown_timeout=STOP_SECONDS,
    )
    # one flag for all: Huey sets it on SIGTERM, drains and ticker look at it
    bells.stop = consumer.stop_flag
    ticker = Ticker(bells)
    ticker.start()
    consumer.run()
    bells.stop.set()
    ticker.join(timeout=5)
