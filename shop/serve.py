"""`make run`: the whole shop on this machine. Migrates, makes the demo co-op, keeps web server and worker running."""

import contextlib
import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from pydantic import ValidationError
from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from config import ROOT, Settings
from shop import db

HOST = "127.0.0.1"
BLOCKING_THREADS = 64
"""A thread waits for each slow body; 64 stood fifty trickling clients where 4 were down (stack.md)."""

START_SECONDS = 60
STOP_SECONDS = 10
STEADY_SECONDS = 10
LONGEST_PAUSE_SECONDS = 30


class CannotRun(Exception):
    """Why the shop does not start, in one line for whoever typed `make run`."""


def say(words: str) -> None:
    """One line on what happens now."""
    print(f"qiaoshou: {words}", flush=True)  # noqa: T201  the terminal is this program's page


def read_settings() -> Settings:
    """The settings; CannotRun names each that makes no sense."""
    try:
        return Settings()
    except ValidationError as error:
        told = [
            ": ".join([*(str(part).upper() for part in fault["loc"]), fault["msg"].removeprefix("Value error, ")])
            for fault in error.errors()
        ]
        raise CannotRun("; ".join(told)) from None


def refuse_taken_port(port: int) -> None:
    """CannotRun when something listens there; granian itself would quietly share the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise CannotRun(f"port {port} is not ours to use; choose one above 1023: PORT=8000 make run") from None
        except OSError:
            raise CannotRun(
                f"port {port} is taken; end what uses it, or choose another: PORT={port + 1} make run"
            ) from None


def newest_migration() -> str:
    """The revision that this code expects: the number of the last file. Alembic takes a second to say the same."""
    return max(path.name for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py")).split("_")[0]


def prepare_database(settings: Settings) -> bool:
    """Migrate, and tell whether a co-op is there already. CannotRun when the database cannot be reached."""
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    engine = db.make_engine(settings.db_url, pool=1)
    try:
        with engine.connect() as connection:
            there = inspect(connection).has_table("alembic_version")
            before = connection.scalar(text("SELECT version_num FROM alembic_version")) if there else None
        if before != newest_migration():
            from shop import schema  # noqa: PLC0415  only a start after an update needs Alembic

            say(f"database: {f'migrating from {before}' if before else 'making the tables'} …")
            schema.upgrade(engine)
        with engine.connect() as connection:
            kept = connection.scalar(text("SELECT currency FROM coop"))
        if kept not in {None, settings.currency}:
            say(f"database: its co-op keeps {kept}; CURRENCY={settings.currency} changes nothing")
        return kept is not None
    except SQLAlchemyError as error:
        raise CannotRun(f"database {engine.url.render_as_string()}: {str(error).splitlines()[0]}") from None
    finally:
        engine.dispose()


def make_demo(settings: Settings) -> None:
    """The demo co-op, by the services through the script's days."""
    from shop import create_app  # noqa: PLC0415  only a first start needs the whole app in this process
    from shop.demo import build  # noqa: PLC0415

    if settings.currency not in build.FEN:
        known = " or ".join(build.FEN)
        raise CannotRun(f"the demo co-op keeps {known}, not {settings.currency}; DEMO=0 starts a shop without it")
    say("demo: making the demo co-op, once …")
    began = time.monotonic()
    build.make_demo(create_app(settings))
    db.engine().dispose()
    say(f"demo: made in {time.monotonic() - began:.1f} s (DEMO=0 leaves it out)")


def web_command(settings: Settings) -> list[str]:
    """Granian with as many processes as WEB_CONCURRENCY says."""
    return [
        *(
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--no-ws",
            "--log-level",
            "error",
            "--workers-kill-timeout",
            "5",
        ),
        *("--host", HOST, "--port", str(settings.port), "--workers", str(settings.web_concurrency)),
        *("--blocking-threads", str(BLOCKING_THREADS), "wsgi:app"),
    ]


def worker_command() -> list[str]:
    """The process that carries out what the outbox owes."""
    return [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]


