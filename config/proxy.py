"""Behind a reverse proxy, whom a request comes from is what the proxy wrote last into X-Forwarded-For."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class ThroughProxy:
    """Middleware, in use only with HUIYIN_BEHIND_PROXY=1: limits and lock-outs count visitors, not the proxy.

    Only the last entry is believed: the ones before it were sent by the visitor, who may write anything.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the visitor's address where everything looks for it."""
        last = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if last:
            request.META["REMOTE_ADDR"] = last
        return self.get_response(request)
