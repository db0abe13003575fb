"""What follows from public spans that overlap: two that differ by some days tell of those days, by subtraction.

A span that is told joins its two ends: between any ends that are joined, over however many spans, the count follows. So
before a span is told, every stretch between neighbouring ends that it would join anew is counted.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from huiyin.analytics import told
from huiyin.analytics.asking import Found, Question
from huiyin.analytics.catalogue import DAYS, FIGURES
from huiyin.analytics.engine import Star
from huiyin.kernel.few import any_few
from huiyin.publication.bulletins.models import Bulletin
from huiyin.publication.bulletins.periods import MONTH, Span, holding

Stretch = tuple[date, date]  # its first day, and the day after its last
Told = Mapping[str, set[Stretch]]  # by figure, the stretches of which it is told
COUNTED = ("received", "people", "answered", "mean_days")  # of a month, on the public page
BEGINNING = date.min
ADDED = frozenset({"mean_days"})  # of days: others are of no sum, so nothing follows from two of them


def stretch(span: Span) -> Stretch:
    """The span as a stretch."""
    return span.since, span.until + timedelta(days=1)


def told_already(star: Star, question: Question) -> dict[str, set[Stretch]]:
    """By figure the stretches of which everybody is told, of all matters: by the page, and by bulletins."""
    found: dict[str, set[Stretch]] = {name: set() for name in FIGURES}
    for name, here in (*_on_the_page(star, question), *_in_bulletins()):
        found[name].add(here)
    return found


def _on_the_page(star: Star, question: Question) -> Iterator[tuple[str, Stretch]]:
    """The months of the table, all of it together, and of the months that stand fixed what is told of them."""
    page = told.counted(star, question)
    for line in page.months:
        if line.cases is not None:
            yield from (("received", _month(line.key)), ("people", _month(line.key)))
        if line.answered is not None:
            yield from (("answered", _month(line.key)), ("mean_days", _month(line.key)))
    if page.months:
        whole = BEGINNING, _month(page.months[-1].key)[1]
        yield from ((name, whole) for name in COUNTED)
    for row in page.frozen:
        yield from ((name, _month(row.period)) for name in row.figures)


def _in_bulletins() -> Iterator[tuple[str, Stretch]]:
    for row in _bulletins():
        span = Span(row.every, row.since, row.until)
        for place, here in (("now", span), ("then", span.before())):
            yield from ((name, stretch(here)) for name in row.bound.get(place, {}) if name in FIGURES)


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
    return frozenset(
        name
        for name, stretches in wanted.items()
        if (FIGURES[name].kind != DAYS or name in ADDED)
        and FIGURES[name].over != "evaluations"
        and any(
            _tells_few(name, counted(each)[name]) for each in _following(stretches, already.get(name, set()))
        )
    )


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
