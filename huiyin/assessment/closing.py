"""定稿: a month of assessment becomes rows some days after its end; what changes later is a correction with its reason.

Quarters and years are made of their months. A rating belongs to the month in which it is given, so none comes late;
what can still change afterwards (an answer returned, a matter left out, a rating that was pressed out of somebody)
stands in a correction, or nowhere. What people said is told of closed months alone: before, a rating that is taken
back, given anew or left out would be the difference of two looks.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models.fields.json import KT
from django.utils.translation import gettext as _

from huiyin.accounts.roles import OVERSIGHT
from huiyin.analytics import asking, snapshot
from huiyin.analytics.dated import EVERY
from huiyin.assessment import rules, source
from huiyin.assessment.models import ClosedMonth
from huiyin.assessment.periods import Kind, Period
from huiyin.assessment.rules import NoRule
from huiyin.assessment.secrecy import counts_in
from huiyin.assessment.source import Book, OfPosts, Sight, Tally
from huiyin.assessment.statistics import Share
from huiyin.evaluation.models import Rating
from huiyin.kernel import clock
from huiyin.kernel.few import any_few
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Region
from huiyin.organisation.place import limit
from huiyin.organisation.queries import today

LONGEST_REASON = 200
GRAIN = "judged+place+category+omitted+complained"
GRAIN_OF_POSTS = "post+judged+place+omitted+complained"
Cells = list[list[Any]]
RATINGS = frozenset(name for name in source.NAMES if EVERY[name].over == "evaluations")
WORK = tuple(name for name in source.NAMES if name not in RATINGS)


# -- reading -------------------------------------------------------------------------------------------------
def tally(book: Book, sight: Sight, period: Period, names: Collection[str] = source.NAMES) -> Tally:
    """The named figures of a period: of closed months as they were closed, of the others as it is now.

    Ratings of a longer period are the sum of its months as they may be told, or what is told of them and of it would
    tell more, and none are given in a month to come. The rest is asked in one stretch, since each question costs.
    """
    closed, zone = _closed(period), clock.zone()
    now = [month for month in period.months() if month not in closed]
    said, work = [name for name in names if name in RATINGS], [name for name in names if name not in RATINGS]
    months = [_seen(row, sight, names) for row in closed.values()]
    if said:
        begun = [month for month in now if month in _begun(period, book)]
        months += [book.between(sight, *month.bounds(zone), said) for month in begun]
    if period.kind is not Kind.MONTH:
        months = [_with_few_counted_in(each) for each in months]
    return source.summed([*months, *(book.between(sight, *span, work) for span in _stretches(now))])


def _with_few_counted_in(tally: Tally) -> Tally:
    """A month in which ratings that are left out count all the same, where they must.

    As `assessing` tells the month itself.
    """
    left_out, kept = Counter[Any](), Counter[Any]()
    for (unit, _category, omitted), figures in tally.items():
        for name in RATINGS & figures.keys():
            (left_out if omitted else kept)[unit, name] += figures[name].n
    few = {unit for (unit, name), n in left_out.items() if counts_in(n, kept[unit, name])}
    apart = [
        {(unit, category, omitted and not (unit in few and name in RATINGS)): {name: share}}
        for (unit, category, omitted), figures in tally.items()
        for name, share in figures.items()
    ]
    return source.summed(apart)


def _begun(period: Period, book: Book) -> list[Period]:
    """The months of a period, as far as they have begun."""
    return [month for month in period.months() if month.bounds(clock.zone())[0] <= book.as_of]


def is_closed(period: Period) -> bool:
    """Whether every month of it is closed, as it is cut now."""
    return _as_it_is_cut(period, revisions(period)).keys() >= set(period.months())


def by_post(book: Book, sight: Sight, period: Period) -> OfPosts:
    """The figures of posts in a period: of months that were closed with their posts as they were closed."""
    closed = {month: row for month, row in _closed(period).items() if row.posts is not None}
    seen = [_seen_posts(row, sight) for row in closed.values()]
    spans = _stretches(month for month in period.months() if month not in closed)
    return source.summed([*seen, *(book.by_post(sight, *span) for span in spans)])


def rated(book: Book, sight: Sight, period: Period) -> dict[Period, Mapping[int, int]]:
    """How many ratings each unit got in each month of a period, as far as it has begun."""
    closed = _closed(period)
    return {
        month: source.rated_counts(_seen(closed[month], sight, [source.RATED]))
        if month in closed
        else book.rated(sight, month)
        for month in _begun(period, book)
    }


def _stretches(months: Iterable[Period]) -> list[tuple[datetime, datetime]]:
    """From when to when these months go: few long stretches, those that follow each other as one."""
    spans: list[tuple[datetime, datetime]] = []
    for month in months:
        begins, ends = month.bounds(clock.zone())
        if spans and spans[-1][1] == begins:
            spans[-1] = (spans[-1][0], ends)
        else:
            spans.append((begins, ends))
    return spans


def _closed(period: Period) -> dict[Period, ClosedMonth]:
    """The revisions that hold of the closed months of a period, as far as they were cut as it is cut."""
    return _as_it_is_cut(period, ClosedMonth.objects.filter(period__in=_codes(period)))


def _codes(period: Period) -> list[str]:
    return [month.code for month in period.months()]


def _as_it_is_cut(period: Period, rows: Iterable[ClosedMonth]) -> dict[Period, ClosedMonth]:
    holding = _holding(period, rows)
    return {month: row for month, row in holding.items() if _bounds(row) == month.bounds(clock.zone())}


def cut_otherwise(period: Period, rows: Iterable[ClosedMonth]) -> frozenset[str]:
    """The months that were closed with other bounds than they have now: their figures are counted anew.

    `rows` are all revisions of the period, or those with posts.
    """
    zone = clock.zone()
    holding = _holding(period, rows)
    return frozenset(month.code for month, row in holding.items() if _bounds(row) != month.bounds(zone))


def _holding(period: Period, rows: Iterable[ClosedMonth]) -> dict[Period, ClosedMonth]:
    """Of each closed month of a period the last revision."""
    months = {month.code: month for month in period.months()}
    return {months[row.period]: row for row in sorted(rows, key=lambda row: row.revision)}


def _bounds(row: ClosedMonth) -> tuple[datetime, datetime]:
    return row.begins, row.ends


def _seen(row: ClosedMonth, sight: Sight, names: Collection[str]) -> Tally:
    """The named figures of the cells of a month that a reader may know of."""
    known = _known(sight)
    found: list[Tally] = [
        {(unit, category, omitted): {name: Share(*figures[name]) for name in names if name in figures}}
        for unit, place, category, omitted, matter, figures in row.cells
        if known(unit, place, matter)
    ]
    return source.summed(found)


def _seen_posts(row: ClosedMonth, sight: Sight) -> OfPosts:
    """The same of posts; where what is left out does not stand apart, all of it counts."""
    known = _known(sight)
    found: list[OfPosts] = [
        {(post, any(omitted)): {name: Share(*each) for name, each in figures.items()}}
        for post, unit, place, *omitted, matter, figures in row.posts
        if known(unit, place, matter)
    ]
    return source.summed(found)


def _known(sight: Sight) -> Callable[[int | None, int | None, int], bool]:
    """Whether a reader may know of what stands for a unit, a place and a matter."""
    places = _places(sight.region) if sight.region else None

    def known(unit: int | None, place: int | None, matter: int) -> bool:
        if (sight.unit is not None and unit != sight.unit) or (places is not None and place not in places):
            return False
        return not matter or (sight.accusing and matter not in sight.without)

    return known


def _places(code: str) -> frozenset[int]:
    """The keys of a region and of all that lies in it."""
    path = Region.objects.values_list("path", flat=True).get(code=code)
    return frozenset(Region.objects.filter(path__startswith=path).values_list("pk", flat=True))


def revisions(period: Period) -> list[ClosedMonth]:
    """Every revision of the months of a period, the newest first."""
    rows = ClosedMonth.objects.filter(period__in=_codes(period)).defer("cells", "posts")
    return list(rows.order_by("-period", "-revision"))


def with_posts(rows: Iterable[ClosedMonth]) -> dict[ClosedMonth, bool]:
    """Those of some revisions in which posts stand too, and whether what is left out stands apart in them."""
    last = {"first": KT("posts__0__0"), "sixth": KT("posts__0__5")}  # a cell with it has six parts
    found = ClosedMonth.objects.filter(pk__in=[row.pk for row in rows], posts__isnull=False).annotate(**last)
    apart = {
        key: first is None or sixth is not None
        for key, first, sixth in found.values_list("pk", "first", "sixth")
    }
    return {row: apart[row.pk] for row in rows if row.pk in apart}


def ripe_on(period: Period) -> date:
    """The day from which a month can be closed, or a longer period is closed wholly."""
    return period.last + timedelta(days=limit("freeze_after") + 1)


# -- writing -------------------------------------------------------------------------------------------------
def close(period: Period, *, by: Actor) -> ClosedMonth:
    """Keep a month's numbers as they are now. Raises Refused too early, of no month, or when it is closed already."""
    _require_month(period, by)
    if not _is_ripe(period):
        raise Refused(
            _("%(period)s 的考核要到 %(day)s 才能定稿，现在还会变。")
            % {"period": period.code, "day": ripe_on(period)},
            code="too_early",
        )
    if latest(period) is not None:
        raise _already(period)
    return _keep(period, _counted(period), by=by, revision=1, reason="")


