"""Whether an export is as it was written, and its public numbers worked out again, from its files alone.

By other means than the catalogue's. `manifest` says whether the files are those that were listed and signed, `intact`
whether they agree with each other; what is left are the numbers.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, floor, sqrt
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from huiyin.analytics import intact, manifest, told
from huiyin.analytics.catalogue import FIGURES, RATE
from huiyin.analytics.engine import Star, duck, from_parquet
from huiyin.analytics.freezing import MONTH
from huiyin.analytics.intact import Unreadable
from huiyin.analytics.intervals import Z95, wilson
from huiyin.analytics.manifest import SIGNATURE, SUMS, Faults
from huiyin.analytics.opendata import (
    ABOUT,
    DICTIONARY,
    EXACTLY,
    FILES,
    FROZEN,
    GIVEN,
    MOVED,
    ONLY_TOLD,
    PUBLISHED,
    ROWS,
    SUPERSEDED,
    TABLES,
    Published,
    outcome,
)
from huiyin.kernel import signing
from huiyin.kernel.refusals import Refused

T = TypeVar("T")
NEARLY = 0.011  # of days: rounded once in the rows and once as published
NOUGHT = ("received", "people", "answered")  # of a month in which nothing came


@dataclass(frozen=True)
class Checked:
    """What came of a check: the faults of files, and the published numbers that the rows do not give.

    `moved` are those of months that stand fixed whose data have changed since, with what the rows give now; that is no
    fault. Where rows are at fault no number was worked out again (`counted`).
    """

    numbers: Sequence[Published]
    wrong: Sequence[tuple[Published, float | None]]
    moved: Sequence[tuple[Published, float | None]]
    faults: Faults = field(default_factory=dict)
    counted: bool = True
    key_given: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong with it; whose it is only a key can say."""
        return not (self.faults or self.wrong)

    @property
    def compared(self) -> list[tuple[str, int, str]]:
        """Of each month that stands fixed the revision to which the rows were compared, with its day."""
        found = ((each.key, each.revision or 1, each.day) for each in self.numbers
                 if each.table == FROZEN and each.given_by in (GIVEN, MOVED))  # fmt: skip
        return sorted(set(found))


def checked(folder: Path, *, key: str = "") -> Checked:
    """Look through the files of a folder and hold its published numbers to its rows; `key` is the office's public key.

    Raises Refused for a folder that is no export, or for a key that is none.
    """
    if not folder.is_dir() or not any((folder / name).exists() for name in (*FILES, SUMS)):
        raise Refused(_("%(folder)s 不是回音的开放数据文件夹。") % {"folder": folder}, code="folder")
    if key:
        _refuse_other_keys(key)
    faults = manifest.out_of_place(folder, FILES)
    altered = _altered(folder, faults, key)
    # A Parquet file that was altered is not opened: a text can be looked through for what is wrong in it, this cannot.
    faults |= {name: fault for name, fault in altered.items() if name.endswith(".parquet")}
    said = _tried(faults, ABOUT, lambda: intact.row_numbers(folder))
    said = None if ABOUT in altered else said
    _tried(faults, DICTIONARY, lambda: intact.refuse_dictionary(folder))
    numbers = _tried(faults, PUBLISHED, lambda: intact.read_numbers(folder))
    with duck() as connection:
        star = Star(connection)
        for name in ROWS:
            if not {f"{name}.csv", f"{name}.parquet"} & faults.keys():
                faults |= intact.of_rows(star, folder, name, said=said[name] if said else None)
        if numbers is None or any(f"{name}.parquet" in faults for name in ROWS):
            return Checked(numbers or [], [], [], altered | faults, counted=False, key_given=bool(key))
        found = recomputed(star, folder)
    if lacking := _lacking(numbers, found, said["published"] if said else None):
        faults.setdefault(PUBLISHED, lacking)
    return _held(numbers, found, altered | faults, bool(key))


def _refuse_other_keys(key: str) -> None:
    try:
        signing.fingerprint(key)
    except signing.NotAKey as fault:
        raise Refused(
            _("这不是 Ed25519 公钥（PEM）。"), code="key", instead=_("公钥请向发布数据的单位要。")
        ) from fault


