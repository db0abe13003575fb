"""Reads the times that people and their systems write, and never guesses between two readings.

A date without a time is marked `date_only`. What it is taken for depends on what it dates: the start of that
local day for a message received, the end of it for a reply: nobody is said to have answered too early.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from django.utils.translation import gettext as _

from huiyin.kernel.refusals import Refused

EARLIEST_YEAR = 1980  # older dates are empty values in disguise: 1899-12-30, 1900-01-01, 1970-01-01
EXCEL_DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)  # ECMA-376 part 1, 18.17.4.1: the 1900 date system
ORDERS = ("dmy", "mdy")
ZONE_TAIL = r"(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)?"
HALVES = "上午|下午|凌晨|早上|清晨|早晨|中午|傍晚|晚上|夜间|晚|早|AM|PM"
CLOCK = (
    rf"(?:(?P<half>{HALVES})\s*)?(?P<hour>\d{{1,2}})\s*:\s*(?:(?P<minute>\d{{1,2}})"
    r"(?:\s*:\s*(?P<second>\d{1,2})(?:[.,:](?P<part>\d{1,9}))?)?)?(?:\s*(?P<tail>AM|PM))?"
)
DAY_END = rf"(?:[T\s,]*{CLOCK})?\s*{ZONE_TAIL}$"
YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})\s*[-/.]\s*(?P<month>\d{1,2})\s*[-/.]\s*(?P<day>\d{1,2})(?!\d)" + DAY_END, re.I
)
YEAR_LAST = re.compile(r"(?P<one>\d{1,2})[-/.](?P<two>\d{1,2})[-/.](?P<year>\d{4})(?!\d)" + DAY_END, re.I)
NAMED_MONTH = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(?:(?P<d1>\d{1,2})[\s-]+)?(?P<month>[A-Z]{3})[A-Z]*\.?[\s-]+"
    r"(?:(?P<d2>\d{1,2}),?[\s-]+)?(?P<year>\d{4})" + DAY_END,
    re.I,
)
COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)[T ]?(?:(\d\d)(\d\d)?(\d\d)?(?:\.\d+)?)?$")
NUMBER = re.compile(r"\d{5}(?:\.\d+)?$")
EPOCH = re.compile(r"\d{10}(?:\d{3})?$")
SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)")
CHINESE_SIGNS = str.maketrans({"年": "-", "月": "-", "日": " ", "号": " ", "时": ":", "点": ":"})
WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?")
MONTHS = {name: at for at, name in enumerate(re.findall("...", "janfebmaraprmayjunjulaugsepoctnovdec"), 1)}
AFTERNOON = frozenset(("下午", "傍晚", "晚上", "夜间", "晚", "PM"))
MORNING = frozenset(("上午", "凌晨", "早上", "清晨", "早晨", "早", "AM"))


class Unreadable(Refused):
    """A cell that should hold a time and does not, or holds one that can be read in two ways."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A time as read: `moment` is aware, in UTC; for a `date_only` one it is the start of the local day."""

    moment: datetime
    date_only: bool = False

    def day_end(self, zone: tzinfo) -> datetime:
        """The last second of the local day of `moment`, in UTC."""
        day = self.moment.astimezone(zone).date()
        return _utc(datetime.combine(day, time(23, 59, 59), zone))


def read_time(
    value: str | datetime | date, zone: tzinfo, *, order: str = "", not_after: datetime | None = None
) -> Reading:
    """Read a time in any usual form; naive ones are local to `zone`.

    `order` ("dmy" or "mdy") settles dates such as 03/04/2019; without it they are refused. Later than
    `not_after` (aware) is refused. Raises Unreadable, with a sentence.
    """
    if isinstance(value, str):
        found = _from_text(value, zone, order)
    elif isinstance(value, datetime):
        found = Reading(_utc(value if value.tzinfo else value.replace(tzinfo=zone)))
    else:
        found = Reading(_utc(datetime.combine(value, time(), zone)), date_only=True)
    if found.moment.year < EARLIEST_YEAR:
        raise Unreadable(
            _("“%(value)s”早于 %(year)d 年，多半是空值。请填真实时间，或留空。")
            % {"value": _short(value), "year": EARLIEST_YEAR},
            code="time_too_early",
        )
    if not_after is not None and found.moment > not_after:
        raise Unreadable(
            _("“%(value)s”是将来的时间。请核对年份和日期。") % {"value": _short(value)}, code="time_in_future"
        )
    return found


def _from_text(value: str, zone: tzinfo, order: str) -> Reading:
    text = value.strip() if value.isascii() else _plain(value)
    try:
        for reader in (_year_first, _compact, _excel, _epoch, _year_last, _named_month):
            found = reader(text, zone, order)
            if found is not None:
                return found
    except (ValueError, OverflowError):
        raise Unreadable(
            _("“%(value)s”不是一个存在的时间。请核对。") % {"value": _short(value)}, code="time_impossible"
        ) from None
    if SHORT_YEAR.match(text):
        raise Unreadable(
            _("“%(value)s”的年份只有两位，读法不止一种。请写成四位，如 2019-04-25。")
            % {"value": _short(value)},
            code="time_short_year",
        )
    raise Unreadable(
        _("看不懂时间“%(value)s”。请写成 2019-04-25 09:32 的样子。") % {"value": _short(value)},
        code="time_form",
    )


