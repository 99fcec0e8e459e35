"""A real browser for page tests: Debian's Chromium, two window sizes, accessibility checks and pictures.

    def test_the_case_page(page, sign_in, user):
        sign_in(page, user.username)
        page.open("/cases/1/")
        assert axe_violations(page) == []
        screenshot(page, "case")

A page fails its test when the browser reports a script error, a refused inline script or style, a request to
another host, or an answer of 500.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser.helpers import SIZES, OpenPage, watch
from tests.browser.kept import Kept, emptied
from zhengxiao.surfaces.sample.api import city_seed

HERE = Path(__file__).parent
CITY_AT = datetime(2026, 11, 23, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday; terms of some weeks reach into the unpublished year 2027."""
SCREEN = "990102000000"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium() -> str | None:
    """The path of the browser: ZX_CHROMIUM, or the first one on the PATH."""
    chosen = os.environ.get("ZX_CHROMIUM")
    return chosen or next(
        (path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None
    )


@pytest.fixture(scope="session")
def playwright_session() -> Iterator[Playwright]:
    # Playwright's synchronous face runs an event loop in this thread; Django would refuse the database there.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser(playwright_session: Playwright) -> Iterator[Browser]:
    path = chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("chromium is missing, and this is the build (Debian: apt-get install chromium)")
        pytest.skip("no chromium here (Debian: apt-get install chromium fonts-noto-cjk)")
    browser = playwright_session.chromium.launch(executable_path=path, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def kept() -> Iterator[Kept]:
    kept = Kept()
    yield kept
    kept.close()


@pytest.fixture
def _django_db_helper(django_db_setup: Any, django_db_blocker: Any, kept: Kept) -> Iterator[None]:
    """What stands behind pytest-django's database fixtures: here rows are put back whole instead of deleted table by table."""
    with django_db_blocker.unblock(), emptied(kept):
        yield


@pytest.fixture
def city(transactional_db: None, settings: Any, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample city, small but with something of everything, written once in a session."""
    monkeypatch.setattr("zhengxiao.surfaces.sample.services.SUSPICIOUS_FROM", 1)
    settings.ZX_MOMENT = CITY_AT
    settings.ZX_SCREENS = [SCREEN]
    kept.laid_out("city", lambda: city_seed(size="300", seed=7, with_password=False, at=CITY_AT))


@pytest.fixture
def open_window(browser: Browser, live_server: object) -> Iterator[Callable[..., OpenPage]]:
    """Make windows: `open_window("phone")`, `open_window("desk", javascript=False)`."""
    contexts, pages = [], []

    def make(size: str = "desk", *, javascript: bool = True, locale: str = "zh-CN") -> OpenPage:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=str(live_server),
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale=locale,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        # Patience, not a measure: two browsers share the cores.
        context.set_default_timeout(60_000)
        page = OpenPage(context.new_page(), size)
        watch(page, str(live_server))
        contexts.append(context)
        pages.append(page)
        return page

    yield make
    for context in contexts:
        context.close()
    _until_answered()
    complaints = [line for page in pages for line in page.complaints]
    assert complaints == [], "the browser complained"


def _until_answered() -> None:
    """Wait for the threads of the pages' server that still close what a window had asked for.

    They share the test's connection, which they may no longer touch once the test is over.
    """
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(timeout=20)


@pytest.fixture
def page(open_window: Callable[..., OpenPage]) -> OpenPage:
    """A window of 1366×768."""
    return open_window("desk")


@pytest.fixture
def phone(open_window: Callable[..., OpenPage]) -> OpenPage:
    """A window of 390×844."""
    return open_window("phone")


@pytest.fixture(params=list(SIZES))
def any_size(request: pytest.FixtureRequest, open_window: Callable[..., OpenPage]) -> OpenPage:
    """The test runs once in each size."""
    return open_window(request.param)


@pytest.fixture
def sign_in(live_server: object) -> Callable[[Page | OpenPage, str], None]:
    """`sign_in(page, username)`: a session without the sign-in form (that form has its own test)."""

    def enter(page: Page | OpenPage, username: str) -> None:
        client = Client()
        client.force_login(get_user_model().objects.get_by_natural_key(username))
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": str(live_server)}]
        )

    return enter
