"""Reads an operator's file with the State Council's yearly holiday notice: TOML, or CSV from a spreadsheet.

TOML:   [2027]
        holidays = ["2027-01-01", "2027-02-05/2027-02-11"]     days, or first/last of a run of days
        workdays = ["2027-02-14"]
        basis = "国办发明电〔2026〕…号"
CSV:    日期,类型,依据     one line a day; 类型 is 放假 or 上班
"""

import csv
import io
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huiyin.deadlines.calendars import SATURDAY, YearTable, builtin_tables
from huiyin.kernel.refusals import Refused

MOST_DAYS_OFF = 60  # a notice names about thirty; more is a slip of the pen
DATE_NAMES, KIND_NAMES, BASIS_NAMES = ("日期", "date"), ("类型", "kind", "type"), ("依据", "basis")
OFF_WORDS = frozenset({"放假", "休", "休息", "假", "holiday", "off"})
WORK_WORDS = frozenset({"上班", "班", "补班", "调休上班", "workday", "work"})


class BadNotice(Refused):
    """The file does not read as a notice; nothing was changed."""

    def __init__(self, sentence: str) -> None:
        """`sentence` says where in the file, and what is wrong there."""
        super().__init__(
            sentence, code="bad-notice", instead=_("日历没有改动。请改正文件后再运行一次同样的命令。")
        )


def read_notice(path: Path) -> list[YearTable]:
    """The years in a file, oldest first. Raises BadNotice."""
    try:
        text = _text(path.read_bytes())
    except FileNotFoundError as fault:
        raise BadNotice(_("找不到文件 %(file)s。") % {"file": path}) from fault
    except OSError as fault:
        raise BadNotice(
            _("读不了文件 %(file)s：%(why)s。") % {"file": path, "why": fault.strerror}
        ) from fault
    tables = _from_csv(text) if path.suffix.lower() == ".csv" else _from_toml(text)
    if not tables:
        raise BadNotice(_("文件里没有任何年份。"))
    for table in tables:
        _check(table)
    return sorted(tables, key=lambda table: table.year)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def _from_toml(text: str) -> list[YearTable]:
    try:
        years = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise BadNotice(_("文件不是正确的 TOML：%(why)s。") % {"why": fault}) from fault
    return [_table(name, content) for name, content in years.items()]


def _table(name: str, content: Any) -> YearTable:
    if not (name.isdecimal() and len(name) == 4 and isinstance(content, Mapping)):
        raise BadNotice(_("“%(name)s”不是年份。每一年写成一节，例如 [2027]。") % {"name": name})
    unknown = sorted(set(content) - {"holidays", "workdays", "basis"})
    if unknown:
        raise BadNotice(
            _("%(year)s 年里有不认识的项“%(name)s”。只能写 holidays、workdays、basis。")
            % {"year": name, "name": unknown[0]}
        )
    return YearTable(
        year=int(name),
        holidays=_days(content.get("holidays", []), name),
        workdays=_days(content.get("workdays", []), name),
        basis=str(content.get("basis", "")),
    )


def _days(values: Any, year: str) -> frozenset[date]:
    if not isinstance(values, list):
        raise BadNotice(_('%(year)s 年的日期要写成列表：["…", "…"]。') % {"year": year})
    return frozenset(day for value in values for day in _run(value))


def _run(value: Any) -> Iterable[date]:
    """One day, or every day of "first/last"."""
    halves = [_day(half) for half in str(value).split("/")]
    first, last = halves[0], halves[-1]
    if len(halves) > 2 or not 0 <= (last - first).days <= MOST_DAYS_OFF:
        raise BadNotice(_("“%(value)s”不是一段日期。") % {"value": value})
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value.strip().replace(".", "-"))
    except ValueError as fault:
        raise BadNotice(_("“%(value)s”不是日期。请写成 2027-01-01 这样。") % {"value": value}) from fault


def _from_csv(text: str) -> list[YearTable]:
    lines = csv.DictReader(io.StringIO(text))
    header = list(lines.fieldnames or [])
    date_name, kind_name = _column(header, DATE_NAMES), _column(header, KIND_NAMES)
    basis_name = next((name for name in header if name.strip().lower() in BASIS_NAMES), None)
    years: dict[int, dict[str, Any]] = {}
    for line in lines:
        if not (line[date_name] or "").strip():
            continue
        day = _day(line[date_name].replace("/", "-"))
        year = years.setdefault(day.year, {"holidays": set(), "workdays": set(), "basis": ""})
        year[_side(line[kind_name] or "", lines.line_num)].add(day)
        year["basis"] = (line[basis_name] if basis_name else "") or year["basis"]
    return [
        YearTable(year, frozenset(each["holidays"]), frozenset(each["workdays"]), each["basis"].strip())
        for year, each in years.items()
    ]


def _column(header: Iterable[str], names: tuple[str, ...]) -> str:
    for name in header:
        if name.strip().lower() in names:
            return name
    raise BadNotice(_("第一行里没有“%(name)s”这一列。") % {"name": names[0]})


def _side(word: str, line: int) -> str:
    word = word.strip().lower()
    if word in OFF_WORDS:
        return "holidays"
    if word in WORK_WORDS:
        return "workdays"
    raise BadNotice(
        _("第 %(line)s 行的类型“%(word)s”看不懂。请写“放假”或“上班”。") % {"line": line, "word": word}
    )


def _check(table: YearTable) -> None:
    """Refuse what no notice says: the usual slips are a wrong year, a day in both lists, a weekday worked."""
    built_in = {known.year: known for known in builtin_tables()}.get(table.year)
    rules: list[tuple[Iterable[date], Callable[[date], bool], str]] = [
        (
            table.holidays | table.workdays,
            lambda day: day.year != table.year,
            _("%(day)s 不在 %(year)s 年。"),
        ),
        (table.holidays, lambda day: day in table.workdays, _("%(day)s 既写了放假又写了上班。")),
        (
            table.workdays,
            lambda day: day.weekday() < SATURDAY and not (built_in and day in built_in.holidays),
            _("%(day)s 本来就是工作日，不用写成上班。"),
        ),
    ]
    for days, wrong, sentence in rules:
        for day in sorted(filter(wrong, days)):
            raise BadNotice(sentence % {"day": day.isoformat(), "year": table.year})
    if not table.holidays and built_in is None:
        raise BadNotice(_("%(year)s 年没有写任何放假日。") % {"year": table.year})
    if len(table.holidays) > MOST_DAYS_OFF:
        raise BadNotice(_("%(year)s 年的放假日太多，请核对。") % {"year": table.year})
