"""Where checked files lie: each whole or not at all, and gone some days after the last form that wanted it.

A form keeps what was chosen for it for a day; one that is never sent leaves files that no row names. The same content
may come again at any moment, from somebody else and in another process, and is then the same file: `is_kept` says
that it is wanted. Taking a file away is therefore done aside: it is renamed first, looked at once more, and put back
when somebody has asked for it meanwhile.
"""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from huiyin.cases.models import Attachment
from huiyin.cases.models.exporting import Export

KEPT = timedelta(days=2)
AT_ONCE = 200  # files that one question is asked about
ASIDE = ".gone"


def put(place: str, content: bytes) -> None:
    """Keep content under this name: on the disk when this returns, and never half, however the program ends."""
    if is_kept(place, size=len(content)):
        return
    if not _in_folder():
        if default_storage.exists(place):
            default_storage.delete(place)
        default_storage.save(place, ContentFile(content), max_length=100)
        return
    half = default_storage.save(f"{place}.{secrets.token_hex(4)}.new", ContentFile(content))
    try:
        handle = os.open(default_storage.path(half), os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        Path(default_storage.path(half)).replace(default_storage.path(place))
    except OSError:
        default_storage.delete(half)
        raise


def is_kept(place: str, *, size: int) -> bool:
    """Whether a file of this size lies under this name; if so it is wanted again, and stays."""
    with suppress(FileNotFoundError):
        if _in_folder():
            os.utime(default_storage.path(place))
        return default_storage.size(place) == size
    return False


def throw_away() -> int:
    """Take away every stored file that is older than two days and that no row names; how many. For the worker.

    Folder by folder and some at a time, so that a million files need no memory. Killed anywhere, the next run goes on.
    """
    if not _in_folder():
        return 0
    folder: Any = default_storage
    base, limit, gone = Path(folder.location), time.time() - KEPT.total_seconds(), 0
    for page in _pages(base, limit):
        places = {file: file.relative_to(base).as_posix().removesuffix(ASIDE) for file in page}
        named = _named(list(places.values()))
        gone += sum(_take(base / place, named=place in named, limit=limit) for place in places.values())
    return gone


def _in_folder() -> bool:
    return isinstance(default_storage, FileSystemStorage)


def _pages(base: Path, limit: float) -> Iterator[list[Path]]:
    """Old files, some at a time."""
    page: list[Path] = []
    for folder, _folders, names in os.walk(base):
        for file in (Path(folder, name) for name in names):
            with suppress(FileNotFoundError):
                if file.stat().st_mtime < limit:
                    page.append(file)
            if len(page) == AT_ONCE:
                yield page
                page = []
    if page:
        yield page


def _named(places: list[str]) -> set[str]:
    """Those of the stored files that a row names."""
    found = set(Attachment.objects.filter(stored_as__in=places).values_list("stored_as", flat=True))
    return found | set(Export.objects.filter(stored_as__in=places).values_list("stored_as", flat=True))


def _take(file: Path, *, named: bool, limit: float) -> bool:
    """Take one file away unless a row names it, or it was asked for while it was looked at; whether it is gone."""
    aside = file.with_name(file.name + ASIDE)
    if named and file.exists():
        aside.unlink(missing_ok=True)
        return False
    try:
        if not named:
            file.rename(aside)
        if named or aside.stat().st_mtime >= limit:
            aside.rename(file)
            return False
    except FileNotFoundError:  # what a killed run had renamed, or somebody else took
        pass
    existed = aside.exists()
    aside.unlink(missing_ok=True)
    return existed and not named
