"""排查: planned by whoever oversees a place, walked by its units; what is found is a case, nothing is a finding too."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from huiyin.accounts.roles import OVERSIGHT, UNIT
from huiyin.cases import words
from huiyin.cases.models import Case
from huiyin.channels.clerk.taking_down import TakenDown
from huiyin.channels.sweep import bring_in
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.ledger import writing
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Region, Unit
from huiyin.organisation.succession import units_of_post
from huiyin.supervision.sweeps.models import Finding, Sheet, Sweep
from huiyin.supervision.sweeps.rules import SweepKind, kind_named

TITLE, WHAT, REASON = gettext_lazy("名称"), gettext_lazy("查什么"), gettext_lazy("停止的理由")
SEEN = gettext_lazy("排查情况")
MOST_SHEETS = 5_000
GROUND = (Unit.Kind.COMMUNITY, Unit.Kind.STREET)  # units that walk a place
State = Sheet.State


# -- planning -------------------------------------------------------------------------------------------------
def plan_sweep(
    *,
    by: Actor,
    kind: SweepKind,
    title: str,
    what: str,
    region: Region,
    since: date,
    until: date,
    every: int,
    once: str = "",
) -> Sweep:
    """Plan a sweep of a place: a sheet for each grid and round, for the liaison of the unit on the ground.

    `once` names the form: sent again, it is the sweep that was planned before. Raises `PermissionDenied` for
    whoever does not oversee the place; `Refused` for days that make no sense, a place without anybody on the
    ground, more than MOST_SHEETS sheets, and a form that somebody else has sent.
    """
    _require_overseer(by, region)
    named, said = words.required(title, TITLE, most=60), words.required(what, WHAT, most=500)
    today = wall.local_date(by.when())
    if not today <= since <= until <= today + timedelta(days=366):
        raise Refused(_("请选今天起、一年以内的起止日期，结束不早于开始。"), code="days")
    if not 1 <= every <= 366:
        raise Refused(_("每轮的天数请填 1 到 366。"), code="every")
    grids, rounds = ground_of(region), list(_rounds(since, until, every))
    if not grids:
        raise Refused(
            _("“%(place)s”里没有社区或街道单位可以去排查。请换一个地方。") % {"place": region}, code="ground"
        )
    if len(grids) * len(rounds) > MOST_SHEETS:
        raise Refused(
            _("这样要 %(n)d 张排查单，最多 %(most)d 张。请缩短起止，或者拉长每轮。")
            % {"n": len(grids) * len(rounds), "most": MOST_SHEETS},
            code="many",
        )
    plan = Sweep(
        title=named,
        kind=kind.code,
        region=region,
        unit=by.post.unit if by.post else grids[0][1],
        what=said,
        since=since,
        until=until,
        every=every,
        made_at=by.when(),
        made_by=by.post,
        once=once or None,
    )
    try:
        return _planned_before(plan, by) or _planned(plan, by, grids, rounds)
    except IntegrityError:  # the same form, twice at the same moment
        if (first := _planned_before(plan, by)) is None:
            raise
        return first


def _planned_before(plan: Sweep, by: Actor) -> Sweep | None:
    """What the same person planned with the same form, under whichever post; `Refused` where somebody else did."""
    if not plan.once:
        return None
    before = Sweep.objects.select_related("made_by__user").filter(once=plan.once).first()
    if before is not None and before.made_by.user != by.user:
        raise Refused(_("这张表别人已经用过了，没有存下您填的。请重新打开页面再填。"), code="once")
    return before


@transaction.atomic
def _planned(
    sweep: Sweep,
    by: Actor,
    grids: Sequence[tuple[Region, Unit, Post]],
    rounds: Sequence[tuple[int, date, date]],
) -> Sweep:
    """Keep the sweep, its sheets and its event."""
    sweep.save()
    Sheet.objects.bulk_create(
        Sheet(sweep=sweep, round=number, region=place, unit=unit, person=person, begins_on=first, due_on=last)
        for number, first, last in rounds
        for place, unit, person in grids
    )
    facts = {
        "kind": sweep.kind, "region": sweep.region.code, "since": sweep.since.isoformat(),
        "until": sweep.until.isoformat(), "every": sweep.every, "sheets": len(grids) * len(rounds),
    }  # fmt: skip
    _record(sweep, "plan_sweep", by, facts, first=True)
    return sweep


def ground_of(region: Region) -> list[tuple[Region, Unit, Post]]:
    """Each place within a region that has a unit on the ground and nothing finer below it, with who goes there.

    A unit without a liaison in office is left out: nobody could be named on its sheet.
    """
    day = organisation.today()
    units = organisation.units_within(region, day=day).filter(kind__in=GROUND, liaison__user__is_active=True)
    held = organisation.holds_on(day, prefix="liaison__")
    rows = list(units.filter(held).select_related("region", "liaison").order_by("region__path", "pk"))
    by_place: dict[int, Unit] = {}
    for unit in rows:
        by_place.setdefault(unit.region_id, unit)
    paths = [unit.region.path for unit in by_place.values()]
    leaves = (
        unit
        for unit in by_place.values()
        if not any(path != unit.region.path and path.startswith(unit.region.path) for path in paths)
    )
    return [(unit.region, unit, unit.liaison) for unit in leaves if unit.liaison is not None]


def _rounds(since: date, until: date, every: int) -> Iterator[tuple[int, date, date]]:
    """(number, first day, last day) of each round; the last one may be shorter."""
    for number in count(1):
        first = since + timedelta(days=(number - 1) * every)
        if first > until:
            return
        yield number, first, min(until, first + timedelta(days=every - 1))


@transaction.atomic
def stop_sweep(sweep: Sweep, *, by: Actor, reason: str) -> Sweep:
    """Stop a sweep: what was not walked yet is cancelled, what was found stays."""
    said = words.required(reason, REASON, most=300)
    row = Sweep.objects.select_for_update(of=("self",)).select_related("region").get(pk=sweep.pk)
    _require_overseer(by, row.region)
    if row.stopped_at is not None:
        raise Refused(_("这次排查已经停止了。"), code="stopped")
    row.stopped_at, row.reason = by.when(), said
    row.save(update_fields=["stopped_at", "reason"])
    left = row.sheets.filter(state=State.DUE).update(state=State.CANCELLED)
    _record(row, "stop_sweep", by, {"cancelled": left})
    return row


def _require_overseer(by: Actor, region: Region) -> None:
    inside = by.post is not None and region.path.startswith(by.post.unit.region.path)
    if by.role not in OVERSIGHT or not inside:
        raise PermissionDenied(_("只有督办这个地方的人可以安排排查。"))


# -- walking --------------------------------------------------------------------------------------------------
@transaction.atomic
def report_finding(
    sheet: Sheet,
    *,
    by: Actor,
    key: str,
    title: str,
    text: str,
    place: str = "",
    name: str = "",
    phone: str = "",
    urgency: str = Case.Urgency.NORMAL,
) -> TakenDown:
    """Register what was found as a case, at the door of the kind of sweep. A form sent twice is one finding."""
    row = _walked(sheet, by)
    kind = kind_named(row.sweep.kind)
    taken = bring_in(
        by=by,
        key=f"{row.pk}-{key}",
        title=title,
        text=text,
        region=row.region.code,
        place=place,
        door=kind.door if kind else "",
        name=name,
        phone=phone,
        urgency=urgency,
    )
    case = Case.objects.get(number=taken.number)
    _finding, new = Finding.objects.get_or_create(
        case=case, defaults={"sheet": row, "at": by.when(), "by": by.post}
    )
    if new:
        row.found += 1
        row.save(update_fields=["found"])
        _record(row.sweep, "find", by, _of(row) | {"case": case.number})
    return taken


@transaction.atomic
def finish_sheet(sheet: Sheet, *, by: Actor, nothing: bool, text: str = "") -> Sheet:
    """Say that the grid was walked. Where nothing was found that has to be said, in so many words."""
    said = words.optional(text, SEEN)
    row = _walked(sheet, by)
    if nothing and row.found:
        raise Refused(
            ngettext(
                "这张排查单已经登记了 %(n)d 件问题，不能再说没有发现问题。",
                "这张排查单已经登记了 %(n)d 件问题，不能再说没有发现问题。",
                row.found,
            )
            % {"n": row.found},
            code="found",
        )
    if not nothing and not row.found:
        raise Refused(
            _("还没有登记发现的问题。查过了、没有发现问题的，请勾选“没有发现问题”。"), code="nothing"
        )
    row.state, row.words, row.done_at, row.done_by = State.DONE, said or None, by.when(), by.post
    row.save(update_fields=["state", "words", "done_at", "done_by"])
    private = {"words": words.digest(said)} if said else None
    _record(row.sweep, "finish_sheet", by, _of(row) | {"found": row.found}, private=private)
    return row


def _walked(sheet: Sheet, by: Actor) -> Sheet:
    """The sheet as it lies under the lock of its sweep, for somebody of the unit that walks it."""
    Sweep.objects.select_for_update().get(pk=sheet.sweep_id)
    row = Sheet.objects.select_related("sweep", "region", "unit").get(pk=sheet.pk)
    if by.role not in UNIT or row.unit_id not in units_of_post(by.post):
        raise PermissionDenied(_("这张排查单不是您单位的。"))
    if row.state != State.DUE:
        raise Refused(
            _("这张排查单现在是“%(state)s”，没有存下。发现了问题的，请按普通诉求登记。")
            % {"state": row.get_state_display()},
            code="state",
            instead=_("登记一件"),
        )
    if row.begins_on > wall.local_date(by.when()):
        raise Refused(_("这一轮还没有开始。"), code="early")
    return row


def _of(sheet: Sheet) -> dict[str, object]:
    return {"round": sheet.round, "region": sheet.region.code}


def _record(
    sweep: Sweep,
    kind: str,
    by: Actor,
    facts: dict[str, object],
    *,
    private: dict[str, str] | None = None,
    first: bool = False,
) -> None:
    """An event of the sweep's own chain, under the lock of its row."""
    writing.record(
        f"sweep:{sweep.pk}",
        kind,
        actor=by.name,
        occurred_at=by.when(),
        facts=facts,
        private=private,
        first=first,
    )
