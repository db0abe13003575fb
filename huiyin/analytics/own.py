"""A unit's own figures, as its people may read them: its work, and no rating.

What people say of a unit is told by the sheets of assessment alone, which hide what is small: a second table of the
same ratings, cut in another way, would give single ones away by the difference.

Matters in which somebody is complained of by name are in none of these figures: the unit may be the one (cases.access).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from huiyin.analytics import asking, snapshot
from huiyin.analytics.asking import Found, Question
from huiyin.organisation.models import Unit
from huiyin.organisation.queries import today

WORK = (
    "answered",
    "median_days",
    "p90_days",
    "on_time_rate",
    "orders",
    "signed_rate",
    "objection_rate",
    "return_rate",
)
MONTHS = 12


@dataclass(frozen=True)
class Own:
    """A unit's figures of the last twelve months, with this one."""

    as_of: datetime
    since: date
    work: Mapping[str, Found]
    median_bounds: tuple[float, float] | None
    months: Sequence[tuple[str, int]]  # of receipt, with how many of them the unit answered first


def of_unit(unit: Unit) -> Own:
    """Count them, over the copy that the worker wrote last; with those of all units below it."""
    day = today()
    since = (day.replace(day=1) - timedelta(days=31 * (MONTHS - 1) - 10)).replace(day=1)
    with snapshot.recent() as (star, checkpoint):
        question = Question(checkpoint.moment, since=since, unit=unit.code, accusing=False)
        [line] = asking.ask(star, WORK, question)
        months = asking.every(star, ["answered"], question, by="month")
        return Own(
            as_of=checkpoint.moment,
            since=since,
            work=line.figures,
            median_bounds=asking.median_bounds(star, question).get(""),
            months=[(each.key, each.figures["answered"].whole) for each in months],
        )
