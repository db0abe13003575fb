"""Uploads within bounds: what is too large is read past and never kept, so that the words beside it are not lost."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from huiyin.cases.files import Unread

FILES = 12  # of the largest size, in one sending
LARGEST = 4  # times that: a sending beyond is not even read past


class Bounded(FileUploadHandler):
    """First of the handlers. A file beyond the bound goes to no other, and comes to the form as its name and size."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.room = FILES * settings.HUIYIN_FILE_BYTES
        self.over = False

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Raise RequestDataTooBig before anything is read, when reading past it would take too long."""
        if content_length > LARGEST * FILES * settings.HUIYIN_FILE_BYTES:
            raise RequestDataTooBig("more than several forms full of files")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Another file begins."""
        super().new_file(*args, **kwargs)
        self.over = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The piece, for the other handlers; None from where it is too much."""
        end = start + len(raw_data)
        self.over = self.over or end > settings.HUIYIN_FILE_BYTES or len(raw_data) > self.room
        if self.over:
            return None
        self.room -= len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """What stands for a file that was too much; None leaves a good one to the handlers that kept it."""
        return Unread(self.file_name, file_size) if self.over else None
