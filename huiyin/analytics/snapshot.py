"""The star of the live data, as Parquet files in the home: written anew as far as the ledger has gone on since.

A snapshot is a folder; `current.json` names the one that holds, with the place in the ledger up to which it was
read. It is replaced in one step, so readers never meet half of one, and whoever writes may be killed anywhere.
"""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db.models import Max, Q, QuerySet

from huiyin.analytics import building, reading
from huiyin.analytics.engine import Star, duck, opened
from huiyin.cases.models import Case
from huiyin.cases.queries import EVENT_PREFIX
from huiyin.kernel import clock
from huiyin.ledger.models import Event

FOLDER = "figures"
CURRENT = "current.json"
FORM = 4  # of what is written; another number is written anew
READ_YET = timedelta(minutes=30)  # what held until then may still be open in somebody's hands
RECENT = timedelta(minutes=15)  # the worker writes one every five
MOST_ANEW = 0.2  # of all cases: when more have changed, all are read


@dataclass(frozen=True)
class Checkpoint:
    """Up to which event a snapshot was read, the running hash there, when, in which zone, and in which folder."""

    position: int
    running: str
    at: str
    zone: str
    folder: str
    form: int = FORM

    @property
    def moment(self) -> datetime:
        """When the live data was read: what is open or late is as of then."""
        return datetime.fromisoformat(self.at)


def home() -> Path:
    """Where the snapshots lie."""
    return Path(settings.HUIYIN_HOME) / FOLDER


@contextmanager
def live() -> Iterator[tuple[Star, Checkpoint]]:
    """The star of the live data as it is now, and how far it goes."""
    checkpoint = brought_up_to_date()
    with opened(home() / checkpoint.folder) as star:
        yield star, checkpoint


@contextmanager
def recent(*, after: datetime | None = None) -> Iterator[tuple[Star, Checkpoint]]:
    """The star as the worker wrote it last, so that no page waits; as it is now where none is young enough.

    `after` is when it must have been read at the earliest: what is asked of a day that is over needs all of it.
    """
    checkpoint = current()
    young = checkpoint is not None and timedelta() <= clock.now() - checkpoint.moment < RECENT
    if checkpoint is None or not young or (after is not None and checkpoint.moment < after):
        checkpoint = brought_up_to_date()
    with opened(home() / checkpoint.folder) as star:
        yield star, checkpoint


def brought_up_to_date() -> Checkpoint:
    """Write what has changed since the last snapshot, or all of it; one writer at a time."""
    home().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home() / "writing.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        before = current()
        found = _read_anew(before) if before else _read_all()
        (home() / "current.json.new").write_text(json.dumps(asdict(found)), encoding="utf-8")
        (home() / "current.json.new").replace(home() / CURRENT)
        if before:
            os.utime(home() / before.folder)  # from now on its time runs
        _sweep({found.folder, before.folder if before else found.folder})
    return found


def current() -> Checkpoint | None:
    """The snapshot that holds; None where there is none, or where it is of another ledger, form or zone."""
    try:
        found = Checkpoint(**json.loads((home() / CURRENT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    here = Event.objects.filter(position=found.position).values_list("running", flat=True).first()
    same = here is not None and bytes(here).hex() == found.running
    fits = found.form == FORM and found.zone == clock.zone().key and (home() / found.folder).is_dir()
    return found if same and fits else None


def _checkpoint() -> Checkpoint:
    """How far the ledger goes, asked before anything is read: what comes while reading is read again next time."""
    last = Event.objects.aggregate(last=Max("position"))["last"] or 0
    running = Event.objects.filter(position=last).values_list("running", flat=True).first() or b""
    name = uuid4().hex
    return Checkpoint(last, bytes(running).hex(), clock.now().isoformat(), clock.zone().key, name)


def _read_all() -> Checkpoint:
    made = _checkpoint()
    with _folder(made.folder) as folder:
        for name, source in reading.OF_CASES.items():
            reading.write(source.rows(None), folder / f"{name}.csv")
        _build(folder, before=None)
    return made


def _read_anew(before: Checkpoint) -> Checkpoint:
    """The last snapshot with the changed and the open cases put in anew; parts without any are the same files."""
    numbers = _changed_since(before.position)
    if len(numbers) > MOST_ANEW * reading.roughly():
        return _read_all()
    made = _checkpoint()
    with _folder(made.folder) as folder:
        _read_cases(reading.open_cases(), folder, "anew.csv")
        for cases in reading.cases_numbered(numbers):
            _read_cases(cases, folder, "anew.csv", "changed.csv")
        _build(folder, before=home() / before.folder)
    return made


def _read_cases(cases: QuerySet[Case], folder: Path, *lists: str) -> None:
    """All rows of some cases, and their keys into the lists."""
    for name, source in reading.OF_CASES.items():
        reading.write(source.rows(cases), folder / f"{name}.csv")
    for listed in lists:
        reading.write(cases.order_by().values_list("pk"), folder / listed)


def _changed_since(position: int) -> list[str]:
    """The numbers of cases with an event later in the order, or with one that has no place in it yet."""
    later = Event.objects.filter(
        Q(position__gt=position) | Q(position=None), subject__startswith=EVENT_PREFIX
    )
    subjects = later.order_by().values_list("subject", flat=True).distinct()
    return sorted(subject.removeprefix(EVENT_PREFIX) for subject in subjects)


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    """A new folder, gone again when what is written into it fails."""
    folder = home() / name
    folder.mkdir(mode=0o700)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _build(folder: Path, *, before: Path | None) -> None:
    for name, (model, columns) in reading.OF_PLACE.items():
        reading.write(model._default_manager.order_by().values_list(*columns), folder / f"{name}.csv")
    reading.write_beside(folder)
    with duck() as connection:
        building.build(connection, folder, before=before)


def _sweep(kept: set[str]) -> None:
    """Throw away earlier snapshots, but for those that held lately: somebody may still be reading one."""
    left = time.time() - READ_YET.total_seconds()
    for folder in home().iterdir():
        named = folder.is_dir() and folder.name not in kept and len(folder.name) == len(uuid4().hex)
        if named and folder.stat().st_mtime < left:
            shutil.rmtree(folder, ignore_errors=True)
