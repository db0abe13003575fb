"""Six ways of bending the figures, and how each shows in what was recorded; hints with their cases, never findings.

Each detector counts, unit by unit, how many of its cases bear a mark. A unit stands out when so many would come
about by chance less than once in a thousand, even were it like the upper fifth of the others, for offices differ for
honest reasons too, and when they are more than twice as many as the middle one has. No Django, so that the generator of
`benchmarks.gaming` runs the very same code.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp, lgamma, log
from statistics import median

RARE = 0.001  # how improbable a unit's count must be
TIMES = 2.0  # and how many times what is usual
HIGH = 0.8  # of the others' rates: what an honest unit may well have
FEWEST_CASES, FEWEST_MARKED = 20, 5
FEWEST_OTHERS = 3  # without them nobody knows what is usual
LAST_MINUTES = timedelta(minutes=30)
SOON = timedelta(days=3)
BEFORE_DUE = timedelta(hours=8)
AGAIN = 3  # ratings by one person about one unit in one period, from which on they are counted


@dataclass(frozen=True)
class Handled:
    """A matter as a unit handled it. `reopened` is when it came back, `merged` when it was merged away, if ever."""

    unit: str
    case: str
    due: datetime
    answered: datetime | None = None
    reopened: datetime | None = None
    merged: datetime | None = None
    split: bool = False


@dataclass(frozen=True)
class Said:
    """A rating: what was said (contacted, solved, grade) and a key of who said it, "" for somebody unknown.

    No trace of devices is kept anywhere in this program; whether few people rate much is seen by person instead.
    """

    unit: str
    case: str
    said: tuple[bool, str, int]
    person: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A matter left out of a unit's figures, and the posts that had a hand in it."""

    unit: str
    case: str
    hands: tuple[str, ...]


@dataclass(frozen=True)
class Recorded:
    """All that detectors look at."""

    handled: Sequence[Handled] = ()
    said: Sequence[Said] = ()
    left_out: Sequence[LeftOut] = ()


@dataclass
class Seen:
    """Of one unit: how many cases were looked at, and those with the mark."""

    n: int = 0
    marked: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Hint:
    """A unit that stands out: `marked` of `n` cases, where `usual` is the middle rate of the others."""

    detector: str
    unit: str
    n: int
    cases: tuple[str, ...]
    usual: float
    chance: float

    @property
    def rate(self) -> float:
        """The unit's own rate."""
        return len(self.cases) / self.n


# -- what each looks at --------------------------------------------------------------------------------------
def last_minute(found: Recorded) -> Mapping[str, Seen]:
    """Answers given in the last minutes before the limit: a word to stop the clock."""
    answered = [each for each in found.handled if each.answered is not None]
    return _seen(answered, lambda each: timedelta() <= each.due - (each.answered or each.due) <= LAST_MINUTES)


def closed_and_reopened(found: Recorded) -> Mapping[str, Seen]:
    """Answers in time whose matter was back within days: closed for the count, not for the citizen."""
    in_time = [each for each in found.handled if each.answered is not None and each.answered <= each.due]
    return _seen(
        in_time,
        lambda each: each.reopened is not None and each.reopened - (each.answered or each.due) <= SOON,
    )


def merged_or_split(found: Recorded) -> Mapping[str, Seen]:
    """Matters merged away in the last hours before their limit, and those split from one: moved for the count."""
    return _seen(
        found.handled,
        lambda each: (
            each.split or (each.merged is not None and timedelta() <= each.due - each.merged <= BEFORE_DUE)
        ),
    )


def equal_ratings(found: Recorded) -> Mapping[str, Seen]:
    """Ratings that are all the same: those that say what most of the unit's ratings say."""
    by_unit: dict[str, list[Said]] = defaultdict(list)
    for each in found.said:
        by_unit[each.unit].append(each)
    seen = {}
    for unit, rows in by_unit.items():
        most, _n = Counter(row.said for row in rows).most_common(1)[0]
        seen[unit] = Seen(len(rows), [row.case for row in rows if row.said == most])
    return seen