def revise(period: Period, *, by: Actor, reason: str) -> ClosedMonth:
    """Correct a closed month. Raises Refused without a reason, for a month not closed, or with nothing changed.

    What was said of a unit stays as it was where fewer than five ratings have changed: the difference would tell them.
    """
    _require_month(period, by)
    said = " ".join(reason.split())
    if not said or len(said) > LONGEST_REASON:
        raise Refused(_("请写明更正的原因，不超过 200 字。没有改动任何数字。"), code="reason")
    before = latest(period)
    if before is None:
        raise Refused(
            _("%(period)s 的考核还没有定稿，不用更正。") % {"period": period.code}, code="not_closed"
        )
    now = _counted(period)
    found = replace(now, cells=_as_told(now.cells, [row.cells for row in _rows(period)]))
    same = found.cells == _ordered(before.cells) and found.posts == before.posts
    if same and _bounds(before) == period.bounds(clock.zone()):
        raise Refused(
            _("%(period)s 的考核和定稿时一样，没有要更正的。") % {"period": period.code}, code="unchanged"
        )
    return _keep(period, found, by=by, revision=before.revision + 1, reason=said)


def close_due() -> ClosedMonth | None:
    """Close every month that can be, the oldest first; the newest of them, run by the worker.

    It begins with the year in which somebody first rated, since a year is told only when all its months are closed;
    what went before nobody has waited for.
    """
    done = set(ClosedMonth.objects.values_list("period", flat=True).distinct())
    closed = None
    for code in _codes_since(_first_year()):
        try:
            month = rules.named(code, today())  # as its own rule cuts it
        except NoRule:  # where nobody is assessed there is nothing to close
            continue
        if not _is_ripe(month):
            break
        if code not in done:
            closed = close(month, by=Actor.system("worker"))
    return closed


