"""Fixtures of all tests: databases, app, pages, browser, running shop; and the closing lines on what did not run."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings
from sqlalchemy.engine import Engine

from config import ROOT, Settings
from shop import clock
from shop.actor import Actor
from shop.db import writing
from tests.support import apps, chromium, databases, pages, postgres, run_folder, running, statements

SHARED_DATA = ROOT.parent / "shared" / "data"

pytest_plugins = ["tests.support.browsing"]

# a shared machine's pauses are no fault of the code; the nightly run looks much longer
hypothesis_settings.register_profile("usual", deadline=None)
hypothesis_settings.register_profile("nightly", deadline=None, max_examples=2000)
hypothesis_settings.load_profile("usual")


def pytest_configure(config: pytest.Config) -> None:
    """Open the run's folder in the first process, and take the developer's own settings out of the way."""
    for name in Settings.model_fields:
        os.environ.pop(name.upper(), None)
    if not hasattr(config, "workerinput"):
        config.stash[_RUN] = run_folder.open_run()


_RUN: pytest.StashKey[Path] = pytest.StashKey()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close this process's databases; the first process ends the server and removes the folder."""
    with suppress(Exception):
        databases.close_all()
    run = config.stash.get(_RUN, None)
    if run:
        with suppress(Exception):
            databases.leave_server()
        run_folder.close_run(run)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Longest first: what starts browsers and whole shops should not be the last thing that everybody waits for."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave out what this machine cannot run. Skipped here, all of them share one line at the end of the run."""
    if item.get_closest_marker("browser") and not chromium.executable():
        pytest.skip(chromium.MISSING)
    if item.get_closest_marker("shared") and not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not here; the files in tests/data carry every case")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what the files of others added, and in one line why PostgreSQL's tests failed all together."""
    failed = run_folder.folder() / postgres.FAILED
    if failed.exists():
        terminalreporter.write_line(f"No PostgreSQL, so this run cannot pass. {failed.read_text()}", red=True)
    ran = [r for r in terminalreporter.stats.get("passed", []) if r.when == "call" and "shared" in r.keywords]
    if ran:
        terminalreporter.write_line(f"{len(ran)} of the tests read files in ../shared/data")


@pytest.fixture(autouse=True)
def _machine_time() -> Iterator[None]:
    yield
    clock.stand_at(None)


@pytest.fixture
def at() -> Callable[[str], datetime]:
    """Let time stand still: `at("2026-11-20 09:00")`, in UTC where the text names no zone. Ends with the test."""

    def stand(moment: str) -> datetime:
        found = datetime.fromisoformat(moment)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        clock.stand_at(found)
        return found

    return stand


@pytest.fixture(params=databases.KINDS)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """A clean migrated database, once for each engine; `shop.db`'s door leads to it."""
    made = databases.clean(request.param)
    yield made
    databases.use(made)


@pytest.fixture
def statement_count() -> Iterator[statements.Statements]:
    """The statements of this test so far; `.clear()` starts anew."""
    with statements.counted() as seen:
        yield seen


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Settings]:
    """Make settings: `settings(currency="VND")`. The rest is a test's: nothing comes from the environment."""

    def make(**changes: Any) -> Settings:
        return apps.settings(tmp_path / "instance", **changes)

    return make


@pytest.fixture
def app(engine: Engine) -> Iterator[Flask]:
    """The shop on a clean database, for each engine. The app outlives the test: change nothing on it but data."""
    apps.mark_untranslated()
    made = apps.app_for(engine)
    config = dict(made.config)
    yield made
    made.config.clear()
    made.config.update(config)


@pytest.fixture
def another_app(engine: Engine, tmp_path: Path) -> Callable[..., Flask]:
    """Make an app with other settings on the test's database: `another_app(app_env="production", …)`."""

    def make(**changes: Any) -> Flask:
        url = engine.url.render_as_string(hide_password=False)
        return apps.another_app(tmp_path / "another", **{"database_url": url, **changes})

    return make


@pytest.fixture
def client(app: Flask) -> apps.Client:
    """Somebody's browser, without eyes and scripts."""
    made = app.test_client()
    assert isinstance(made, apps.Client)
    return made


@pytest.fixture
def signed_in(app: Flask) -> Callable[..., apps.Client]:
    """A browser of its own for somebody whose row is there: `signed_in(MEI)`, by an opened device, not by the page."""
    from shop.people.services import open_session

    def sign_in(who: Actor) -> apps.Client:
        assert who.user_id is not None
        with writing() as session:
            token = open_session(session, user_id=who.user_id, device="Tests")
        made = app.test_client()
        assert isinstance(made, apps.Client)
        with made.session_transaction(base_url=apps.SITE) as cookie:
            cookie.permanent = True
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return made

    return sign_in


@pytest.fixture
def visit(client: apps.Client) -> Callable[..., pages.Page]:
    """Fetch and lint a page: `visit("/zh/", ceiling=6)`; `client=` for another person's browser."""

    def go(path: str, *, client: apps.Client = client, **wanted: Any) -> pages.Page:
        return pages.fetch(client, path, **wanted)

    return go


@pytest.fixture
def start_shop(tmp_path: Path) -> Iterator[Callable[..., running.RunningShop]]:
    """Start a real shop, processes and all; ended with the test. `start_shop(database_url=…, demo=True)`."""
    started: list[running.RunningShop] = []

    def start(**how: Any) -> running.RunningShop:
        shop = running.start(tmp_path / f"shop{len(started)}", **how)
        started.append(shop)
        return shop

    yield start
    for shop in started:
        shop.stop()
