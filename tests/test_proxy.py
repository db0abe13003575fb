"""Behind a proxy, a visitor is told from the others by what the proxy says, not by what they claim."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.proxy import ThroughProxy


@pytest.mark.parametrize(
    ("forwarded", "seen"),
    [("203.0.113.9", "203.0.113.9"), ("10.9.9.9, 203.0.113.9", "203.0.113.9"), ("", "127.0.0.1")],
)
def test_the_last_entry_counts(rf: RequestFactory, forwarded: str, seen: str) -> None:
    found: list[str] = []

    def answer(request: HttpRequest) -> HttpResponse:
        found.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    ThroughProxy(answer)(rf.get("/", headers={"X-Forwarded-For": forwarded} if forwarded else {}))
    assert found == [seen]
