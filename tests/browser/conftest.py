"""Debian's Chromium, driven by Playwright, which must never bring a browser of its own.

A test takes `new_visitor` and opens a page for each person that it plays. Whoever plugs in
a running server overrides `base_url`; pages then understand addresses such as "/demands".
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, ViewportSize, expect

from tests.browser.acts import settled
from tests.browser.live import Live, serving
from tests.browser.verify_page import Disk
from tests.services.conftest import More, SqliteSnapshots
from tools import build_pages

FLAGS = [
    # Chromium's own sandbox does not work for root; it is shown nothing but our pages.
    "--no-sandbox",
    "--disable-gpu",
    # It would call home at every start, where no test has any business.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
USUAL = {"locale": "en-GB", "timezone_id": "Europe/London", "viewport": DESKTOP}

# A busy machine takes its time; only a failure waits for so long.
PATIENCE = 20_000  # milliseconds
expect.set_options(timeout=PATIENCE)

NewVisitor = Callable[..., Page]
LiveAt = Callable[..., Live]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test and need not say so."""
    here = Path(__file__).parent
    # The hook is given the tests of every folder.
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session", autouse=True)
def _quick(shared_pages: None) -> None:
    """Each test here makes an application."""


@pytest.fixture(scope="session")
def base_url() -> str | None:
    """Where the application runs, for tests that open it; these have none."""
    return None


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail(
            "The browser tests need Chromium and found none. "
            "Run `make system-packages`, or install Debian's package `chromium`."
        )
    return {**browser_type_launch_args, "executable_path": chromium, "args": FLAGS}


@pytest.fixture
def complaints() -> list[str]:
    """What went wrong in the pages of this test; a test that expects it clears the list."""
    return []


@pytest.fixture
def new_visitor(
    new_context: Callable[..., BrowserContext], complaints: list[str]
) -> Iterator[NewVisitor]:
    """Open a page as somebody new, with cookies and keys of their own.

    Arguments go to Playwright's `new_context`, such as `viewport=PHONE` or
    `java_script_enabled=False`. At the end no page may have had a script fail, or have asked
    for something that its content security policy refuses.
    """

    def hear(message: ConsoleMessage) -> None:
        # Other errors are the answers 4xx that tests ask for.
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def open_page(**arguments: Any) -> Page:
        context = new_context(**(USUAL | arguments))
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda failure: complaints.append(str(failure.error)))
        context.on("console", hear)
        return context.new_page()

    yield open_page
    assert not complaints, "\n".join(complaints)


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    """Run axe on the page that is open; it finds what HTML alone does not tell."""
    axe = Axe()

    def check(page: Page) -> None:
        settled(page)
        results = axe.run(page)
        assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"

    return check


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> SqliteSnapshots:
    """The points of tests/stage.py, each played once."""
    return SqliteSnapshots(tmp_path_factory.mktemp("snapshots"), sqlite_template)


@pytest.fixture
def live_at(snapshots: SqliteSnapshots, tmp_path: Path) -> Iterator[LiveAt]:
    """A running Attest over a stage at a point: `live_at("issued")`, or after more
    acts; what is named goes to Settings."""
    with ExitStack() as opened:

        def start(point: str, more: More | None = None, **settings: Any) -> Live:
            folder = tmp_path / f"stage-{uuid4().hex[:6]}"
            stage = opened.enter_context(snapshots.copy(point, folder, more))
            return opened.enter_context(serving(stage, **settings))

        yield start


@pytest.fixture(scope="session")
def verify_html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page that verifies, as the sources give it now, whatever set-up built."""
    file = tmp_path_factory.mktemp("disk") / "attest-verify.html"
    file.write_bytes(build_pages.content("verify"))
    return file


@pytest.fixture
def verify_disk(new_visitor: NewVisitor, verify_html: Path) -> Iterator[Disk]:
    """That page, open on a computer. At the end it must have asked nobody for anything."""
    page = new_visitor()
    disk = Disk(page, verify_html)
    page.on("request", lambda request: disk.requests.append(request.url))
    page.goto(verify_html.as_uri())
    expect(page.locator("#verify")).to_be_visible()
    yield disk
    assert disk.requests == [verify_html.as_uri()]
