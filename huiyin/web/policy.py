"""What a page may load and run: the same for every page, so that its header is written once."""

from functools import cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class OnePolicy(CSPMiddleware):
    """django-csp's policy of the settings. No view has one of its own, and no script a nonce."""

    def process_request(self, request: HttpRequest) -> None:
        """Nothing to prepare."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Add the header; one that stands there already is left."""
        response.headers.setdefault(HEADER, _policy())
        return response


@cache
def _policy() -> str:
    return build_policy()