def _first_year() -> int:
    first = Rating.objects.order_by("at").values_list("on", flat=True).first()
    return (first or _a_month_ago()).year


def _a_month_ago() -> date:
    return today().replace(day=1) - timedelta(days=1)


def _codes_since(year: int) -> Iterator[str]:
    """The codes of the months from January of a year to the present one."""
    month, last = Period(Kind.MONTH, year), f"{today():%Y-%m}"
    while month.code <= last:
        yield month.code
        month = month.after()


def _is_ripe(month: Period) -> bool:
    """Whether the days are over; with a month that ends at noon, also its last morning."""
    return today() >= ripe_on(month) and month.bounds(clock.zone())[1] <= clock.now()


def latest(period: Period) -> ClosedMonth | None:
    """The revision of a month that holds."""
    return ClosedMonth.holding(period.code)


def _rows(period: Period) -> list[ClosedMonth]:
    return list(ClosedMonth.objects.filter(period=period.code).order_by("revision"))


def tampered() -> list[ClosedMonth]:
    """Rows that do not say what their event in the ledger says."""
    return ClosedMonth.tampered()


# -- shared --------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Now:
    """A month as it is now: what is said of units and of posts, and how far its inputs go."""

    cells: Cells
    posts: Cells
    checkpoint: snapshot.Checkpoint


