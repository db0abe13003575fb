"""What a visitor reads when something cannot be done: refusals, faults, and pages that are not there."""

import logging
import sys
from collections.abc import Callable
from urllib.parse import parse_qsl

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFilesSent
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template import loader

from huiyin.kernel import disk
from huiyin.kernel.refusals import Refused
from huiyin.web.citizen import uploads
from huiyin.web.short_forms import begun_fields

log = logging.getLogger(__name__)

REFUSED_STATUS = 422
TOO_MANY_STATUS = 429
UNAVAILABLE_STATUS = 503
RETRY_AFTER = "30"  # seconds
DATABASE_AWAY = (OperationalError, InterfaceError)  # it is locked, full, starting or cannot be reached
UNWRITABLE = "cannot contain NUL"  # PostgreSQL's texts; no browser sends it, and SQLite takes it
READ_ONLY = "25006"  # PostgreSQL's state for it: a standby, or a server that was told to write nothing


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 when what was sent is too large."""
    if isinstance(exception, (RequestDataTooBig, TooManyFilesSent)):
        return too_large(request)
    return render(request, "400.html", status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: how large it may be, and the words with which the sending began, as far as they can still be read."""
    values = {
        "typed": [words[:LONGEST_BACK] for words in begun_words(request)],
        "words": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20,
        "file": f"{settings.HUIYIN_FILE_BYTES / 2**20:g}",
        "files": uploads.MOST_FILES,
    }
    return render(request, "413.html", values, status=413)


def begun_words(request: HttpRequest) -> list[str]:
    """The sentences in the first piece of a body that was refused unread; a browser sends the text before the files."""
    try:
        head = request.read(HEAD)
    except OSError:  # the line is broken, or what was too large has been read past already
        return []
    if request.content_type == "multipart/form-data":
        border = (request.content_params or {}).get("boundary", "").encode("ascii", "ignore")
        found = [(name.decode(), value.decode(errors="ignore")) for name, value in begun_fields(head, border)]
    else:
        found = parse_qsl(head.decode("ascii", "ignore"), errors="ignore", max_num_fields=len(head))
    return [words for name, words in found if name in SENTENCES and words.strip()]


def token_missing(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old (CSRF_FAILURE_VIEW), with the words that came in it."""
    values = {"typed": typed_words(request), "cookies": bool(request.COOKIES)}
    return render(request, "403_csrf.html", values, status=403)


def typed_words(request: HttpRequest) -> list[str]:
    """The sentences of a form that could not be taken, to be given back; no password, code or telephone."""
    return [words for name, words in request.POST.items() if name in SENTENCES and words.strip()]


def _typed_before(request: HttpRequest) -> list[str]:
    """The same, but of a form that has been read: what could not be read once cannot be now."""
    try:
        return typed_words(request)
    except (OSError, MultiPartParserError, SuspiciousOperation):
        return []


def cannot_store(exception: BaseException) -> bool:
    """Whether it is the database or the disk that cannot take anything now, rather than a fault of the program."""
    if isinstance(exception, DatabaseError) and getattr(exception.__cause__, "sqlstate", "") == READ_ONLY:
        return True
    return isinstance(exception, DATABASE_AWAY) or disk.refuses(exception)


HEAD = 512 * 1024  # octets of a refused body that are looked at
LONGEST_BACK = 100_000  # letters that are given back
SENTENCES = (
    *("text", "why", "words", "said", "answer", "note", "private", "reason", "explanation"),
    *("title", "place", "points", "readable_title", "readable_text", "readable_place"),
)


def too_many(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    """429, with the words that came; also what a locked-out sign-in shows (AXES_LOCKOUT_CALLABLE)."""
    return render(request, "429.html", {"typed": typed_words(request)}, status=TOO_MANY_STATUS)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, made without database, session or context processors: they may be what failed.

    What a middleware met comes here and not to `RefusalPage`: whoever is signed in is looked up by one.
    """
    exception = sys.exception()
    if exception is not None and cannot_store(exception):
        return unavailable(request)
    return HttpResponseServerError(loader.get_template("500.html").render())


def unavailable(request: HttpRequest) -> HttpResponse:
    """503, made like 500, with the words that came in the form; tells the browser to come back in half a minute."""
    values = {"typed": _typed_before(request)}
    response = HttpResponse(loader.get_template("503.html").render(values), status=UNAVAILABLE_STATUS)
    response["Cache-Control"] = "no-store"
    response["Retry-After"] = RETRY_AFTER
    return response


def refused(request: HttpRequest, refusal: Refused, *, back: str = "") -> HttpResponse:
    """422: the sentence of a refusal and what is possible instead."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(
            {"refused": str(refusal), "instead": refusal.instead, "code": refusal.code}, status=422
        )
    values = {"sentence": str(refusal), "instead": refusal.instead, "back": back or _referring_page(request)}
    return render(request, "refused.html", values, status=REFUSED_STATUS)


class RefusalPage:
    """Middleware: what no view has shown beside its form becomes a page: a Refused, a database that is away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django's hook; a Refused, NUL in what was sent, or a database that is away; all else rises on."""
        if isinstance(exception, Refused):
            return refused(request, exception)
        if isinstance(exception, DataError) and UNWRITABLE in str(exception):
            return bad_request(request)
        if cannot_store(exception):
            log.error("the database or the disk is away", exc_info=exception)
            return unavailable(request)
        return None


def _referring_page(request: HttpRequest) -> str:
    """The address of the page that the visitor came from, when it is one of ours."""
    came_from = request.headers.get("Referer", "")
    origin = f"{request.scheme}://{request.get_host()}"
    return came_from.removeprefix(origin) if came_from.startswith(origin + "/") else "/"