def _plain(value: str) -> str:
    """Chinese and full-width signs in their ASCII spelling: 2019年4月25日 9时32分 as 2019-4-25 9:32."""
    text = WEEKDAY.sub(" ", unicodedata.normalize("NFKC", value)).strip()
    text = re.sub(r"(\d)\s*[点时]\s*半", r"\1:30", text).translate(CHINESE_SIGNS)
    return re.sub(r"[分秒]", "", re.sub(r"分(?=\s*\d)", ":", text)).strip()


def _year_first(text: str, zone: tzinfo, order: str) -> Reading | None:
    match = YEAR_FIRST.match(text)
    if match is None:
        return None
    return _assembled(match, int(match["month"]), int(match["day"]), zone)


def _year_last(text: str, zone: tzinfo, order: str) -> Reading | None:
    match = YEAR_LAST.match(text)
    if match is None:
        return None
    one, two = int(match["one"]), int(match["two"])
    if one > 12 and two > 12:
        raise ValueError("no month")
    if one > 12 or (one <= 12 and two <= 12 and order == "dmy"):
        return _assembled(match, two, one, zone)
    if two > 12 or one == two or order == "mdy":
        return _assembled(match, one, two, zone)
    raise Unreadable(
        _(
            "“%(value)s”可能是 %(one)d 月 %(two)d 日，也可能是 %(two)d 月 %(one)d 日。请写成年-月-日，如 2019-04-25。"
        )
        % {"value": _short(text), "one": one, "two": two},
        code="time_two_readings",
    )


def _named_month(text: str, zone: tzinfo, order: str) -> Reading | None:
    match = NAMED_MONTH.match(text)
    if match is None or (match["d1"] is None) == (match["d2"] is None):
        return None
    month = MONTHS.get(match["month"].casefold())
    return None if month is None else _assembled(match, month, int(match["d1"] or match["d2"]), zone)


def _compact(text: str, zone: tzinfo, order: str) -> Reading | None:
    match = COMPACT.match(text)
    if match is None or not text.startswith(("19", "20")):
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    return Reading(_utc(moment), date_only=match[4] is None)


def _excel(text: str, zone: tzinfo, order: str) -> Reading | None:
    if NUMBER.match(text) is None or not 20_000 <= float(text) < 80_000:
        return None
    moment = EXCEL_DAY_ZERO + timedelta(seconds=round(float(text) * 86_400))
    return Reading(_utc(moment.replace(tzinfo=zone)), date_only=float(text).is_integer())


def _epoch(text: str, zone: tzinfo, order: str) -> Reading | None:
    if EPOCH.match(text) is None:
        return None
    return Reading(datetime.fromtimestamp(int(text) / (1000 if len(text) == 13 else 1), UTC))


def _assembled(match: re.Match[str], month: int, day: int, zone: tzinfo) -> Reading:
    where = _zone(match["zone"], zone)
    year = int(match["year"])
    if match["hour"] is None:
        return Reading(_utc(datetime(year, month, day, tzinfo=where)), date_only=True)
    half = match["half"] or match["tail"]
    hour = _hour(int(match["hour"]), half.upper()) if half else int(match["hour"])
    minute, second = int(match["minute"] or 0), int(match["second"] or 0)
    micro = int(match["part"].ljust(6, "0")[:6]) if match["part"] else 0
    if hour == 24 and not (minute or second or micro):  # ISO 8601-1: 24:00 is the end of the day
        return Reading(_utc(datetime(year, month, day, tzinfo=where) + timedelta(days=1)))
    return Reading(_utc(datetime(year, month, day, hour, minute, second, micro, tzinfo=where)))


def _hour(hour: int, half: str) -> int:
    """The hour on a clock of 24. Twelve "in the evening" may be noon or midnight: ValueError."""
    if hour > 12:
        return hour
    if half in MORNING:
        return 0 if hour == 12 else hour
    if half == "中午":
        return hour + 12 if hour < 3 else hour
    if hour == 12 and half in AFTERNOON and half not in ("下午", "PM"):
        raise ValueError("twelve in the evening")
    return 12 if hour == 12 else hour + 12


def _zone(text: str | None, zone: tzinfo) -> tzinfo:
    if not text:
        return zone
    digits = re.sub(r"[^\d+-]", "", text)
    if not digits:
        return UTC
    hours, minutes = (digits[1:-2], digits[-2:]) if len(digits) > 3 else (digits[1:], "0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if digits[0] == "-" else offset)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _short(value: object) -> str:
    text = str(value).strip()
    return text if len(text) <= 30 else text[:29] + "…"
