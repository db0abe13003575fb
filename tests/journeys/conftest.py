"""A town with its doors open: screens for its people, a ledger of its own, and a clock that the story moves."""

from collections import defaultdict
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache

from huiyin.kernel import clock
from huiyin.organisation.actors import Actor
from tests.cast import Cast
from tests.journeys.pages import PHONE, Screen, Seen, Sit

MONDAY = datetime(2026, 6, 8, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets every thread's clock to nine on a plain Monday, and moves it on: later(hours=2)."""
    told = MONDAY

    def move(**passed: float) -> None:
        nonlocal told
        told += timedelta(**passed)
        monkeypatch.setattr(clock, "_frozen", ContextVar("journey", default=told))

    move()
    return move


@pytest.fixture
def town(transactional_db: None, later: Any, settings: Any, tmp_path: Path, cast: Cast) -> Cast:
    """The cast, with nothing counted yet and a ledger and a folder for files of its own."""
    settings.HUIYIN_HOME = tmp_path
    settings.MEDIA_ROOT = str(tmp_path / "files")
    cache.clear()
    return cast


@pytest.fixture(scope="session")
def seen() -> dict[tuple[int, bool], Seen]:
    """What was looked at closely in any story of this process, by the screen's width and whether scripts ran."""
    return defaultdict(Seen)


@pytest.fixture
def sit(town: Cast, new_page: Any, live_server: Any, sign_in: Any, seen: dict[tuple[int, bool], Seen]) -> Sit:
    """Puts somebody before a screen: sit("citizen"), or somebody of the office, who is signed in."""

    def screen(
        who: str, actor: Actor | None = None, *, size: dict[str, int] = PHONE, javascript: bool = True
    ) -> Screen:
        page = new_page(size, javascript=javascript)
        if actor is not None:
            name = django_settings.SESSION_COOKIE_NAME
            session = sign_in(actor).cookies[name].value
            page.context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
        return Screen(page, who=who, seen=seen[size["width"], javascript], scripted=javascript)

    return screen