def few_people(found: Recorded) -> Mapping[str, Seen]:
    """Ratings by people who rated the same unit again and again."""
    times = Counter((each.unit, each.person) for each in found.said if each.person)
    known = [each for each in found.said if each.person]
    return _seen(known, lambda each: times[each.unit, each.person] >= AGAIN)


def one_hand(found: Recorded) -> Mapping[str, Seen]:
    """Matters left out of a unit's figures that passed through the one hand which left out most, of all its matters."""
    hands: dict[str, Counter[str]] = defaultdict(Counter)
    for each in found.left_out:
        hands[each.unit].update(set(each.hands))
    seen = {unit: Seen(n) for unit, n in Counter(each.unit for each in found.handled).items()}
    for each in found.left_out:
        busiest = max(hands[each.unit].items(), key=lambda pair: (pair[1], pair[0]))[0]
        if busiest in each.hands:
            seen.setdefault(each.unit, Seen(1)).marked.append(each.case)
    return seen


DETECTORS: Mapping[str, Callable[[Recorded], Mapping[str, Seen]]] = {
    "last_minute": last_minute,
    "closed_and_reopened": closed_and_reopened,
    "merged_or_split": merged_or_split,
    "equal_ratings": equal_ratings,
    "few_people": few_people,
    "one_hand": one_hand,
}
# What is common anyway cannot be twice as common: it has to stand out by so much of all instead.
BY_DISTANCE = {"equal_ratings": 0.15}


# -- who stands out ------------------------------------------------------------------------------------------
def hints(found: Recorded) -> list[Hint]:
    """Every unit that stands out by any detector, the least probable first."""
    every = [hint for name, detector in DETECTORS.items() for hint in standing_out(name, detector(found))]
    return sorted(every, key=lambda hint: (hint.chance, hint.detector, hint.unit))


def standing_out(name: str, seen: Mapping[str, Seen]) -> list[Hint]:
    """The units whose marked cases are too many to be chance, beside the middle one of the others."""
    enough = {unit: each for unit, each in seen.items() if each.n >= FEWEST_CASES}
    return [
        hint
        for unit, each in enough.items()
        if len(each.marked) >= FEWEST_MARKED
        and (hint := _hint(name, unit, each, [other for key, other in enough.items() if key != unit]))
    ]


def _hint(name: str, unit: str, own: Seen, others: Sequence[Seen]) -> Hint | None:
    if len(others) < FEWEST_OTHERS:
        return None
    # One half of a case is added, so that "never" among few is not taken for impossible.
    rates = sorted((len(each.marked) + 0.5) / (each.n + 1) for each in others)
    usual, high = median(rates), rates[int(HIGH * len(rates))]
    rate = len(own.marked) / own.n
    apart = rate - usual >= BY_DISTANCE[name] if name in BY_DISTANCE else rate >= TIMES * usual
    chance = at_least(len(own.marked), own.n, high)
    if not apart or chance >= RARE:
        return None
    return Hint(name, unit, own.n, tuple(own.marked), usual, chance)


def at_least(k: int, n: int, p: float) -> float:
    """The probability of k or more marked ones among n, each marked with probability p (0 < p < 1)."""
    if k <= 0:
        return 1.0
    terms = [
        lgamma(n + 1) - lgamma(each + 1) - lgamma(n - each + 1) + each * log(p) + (n - each) * log(1 - p)
        for each in range(k, n + 1)
    ]
    highest = max(terms)
    return min(1.0, exp(highest) * sum(exp(term - highest) for term in terms))


def _seen(rows: Iterable[Handled] | Iterable[Said], marked: Callable[..., bool]) -> Mapping[str, Seen]:
    found: dict[str, Seen] = defaultdict(Seen)
    for row in rows:
        each = found[row.unit]
        each.n += 1
        if marked(row):
            each.marked.append(row.case)
    return found
