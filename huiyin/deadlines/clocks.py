"""Start, pause, resume, prolong and stop a clock in memory; the caller saves what comes back.

Nothing here writes: an act on a page and an importer of whole histories use the same code. What is read
from the database, and only when not handed in, is the calendar in force and the clock's pauses.
"""

from collections.abc import Sequence
from copy import copy
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from math import ceil
from typing import cast

from django.utils.translation import gettext as _

from huiyin.deadlines import arithmetic
from huiyin.deadlines.arithmetic import LIMITS, CalendarDays, Limit, WorkingDays
from huiyin.deadlines.calendars import WorkCalendar
from huiyin.deadlines.models import Clock, Pause, Policy
from huiyin.deadlines.queries import spans, work_calendar
from huiyin.kernel.clock import local_date, zone
from huiyin.kernel.refusals import Refused

NOON = time(12)
CHANGED = ("kind", "amount", "until", "until_set_at", "prolonged", "due_at", "yellow_at", "state", "mark")
STOPPED = ("state", "mark", "stopped_at", "late")


def limit_of(policy: Policy) -> Limit:
    """The policy's limit, for the arithmetic."""
    return LIMITS[policy.kind](policy.amount)


def due_under(policy: Policy, at: datetime, *, calendar: WorkCalendar | None = None) -> datetime:
    """The last instant in time of what begins at `at` under the policy, where no clock is needed."""
    found = arithmetic.due(at, limit_of(policy), calendar or work_calendar(), zone())
    return cast(datetime, found)  # only a pause leaves a due instant open


def start(
    policy: Policy,
    at: datetime,
    subject: str,
    *,
    amount: int | None = None,
    calendar: WorkCalendar | None = None,
) -> Clock:
    """A new clock under the policy, running from `at`. Raises UnknownYear when it would end in one.

    `amount`, in the policy's own unit, is given where somebody sets the time and the policy only bounds it.
    A start in the past gets no mark here: the sweep marks it, as it marks every other.
    """
    clock = Clock(
        subject=subject,
        step=policy.step,
        policy=policy,
        kind=policy.kind,
        amount=policy.amount if amount is None else amount,
        started_at=at,
    )
    _lay_out(clock, (), calendar or work_calendar())
    return clock


def stop(clock: Clock, at: datetime, *, pauses: Sequence[Pause] | None = None) -> Pause | None:
    """Stop the clock for good and judge it: late or in time. Returns the open pause that this ended, if any.

    Changes `STOPPED`. Raises Refused when it has stopped before.
    """
    _require_not_stopped(clock)
    open_pause = None
    if clock.state == Clock.State.PAUSED:
        open_pause = _open_pause(_pauses(clock, pauses))
        open_pause.ended_at = _end_of(open_pause, at)
    clock.state = Clock.State.STOPPED
    clock.stopped_at = at
    clock.late = arithmetic.is_late(at, clock.due_at)
    clock.mark = _mark(clock, at)
    return open_pause


def carried_on(clock: Clock, *, pauses: Sequence[Pause] | None = None) -> tuple[Clock, list[Pause]]:
    """A new clock that goes on exactly as this one stands, and its pauses, all unsaved; the caller stops the old.

    For work that changes hands: whoever gets it has what time was left.
    """
    _require_not_stopped(clock)
    fields = [field.attname for field in Clock._meta.concrete_fields if not field.primary_key]
    new = Clock(**{name: getattr(clock, name) for name in fields})
    new.policy = clock.policy
    copies = [
        Pause(clock=new, reason=each.reason, began_at=each.began_at, until=each.until, ended_at=each.ended_at)
        for each in _pauses(clock, pauses)
    ]
    return new, copies


def pause(clock: Clock, at: datetime, reason: str, *, until: datetime | None = None) -> Pause:
    """Let the clock stand still for a reason that its policy allows; waiting for the petitioner has a bound.

    Changes `CHANGED`; returns the new pause, unsaved. Raises Refused.
    """
    _require_not_stopped(clock)
    if clock.state == Clock.State.PAUSED:
        raise Refused(_("这个期限已经暂停。"), code="paused", instead=_("恢复计时"))
    _require_allowed(clock.policy, reason)
    if reason == Pause.Reason.AWAITING_PETITIONER and until is None:
        raise Refused(_("等待诉求人补充时，请写明最晚等到什么时候。"), code="unbounded")
    if until is not None and until <= at:
        raise Refused(_("暂停的截止时间要晚于开始时间。"), code="bound")
    begun = Pause(clock=clock, reason=reason, began_at=at, until=until)
    clock.state = Clock.State.PAUSED
    if not arithmetic.is_late(at, clock.due_at):  # a limit that is over stays over
        clock.due_at = clock.yellow_at = None
    return begun


