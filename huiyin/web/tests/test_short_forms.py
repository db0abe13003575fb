"""A form in parts, read at once, beside what Django's own reader makes of it."""

from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import TooManyFieldsSent
from django.core.handlers.wsgi import WSGIRequest
from django.http.multipartparser import MultiPartParserError
from django.test import override_settings
from hypothesis import example, given, settings
from hypothesis import strategies as st

from huiyin.web import short_forms

BORDER = "----WebKitFormBoundaryA1b2"
DJANGOS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]


def part(name: str, value: bytes, more: str = "") -> bytes:
    return (
        f'--{BORDER}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode()
        + value
        + b"\r\n"
    )


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BORDER}--\r\n".encode()


def read(sent: bytes, **handlers: Any) -> Any:
    """What a request with this body holds: every field, every file's name and content, or the fault."""
    environ = {
        "REQUEST_METHOD": "POST",
        "wsgi.input": BytesIO(sent),
        "CONTENT_TYPE": f"multipart/form-data; boundary={BORDER}",
        "CONTENT_LENGTH": str(len(sent)),
    }
    with override_settings(**handlers):
        request = WSGIRequest(environ)
        try:
            files = [(name, each.name, each.read()) for name, many in request.FILES.lists() for each in many]
        except (MultiPartParserError, TooManyFieldsSent) as fault:
            return type(fault)
        assert not request.POST._mutable
        return list(request.POST.lists()), files


def same(sent: bytes) -> bool:
    return read(sent) == read(sent, FILE_UPLOAD_HANDLERS=DJANGOS)


NO_FILE = part("files", b"", '; filename=""\r\nContent-Type: application/octet-stream')
FILE = part("files", b"\x00\r\n--abc", '; filename="a.txt"\r\nContent-Type: text/plain')
USUAL = body(part("text", "路灯不亮\r\n".encode()), part("key", b""), part("text", b"again"), NO_FILE)


def test_what_browsers_send_without_a_file_is_read_here(monkeypatch):
    assert same(USUAL)
    monkeypatch.setattr(short_forms, "MultiPartParser", None)
    fields, files = read(USUAL)
    assert fields == [("text", ["路灯不亮\r\n", "again"]), ("key", [""]), ("files", [""])] and files == []


@pytest.mark.parametrize(
    "sent",
    [
        body(part("text", b"a"), FILE),
        body(part("text", b"a"), NO_FILE, FILE),
        body(part("text", b"\xff\xfe")),
        body(part("te%20xt", b"a"), part("名", b"b")),
        body(part("text", b"YQ==", "\r\nContent-Transfer-Encoding: base64")),
        body(part("text", b"a", "\r\nContent-Type: text/plain; charset=gbk")),
        body(part("text", f"\r\n--{BORDER}x".encode())),
        body(part("text", b"a")).removesuffix(b"--\r\n"),
        body(part("text", b"a")).removesuffix(b"\r\n"),
        b"preamble\r\n" + body(part("text", b"a")),
        body(part("text", b"a")) + b"epilogue",
        body(f"--{BORDER}\r\ncontent-disposition: form-data; name=text\r\n\r\na\r\n".encode()),
        body(f"--{BORDER}\r\n\r\na\r\n".encode()),
        body(),
        b"",
        b"no parts at all",
        body(*[part(f"f{n}", b"") for n in range(1100)]),
        body(part("text", b"a" * (short_forms.LONGEST + 1)), FILE),
    ],
)
def test_whatever_else_is_read_as_django_reads_it(sent):
    assert same(sent)


@settings(deadline=None)  # a busy machine is no fault of the form
@given(
    st.lists(st.tuples(st.from_regex(r"[a-z_-]{1,8}", fullmatch=True), st.binary(max_size=60)), max_size=6)
)
def test_any_fields_are_read_as_django_reads_them(fields):
    assert same(body(*[part(name, value) for name, value in fields], NO_FILE))


@settings(deadline=None)  # a busy machine is no fault of the form
@example(noise=b"", at=77, gone=15)  # a border after half an end of line
@given(noise=st.binary(max_size=200), at=st.integers(0, len(USUAL)), gone=st.integers(0, 40))
def test_a_damaged_form_is_read_as_django_reads_it(noise, at, gone):
    assert same(USUAL[:at] + noise + USUAL[at + gone :])