def _altered(folder: Path, faults: Faults, key: str) -> Faults:
    """The files that are not as they were listed and signed; nothing where the list itself is not there."""
    if SUMS in faults:
        return {}
    found = manifest.altered(folder, FILES, without=faults)
    return found if SIGNATURE in faults else found | manifest.signature_fault(folder, key)


def _tried(faults: Faults, name: str, read: Callable[[], T]) -> T | None:
    """What is read in a file that is in its place; its fault beside the others'."""
    if name in faults:
        return None
    try:
        return read()
    except Unreadable as fault:
        faults[name] = str(fault)
    return None


# -- numbers -----------------------------------------------------------------------------------------------------
def _held(
    numbers: Sequence[Published],
    found: dict[tuple[str, str, str], Published],
    faults: Faults,
    key_given: bool,
) -> Checked:
    """Each number beside what the rows give.

    A month that stands fixed may differ from its data, which go on: those figures are held to themselves alone (a rate
    has the interval of its count), as those that were corrected later and those that are only told. One that is said to
    have moved must not come out of the rows all the same.
    """
    wrong, moved = [], []
    last: dict[str, int] = {}
    for each in numbers:
        last[each.key] = max(last.get(each.key, 0), each.revision or 0)
    for each in numbers:
        got = found.get(each.place, _nought(each))
        beside = (each, got.value if got else None)
        if each.given_by == MOVED:
            moved.append(beside)
        if not _is_in_place(each, last) or not _holds(each, got):
            wrong.append(beside)
    return Checked(numbers, wrong, moved, faults, key_given=key_given)


def _holds(each: Published, got: Published | None) -> bool:
    """Whether a number says of itself what is so."""
    if each.given_by == GIVEN:
        return _same(each, got)
    if not _is_sound(each):
        return False
    if each.given_by == MOVED:
        return got is not None and not (each.n and _same(each, got))
    return each.given_by == SUPERSEDED or got is None


def _is_in_place(each: Published, last: dict[str, int]) -> bool:
    """Only of months that stand fixed is there anything but rows: a revision, its day, and that it was corrected."""
    if each.table != FROZEN:
        return each.given_by == GIVEN and each.revision is None and not each.day
    is_last = each.revision == last[each.key]
    return (
        each.figure in told.FIXED and MONTH.fullmatch(each.key) is not None
        and bool(each.day) and (each.revision or 0) > 0
        and each.given_by in (GIVEN, MOVED, SUPERSEDED, ONLY_TOLD)
        and (is_last or each.given_by == SUPERSEDED)
    )  # fmt: skip


def _lacking(
    numbers: Sequence[Published], found: dict[tuple[str, str, str], Published], said: int | None
) -> str:
    """What the rows give and nobody published; of months that stand fixed nobody can say that but by their number."""
    there = {each.place for each in numbers}
    without = [place for place in found if place not in there and place[0] != FROZEN]
    if without:
        return _("少了 %(what)s，文件里的行能算出来。") % {"what": " ".join(filter(None, without[0]))}
    if said is not None and len(numbers) != said:
        words = {"rows": len(numbers), "said": said, "about": ABOUT}
        return _("有 %(rows)d 行，%(about)s 里写的是 %(said)d 行。") % words
    return ""


def _nought(each: Published) -> Published | None:
    """What no rows give of a month: that nothing came in it."""
    counted = each.table == "month" and each.figure in NOUGHT and MONTH.fullmatch(each.key)
    return replace(each, value=0.0, n=None, low=None, high=None) if counted else None


def _is_sound(each: Published) -> bool:
    """Whether a rate is a count of its n, with the interval of that; other figures have no interval."""
    if FIGURES[each.figure].kind != RATE:
        return each.low is None and each.high is None and each.value >= 0
    if each.n is None or each.n < 1 or not 0 <= each.value <= 1:
        return False
    good = round(each.value * each.n)
    low, high = wilson(good, each.n)
    return abs(good / each.n - each.value) <= EXACTLY and _same(each, replace(each, low=low, high=high))


