"""Running what is owed: one job after the other, each with one transaction between it and the next.

A tick-off and the next lease share a transaction, so a job costs one commit. Whoever is killed loses nothing: the row
stays leased until its lease runs out, then the next worker takes it.
"""

import threading
import time
from collections.abc import Callable, Sequence

import structlog
from flask import Flask, current_app, has_app_context
from sqlalchemy.orm import Session

from shop.db import again, holding, writing
from shop.outbox import handlers, services
from shop.outbox.handlers import Hopeless, handles, settles
from shop.outbox.periodic import every
from shop.outbox.services import Job

LONGEST_RUN = 15 * 60
"""Seconds after which a job's lease is renewed no more: it hangs, and another worker may try."""

_last_app: list[Flask] = []
_running: dict[int, tuple[Job, float]] = {}
_running_lock = threading.Lock()

End = Callable[[Session], object]


def remember(app: Flask) -> None:
    """The app in whose context jobs run when there is no other."""
    _last_app[:] = [app]


def running() -> list[Job]:
    """Jobs that this process is at, without those that hang; their leases are to be renewed."""
    with _running_lock:
        return [job for job, since in _running.values() if time.monotonic() - since < LONGEST_RUN]


def run_due(*, limit: int = 1000, kinds: Sequence[str] | None = None) -> int:
    """Run what is due, here and now, until nothing is or `limit` jobs have run; gives how many ran.

    A job that fails waits for its next try and does not raise. RuntimeError inside `writing()` or `reading()`.
    """
    if holding():
        raise RuntimeError(f"jobs run outside of transactions, not inside {holding()}")
    app = current_app._get_current_object() if has_app_context() else _last_app[0]  # type: ignore[attr-defined]  # noqa: SLF001  Flask's documented way to the app behind the proxy
    return drain(app, limit=limit, kinds=kinds)


def drain(
    app: Flask, *, limit: int | None = None, kinds: Sequence[str] | None = None, stop: threading.Event | None = None
) -> int:
    """As `run_due`, for the worker: `stop` ends it after the job it is at."""
    ran = 0
    end: End | None = None
    while True:
        wanted = (limit is None or ran < limit) and not (stop and stop.is_set())
        job = _turn(end, wanted=wanted, kinds=kinds)
        if job is None:
            return ran
        with _running_lock:
            _running[job.id] = (job, time.monotonic())
        try:
            end = _run(app, job)
        finally:
            with _running_lock:
                _running.pop(job.id, None)
        ran += 1


def _turn(end: End | None, *, wanted: bool, kinds: Sequence[str] | None) -> Job | None:
    """Tick off the job before, and take the next one."""

    def work() -> Job | None:
        with writing() as session:
            if end:
                end(session)
            jobs = services.lease(session, limit=1, kinds=kinds) if wanted else []
        return jobs[0] if jobs else None

    return again(work) if end or wanted else None


def _run(app: Flask, job: Job) -> End:
    """Do it; gives what is to be written down about it."""
    entry = handlers.entry_for(job.kind)
    if entry is None:
        return _parked(job, f"no handler for {job.kind!r}")
    try:
        with app.app_context():
            if entry.inside:
                _settle(job, entry.inside, entry.forget)
                return lambda _session: None
            assert entry.outside
            entry.outside(job)
    except Hopeless as error:
        return _parked(job, str(error) or "hopeless")
    except Exception as error:  # noqa: BLE001  whatever a handler raises is that job's failure, and the others go on
        return _failed(job, error)
    return lambda session: services.done(session, job, forget=entry.forget)


def _settle(job: Job, inside: handlers.Inside, forget: Sequence[str]) -> None:
    def work() -> None:
        with writing() as session:
            if services.still_ours(session, job):
                inside(session, job)
                services.done(session, job, forget=forget)

    again(work)


def _parked(job: Job, why: str) -> End:
    structlog.get_logger().error("job parked", kind=job.kind, row=job.id, why=why[:300])
    return lambda session: services.failed(session, job, why, hopeless=True)


def _failed(job: Job, error: Exception) -> End:
    text = f"{type(error).__name__}: {error}"
    # the key and payload stay out of the log: they may hold a link's secret or a telephone number
    structlog.get_logger().warning("job failed", kind=job.kind, row=job.id, attempt=job.attempts, error=text[:300])
    return lambda session: services.failed(session, job, text)


__all__ = ["drain", "every", "handles", "remember", "run_due", "running", "settles"]
