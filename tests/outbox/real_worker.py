"""A real worker process for tests: `python -m tests.outbox.real_worker INSTANCE DATABASE_URL [REDIS_URL]`.

The shop's own worker with leases of a second, without the rooms upstairs and their rounds, and with three kinds of
work whose traces a test can count.
"""

import os
import sys
import time
import uuid
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

import shop
from config import Settings
from shop.outbox import carrier, services
from shop.outbox.handlers import Job, handles, settles
from shop.outbox.services import owe

INSTANCE = Path(sys.argv[1])


def begun(job: Job) -> None:
    """Leave a trace of a beginning, whoever begins."""
    folder = INSTANCE / "begun"
    folder.mkdir(exist_ok=True)
    (folder / f"{job.key}.{os.getpid()}.{time.monotonic_ns()}").touch()


def slow(job: Job) -> None:
    """Work on the outside that takes as long as it says."""
    begun(job)
    time.sleep(job.payload["seconds"])


def settle(session: Session, job: Job) -> None:
    """Work on our rows that would show a second time: an effect with a name of its own, half done for a while."""
    begun(job)
    owe(session, kind="test.effect", key=f"effect:{job.key}:{uuid.uuid4()}", payload={})
    time.sleep(job.payload["seconds"])


def main() -> None:
    """Work until SIGTERM."""
    shop.ROOMS = ("outbox",)
    services.LEASE = timedelta(seconds=1)
    carrier.PULSE_SECONDS = 0.3
    carrier.TICK_SECONDS = 0.1
    redis_url = sys.argv[3] if len(sys.argv) > 3 else ""
    app = shop.create_app(
        Settings(
            _env_file=None,  # type: ignore[call-arg]
            instance_path=INSTANCE,
            database_url=sys.argv[2],
            redis_url=redis_url,
            secret_key="test" * 8,
        )
    )
    handles("test.slow")(slow)
    handles("test.effect")(lambda _job: None)
    settles("test.settle")(settle)
    (INSTANCE / f"up.{os.getpid()}").touch()
    carrier.run_worker(app)


if __name__ == "__main__":
    main()
