"""The periods for which units are assessed: months, quarters and years, from the 1st or from another day; no Django."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

DAY = timedelta(days=1)
LATEST_BEGIN = 28  # every month has this day


class Kind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.YEAR: 12}


class NotAPeriod(ValueError):
    """A code that names no period: neither 2026-11, 2026-Q4 nor 2026."""


@dataclass(frozen=True)
class Period:
    """A month, quarter or year. Its months begin on day `opens` at `hour` o'clock.

    Where that is not the 1st, November runs from that day of October to the day before it in November: with 19, from
    19 October to 18 November, as Beijing's hotline counts. Quarters and years are made of whole months, so that the
    periods of one place never overlap: two that did would show between them what a few people said.
    """

    kind: Kind
    year: int
    number: int = 1  # of the month or quarter in its year
    opens: int = 1
    hour: int = 0

    @property
    def code(self) -> str:
        """2026-11, 2026-Q4, 2026."""
        if self.kind is Kind.YEAR:
            return f"{self.year:04}"
        return f"{self.year:04}-{'Q' if self.kind is Kind.QUARTER else ''}{self._number}"

    @property
    def _number(self) -> str:
        return str(self.number) if self.kind is Kind.QUARTER else f"{self.number:02}"

    @property
    def first(self) -> date:
        """Its first day."""
        return self._opening(self.year, (self.number - 1) * MONTHS[self.kind] + 1)

    @property
    def last(self) -> date:
        """Its last day, included; with an hour, it ends at that hour of the next day."""
        return self._opening(self.year, self.number * MONTHS[self.kind] + 1) - DAY

    def bounds(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """The moment at which it begins, and the one at which it is over."""
        hour = time(self.hour)
        return datetime.combine(self.first, hour, zone), datetime.combine(self.last + DAY, hour, zone)

    def months(self) -> list["Period"]:
        """The months that it is made of; of a month, itself."""
        first = (self.number - 1) * MONTHS[self.kind] + 1
        return [self._of(Kind.MONTH, month) for month in range(first, first + MONTHS[self.kind])]

    def quarters(self) -> list["Period"]:
        """The quarters of a year; none of anything shorter."""
        return [self._of(Kind.QUARTER, at) for at in (1, 2, 3, 4)] if self.kind is Kind.YEAR else []

    def before(self) -> "Period":
        """The one before it."""
        return self._turned(-1)

    def after(self) -> "Period":
        """The one after it."""
        return self._turned(1)

    def _turned(self, steps: int) -> "Period":
        in_year = 12 // MONTHS[self.kind]
        at = self.year * in_year + self.number - 1 + steps
        return Period(self.kind, at // in_year, at % in_year + 1, self.opens, self.hour)

    def _of(self, kind: Kind, number: int) -> "Period":
        return Period(kind, self.year, number, self.opens, self.hour)

    def _opening(self, year: int, month: int) -> date:
        """The day on which a month of the year begins; the 13th is next year's first."""
        begun = month if self.opens == 1 else month - 1
        return date(year + (begun - 1) // 12, (begun - 1) % 12 + 1, self.opens)


def holding(day: date, kind: Kind, *, opens: int = 1, hour: int = 0) -> Period:
    """The period of this kind in which a day lies."""
    if not 1 <= opens <= LATEST_BEGIN or not 0 <= hour <= 23:
        raise ValueError("a month begins on its 1st to 28th day, at 0 to 23 o'clock")
    month = day.month + (opens > 1 and day.day >= opens)
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    return Period(kind, year, (month - 1) // MONTHS[kind] + 1, opens, hour)


def period_of(code: str, *, opens: int = 1, hour: int = 0) -> Period:
    """The period that a code names. Raises NotAPeriod."""
    year, _dash, rest = code.partition("-")
    if not (code.isascii() and year.isdecimal() and len(year) == 4 and 1900 <= int(year) <= 2999):
        raise NotAPeriod(code)
    if not rest and code == year:
        return Period(Kind.YEAR, int(year), 1, opens, hour)
    kind, number, most = (Kind.QUARTER, rest[1:], 4) if rest[:1] == "Q" else (Kind.MONTH, rest, 12)
    if (
        not number.isdecimal()
        or len(number) != (1 if kind is Kind.QUARTER else 2)
        or not 1 <= int(number) <= most
    ):
        raise NotAPeriod(code)
    return Period(kind, int(year), int(number), opens, hour)


def back_from(period: Period, n: int) -> Iterator[Period]:
    """This period and those before it, `n` in all, the newest first."""
    for _each in range(n):
        yield period
        period = period.before()
