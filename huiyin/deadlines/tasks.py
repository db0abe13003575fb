"""Standing work on clocks: marks as time passes, pauses that reach their bound, calendars that change."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from huiyin.deadlines import arithmetic, clocks
from huiyin.deadlines.models import Clock, Pause, Policy
from huiyin.deadlines.queries import work_calendar
from huiyin.deadlines.refusals import UnknownYear
from huiyin.kernel.clock import now, zone

BATCH = 500
RUNNING = Q(state=Clock.State.RUNNING)
log = logging.getLogger(__name__)


def sweep() -> dict[str, int]:
    """Lift pauses whose bound has passed, then mark every running clock that turned yellow or red.

    Returns how many were lifted and marked. The marks are two UPDATE statements over partial indexes that
    hold only the clocks not yet marked, so it does not matter how many are open.
    """
    lifted = len(lift_ended_pauses())
    at = now()
    red = _mark(Clock.objects.filter(RUNNING, mark__lt=Clock.Mark.RED, due_at__lt=at), Clock.Mark.RED)
    yellow = _mark(Clock.objects.filter(RUNNING, mark=Clock.Mark.NONE, yellow_at__lte=at), Clock.Mark.YELLOW)
    return {"lifted": lifted, "yellow": yellow, "red": red}


def _mark(due_for_it: QuerySet[Clock], mark: int) -> int:
    """One UPDATE. Rows that an act holds at this moment are left to the next sweep, never waited for."""
    free = due_for_it.select_for_update(skip_locked=True).values("pk")
    with transaction.atomic():
        return Clock.objects.filter(pk__in=free).update(mark=mark)


def lift_ended_pauses() -> list[Clock]:
    """Let clocks run again whose pause has reached its bound, as of that bound; returns those clocks."""
    at, lifted, after = now(), [], 0
    while True:
        with transaction.atomic():
            ended = Pause.objects.filter(ended_at=None, until__lte=at, pk__gt=after)
            batch = list(
                ended.select_for_update(skip_locked=True).select_related("clock").order_by("pk")[:BATCH]
            )
            lifted += _lift(batch)
        if len(batch) < BATCH:
            return lifted
        after = batch[-1].pk


def _lift(batch: Sequence[Pause]) -> list[Clock]:
    """Resume the clocks of one batch and write them; one that needs an unknown year waits, with a warning."""
    pauses = _pauses_of([each.clock_id for each in batch])
    clocks_done, pauses_done = [], []
    for each in batch:
        try:
            ended = clocks.resume(each.clock, each.until or now(), pauses=pauses[each.clock_id])
        except UnknownYear as refusal:
            log.warning("clock %s stays paused: year %s is not loaded", each.clock_id, refusal.year)
            continue
        clocks_done.append(each.clock)
        pauses_done.append(ended)
    Pause.objects.bulk_update(pauses_done, ["ended_at"])
    Clock.objects.bulk_update(clocks_done, ["due_at", "yellow_at", "state", "mark"])
    return clocks_done


def restate(
    year: int, *, after: int = 0, told: Callable[[Sequence[Clock]], object] = len
) -> Iterator[tuple[int, int, int]]:
    """Work out again the due instants of open clocks that touch a year whose calendar changed.

    Yields (last clock id, clocks looked at, clocks changed) after every batch, which is its own transaction;
    `after` goes on from such an id, and doing a batch twice changes nothing. `told` gets every clock of a
    batch once it is written, for rooms above that keep copies of due instants: also the unchanged, because
    an earlier run may have been killed in between. Clocks that stopped keep the calendar that judged them.
    """
    calendar = work_calendar()
    while True:
        with transaction.atomic():
            batch = list(_touching(year).filter(pk__gt=after).select_for_update().order_by("pk")[:BATCH])
            if not batch:
                return
            changed = _restated(batch, calendar)
            _write(changed)
        told(batch)
        after = batch[-1].pk
        yield after, len(batch), len(changed)


def _restated(batch: Sequence[Clock], calendar: clocks.WorkCalendar) -> list[Clock]:
    at, pauses, changed = now(), _pauses_of([clock.pk for clock in batch]), []
    for clock in batch:
        try:
            if clocks.restate(clock, at=at, pauses=pauses[clock.pk], calendar=calendar):
                changed.append(clock)
        except UnknownYear as refusal:
            log.warning("clock %s keeps its due time: year %s is not loaded", clock.pk, refusal.year)
    return changed


def _write(changed: Sequence[Clock]) -> None:
    """One UPDATE for all clocks that are due together: day clocks share few instants, so this is quick."""
    together: dict[tuple[datetime | None, datetime | None, int], list[int]] = {}
    for clock in changed:
        together.setdefault((clock.due_at, clock.yellow_at, clock.mark), []).append(clock.pk)
    for (due_at, yellow_at, mark), ids in together.items():
        Clock.objects.filter(pk__in=ids).update(due_at=due_at, yellow_at=yellow_at, mark=mark)


def _touching(year: int) -> QuerySet[Clock]:
    """Open clocks that run at some time of a year."""
    begins = arithmetic.end_of_day(date(year - 1, 12, 31), zone())
    ends = arithmetic.end_of_day(date(year, 12, 31), zone())
    reaches = Q(due_at=None) | Q(due_at__gt=begins)
    by_days = Clock.objects.exclude(kind=Policy.Kind.HOURS).exclude(state=Clock.State.STOPPED)
    return by_days.filter(reaches, started_at__lt=ends)


def _pauses_of(clock_ids: Sequence[int]) -> dict[int, list[Pause]]:
    found: dict[int, list[Pause]] = {pk: [] for pk in clock_ids}
    for each in Pause.objects.filter(clock_id__in=clock_ids).order_by("pk"):
        found[each.clock_id].append(each)
    return found
