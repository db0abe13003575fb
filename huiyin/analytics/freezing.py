"""定稿: a month's public figures stop moving when they are published; a later correction is a revision with its day.

A month is of the matters that came in it, by local date. It can be frozen once `freeze_after` days of the profile have
passed since its end, so that late ratings are in it; what comes later stands in a revision, or nowhere.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huiyin.analytics import asking, snapshot
from huiyin.analytics.asking import Found, Question
from huiyin.analytics.catalogue import FIGURES
from huiyin.analytics.models import FrozenPeriod
from huiyin.kernel import clock
from huiyin.kernel.few import LEAST, any_few
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.place import limit
from huiyin.organisation.queries import today

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
KEPT = ("received", "people", "suggestions", "appeals", "answered", "concluded", "conclusion_rate", "median_days",
        "on_time_rate", "ratings", "response_rate", "solution_rate", "satisfaction_rate")  # fmt: skip
SHOWN = 24  # months on the public page
LONGEST_REASON = 200


@dataclass(frozen=True)
class Change:
    """A figure that is no longer what was published."""

    name: str
    published: Found
    now: Found


@dataclass(frozen=True)
class Fixed:
    """A row as it is shown: a revision of a month with its figures."""

    period: str
    revision: int
    figures: dict[str, Found]
    frozen_at: datetime
    reason: str


def freeze(period: str, *, by: Actor) -> FrozenPeriod:
    """Keep the month's figures as they are now. Raises Refused too early, or when it is frozen already."""
    since, until = span(period)
    ripe = until + timedelta(days=limit("freeze_after") + 1)
    if today() < ripe:
        raise Refused(
            _("%(period)s 的数字要到 %(day)s 才能定稿，现在还会变。") % {"period": period, "day": ripe},
            code="too_early",
        )
    if latest(period) is not None:
        raise _already(period)
    return _keep(period, Question(clock.now(), since=since, until=until), by=by, revision=1, reason="")


def revise(period: str, *, by: Actor, reason: str) -> FrozenPeriod:
    """Publish a correction. Raises Refused without a reason, for a month not frozen, or with nothing changed."""
    said = " ".join(reason.split())
    if not said or len(said) > LONGEST_REASON:
        raise Refused(_("请写明更正的原因，不超过 200 字。没有改动任何数字。"), code="reason")
    before = latest(period)
    if before is None:
        raise Refused(_("%(period)s 还没有定稿，不用更正。") % {"period": period}, code="not_frozen")
    if not changes(period):
        raise Refused(
            _("%(period)s 的数字和公布的一样，没有要更正的。") % {"period": period}, code="unchanged"
        )
    since, until = span(period)
    question = Question(clock.now(), since=since, until=until)
    return _keep(period, question, by=by, revision=before.revision + 1, reason=said)


def freeze_due() -> FrozenPeriod | None:
    """Freeze every month that can be, the oldest first, since the last that is; the newest of them, run by the worker.

    Where none is frozen yet only the last month is: what was before nobody has published.
    """
    last = (today() - timedelta(days=limit("freeze_after"))).replace(day=1) - timedelta(days=1)
    newest = FrozenPeriod.objects.order_by("-period").values_list("period", flat=True).first()
    month = (span(newest)[1] + timedelta(days=1)) if newest else last.replace(day=1)
    frozen = None
    while month <= last:
        frozen = freeze(f"{month:%Y-%m}", by=Actor.system("worker"))
        month = (month + timedelta(days=31)).replace(day=1)
    return frozen


def latest(period: str) -> FrozenPeriod | None:
    """The revision that holds."""
    return FrozenPeriod.holding(period)


def published() -> list[Fixed]:
    """Every revision of the last months, the newest first."""
    months = FrozenPeriod.objects.order_by("-period").values_list("period", flat=True).distinct()[:SHOWN]
    found = _as_shown(FrozenPeriod.objects.filter(period__in=list(months)))
    return sorted(found, key=lambda each: (each.period, each.revision), reverse=True)


def told_last() -> dict[str, Fixed]:
    """Of every month that was published the revision that holds, as it is shown."""
    return {each.period: each for each in _as_shown(FrozenPeriod.objects.all())}


def _as_shown(rows: QuerySet[FrozenPeriod]) -> Iterator[Fixed]:
    """All revisions of some months, the oldest first.

    A figure of ratings that a correction moved by one to four people stays as it was told before: the difference of
    both would tell what they said.
    """
    told: dict[tuple[str, str], list[Found]] = {}
    for row in rows.order_by("period", "revision"):
        figures = {
            name: _as_told(each, told.setdefault((row.period, name), []))
            if FIGURES[name].over == "evaluations"
            else each
            for name, each in found_in(row).items()
        }
        yield Fixed(row.period, row.revision, figures, row.frozen_at, row.reason)


def _as_told(now: Found, before: list[Found]) -> Found:
    """A figure of ratings, or the one told last where both would give a few people away; it is remembered as told."""
    if now.n < LEAST:
        return now
    for each in before:
        steps = (now.n - each.n, now.whole - each.whole, now.n - now.whole - each.n + each.whole)
        if any_few(*steps):
            return before[-1]
    before.append(now)
    return now


def found_in(row: FrozenPeriod) -> dict[str, Found]:
    """The figures of a row, with their rates and intervals."""
    return {
        name: Found(FIGURES[name].kind, each["counted"], each["n"])
        for name, each in row.figures.items()
        if name in FIGURES
    }


def changes(period: str) -> list[Change]:
    """What is no longer as it was published. Raises Refused for a month that is not frozen."""
    row = latest(period)
    if row is None:
        raise Refused(_("%(period)s 还没有定稿，不用更正。") % {"period": period}, code="not_frozen")
    since, until = span(period)
    now, _checkpoint = counted(Question(clock.now(), since=since, until=until))
    before = found_in(row)
    return [Change(name, before[name], now[name]) for name in before if before[name] != now[name]]


def tampered() -> list[FrozenPeriod]:
    """Rows that do not say what their event in the ledger says."""
    return FrozenPeriod.tampered()


def span(period: str) -> tuple[date, date]:
    """First and last day of a month, 2026-10. Raises Refused for anything else."""
    found = MONTH.fullmatch(period)
    if found is None:
        raise Refused(_("月份写成 2026-10 的样子。"), code="period")
    year, month = int(found[1]), int(found[2])
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def counted(question: Question) -> tuple[dict[str, Found], snapshot.Checkpoint]:
    """The figures that are kept of a period, as they are now, and how far their inputs go."""
    with snapshot.live() as (star, checkpoint):
        [line] = asking.ask(star, KEPT, question)
    return dict(line.figures), checkpoint


def _keep(period: str, question: Question, *, by: Actor, revision: int, reason: str) -> FrozenPeriod:
    found, checkpoint = counted(question)
    row = FrozenPeriod(
        period=period,
        revision=revision,
        figures={name: {"counted": each.counted, "n": each.n} for name, each in found.items()},
        position=checkpoint.position,
        running=checkpoint.running,
        as_of=checkpoint.moment,
        frozen_at=clock.now(),
        frozen_by=by.post,
        reason=reason,
    )
    try:
        row.keep(actor=by.name, at=row.frozen_at)
    except IntegrityError as fault:
        raise _already(period) from fault
    return row


def _already(period: str) -> Refused:
    return Refused(
        _("%(period)s 的数字已经定稿，没有再写。") % {"period": period},
        code="frozen",
        instead=_("数字有错的，请写明原因更正：huiyin period revise"),
    )
