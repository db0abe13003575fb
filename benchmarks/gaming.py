"""python -m benchmarks.gaming: how many planted manipulations the detectors find, and how many hints are right.

Towns of thirty units are made up, each unit with its own size and its own honest habits: some answer late in the day,
some categories come back more often. In every town a few units bend one figure, each in one way and as strongly as
the dice say. The detectors see the records alone. Precision: of all hints, those about units that bend this figure.
Recall: of the units that do, those with a hint; told by how strongly they do it.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from huiyin.assessment.gaming import DETECTORS, Handled, LeftOut, Recorded, Said, hints

START = datetime(2026, 1, 5, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
UNITS, BENT = 30, 2  # units of a town, and how many of them bend each figure
STRENGTHS = (0.1, 0.2, 0.4)  # the share of a unit's cases that is bent


@dataclass(frozen=True)
class Score:
    """What the detectors made of all towns, for one detector."""

    detector: str
    hints: int
    right: int
    planted: Mapping[float, int]
    found: Mapping[float, int]

    @property
    def precision(self) -> float:
        """Of all hints, those that are right; 1 without any."""
        return self.right / self.hints if self.hints else 1.0

    def recall(self, strength: float | None = None) -> float:
        """Of all planted ones, those that were found; of one strength, or of all."""
        chosen = self.planted if strength is None else {strength: self.planted[strength]}
        n = sum(chosen.values())
        return sum(self.found[each] for each in chosen) / n if n else 1.0


def measured(*, towns: int, seed: int) -> list[Score]:
    """Make towns up, plant, look, and count; one score for each detector."""
    right, told = dict.fromkeys(DETECTORS, 0), dict.fromkeys(DETECTORS, 0)
    planted = {name: dict.fromkeys(STRENGTHS, 0) for name in DETECTORS}
    found = {name: dict.fromkeys(STRENGTHS, 0) for name in DETECTORS}
    for town in range(towns):
        dice = Random(f"{seed}:{town}")
        records, bent = a_town(dice)
        seen = {(hint.detector, hint.unit) for hint in hints(records)}
        for name, unit in seen:
            told[name] += 1
            right[name] += (name, unit) in bent
        for (name, unit), strength in bent.items():
            planted[name][strength] += 1
            found[name][strength] += (name, unit) in seen
    return [Score(name, told[name], right[name], planted[name], found[name]) for name in DETECTORS]


def a_town(dice: Random) -> tuple[Recorded, dict[tuple[str, str], float]]:
    """The records of a town, and which unit bends which figure how strongly."""
    names = [f"unit-{at:02}" for at in range(UNITS)]
    handled, said, left_out = [], [], []
    for unit in names:
        rows = honest(unit, dice)
        handled += rows[0]
        said += rows[1]
        left_out += rows[2]
    records = Recorded(handled, said, left_out)
    bent: dict[tuple[str, str], float] = {}
    chosen = dice.sample(names, len(PLANTERS) * BENT)
    for name, planter in PLANTERS.items():
        for _each in range(BENT):
            unit, strength = chosen.pop(), dice.choice(STRENGTHS)
            records = planter(records, unit, strength, dice)
            bent[name, unit] = strength
    return records, bent


# -- honest histories ----------------------------------------------------------------------------------------
def honest(unit: str, dice: Random) -> tuple[list[Handled], list[Said], list[LeftOut]]:
    """A unit that bends nothing: its size, how late it answers, how often matters come back, how it is rated."""
    n = int(min(800, max(25, dice.lognormvariate(4.8, 0.7))))
    late_in_the_day, back, merged = (dice.betavariate(*shape) for shape in ((2, 60), (2, 50), (2, 120)))
    happy = dice.betavariate(14, 8)
    handled = [_handled(unit, at, dice, late_in_the_day, back, merged) for at in range(n)]
    rated = [each for each in handled if dice.random() < 0.6]
    said = [
        Said(unit, each.case, _said(dice, happy), f"{unit}-person-{dice.randrange(4 * n)}") for each in rated
    ]
    left_out = [
        LeftOut(unit, each.case, (f"post-{dice.randrange(6)}", f"post-{6 + dice.randrange(6)}"))
        for each in handled
        if dice.random() < 0.01
    ]
    return handled, said, left_out


def _handled(unit: str, at: int, dice: Random, minutes: float, back: float, merged: float) -> Handled:
    due = START + DAY * (at % 200) + DAY * 5
    answered = due - (
        MINUTE * dice.uniform(0, 30) if dice.random() < minutes else DAY * dice.uniform(0.03, 4.5)
    )
    if dice.random() < 0.05:
        answered = due + DAY * dice.uniform(0.1, 3)
    row = Handled(unit, f"{unit}-{at}", due, answered)
    if dice.random() < back:
        row = replace(row, reopened=answered + DAY * dice.uniform(0.2, 20))
    if dice.random() < merged:
        row = replace(row, merged=due - DAY * dice.uniform(0, 4.5))
    return replace(row, split=dice.random() < 0.004)


def _said(dice: Random, happy: float) -> tuple[bool, str, int]:
    if dice.random() < happy:
        return True, "yes", dice.choice((5, 5, 5, 4, 4))
    return dice.random() < 0.8, dice.choice(("no", "partly")), dice.choice((1, 2, 3, 3))


# -- what is planted -----------------------------------------------------------------------------------------
def plant_last_minute(records: Recorded, unit: str, strength: float, dice: Random) -> Recorded:
    """Answers moved to the last minutes."""
    return _handled_anew(
        records,
        unit,
        strength,
        dice,
        lambda row: replace(row, answered=row.due - MINUTE * dice.uniform(1, 28)),
    )


def plant_reopened(records: Recorded, unit: str, strength: float, dice: Random) -> Recorded:
    """Closed in time, and back within days."""

    def bend(row: Handled) -> Handled:
        answered = row.due - DAY * dice.uniform(0.1, 2)
        return replace(row, answered=answered, reopened=answered + DAY * dice.uniform(0.1, 2.5))

    return _handled_anew(records, unit, strength, dice, bend)


def plant_merged(records: Recorded, unit: str, strength: float, dice: Random) -> Recorded:
    """Merged away in the last hours, or split into many."""

    def bend(row: Handled) -> Handled:
        if dice.random() < 0.5:
            return replace(row, split=True)
        return replace(row, merged=row.due - MINUTE * dice.uniform(5, 450))

    return _handled_anew(records, unit, strength, dice, bend)


def plant_equal(records: Recorded, unit: str, strength: float, dice: Random) -> Recorded:
    """Ratings written by the unit itself, all the best; twice as many as of other cases, or nobody would do it."""
    share = min(1.0, 2 * strength)
    said = [
        replace(row, said=(True, "yes", 5)) if row.unit == unit and dice.random() < share else row
        for row in records.said
    ]
    return replace(records, said=said)


def plant_people(records: Recorded, unit: str, strength: float, dice: Random) -> Recorded:
    """A handful of people who rate over and over."""
    few = [f"{unit}-friend-{at}" for at in range(3)]
    said = [
        replace(row, person=dice.choice(few)) if row.unit == unit and dice.random() < strength else row
        for row in records.said
    ]
    return replace(records, said=said)


def plant_hand(records: Recorded, unit: str, strength: float, dice: Random) -> Recorded:
    """One post that leaves out what looks bad."""
    more = [
        LeftOut(unit, row.case, (f"{unit}-clerk", f"post-{6 + dice.randrange(6)}"))
        for row in records.handled
        if row.unit == unit and dice.random() < strength
    ]
    return replace(records, left_out=[*records.left_out, *more])


def _handled_anew(
    records: Recorded, unit: str, strength: float, dice: Random, bend: Callable[[Handled], Handled]
) -> Recorded:
    handled = [bend(row) if row.unit == unit and dice.random() < strength else row for row in records.handled]
    return replace(records, handled=handled)


PLANTERS: Mapping[str, Callable[[Recorded, str, float, Random], Recorded]] = {
    "last_minute": plant_last_minute,
    "closed_and_reopened": plant_reopened,
    "merged_or_split": plant_merged,
    "equal_ratings": plant_equal,
    "few_people": plant_people,
    "one_hand": plant_hand,
}


def table(scores: Sequence[Score]) -> str:
    """The scores for reading."""
    head = f"{'detector':<22}{'hints':>7}{'precision':>11}{'recall':>8}" + "".join(
        f"{f'at {strength:.0%}':>9}" for strength in STRENGTHS
    )
    lines = [
        f"{score.detector:<22}{score.hints:>7}{score.precision:>11.3f}{score.recall():>8.3f}"
        + "".join(f"{score.recall(strength):>9.3f}" for strength in STRENGTHS)
        for score in scores
    ]
    return "\n".join([head, *lines])


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gaming", description=__doc__)
    parser.add_argument("--towns", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{options.towns} towns of {UNITS} units, {BENT} bend each figure; seed {options.seed}")
    print(table(measured(towns=options.towns, seed=options.seed)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