def resume(
    clock: Clock,
    at: datetime,
    *,
    pauses: Sequence[Pause] | None = None,
    calendar: WorkCalendar | None = None,
) -> Pause:
    """Let a paused clock run again, from `at` or from the pause's bound if that came first.

    Changes `CHANGED`; returns the pause, ended. Raises Refused when it is not paused.
    """
    if clock.state != Clock.State.PAUSED:
        raise Refused(_("这个期限没有暂停，不需要恢复。"), code="not-paused")
    known = _pauses(clock, pauses)
    open_pause = _open_pause(known)
    ended_at = _end_of(open_pause, at)
    trial = [Pause(began_at=each.began_at, ended_at=each.ended_at or ended_at) for each in known]
    _lay_out(clock, trial, calendar or work_calendar())
    open_pause.ended_at = ended_at
    clock.state = Clock.State.RUNNING
    clock.mark = _mark(clock, at)
    return open_pause


def prolong(
    clock: Clock,
    more: Limit | date,
    *,
    at: datetime,
    basis: str,
    pauses: Sequence[Pause] | None = None,
    calendar: WorkCalendar | None = None,
) -> None:
    """Extend the limit by `more` of its own unit, or to a last day: a working day later than the present one.

    A clock of hours extended to a day becomes one of calendar days. Changes `CHANGED`. Raises Refused.
    """
    _require_not_stopped(clock)
    calendar = calendar or work_calendar()
    trial = copy(clock)  # a refusal half-way leaves the clock as it was
    if isinstance(more, date):
        _fix_last_day(trial, more, at, calendar)
    else:
        _add(trial, more)
    trial.prolonged = basis
    _lay_out(trial, _pauses(clock, pauses), calendar)
    trial.mark = _mark(trial, at)
    for name in CHANGED:
        setattr(clock, name, getattr(trial, name))


def bring_forward(
    clock: Clock, policy: Policy, at: datetime, *, calendar: WorkCalendar | None = None
) -> bool:
    """Put a running clock under a stricter policy, counted from `at`; False when it ends no later already.

    It stays the same clock, begun when it began: its limit becomes the hours until the new end (a begun hour
    counts whole), or the last day of a policy that counts days. Changes `CHANGED` and the policy.
    """
    _require_not_stopped(clock)
    calendar = calendar or work_calendar()
    due = due_under(policy, at, calendar=calendar)
    if clock.due_at is None or clock.due_at <= due:
        return False
    trial, stood = copy(clock), spans(_pauses(clock, None))
    trial.policy, trial.kind, trial.until, trial.until_set_at = policy, policy.kind, None, None
    if policy.kind == Policy.Kind.HOURS:
        spared = sum(((end or at) - begin for begin, end in stood), timedelta(0))
        trial.amount = ceil((due - clock.started_at - spared) / arithmetic.ONE_HOUR)
    else:
        trial.until, trial.until_set_at = arithmetic.last_day(due, zone()), at
    _lay_out(trial, _pauses(clock, None), calendar)
    if trial.due_at is None or trial.due_at >= clock.due_at:
        return False
    trial.mark = _mark(trial, at)
    for name in (*CHANGED, "policy"):
        setattr(clock, name, getattr(trial, name))
    return True


def restate(clock: Clock, *, at: datetime, pauses: Sequence[Pause], calendar: WorkCalendar) -> bool:
    """Work the due instants out again under another calendar; True when they moved."""
    before = (clock.due_at, clock.yellow_at)
    _lay_out(clock, pauses, calendar)
    if before == (clock.due_at, clock.yellow_at):
        return False
    clock.mark = _mark(clock, at)
    return True


def _lay_out(clock: Clock, pauses: Sequence[Pause], calendar: WorkCalendar) -> None:
    """Set `due_at` and `yellow_at` from everything else."""
    if not pauses and clock.until is None and clock.kind != Policy.Kind.HOURS:
        day = clock.started_at.astimezone(zone()).date()
        clock.due_at, clock.yellow_at = _by_days(day, clock.kind, clock.amount, calendar, zone())
        return
    stood, kind = spans(pauses), LIMITS[clock.kind]
    begins, limit = _counted(clock, calendar)
    due = arithmetic.due(begins, limit, calendar, zone(), stood)
    yellow = None
    if due is not None:
        yellow = arithmetic.mark_at(clock.started_at, due, kind, calendar, zone(), stood)
    clock.due_at, clock.yellow_at = due, yellow


