"""Walking the first matters of each kind through the real acts; the rest are cast from those that came to an end."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import accumulate
from random import Random

from django.db import transaction
from django.utils.translation import gettext as _

from huiyin.cases import batch
from huiyin.cases.models import Case, Point
from huiyin.cli.demo.book import Book, Matter, dealt
from huiyin.cli.demo.copies import QUIET, YEARS, Plan, cast
from huiyin.cli.demo.moulds import Mould, moulds, twins
from huiyin.cli.demo.stage import Stage
from huiyin.cli.demo.tale import NotYet, Tale
from huiyin.cli.histories.shape import Kind
from huiyin.deadlines.queries import work_calendar
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused

WALKED = 10  # of each kind that ends; those that are still open are all walked
AT_ONCE = 250  # cases cast in one transaction
TRIES = 40  # before a story that never comes to its end is given up
ADOPTED = (Point.Outcome.ADOPTED, Point.Outcome.PARTLY_ADOPTED)
GRADES = {"good": (4, 5, 5), "bad": (2, 3)}


def fill(stage: Stage, book: Book, wanted: Sequence[Kind], *, seed: int, tell: Callable[[int], None]) -> int:
    """Make one case of each wanted kind, walked or cast; how many were made."""
    made = 0
    for kind, count in sorted(Counter(wanted).items()):
        before = len(_walked(kind))
        walked = count if not kind.ended else min(count, max(WALKED - before, 0))
        for turn in range(before, before + walked):
            walk(stage, book, kind, turn=turn, seed=seed)
            tell(1)
        for some in _cast(kind, count - walked, seed=seed):
            tell(some)
        made += count
    return made


def walk(stage: Stage, book: Book, kind: Kind, *, turn: int, seed: int) -> Case:
    """Walk one case of a kind as far as it goes. Raises Refused when no try comes to the end of its story."""
    for attempt in range(TRIES):
        key = f"{_prefix(kind)}{seed}:{turn}:{attempt}"
        tale = Tale(stage, book, Random(key), key=key)  # noqa: S311 (invented cases, not secrets)
        try:
            with transaction.atomic():
                _story(tale, kind, turn=turn, seed=seed)
                tale.case.refresh_from_db()
                if (tale.case.ended_at is not None) == kind.ended:
                    return tale.case
                raise NotYet
        except NotYet:
            continue
    raise Refused(_("演示的历史没有走完，什么也没有多装。请再试一次。"), code="no_story")


def _story(tale: Tale, kind: Kind, *, turn: int, seed: int) -> None:
    tale.begins(*((30, 120) if kind.ended else (0.5, 4)))
    tale.takes(dealt(_matters(tale.book, kind), turn, seed=seed))
    tale.is_sent()
    tale.signs()
    if not kind.ended:
        return
    outcome = (
        Point.Outcome.SOLVED if tale.matter.outcome in ADOPTED else ""
    )  # a promise would wait for its day
    tale.answers(outcome=outcome)
    tale.approves()
    tale.tells()
    if kind.rated:
        tale.rates("yes", *GRADES[kind.rated])
    else:
        tale.falls_silent()


def _matters(book: Book, kind: Kind) -> Sequence[Matter]:
    suggestions = [each for each in book.matters if each.nature == Case.Nature.SUGGESTION]
    others = [each for each in book.matters if each.nature != Case.Nature.SUGGESTION]
    alone = [each for each in (suggestions if kind.suggestion else others) if each.headcount == 1]
    if not alone:
        raise Refused(_("资料里没有演示这份历史要用的建议或诉求。"), code="no_book")
    return alone


def _prefix(kind: Kind) -> str:
    return f"history:{kind.name}:"


def _walked(kind: Kind) -> list[Case]:
    """Its cases that were walked, not those that were cast from them."""
    return list(Case.objects.filter(idempotency_key__startswith=_prefix(kind)).order_by("pk"))


def _cast(kind: Kind, count: int, *, seed: int) -> Iterator[int]:
    """Cast so many cases of a kind; how many in each transaction."""
    if count <= 0:
        return
    plan = Plan(seed, [], [_movable(mould) for mould in _settled(kind)], _numbers())
    chunk = Case.objects.count()  # no earlier one has this number, however often a run was cut short
    while count > 0:
        some = min(count, AT_ONCE)
        batch.write(cast(plan, chunk=chunk, cases=some))
        count, chunk = count - some, chunk + some
        yield some


def _settled(kind: Kind) -> list[Mould]:
    found = [mould for mould in moulds(_walked(kind)) if mould.settled]
    if not found:
        raise Refused(_("演示的历史没有走完，什么也没有多装。请再试一次。"), code="no_story")
    return found


def _movable(mould: Mould) -> tuple[Mould, list[int], list[float]]:
    """A mould with the days onto which it may be moved, over three years, as the large demonstration does."""
    works, earliest = work_calendar().is_working, clock.local_date(clock.now()) - YEARS
    days = twins(mould.span, earliest=earliest, works=works) or [0]
    return (
        mould,
        days,
        list(accumulate(1.0 if works(mould.span[0] + _days(each)) else QUIET for each in days)),
    )


def _numbers() -> frozenset[str]:
    return frozenset(Case.objects.values_list("number", flat=True))


def _days(count: int) -> timedelta:
    return timedelta(days=count)
