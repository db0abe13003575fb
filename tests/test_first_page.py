"""The first page, in a real browser: it fits a phone, needs no script, and breaks none of its own rules."""

from typing import Any

import pytest

from tools.browser import DESK, PHONE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_the_first_page_fits_its_screen(new_page: Any, size: dict[str, int], javascript: bool) -> None:
    page = new_page(size, javascript=javascript)
    answer = page.goto("/")
    assert answer.status == 200
    assert page.locator("h1").count() == 1
    if javascript:
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_the_browser_is_told_to_run_nothing_but_our_own(page: Any) -> None:
    policy = page.goto("/").headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
