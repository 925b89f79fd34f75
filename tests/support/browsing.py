"""Fixtures that drive real Chromium against a really running shop."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support import chromium, run_folder, running

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, once a process."""
    found = chromium.executable()
    if not found:
        pytest.skip(chromium.MISSING)
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=found, args=list(chromium.FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Open a fresh browser for one person: `open_page(width=390, java_script_enabled=False)`.

    At the end the test fails when a page broke the content security policy or a script of it failed; on a failure
    what each person saw last is kept in tests/output.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(*, width: int = 1280, lang: str = "en", **options: Any) -> Page:
        phone = width < 600
        context = browser.new_context(
            viewport=chromium.PHONE | {"width": width} if phone else chromium.WIDE | {"width": width},
            has_touch=phone,
            locale={"zh": "zh-CN", "vi": "vi-VN", "en": "en-GB"}[lang],
            timezone_id="Asia/Shanghai",
            **options,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"script failed on {page.url}: {error}"))
        page.on("console", lambda said: _listen(said, complaints))
        return page

    yield make
    if getattr(request.node, "failed_in_browser", False):
        for number, context in enumerate(contexts):
            for page in context.pages:
                keep(page, f"failed-{request.node.name}-{number}")
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


def _listen(said: Any, complaints: list[str]) -> None:
    if said.type in {"error", "warning"} and re.search(r"Content Security Policy|Refused to", said.text):
        complaints.append(said.text)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Remember a failure, so that the pictures of it are kept."""
    outcome = yield
    report = outcome.get_result()
    if report.when == "call" and report.failed:
        item.failed_in_browser = True  # type: ignore[attr-defined]


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A person at a wide screen."""
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A person with a phone, 390 px wide."""
    return open_page(width=390)


def keep(page: Page, name: str) -> Path:
    """A picture of the whole page in tests/output, its width in its name."""
    chromium.OUTPUT.mkdir(parents=True, exist_ok=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    file = chromium.OUTPUT / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', name)}-{width}.png"
    page.screenshot(path=file, full_page=True)
    return file


@pytest.fixture
def shot() -> Callable[[Page, str], Path]:
    """Keep a picture of a page: `shot(page, "order")` makes tests/output/order-1280.png."""
    return keep


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """Fail with what axe finds against WCAG 2.2 AA on the page as it stands."""

    def look(page: Page) -> None:
        found = Axe().run(page, options=WCAG).response["violations"]
        told = [f"{one['id']} ({one['impact']}): {one['help']}\n    {one['nodes'][0]['html'][:200]}" for one in found]
        assert not told, f"{page.url}:\n  " + "\n  ".join(told)

    return look


@pytest.fixture
def assert_fits() -> Callable[[Page], None]:
    """Fail when the page is wider than its window: nobody should have to scroll sideways."""

    def look(page: Page) -> None:
        wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= window, f"{page.url} is {wide} px wide in a window of {window}"

    return look


@pytest.fixture(scope="session")
def shared_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.RunningShop]:
    """A real shop on an empty SQLite database, one for all tests of a process: for looking, not for changing."""
    shop = running.start(tmp_path_factory.mktemp("shared"))
    yield shop
    shop.stop()


@pytest.fixture(scope="session")
def demo_instance() -> Path:
    """The instance folder of a shop that has just made its demo co-op; made once a run, to be copied."""
    made = run_folder.folder() / "demo"
    with run_folder.only_one("demo"):
        if not made.exists():
            running.start(run_folder.folder() / "demo-new", demo=True).stop()
            (run_folder.folder() / "demo-new").rename(made)
    return made


@pytest.fixture(scope="session")
def shared_demo(demo_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[running.RunningShop]:
    """A real shop with the demo co-op, one for all tests of a process: for looking, not for changing."""
    instance = tmp_path_factory.mktemp("shared-demo") / "demo"
    shutil.copytree(demo_instance, instance)
    shop = running.start(instance, demo=True)
    yield shop
    shop.stop()


@pytest.fixture
def demo_shop(demo_instance: Path, tmp_path: Path) -> Iterator[running.RunningShop]:
    """A real shop with the demo co-op, for one test alone."""
    instance = tmp_path / "demo"
    shutil.copytree(demo_instance, instance)
    shop = running.start(instance, demo=True)
    yield shop
    shop.stop()


@pytest.fixture
def live_server(start_shop: Callable[..., running.RunningShop]) -> running.RunningShop:
    """A real shop on an empty SQLite database: granian with two processes, and the worker."""
    return start_shop()
