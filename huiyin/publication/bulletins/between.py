"""What follows from public spans that overlap: two that differ by some days tell of those days, by subtraction.

A span that is told joins its two ends: between any ends that are joined, over however many spans, the count follows. So
before a span is told, every stretch between neighbouring ends that it would join anew is counted. A figure tells its n
too, so most of them tell how much came.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from huiyin.analytics import told
from huiyin.analytics.asking import Found
from huiyin.analytics.catalogue import DAYS, FIGURES
from huiyin.analytics.engine import Star
from huiyin.kernel.few import any_few
from huiyin.publication.bulletins.models import Bulletin
from huiyin.publication.bulletins.periods import MONTH, Span, holding

Stretch = tuple[date, date]  # its first day, and the day after its last
Told = Mapping[str, set[Stretch]]  # by figure, the stretches of which it is told
ADDED = frozenset({"mean_days"})  # of days: others are of no sum, so nothing follows from two of them
NATURES = {"suggestion": "suggestions", "inquiry": "inquiries", "complaint": "complaints"}
TOGETHER = frozenset({"suggestions", "appeals", "suggestion_share", "appeal_share"})  # one tells the others
# By which figure n is told, where that is neither what came nor what was answered.
WHOLES = {"people": "people", "open_people": "people", "overdue": "open", "extended": "on_time_rate"}


def stretch(span: Span) -> Stretch:
    """The span as a stretch."""
    return span.since, span.until + timedelta(days=1)


def first_month(star: Star) -> date:
    """The first day of the month in which the first matter came."""
    [row] = star.rows("SELECT min(received_on) AS day FROM matters")
    return row["day"].replace(day=1) if row["day"] else date.min


def since(first: date, days: Stretch) -> Stretch:
    """A stretch without what lies before the first month: there is nothing, so two that begin there begin together."""
    return max(first, days[0]), max(first, days[1])


def told_with(name: str) -> frozenset[str]:
    """What is told with a figure: its n stands beside it, and is a count itself."""
    figure = FIGURES[name]
    if figure.over == "matters":
        return frozenset({name, "answered" if figure.kind == DAYS else WHOLES.get(name, "received")})
    return frozenset({name, WHOLES.get(name, name)})


def told_already(page: told.Told, first: date) -> dict[str, set[Stretch]]:
    """By figure the stretches of which everybody is told, of all matters: by the page, and by bulletins."""
    found: dict[str, set[Stretch]] = {name: set() for name in FIGURES}
    for name, here in (*_on_the_page(page, first), *_in_bulletins()):
        for each in told_with(name):
            found[each].add(since(first, here))
    return found


def not_on_the_page(page: told.Told) -> frozenset[str]:
    """The figures of natures that the page hides: a part of one tells of the others that are hidden with it."""
    hidden = {NATURES[line.key] for line in page.natures if line.cases is None and line.key in NATURES}
    return frozenset(hidden | (TOGETHER if hidden & TOGETHER else frozenset()))


def _on_the_page(page: told.Told, first: date) -> Iterator[tuple[str, Stretch]]:
    """All of it together, the months of the tables, and of those that stand fixed what is told of them."""
    for line in page.months:
        if line.cases is not None:
            yield from (("received", _month(line.key)), ("people", _month(line.key)))
        if line.answered is not None:
            yield from (("answered", _month(line.key)), ("mean_days", _month(line.key)))
    for each in page.outcomes:
        if each.concluded is not None:
            yield from (("concluded", _month(each.key)), ("conclusion_rate", _month(each.key)))
        if each.on_time is not None:
            yield "on_time_rate", _month(each.key)
    if page.months:
        whole = first, _month(page.months[-1].key)[1]
        yield from ((name, whole) for name in told.TOTALS)
    for row in page.frozen:
        yield from ((name, _month(row.period)) for name in row.figures)


def _in_bulletins() -> Iterator[tuple[str, Stretch]]:
    for row in _bulletins():
        span = Span(row.every, row.since, row.until)
        for place, here in (("now", span), ("then", span.before())):
            yield from ((name, stretch(here)) for name in row.bound.get(place, {}) if name in FIGURES)
        for line in row.bound.get("tables", {}).get("month", ()):
            told_of = (name for name, value in line["cells"].items() if value is not None)
            yield from ((name, _month(line["key"])) for name in told_of)


def _month(key: str) -> Stretch:
    return stretch(holding(MONTH, date.fromisoformat(f"{key}-01")))


def _bulletins() -> Iterable[Bulletin]:
    """Also those that are not issued yet: whoever approves one does not see the other."""
    public = Bulletin.objects.filter(audience=Bulletin.Audience.PUBLIC, scope="")
    gone = public.exclude(state=Bulletin.State.DISCARDED)
    return gone.only("every", "since", "until", "bound").iterator()


def withheld(
    wanted: Told, already: Told, counted: Callable[[Stretch], Mapping[str, Found]]
) -> frozenset[str]:
    """The figures that would tell of few by a stretch which follows only when they are told of these stretches too.

    None of ratings: they are told of months that stand fixed alone, and of no sum of them.
    """
    few = frozenset(
        name
        for name, stretches in wanted.items()
        if any(_few_follow(each, stretches, already.get(each, set()), counted) for each in told_with(name))
    )
    return few | (TOGETHER if few & TOGETHER else frozenset())


def _few_follow(
    name: str, new: set[Stretch], old: set[Stretch], counted: Callable[[Stretch], Mapping[str, Found]]
) -> bool:
    figure = FIGURES[name]
    if figure.over == "evaluations" or (figure.kind == DAYS and name not in ADDED):
        return False
    return any(_tells_few(name, counted(each)[name]) for each in _following(new, old))


def _following(new: set[Stretch], old: set[Stretch]) -> list[Stretch]:
    """The stretches between neighbouring ends that follow from all of them, and from the old ones did not."""
    before, after = _joined(old), _joined(old | new)
    groups: dict[date, list[date]] = {}
    for end, first in after.items():
        groups.setdefault(first, []).append(end)
    return [
        pair
        for ends in groups.values()
        for pair in pairwise(sorted(ends))
        if pair not in old | new and not _are_joined(pair, before)
    ]


def _are_joined(ends: Stretch, joined: Mapping[date, date]) -> bool:
    first, last = (joined.get(end) for end in ends)
    return first is not None and first == last


def _joined(stretches: Iterable[Stretch]) -> dict[date, date]:
    """Of each end one that stands for all that are joined with it."""
    standing: dict[date, date] = {}

    def found(end: date) -> date:
        while standing.setdefault(end, end) != end:
            end = standing[end]
        return end

    for first, last in sorted(stretches):
        standing[found(last)] = found(first)
    return {end: found(end) for end in standing}


def _tells_few(name: str, found: Found) -> bool:
    if found.kind == DAYS or name in told.OF_THE_OFFICE:
        return any_few(found.n)
    rest: Sequence[int] = [found.n - found.whole] if found.n >= found.whole else []
    return any_few(found.whole, found.n, *rest)
