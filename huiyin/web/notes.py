"""Sentences that the next page shows once (django.contrib.messages)."""

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest
from django.utils.module_loading import import_string


class Messages(MessageMiddleware):
    """Django's own, which for every request looks up anew by its path what keeps them."""

    def process_request(self, request: HttpRequest) -> None:
        """Make room for what the page may say."""
        request._messages = _storage()(request)  # type: ignore[attr-defined]


@cache
def _storage() -> Any:
    return import_string(settings.MESSAGE_STORAGE)
