"""Where a history is told of again: on which days, of which place and in which words."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import models

Model = type[models.Model]
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Elsewhere:
    """Where and of what a history is told again: its days and the days they fall onto, its words and other words.

    `rows` is of the office: which region or category stands instead of which, by their keys.
    """

    onto: Mapping[date, date]
    texts: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[tuple[Model, int], int] = field(default_factory=dict)


def laid_onto(
    days: Collection[date], first: date, *, works: Callable[[date], bool]
) -> dict[date, date] | None:
    """The days of a history that begins on another one: its working days onto working days, in their order.

    So a limit of working days ends where its clock would set it, whatever weekends and holidays lie between. A day
    off on which something happened needs one in the same place; None where there is none.
    """
    onto, last, begins = dict[date, date](), first - A_DAY, min(days)
    for n in range((max(days) - begins).days + 1):
        old, new = begins + n * A_DAY, last + A_DAY
        if not works(old) and old not in days:
            continue
        while n and works(old) and not works(new):
            new += A_DAY
        if works(new) != works(old):
            return None
        onto[old] = last = new
    return onto