def _end_with_parent() -> None:
    # Linux alone can promise it: even a killed supervisor leaves no server behind that holds the port
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    """A child of ours, in its own session so that Ctrl-C reaches it through us alone."""
    return subprocess.Popen(  # noqa: S603  our own programs
        list(command),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509  this process has one thread
    )


class Supervisor:
    """Web server and worker, and when to end them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.ending = False
        self.pause_seconds = 1.0
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)
        self.web = start(web_command(settings))
        self.worker: subprocess.Popen[bytes] | None = None
        self.worker_began = 0.0

    def _end(self, _number: int, _frame: object) -> None:
        self.ending = True

    def wait_until_it_answers(self) -> None:
        """CannotRun when the web server ends, or is silent for a minute."""
        until = time.monotonic() + START_SECONDS
        while not self.ending and not answers(self.settings.port):
            if self.web.poll() is not None:
                raise CannotRun(f"the web server ended with code {self.web.returncode} while starting; see above")
            if time.monotonic() > until:
                raise CannotRun(f"the web server does not answer after {START_SECONDS} s")
            time.sleep(0.03)

    def start_worker(self) -> None:
        """After the web server, since both load the whole shop and people wait for the pages."""
        self.worker = start(worker_command())
        self.worker_began = time.monotonic()

    def keep_running(self) -> int:
        """Until a signal: 0. The web server's own end: 1. A worker that died is started again, after a longer pause
        each time it did not hold out.
        """
        while not self.ending:
            if self.web.poll() is not None:
                say(f"the web server ended with code {self.web.returncode}; so does everything")
                return 1
            if self.worker and self.worker.poll() is not None:
                self._start_worker_again(self.worker.returncode)
            time.sleep(0.1)
        return 0

    def _start_worker_again(self, code: int) -> None:
        held_out = time.monotonic() - self.worker_began > STEADY_SECONDS
        self.pause_seconds = 1.0 if held_out else min(self.pause_seconds * 2, LONGEST_PAUSE_SECONDS)
        say(f"the worker ended with code {code}; starting it again in {self.pause_seconds:.0f} s")
        until = time.monotonic() + self.pause_seconds
        while time.monotonic() < until and not self.ending:
            time.sleep(0.1)
        if not self.ending:
            self.start_worker()

    def stop(self) -> None:
        """End both: a little time to finish what they do, then without asking, and whatever they left running."""
        children = [child for child in (self.web, self.worker) if child]
        for child in children:
            child.terminate()
        until = time.monotonic() + STOP_SECONDS
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(max(0.1, until - time.monotonic()))
            # the child leads a group of its own: granian's processes outlive a granian that was killed
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def answers(port: int) -> bool:
    """Whether the web server is up."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def greet(settings: Settings, seconds: float) -> None:
    """The address, and how to sign in to the demo."""
    say(f"answering after {seconds:.1f} s at {settings.site_url}/")
    if settings.demo and settings.app_env == "development":
        from shop.demo.build import PASSWORD, SIGN_INS  # noqa: PLC0415

        width = max(len(email) for _role, email in SIGN_INS)
        for role, email in SIGN_INS:
            say(f"  {email:{width}}  {PASSWORD}  {role}")
    say("Ctrl-C ends it.")


def run() -> int:
    """Everything `make run` does after installing. Gives the exit code."""
    began = time.monotonic()
    os.chdir(ROOT)
    settings = read_settings()
    refuse_taken_port(settings.port)
    filled = prepare_database(settings)
    if settings.demo and settings.app_env == "development" and not filled:
        make_demo(settings)
    supervisor = Supervisor(settings)
    try:
        supervisor.wait_until_it_answers()
        if not supervisor.ending:
            supervisor.start_worker()
            greet(settings, time.monotonic() - began)
        return supervisor.keep_running()
    finally:
        say("ending …")
        supervisor.stop()


def main(act: Callable[[], int] = run) -> None:
    """The program. Exit code 2 and one line where it cannot run."""
    try:
        code = act()
    except CannotRun as refusal:
        say(str(refusal))
        code = 2
    except KeyboardInterrupt:
        code = 0
    raise SystemExit(code)


if __name__ == "__main__":
    main()
