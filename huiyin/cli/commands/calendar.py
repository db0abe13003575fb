"""huiyin calendar: load a year's working days from the State Council notice, and show what is in force."""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases import due
from huiyin.cli.frame import EXIT
from huiyin.cli.output import add_json, as_json
from huiyin.deadlines import queries, tasks
from huiyin.deadlines.calendars import DayKind, WorkCalendar, YearTable, days_of
from huiyin.deadlines.loading import load_year
from huiyin.deadlines.notices import read_notice
from huiyin.deadlines.refusals import UnknownYear

NAME = "calendar"
HELP = _("工作日历：装入一年的放假安排，或查看已有的")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Load a file, or show a year."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="load|show")
    load = acts.add_parser("load", help=_("装入放假安排文件（TOML 或 CSV），并重算未了结的期限"))
    load.add_argument("file", type=Path, help=_("文件，例如 2027.toml"))
    add_json(load)
    show = acts.add_parser("show", help=_("查看某一年；不写年份则列出已有的年份"))
    show.add_argument("year", type=int, nargs="?", help=_("年份"))
    add_json(show)


def run(options: argparse.Namespace) -> int:
    """Do what was asked."""
    if options.act == "load":
        return load(options.file, machine=options.json)
    if options.year is None:
        return list_years(machine=options.json)
    return show(options.year, machine=options.json)


def load(file: Path, *, machine: bool) -> int:
    """Put every year of the file into force, then have open clocks follow. Safe to interrupt and repeat."""
    told: list[dict[str, Any]] = []
    for table in read_notice(file):
        new = load_year(table)
        figures = _summary(queries.work_calendar(), table)
        figures.update(loaded=new, **_restate(table.year))
        told.append(figures)
        if not machine:
            print(_loaded_line(figures))
    if machine:
        print(as_json(told))
    return EXIT.DONE


def _restate(year: int) -> dict[str, int]:
    looked_at = changed = 0
    for _last, seen, moved in tasks.restate(year, told=due.follow):
        looked_at, changed = looked_at + seen, changed + moved
        if sys.stderr.isatty():
            print(_("已核对 %(n)s 个期限……") % {"n": looked_at}, end="\r", file=sys.stderr)
    return {"clocks": looked_at, "moved": changed}


def _loaded_line(figures: dict[str, Any]) -> str:
    words = (
        _(
            "%(year)s 年工作日历已装入：放假 %(holidays)s 天，调休上班 %(workdays)s 天，工作日 %(working)s 天。"
        )
        if figures["loaded"]
        else _(
            "%(year)s 年工作日历没有变化：放假 %(holidays)s 天，调休上班 %(workdays)s 天，工作日 %(working)s 天。"
        )
    )
    follow = _("核对了 %(clocks)s 个未了结的期限，改动 %(moved)s 个。")
    return f"{words % figures}\n{follow % figures}"


def show(year: int, *, machine: bool) -> int:
    """Print one year as runs of days off and days worked in exchange. Raises UnknownYear."""
    calendar = queries.work_calendar()
    if not calendar.knows(year):
        raise UnknownYear(year)
    table = calendar.tables[year]
    figures = _summary(calendar, table)
    if machine:
        figures["off"] = sorted(table.holidays)
        figures["worked"] = sorted(table.workdays)
        print(as_json(figures))
        return EXIT.DONE
    print(_("%(year)s 年：放假 %(holidays)s 天，调休上班 %(workdays)s 天，工作日 %(working)s 天。") % figures)
    for first, last in _runs(sorted(table.holidays)):
        print("  " + _("放假　%(days)s") % {"days": _span(first, last)})
    for day in sorted(table.workdays):
        print("  " + _("上班　%(days)s") % {"days": day.isoformat()})
    print("  " + _("依据　%(basis)s") % {"basis": table.basis or "—"})
    return EXIT.DONE


def list_years(*, machine: bool) -> int:
    """Print every year whose working days are known."""
    calendar = queries.work_calendar()
    figures = [_summary(calendar, calendar.tables[year]) for year in sorted(calendar.tables)]
    if machine:
        print(as_json(figures))
        return EXIT.DONE
    for each in figures:
        print(_("%(year)s 年　放假 %(holidays)s 天　调休上班 %(workdays)s 天　工作日 %(working)s 天") % each)
    return EXIT.DONE


def _summary(calendar: WorkCalendar, table: YearTable) -> dict[str, Any]:
    working = sum(calendar.kind(day) is DayKind.WORKING for day in days_of(table.year))
    return {
        "year": table.year,
        "holidays": len(table.holidays),
        "workdays": len(table.workdays),
        "working": working,
        "basis": table.basis,
    }


def _runs(days: list[date]) -> Iterator[tuple[date, date]]:
    """Days next to each other, as first and last."""
    first = last = None
    for day in days:
        if first is None or last is None or day.toordinal() != last.toordinal() + 1:
            if first and last:
                yield first, last
            first = day
        last = day
    if first and last:
        yield first, last


def _span(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"
