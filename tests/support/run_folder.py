"""One short-named folder a test run: all its processes keep databases and sockets there; the first one cleans up."""

import contextlib
import fcntl
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "QIAOSHOU_TEST_RUN"
PREFIX = "qs-"


def open_run() -> Path:
    """Make the folder of this run and name it for the processes to come. A socket's path must stay short."""
    sweep()
    # in /tmp itself, since TMPDIR may be long and PostgreSQL's sockets allow 107 characters
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
    folder.chmod(0o711)
    (folder / "owner").write_text(str(os.getpid()))
    os.environ[VARIABLE] = str(folder)
    return folder


def folder() -> Path:
    """The folder of the run that this process belongs to."""
    return Path(os.environ[VARIABLE])


def close_run(run: Path) -> None:
    """End the run's server, if one was started, and leave nothing behind."""
    stop_server(run)
    shutil.rmtree(run, ignore_errors=True)
    os.environ.pop(VARIABLE, None)


def sweep() -> None:
    """Clear up after runs of ours that were killed before they could do so themselves."""
    for owner in Path("/tmp").glob(f"{PREFIX}*/owner"):
        with contextlib.suppress(OSError, ValueError):
            if owner.stat().st_uid == os.getuid() and not alive(int(owner.read_text())):
                stop_server(owner.parent)
                shutil.rmtree(owner.parent, ignore_errors=True)


def alive(pid: int) -> bool:
    """Whether a process of that number runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def stop_server(run: Path) -> None:
    """End the PostgreSQL server of this run at once: its data are thrown away anyway."""
    pid_file = run / "pg" / "postmaster.pid"
    try:
        pid, data = pid_file.read_text().splitlines()[:2]
    except (OSError, ValueError):
        return
    if Path(data) != run / "pg":
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(int(pid), signal.SIGQUIT)
    for _ in range(100):
        if not pid_file.exists():
            return
        time.sleep(0.02)


@contextlib.contextmanager
def only_one(name: str) -> Iterator[None]:
    """A turn among the processes of this run."""
    with (folder() / f"{name}.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