@lru_cache(maxsize=8192)
def _by_days(
    day: date, kind: str, amount: int, calendar: WorkCalendar, place: tzinfo
) -> tuple[datetime | None, datetime | None]:
    """The due instants of a clock that counts days and was begun on a day, whatever the hour."""
    begins, limit = datetime.combine(day, NOON, place), LIMITS[kind](amount)
    due = arithmetic.due(begins, limit, calendar, place)
    return due, due and arithmetic.mark_at(begins, due, type(limit), calendar, place)


def _counted(clock: Clock, calendar: WorkCalendar) -> tuple[datetime, Limit]:
    """From when, and how long: a fixed last day becomes the days from its setting to itself, both included."""
    kind = LIMITS[clock.kind]
    if clock.until is None or clock.until_set_at is None:
        return clock.started_at, kind(clock.amount)
    before = local_date(clock.until_set_at) - arithmetic.ONE_DAY
    last = calendar.working_on_or_after(clock.until)
    begins = datetime.combine(before, NOON, zone())
    return begins, kind(arithmetic.counted_days(before, last, kind, calendar))


def _add(clock: Clock, more: Limit) -> None:
    if not isinstance(more, LIMITS[clock.kind]):
        raise ValueError(f"a clock of {clock.kind} is not prolonged by {more}")
    if clock.until is not None:
        raise Refused(
            _("这个期限已延到确定的日期，不能再加天数。"), code="fixed", instead=_("写一个新的日期")
        )
    clock.amount += more.amount


def _fix_last_day(clock: Clock, last: date, at: datetime, calendar: WorkCalendar) -> None:
    if clock.due_at is None:
        raise Refused(_("期限暂停时不能延到确定的日期。"), code="paused", instead=_("恢复计时"))
    if arithmetic.end_of_day(last, zone()) <= clock.due_at:
        present = arithmetic.last_day(clock.due_at, zone())
        raise Refused(_("延期后的最后一天要晚于 %(day)s。") % {"day": present.isoformat()}, code="not-later")
    if last < local_date(at):
        raise Refused(_("%(day)s 已经过去，不能作为最后一天。") % {"day": last.isoformat()}, code="past")
    if not calendar.is_working(last):
        following = calendar.working_on_or_after(last)
        raise Refused(
            _("%(day)s 不是工作日，不能作为最后一天。") % {"day": last.isoformat()},
            code="rest-day",
            instead=_("可以延到 %(day)s") % {"day": following.isoformat()},
        )
    clock.until, clock.until_set_at = last, at
    if LIMITS[clock.kind] not in (WorkingDays, CalendarDays):
        clock.kind = Policy.Kind.CALENDAR_DAYS


def _mark(clock: Clock, at: datetime) -> int:
    """The mark that the clock deserves at a moment; an open due instant keeps the one it had."""
    if clock.due_at is None or clock.yellow_at is None:
        return clock.mark
    if arithmetic.is_late(at, clock.due_at):
        return Clock.Mark.RED
    return Clock.Mark.YELLOW if at >= clock.yellow_at else Clock.Mark.NONE


def _pauses(clock: Clock, given: Sequence[Pause] | None) -> Sequence[Pause]:
    if given is not None:
        return given
    return list(clock.pauses.all()) if clock.pk else ()


def _open_pause(pauses: Sequence[Pause]) -> Pause:
    return next(each for each in pauses if each.ended_at is None)


def _end_of(open_pause: Pause, at: datetime) -> datetime:
    ended_at = at if open_pause.until is None else min(at, open_pause.until)
    return max(ended_at, open_pause.began_at)


def _require_not_stopped(clock: Clock) -> None:
    if clock.state == Clock.State.STOPPED:
        raise Refused(_("这个期限已经停止，不能再改动。"), code="stopped")


def _require_allowed(policy: Policy, reason: str) -> None:
    if reason in policy.pauses:
        return
    allowed = "、".join(str(Pause.Reason(each).label) for each in policy.pauses)
    raise Refused(
        _("按照“%(basis)s”，这个期限不能因“%(reason)s”暂停。")
        % {"basis": policy.basis, "reason": Pause.Reason(reason).label},
        code="pause",
        instead=_("可以暂停的情形：%(reasons)s") % {"reasons": allowed} if allowed else "",
    )
