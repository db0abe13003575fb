"""How a shelf keeps up: it follows the ledger's order event by event, and is built from the cases themselves.

Each step reads and cuts first, and then is one transaction that moves the shelf's row in `Reading`, under a lock on
that row and only if nobody else has moved it: killed anywhere, it begins again where it stopped. What is read after
an event is committed shows the event's effect; what changes later has an event of its own, further on. So nothing is
missed, and an entry put up twice is the same entry.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction

from huiyin.cases.models import Case
from huiyin.cases.queries import EVENT_PREFIX
from huiyin.ledger.models import Event
from huiyin.search import index
from huiyin.search.models import Entry, Reading
from huiyin.search.shelves import Shelf

STEP = 200  # events, or cases, in one transaction: on SQLite nobody else writes meanwhile
STEPS = 10  # in one run of a standing task: the others wait meanwhile


def keep_up(shelf: Shelf) -> None:
    """Follow the ledger, and go on building where the shelf is not yet built; a second's work at most."""
    news, unfinished = behind(shelf)
    if unfinished:
        build_once(shelf)
    elif not news:
        return  # the usual second: no lock is taken
    for _step in range(STEPS):
        if follow_once(shelf) < STEP:
            break


def follow_once(shelf: Shelf) -> int:
    """Read the next events in the ledger's order and put their cases up anew; how many events.

    0 too when another worker came first: it has taken them.
    """
    known = _known(shelf)
    events = Event.objects.filter(position__gt=known.position).order_by("position")
    news = list(events.values_list("position", "subject")[:STEP])
    if not news:
        return 0
    numbers = {s.removeprefix(EVENT_PREFIX) for _at, s in news if s.startswith(EVENT_PREFIX)}
    change = prepared(shelf, Case.objects.filter(number__in=numbers).values_list("pk", flat=True))
    with transaction.atomic():
        if not _locked(known):
            return 0
        change.make()
        Reading.objects.filter(pk=shelf.name).update(position=news[-1][0])
    return len(news)


def build_once(shelf: Shelf) -> int:
    """While the shelf is not built: put up the next cases by key; how many."""
    known = _known(shelf)
    if known.built_to is None:
        return 0
    cases = Case.objects.filter(pk__gt=known.built_to).order_by("pk")
    keys = list(cases.values_list("pk", flat=True)[:STEP])
    change = prepared(shelf, keys)
    with transaction.atomic():
        if not _locked(known):
            return 0
        change.make()
        Reading.objects.filter(pk=shelf.name).update(built_to=keys[-1] if len(keys) == STEP else None)
    return len(keys)


def rebuild(shelf: Shelf) -> Iterator[int]:
    """Build the shelf from the beginning; gives after each step how many cases it took in. May be interrupted."""
    _known(shelf)
    Reading.objects.filter(pk=shelf.name).update(built_to=0)
    while not _stands(shelf):
        yield build_once(shelf)


@dataclass(frozen=True)
class Change:
    """What is to be done to a shelf: the cases whose entries go, and the entries that come."""

    entries: type[Entry]
    gone: list[int]
    new: list[index.Line]

    def make(self) -> None:
        """Do it; inside a transaction."""
        index.remove(self.entries, self.gone)
        index.insert(self.entries, self.new)


def prepared(shelf: Shelf, cases: Iterable[int]) -> Change:
    """What brings the entries of these cases to what they are to be: put up, changed, or taken off.

    Texts are cut into words here, before any lock is taken: on SQLite nobody could write meanwhile.
    """
    keys = list(cases)
    sheets = list(shelf.read(keys)) if keys else []
    kept = dict(shelf.entries._default_manager.filter(case__in=keys).values_list("case_id", "digest"))
    changed = [sheet for sheet in sheets if bytes(kept.get(sheet.case, b"")) != sheet.digest()]
    gone = kept.keys() - {sheet.case for sheet in sheets}
    return Change(
        shelf.entries, [*gone, *(sheet.case for sheet in changed)], [sheet.line() for sheet in changed]
    )


def cases() -> int:
    """How many cases a rebuilding looks at."""
    return Case.objects.count()


def behind(shelf: Shelf) -> tuple[int, bool]:
    """How many events in the ledger's order the shelf has not read yet, and whether it is still being built."""
    reading = Reading.objects.filter(pk=shelf.name).first()
    last = (
        Event.objects.filter(position__isnull=False).order_by("-position").values_list("position", flat=True)
    )
    ends_at = last.first() or 0
    return (ends_at, True) if reading is None else (ends_at - reading.position, reading.built_to is not None)


def _stands(shelf: Shelf) -> bool:
    """Whether the shelf was built to its end."""
    return Reading.objects.filter(pk=shelf.name, built_to=None).exists()


def _known(shelf: Shelf) -> Reading:
    """How far the shelf has come. A new one begins at the ledger's end, with all the cases before it to be built."""
    found = Reading.objects.filter(pk=shelf.name).first()
    if found is not None:
        return found
    newest = Event.objects.filter(position__isnull=False).order_by("-position")
    position = newest.values_list("position", flat=True).first() or 0
    return Reading.objects.get_or_create(pk=shelf.name, defaults={"position": position, "built_to": 0})[0]


def _locked(known: Reading) -> bool:
    """Lock the shelf's row, if it stands as it was known: what was read since is then the newest there is."""
    as_known = Reading.objects.filter(pk=known.pk, position=known.position, built_to=known.built_to)
    return as_known.select_for_update().first() is not None
