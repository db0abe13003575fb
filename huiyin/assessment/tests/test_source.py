"""The figures of the catalogue against the same measures counted in the database's own words, over a made-up year."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from huiyin.assessment import access, source
from huiyin.assessment.behind import behind
from huiyin.assessment.periods import Period, period_of
from huiyin.assessment.tests import by_hand, town
from huiyin.cases.models import Answer, Case, Exclusion, Objection, Order, Round
from huiyin.deadlines.models import Clock
from huiyin.evaluation.models import Rating

pytestmark = pytest.mark.django_db
BEGAN = datetime(2026, 8, 1, tzinfo=UTC)
PERIODS = [
    period_of("2026"),
    period_of("2026-11"),
    period_of("2026-Q3"),
    period_of("2026-10", opens=19, hour=6),
]


def history(cast, *, n: int, seed: int = 7) -> None:
    """Matters of three units over four months with all that may happen to them."""
    dice = Random(seed)
    before: list[Case] = []
    for _each in range(n):
        at = BEGAN + timedelta(minutes=dice.randrange(125 * 24 * 60))
        unit = dice.choice((cast.chengguan, cast.zhujian, cast.squad))
        case = town.matter(
            cast, unit, at, late=dice.random() < 0.3, region=dice.choice((cast.street, cast.other_street)),
            category=dice.choice((cast.night_noise, cast.property)),
            nature="report" if dice.random() < 0.1 else "appeal",
        )  # fmt: skip
        _happen(cast, case, dice)
        if before and dice.random() < 0.1:
            Case.objects.filter(pk=case.pk).update(state="merged", parent=dice.choice(before))
        if dice.random() < 0.1:
            Exclusion.objects.create(case=case, unit=dice.choice((cast.chengguan, cast.supervisor.unit)))
        if dice.random() < 0.15:
            town.left_out(case, unit, cast)
        before.append(case)


def _happen(cast, case: Case, dice: Random) -> None:
    order, answer = Order.objects.get(case=case), Answer.objects.get(case=case)
    moved = {
        0: {"signed_at": None, "signed_by": None},
        1: {"signed_at": order.sent_at + timedelta(days=2)},
        2: {"signed_by": None},
        3: {"answered_at": None, "state": "signed"},
        4: {"answered_at": None, "state": "cancelled"},
        5: {"state": "replaced"},
        6: {"part": "assist"},
        7: {"due_at": order.due_at + timedelta(days=200), "answered_at": None, "state": "signed"},
    }.get(dice.randrange(16), {})
    Order.objects.filter(pk=order.pk).update(**moved)
    if dice.random() < 0.1:
        Clock.objects.filter(pk=order.clock_id).update(late=None)
    if dice.random() < 0.2:
        Objection.objects.create(
            order=order, reason=cast.not_ours, words="不归我们", raised_at=order.sent_at, clock=order.clock
        )
    if dice.random() < 0.1:
        Answer.objects.filter(pk=answer.pk).update(state="returned")
    if dice.random() < 0.1:
        Answer.objects.filter(pk=answer.pk).update(order=None)
    if dice.random() < 0.3:
        Round.objects.create(
            case=case, number=2, cause=dice.choice(("review", "unsolved", "reopened", "contested")),
            began_at=order.sent_at, clock=order.clock,
        )  # fmt: skip
    for _each in range(dice.randrange(3)):
        rating = town.rated(
            case, order.sent_at + timedelta(days=dice.randrange(40)), solved=dice.choice(("yes", "partly", "no")),
            satisfied=dice.randrange(1, 6), contacted=dice.random() < 0.8,
        )  # fmt: skip
        rating.__class__.objects.filter(pk=rating.pk).update(
            round=dice.choice((1, 1, 2)), set_aside="pressed" if dice.random() < 0.1 else ""
        )


def plain(counted) -> dict:
    """Without the order of rows and the last digits of sums of weights."""
    found = defaultdict(dict)
    for key, cells in counted.items():
        for cell in cells:
            found[key][cell.category, cell.omitted] = (round(cell.good, 9), cell.n)
    return dict(found)


@pytest.fixture
def lived(cast):
    town.rule()
    history(cast, n=150)
    return cast


def test_each_measure_is_what_the_database_itself_counts_for_every_reader_and_period(lived):
    rule = town.Rule.objects.get()
    readers = {
        "leader": (access.judged(lived.leader), access.sight(lived.leader)),
        "accused": (access.judged(lived.supervisor), access.sight(lived.supervisor)),
        "common": (
            Case.objects.exclude(nature="report").exclude(pk__in=Exclusion.objects.values("case")),
            access.COMMON,
        ),
    }
    assert readers["accused"][1].without, "the supervisor's unit is complained of in some"
    with source.opened() as book:
        for who, (cases, sight) in readers.items():
            for period in PERIODS:
                ours = source.counted(book.tally(sight, period), rule)
                theirs = by_hand.counted(cases, period, rule)
                assert plain(ours) == plain(theirs), (who, period.code)
        assert sum(cell.n for cells in ours.values() for cell in cells) > 20, "there was something to count"


def test_the_cases_behind_a_figure_are_those_that_it_counts(lived):
    period = period_of("2026")
    cases = access.judged(lived.leader)
    orders = by_hand.due(cases, period).filter(unit=lived.chengguan)
    expected = {
        "due": orders,
        "late": orders.exclude(pk__in=orders.filter(is_good=True).values("pk")),
        "returned": by_hand.sent(cases, period).filter(unit=lived.chengguan, objected=True),
        "redone": by_hand.answers(cases, period).filter(unit=lived.chengguan, redone=True),
        "rated": Rating.objects.filter(case__in=cases.values("pk"), unit=lived.chengguan, on__year=2026),
    }
    for figure, rows in expected.items():
        found = _every(lived.leader, figure, period, lived.chengguan)
        assert len(found) == len(set(found)), "no case stands on two pages"
        assert set(found) == set(rows.values_list("case", flat=True)), figure


def _every(by, figure: str, period: Period, unit) -> list[int]:
    found, after = [], 0
    while True:
        page = behind(by, figure, period, unit=unit, after=after)
        found += [case.pk for case in page.rows]
        after = page.later
        if not after:
            return found
