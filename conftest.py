"""Fixtures for every test: a browser at the sizes of a phone and of a desk."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from huiyin.organisation import remembering
from huiyin.web.citizen import pace
from tools import browser as chromium
from tools.browser import DESK, PHONE

pytest_plugins = ["tests.cast"]
# Without one of these, or the mark django_db, pytest-django lets no test near a database.
DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered for seconds is remembered throughout a test, so that a slow machine counts no more queries."""
    remembering.clear()
    monkeypatch.setattr(remembering, "SECONDS", 3600.0)


@pytest.fixture(autouse=True)
def uncounted() -> None:
    """How often the form was sent by the tests before this one does not count."""
    pace.forget()


@pytest.fixture(autouse=True)
def uncopied() -> None:
    """Copies for figures that the tests before this one left in the home are of data that is gone."""
    from huiyin.analytics import engine, snapshot

    (engine.home() / snapshot.CURRENT).unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def in_the_place_s_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test begins in Chinese, whatever tongue the page or command before it spoke, and the machine speaks."""
    monkeypatch.setenv("HUIYIN_LANGUAGE", settings.LANGUAGE_CODE)
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One headless Chromium for the session; without one the test is skipped (under CI it fails)."""
    from playwright.sync_api import sync_playwright

    found = chromium.executable()
    if found is None:
        sentence = "Chromium is missing. Type: sudo apt-get install chromium"
        pytest.fail(sentence) if os.environ.get("HUIYIN_REQUIRED") == "1" else pytest.skip(sentence)
    # Playwright's synchronous interface keeps an event loop on this thread, which Django takes for async code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=chromium.ARGUMENTS)
        yield running
        running.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def new_page(browser: Any, live_server: Any) -> Iterator[Any]:
    """Opens pages of the test's own server: new_page(PHONE), new_page(DESK, javascript=False); errors fail the test."""
    contexts, faults = [], []

    def open_page(size: dict[str, int] = DESK, *, javascript: bool = True, **options: Any) -> Any:
        context = browser.new_context(
            viewport=size,
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=javascript,
            has_touch=size["width"] < 600,
            **options,
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None,
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, f"The browser complained: {faults}"


@pytest.fixture
def page(new_page: Any) -> Any:
    """A page on a desk's screen, 1440 by 900."""
    return new_page(DESK)


@pytest.fixture
def phone(new_page: Any) -> Any:
    """A page on a phone's screen, 360 by 740."""
    return new_page(PHONE)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that opens pages is marked browser by itself, and one that has no way to a database, apart."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if "browser" in names:
            item.add_marker("browser")
        if not item.get_closest_marker("django_db") and not names & DATABASE and not _starts_programs(item):
            item.add_marker("apart")


def _starts_programs(item: pytest.Item) -> bool:
    """Whether its module may start something that has a database of its own, or asks which one this pass is for."""
    return not {"subprocess", "postgres", "connection"}.isdisjoint(vars(getattr(item, "module", object)))
