"""Reading a form that could bring files but brings none: whole and at once, where Django's reader goes part by part.

Citizens' forms come in parts for the sake of their photos, and most come without. Only what every browser sends is
read here, and only when it is short; anything else goes through Django's own reader.
"""

import re
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import MultiValueDict

LONGEST = 128 * 1024  # octets; within every limit of the settings
# A field, or a place for files where none was chosen, which Django reads as an empty field.
FIELD = re.compile(
    rb'\r\nContent-Disposition: form-data; name="([\w-]+)"(?:; filename=""\r\nContent-Type: [\w./+-]+)?'
)
Read = tuple[QueryDict, MultiValueDict]


class ShortForms(FileUploadHandler):
    """Takes over what is short, by the door that Django leaves open for that, and lets the rest pass."""

    def handle_raw_input(  # type: ignore[override] # Django's boundary is bytes, whatever its stubs say
        self, input_data: Any, META: Any, content_length: int, boundary: bytes, encoding: Any = None
    ) -> Read | None:
        """The fields, and the files where there are some after all; None for what is too long to look at."""
        if content_length > LONGEST:
            return None
        body = input_data.read(content_length)
        fields = plain_fields(body, boundary)
        if fields is None or len(fields) > (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or len(fields)):
            others = [each for each in self.request.upload_handlers if each is not self]  # type: ignore[union-attr]
            return MultiPartParser(META, BytesIO(body), others, encoding).parse()
        told = QueryDict(mutable=True)
        for name, value in fields:
            told.appendlist(name.decode(), str(value, encoding, "replace"))
        told._mutable = False
        return told, MultiValueDict()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """A piece of a file: for the handlers after this one."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Nothing was kept here."""


def plain_fields(body: bytes, boundary: bytes) -> list[tuple[bytes, bytes]] | None:
    """Names and values in their order; None when anything in it is not as browsers send it, or is a file."""
    before, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if before or not parts or parts.pop() != b"--\r\n":
        return None
    found: list[tuple[bytes, bytes]] = []
    for part in parts:
        head, blank, value = part.partition(b"\r\n\r\n")
        field = FIELD.fullmatch(head)
        if (
            not (field and blank) or boundary in value
        ):  # a border that no browser writes so: Django knows what it is
            return None
        found.append((field[1], value))
    return found


def begun_fields(head: bytes, boundary: bytes) -> list[tuple[bytes, bytes]]:
    """Names and values in the first piece of a body, of which the last may be cut; what browsers do not send is left.

    Only split: a reader of mail goes into parts within parts, and half a megabyte of those takes it half a minute.
    """
    if not boundary:
        return []
    parts = [part.partition(b"\r\n\r\n") for part in (b"\r\n" + head).split(b"\r\n--" + boundary)]
    named = [(FIELD.fullmatch(about), value) for about, _blank, value in parts]
    return [(field[1], value) for field, value in named if field]
