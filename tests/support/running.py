"""The whole shop as it is run: supervisor, granian's processes and the worker, on a free port of this machine."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from config import ROOT, Settings

START_SECONDS = 60


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def bare_environment() -> dict[str, str]:
    """This process's environment without any of the shop's settings."""
    ours = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name not in ours}


@dataclass
class RunningShop:
    """A shop that serves at `url`. `log` holds what its processes said."""

    url: str
    database_url: str
    instance: Path
    log: Path
    process: "subprocess.Popen[bytes]"
    environment: dict[str, str]

    def flask(self, *words: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run one of the shop's commands beside it: `flask("audit", "--json")`."""
        return subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=check,
        )

    def stop(self) -> int:
        """End it as Ctrl-C does; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return int(self.process.returncode)


def start(instance: Path, *, database_url: str = "", demo: bool = False, **changes: str) -> RunningShop:
    """`python -m shop.serve` in an instance folder of its own. RuntimeError with its log when it does not answer."""
    instance.mkdir(parents=True, exist_ok=True)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = bare_environment() | {
        "PORT": str(port),
        "BASE_URL": url,
        "INSTANCE_PATH": str(instance),
        "DATABASE_URL": database_url,
        "DEMO": "1" if demo else "0",
        "PYTHONUNBUFFERED": "1",
        **changes,
    }
    log = instance / "serve.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "shop.serve"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
        )
    shop = RunningShop(url, database_url or f"sqlite:///{instance}/shop.sqlite3", instance, log, process, environment)
    until = time.monotonic() + (5 * START_SECONDS if demo else START_SECONDS)
    while process.poll() is None and time.monotonic() < until:
        if answers(url + "/readyz"):
            return shop
        time.sleep(0.05)
    shop.stop()
    raise RuntimeError(f"the shop did not start:\n{log.read_text()[-3000:]}")


def answers(url: str) -> bool:
    """Whether a GET is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