def _counted(period: Period) -> _Now:
    with snapshot.live() as (star, checkpoint):
        question = Sight().question(checkpoint.moment, *period.bounds(clock.zone()))
        units = asking.keyed(star, source.NAMES, question, by=GRAIN)
        posts = asking.keyed(star, source.POST_NAMES, question, by=GRAIN_OF_POSTS)
        by_post = {keys: figures for keys, figures in posts.items() if keys[0] is not None}
    return _Now(_cells(units), _cells(by_post), checkpoint)


def _cells(found: Mapping[tuple[Any, ...], Mapping[str, asking.Found]]) -> Cells:
    return _ordered(
        [*keys, {name: [each.whole, each.n] for name, each in figures.items() if each.n}]
        for keys, figures in found.items()
        if any(each.n for each in figures.values())
    )


def _ordered(cells: Iterable[list[Any]]) -> Cells:
    return sorted(cells, key=lambda cell: [(key is None, key) for key in cell[:-1]])


def _as_told(now: Cells, before: list[Cells]) -> Cells:
    """The cells with the ratings of those units as they were, of which a few people's would follow by difference."""
    units = {cell[0] for cells in (now, *before) for cell in cells}
    kept = {unit for unit in units if any(_gives_away(now, one, unit) for one in before)}
    work = {tuple(cell[:5]): _without_ratings(cell[5]) for cell in now if cell[0] in kept}
    said = {
        tuple(cell[:5]): {name: each for name, each in cell[5].items() if name in RATINGS}
        for cell in before[-1]
        if cell[0] in kept
    }
    both = [[*key, {**work.get(key, {}), **said.get(key, {})}] for key in {**work, **said}]
    others = [cell for cell in now if cell[0] not in kept]
    return _ordered([*others, *(cell for cell in both if cell[5])])


def _without_ratings(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in figures.items() if name not in RATINGS}


def _gives_away(now: Cells, before: Cells, unit: int | None) -> bool:
    """Whether a unit's ratings, in all or in one place, differ by one to four, with or without what few may know."""
    new, old = _ratings_of(now, unit), _ratings_of(before, unit)
    return any(any_few(*_steps(old.get(part, (0, 0)), new.get(part, (0, 0)))) for part in {*new, *old})


def _steps(old: tuple[float, int], new: tuple[float, int]) -> tuple[float, float, float]:
    """How many more are good, are not, and there are in all."""
    good, n = new[0] - old[0], new[1] - old[1]
    return good, n - good, n


def _ratings_of(cells: Cells, unit: int | None) -> dict[tuple[Any, ...], tuple[float, int]]:
    """Good and n of each figure of ratings: of all a unit's places and of each; all, what is left out, and the rest.

    For who may know all, and for all.
    """
    found: dict[tuple[Any, ...], tuple[float, int]] = {}
    for its, place, _category, omitted, matter, figures in cells:
        if its != unit:
            continue
        for name in RATINGS & figures.keys():
            good, n = figures[name]
            parts = [(name, at, left_out) for at in ("", place) for left_out in (None, omitted)]
            for part in (*parts, *(() if matter else ((*part, "known") for part in parts))):
                so_far = found.get(part, (0, 0))
                found[part] = (so_far[0] + good, so_far[1] + n)
    return found


def _keep(period: Period, now: _Now, *, by: Actor, revision: int, reason: str) -> ClosedMonth:
    begins, ends = period.bounds(clock.zone())
    made = now.checkpoint
    row = ClosedMonth(
        period=period.code, revision=revision, begins=begins, ends=ends, cells=now.cells, posts=now.posts,
        position=made.position, running=made.running, as_of=made.moment, closed_at=clock.now(), closed_by=by.post,
        reason=reason,
    )  # fmt: skip
    try:
        row.keep(actor=by.name, at=row.closed_at)
    except IntegrityError as fault:
        raise _already(period) from fault
    return row


def _require_month(period: Period, by: Actor) -> None:
    if by.kind != "system" and by.role not in OVERSIGHT:
        raise PermissionDenied(_("考核由督办和领导查看；单位看本单位的。"))
    if period.kind is not Kind.MONTH:
        raise Refused(_("考核按月定稿；季度和年由各月合成。"), code="period")


def _already(period: Period) -> Refused:
    return Refused(
        _("%(period)s 的考核已经定稿，没有再写。") % {"period": period.code},
        code="closed",
        instead=_("数字有错的，请写明原因更正：huiyin assessment revise"),
    )