def _same(told_one: Published, found: Published | None) -> bool:
    if found is None:
        return False
    near = NEARLY if told_one.figure.endswith("_days") else EXACTLY
    pairs = (
        (told_one.value, found.value),
        (told_one.low, found.low),
        (told_one.high, found.high),
        (told_one.n, found.n),
    )
    return all(a is b if a is None or b is None else abs(a - b) <= near for a, b in pairs)


def recomputed(star: Star, folder: Path) -> dict[tuple[str, str, str], Published]:
    """Every number again, from the Parquet files alone, by other means than the catalogue's."""
    for name in ROWS:
        star.connection.execute(f"CREATE VIEW {name} AS FROM {from_parquet(folder / f'{name}.parquet')}")
    found = [*_totals(star)]
    for table, file in TABLES.items():
        found += _lines(star, table, file)
    found += _months(star, found)
    policies = star.rows("SELECT policy, count(*) AS n FROM rounds_by_policy WHERE policy <> '' GROUP BY 1")
    found += [Published("policy", row["policy"], "judged", row["n"]) for row in policies]
    return {each.place: each for each in found}


def _totals(star: Star) -> Iterator[Published]:
    [row] = star.rows(
        "SELECT count(*) AS received, (SELECT coalesce(sum(headcount), 0) FROM headcounts) AS people,"
        " (SELECT count(*) FROM days) AS answered, count(*) FILTER (open) AS open,"
        " count(*) FILTER (overdue) AS overdue,"
        " (SELECT avg(took_days) FROM days) AS mean_days, (SELECT max(took_days) FROM days) AS max_days FROM matters"
    )
    [rate] = star.rows(
        "SELECT count(*) AS n, count(*) FILTER (on_time) AS good,"
        " (SELECT count(*) FILTER (extended) FROM rounds_extended) AS extended FROM rounds"
    )
    answered = row["answered"]
    of = {"people": row["people"], "overdue": row["open"], "extended": rate["n"],
          "mean_days": answered, "max_days": answered}  # fmt: skip
    for name, value in {**row, "extended": rate["extended"]}.items():
        if value is not None:
            yield Published("total", "", name, float(value), int(of.get(name, row["received"])))
    if rate["n"]:
        share = rate["good"] / rate["n"]
        yield Published("total", "", "on_time_rate", share, rate["n"], *wilson(rate["good"], rate["n"]))
    days = [each["took_days"] for each in star.rows("SELECT took_days FROM days ORDER BY 1")]
    if days:
        low, high = (
            floor((answered - Z95 * sqrt(answered)) / 2),
            ceil(1 + (answered + Z95 * sqrt(answered)) / 2),
        )
        ends = (days[low - 1], days[high - 1]) if low >= 1 and high <= answered else (None, None)
        yield Published("total", "", "median_days", _middle(days), answered, *ends)


def _lines(star: Star, table: str, file: str) -> Iterator[Published]:
    grouped = star.rows(
        f"SELECT {table} AS key, count(*) AS received, sum(headcount) AS people,"
        " count(*) FILTER (answered) AS answered, count(answered) AS told, avg(took_days) AS mean_days,"
        f" median(took_days) AS median_days FROM {file} GROUP BY 1"
    )
    for row in grouped:
        key, is_told = row.pop("key"), row.pop("told")
        for name, value in row.items():
            if value is not None and (is_told or name in ("received", "people")):
                yield Published(table, key, name, float(value))


def _months(star: Star, found: Sequence[Published]) -> Iterator[Published]:
    """The figures that are kept of a month, from its rows."""
    yield from (replace(each, table=FROZEN, n=int(each.value) if each.figure == "received" else None)
                for each in found if each.table == "month" and each.figure in told.FIXED)  # fmt: skip
    ended = star.rows(
        "SELECT month, count(*) AS n, count(*) FILTER (concluded) AS good FROM concluded_by_month GROUP BY 1"
    )
    judged = star.rows(
        "SELECT month, count(*) AS n, count(*) FILTER (on_time) AS good FROM rounds_by_month GROUP BY 1"
    )
    for row in ended:
        yield from outcome(row["month"], row["good"], row["n"], None, None)
    for row in judged:
        yield from outcome(row["month"], None, None, row["good"], row["n"])


def _middle(ordered: Sequence[float]) -> float:
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
