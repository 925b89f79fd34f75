"""`make run` keeps web server and worker running, and ends both."""

import contextlib
import signal
import subprocess
import sys
import time

import psutil
import pytest

from config import ROOT
from shop import schema, serve
from tests.support import running


def children(shop: running.RunningShop, word: str) -> list[psutil.Process]:
    """The shop's own living processes with `word` on their command line."""
    found = []
    for one in psutil.Process(shop.process.pid).children():
        # one that has just ended has no command line any more
        with contextlib.suppress(psutil.ZombieProcess, psutil.NoSuchProcess):
            if word in one.cmdline():
                found.append(one)
    return found


def wait_for(what, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"nothing of it within {seconds} s")


def test_a_shop_starts_restarts_its_worker_and_ends_with_all_its_processes(start_shop, tmp_path):
    shop = start_shop()
    (worker,) = wait_for(lambda: children(shop, "worker"))
    worker.kill()
    (again,) = wait_for(lambda: [one for one in children(shop, "worker") if one.pid != worker.pid])
    assert again.is_running()
    everybody = psutil.Process(shop.process.pid).children(recursive=True)
    assert len(everybody) >= 4
    assert shop.stop() == 0
    _, left = psutil.wait_procs(everybody, timeout=10)
    assert not left
    said = shop.log.read_text()
    assert "making the tables" in said
    assert f"at {shop.url}/" in said
    assert "the worker ended with code -9; starting it again" in said
    second = running.start(shop.instance)
    try:
        assert second.log.read_text().count("making the tables") == 1
    finally:
        assert second.stop() == 0


def test_when_the_web_server_dies_everything_ends_and_says_so(start_shop):
    shop = start_shop()
    everybody = psutil.Process(shop.process.pid).children(recursive=True)
    (web,) = children(shop, "granian")
    web.kill()
    assert shop.process.wait(20) == 1
    _, left = psutil.wait_procs(everybody, timeout=10)
    assert not left
    assert "the web server ended" in shop.log.read_text()


def test_a_killed_supervisor_leaves_nobody_holding_the_port(start_shop):
    shop = start_shop()
    everybody = psutil.Process(shop.process.pid).children(recursive=True)
    shop.process.kill()
    shop.process.wait()
    _, left = psutil.wait_procs(everybody, timeout=20)
    assert not left


def test_a_taken_port_is_refused_in_one_line_that_says_what_to_do(tmp_path):
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = subprocess.run(
            [sys.executable, "-m", "shop.serve"],
            cwd=ROOT,
            env=running.bare_environment() | {"PORT": str(port), "INSTANCE_PATH": str(tmp_path), "DEMO": "0"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert said.returncode == 2
    assert said.stdout == (
        f"qiaoshou: port {port} is taken; end what uses it, or choose another: PORT={port + 1} make run\n"
    )
    assert not list(tmp_path.iterdir())


def test_the_newest_migration_is_the_one_that_alembic_knows():
    assert serve.newest_migration() == schema.head()


def test_an_end_during_the_start_ends_at_once(tmp_path):
    environment = running.bare_environment() | {
        "PORT": str(running.free_port()),
        "INSTANCE_PATH": str(tmp_path),
        "DEMO": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "shop.serve"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    wait_for(lambda: psutil.Process(process.pid).children())
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    assert process.wait(25) == 0
    assert time.monotonic() - began < serve.STOP_SECONDS + 5


pytestmark = pytest.mark.timeout(120)
