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

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.analytics import building, reading
from huiyin.analytics.engine import Star, duck, home, opened
from huiyin.analytics.keeping import NotCounted, first_count
from huiyin.cases.models import Case
from huiyin.cases.queries import EVENT_PREFIX
from huiyin.kernel import clock
from huiyin.ledger.models import Event

CURRENT = "current.json"
FORM = 5  # of what is written; another number is written anew
READ_YET = timedelta(minutes=30)  # what held until then may still be open in somebody's hands
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
    first: str = ""  # hash of the event written first: tells ledgers apart in which none has a place

    @property
    def moment(self) -> datetime:
        """When the live data was read: what is open or late is as of then."""
        return datetime.fromisoformat(self.at)


@contextmanager
def live() -> Iterator[tuple[Star, Checkpoint]]:
    """The star of the live data as it is now, and how far it goes."""
    checkpoint = brought_up_to_date()
    with opened(home() / checkpoint.folder) as star:
        yield star, checkpoint


@contextmanager
def recent(*, after: datetime | None = None) -> Iterator[tuple[Star, Checkpoint]]:
    """The star as the worker wrote it last, however long ago: whoever shows it says of when it is.

    No page waits for another copy, but for the first of all, and only one does: raises NotCounted for whoever comes
    while that one is written, and where the copy was read before `after`: what is asked of a day that is over needs
    all of it.
    """
    checkpoint = current() or _first()
    if after is not None and checkpoint.moment < after:
        raise NotCounted(
            _("数字现在只算到 %(moment)s，这段时间还没有算完。")
            % {"moment": f"{checkpoint.moment.astimezone(clock.zone()):%Y-%m-%d %H:%M}"},
            code="not_counted",
            instead=_("后台几分钟算一次，请过几分钟再试。一直这样的，请管理员运行 huiyin doctor。"),
        )
    with opened(home() / checkpoint.folder) as star:
        yield star, checkpoint


def _first() -> Checkpoint:
    """The first copy of all, written by whoever asks for it first."""
    with _writing(fcntl.LOCK_EX | fcntl.LOCK_NB) as alone:
        if alone:
            return current() or _written()
    raise first_count()


def brought_up_to_date() -> Checkpoint:
    """Write what has changed since the last snapshot, or all of it; one writer at a time."""
    with _writing(fcntl.LOCK_EX):
        return _written()


@contextmanager
def _writing(how: int) -> Iterator[bool]:
    """The lock of the one who writes; whether it was got, where one would not wait for it."""
    home().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home() / "writing.lock").open("w") as lock:
        try:
            fcntl.flock(lock, how)
        except BlockingIOError:
            yield False
        else:
            yield True


def _written() -> Checkpoint:
    before = current()
    found = _read_anew(before) if before and before.position else _read_all()
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
    same = _here(found.position) == (found.running if found.position else found.first)
    fits = found.form == FORM and found.zone == clock.zone().key and (home() / found.folder).is_dir()
    return found if same and fits else None


def _checkpoint() -> Checkpoint:
    """How far the ledger goes, asked before anything is read: what comes while reading is read again next time."""
    last = Event.objects.aggregate(last=Max("position"))["last"] or 0
    running = _here(last) if last else ""
    name, first = uuid4().hex, _here(0) or ""
    return Checkpoint(last, running or "", clock.now().isoformat(), clock.zone().key, name, first=first)


def _here(position: int) -> str | None:
    """The running hash at a place of the ledger, None where there is no such place.

    At nought, where a ledger stands of which no event has a place yet: the hash of the event written first, if any.
    """
    events = Event.objects.filter(position=position).values_list("running", flat=True)
    if not position:
        events = Event.objects.order_by("pk").values_list("hash", flat=True)
    found = events.first()
    return bytes(found).hex() if found is not None else (None if position else "")


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
