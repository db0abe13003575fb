"""Working days of mainland China: ordinary weeks corrected by each year's State Council notice.

Pure: no database. Days are local dates. Built-in tables cover 2004-2026 (package chinesecalendar); later
years come from the operator's file as `YearTable`s.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

import chinese_calendar.constants as notices

from huiyin.deadlines.refusals import UnknownYear

SATURDAY = 5


class DayKind(Enum):
    """What a day is under the year's notice."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True)
class YearTable:
    """One year's notice: `holidays` are the days off it names, `workdays` the weekend days it has worked."""

    year: int
    holidays: frozenset[date]
    workdays: frozenset[date]
    basis: str = ""

    def kind(self, day: date) -> DayKind:
        """What `day`, a date of this year, is."""
        if day in self.workdays:
            return DayKind.WORKING
        if day in self.holidays:
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKING


def builtin_tables() -> list[YearTable]:
    """The yearly tables that come with the program, 2004-2026, oldest first."""
    first, last = min(notices.holidays).year, max(notices.holidays).year
    return [_builtin_table(year) for year in range(first, last + 1)]


def _builtin_table(year: int) -> YearTable:
    return YearTable(
        year=year,
        holidays=frozenset(day for day in notices.holidays if day.year == year),
        workdays=frozenset(day for day in notices.workdays if day.year == year),
        basis=f"国务院办公厅关于{year}年部分节假日安排的通知",
    )


def amended(table: YearTable | None, notice: YearTable) -> YearTable:
    """The table of a year after a later notice: the days that the notice names are as it says."""
    if table is None:
        return notice
    return YearTable(
        year=notice.year,
        holidays=(table.holidays - notice.workdays) | notice.holidays,
        workdays=(table.workdays - notice.holidays) | notice.workdays,
        basis=notice.basis or table.basis,
    )


def days_of(year: int) -> Iterator[date]:
    """Every date of a year, in order."""
    first = date(year, 1, 1).toordinal()
    return (date.fromordinal(ordinal) for ordinal in range(first, date(year, 12, 31).toordinal() + 1))


class WorkCalendar:
    """Answers questions about working days in constant time, from cumulative counts laid out once.

    Every method raises `UnknownYear` when the answer would need a year without a table: a guess would be a
    wrong legal deadline.
    """

    def __init__(self, tables: Iterable[YearTable]) -> None:
        """Lay out the counts. A later table for the same year replaces an earlier one."""
        self.tables = {table.year: table for table in tables}
        if not self.tables:
            raise ValueError("a calendar needs at least one year")
        self.first_year, self.last_year = min(self.tables), max(self.tables)
        self._base = date(self.first_year, 1, 1).toordinal()
        self._run_end = self._ends_of_runs()
        self._lay_out()

    def _ends_of_runs(self) -> dict[int, int]:
        """For each known year, the last year of the unbroken run of known years that it belongs to."""
        ends: dict[int, int] = {}
        for year in sorted(self.tables, reverse=True):
            ends[year] = ends.get(year + 1, year)
        return ends

    def _lay_out(self) -> None:
        self._kinds: list[DayKind] = []
        self._worked = array("l")  # by day: working days from the base up to and including it
        self._ordinals = array("l")  # by rank: the ordinal of the n-th working day
        for year in range(self.first_year, self.last_year + 1):
            table = self.tables.get(year, YearTable(year, frozenset(days_of(year)), frozenset()))
            for day in days_of(year):
                kind = table.kind(day)
                if kind is DayKind.WORKING:
                    self._ordinals.append(day.toordinal())
                self._kinds.append(kind)
                self._worked.append(len(self._ordinals))

    def knows(self, year: int) -> bool:
        """Whether the year has a table."""
        return year in self.tables

    def _index(self, day: date) -> int:
        if day.year not in self.tables:
            raise UnknownYear(day.year)
        return day.toordinal() - self._base

    def _require_unbroken(self, start: date, end: date) -> None:
        if end.year > self._run_end[start.year]:
            raise UnknownYear(self._run_end[start.year] + 1)

    def kind(self, day: date) -> DayKind:
        """Working day, ordinary weekend, or day off named by the notice (swapped days off included)."""
        return self._kinds[self._index(day)]

    def is_working(self, day: date) -> bool:
        """Whether offices work on `day`."""
        return self._kinds[self._index(day)] is DayKind.WORKING

    def is_holiday(self, day: date) -> bool:
        """Whether the notice names `day` as a day off: distinguishes a holiday from an ordinary weekend."""
        return self._kinds[self._index(day)] is DayKind.HOLIDAY

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (before it, when negative); `day` itself when zero."""
        if count == 0:
            return day
        index = self._index(day)
        if count > 0:
            rank = self._worked[index] + count - 1
        else:
            rank = self._worked[index] - (1 if self.is_working(day) else 0) + count
        if rank < 0:
            raise UnknownYear(self.first_year - 1)
        if rank >= len(self._ordinals):
            raise UnknownYear(self._run_end[day.year] + 1)
        found = date.fromordinal(self._ordinals[rank])
        self._require_unbroken(*sorted((day, found)))
        return found

    def working_days_between(self, after: date, upto: date) -> int:
        """Working days later than `after` and not later than `upto`; zero when `upto` is not later."""
        if upto <= after:
            return 0
        first, last = self._index(after), self._index(upto)
        self._require_unbroken(after, upto)
        return self._worked[last] - self._worked[first]

    def working_on_or_after(self, day: date) -> date:
        """`day` itself when it is worked, otherwise the next working day."""
        return day if self.is_working(day) else self.add_working_days(day, 1)
