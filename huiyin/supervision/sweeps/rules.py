"""Which kinds of sweep a place knows, and in which months: the rows `[[sweep]]` of the profile."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from huiyin.kernel.folders import about_of
from huiyin.organisation.models import named
from huiyin.organisation.place import profile_folder


@dataclass(frozen=True)
class SweepKind:
    """A kind of sweep: what is looked for, how often, in which months, and at which door findings come in."""

    code: str
    name: str
    what: str
    every: int = 7
    months: tuple[int, ...] = ()
    door: str = ""


def sweep_kinds() -> list[SweepKind]:
    """The kinds of this place in the profile's order; what cannot be meant is passed over, the check says so."""
    rows = about_of(profile_folder(settings.HUIYIN_PROFILE)).get("sweep", [])
    return [kind for kind in map(kind_of, rows) if kind is not None]


def kind_of(row: dict[str, Any]) -> SweepKind | None:
    """A row of the profile as a kind, in the reader's language; None when it cannot be meant."""
    code, name, what = (str(row.get(word, "")).strip() for word in ("code", "name", "what"))
    every, months = row.get("every", 7), row.get("months", [])
    if not (0 < len(code) <= 20 and code.isascii() and name and what):
        return None
    if type(every) is not int or not 1 <= every <= 366 or not isinstance(months, list):
        return None
    if not all(type(month) is int and 1 <= month <= 12 for month in months):
        return None
    shown = named(name, str(row.get("name_en", "")))
    return SweepKind(code, shown, what, every, tuple(months), str(row.get("door", "")))


def kind_named(code: str) -> SweepKind | None:
    """The kind with this code; None when the profile has none such (any more)."""
    return next((kind for kind in sweep_kinds() if kind.code == code), None)


def in_season(month: int) -> list[SweepKind]:
    """The kinds, those of this month first: without months a kind is always in season."""
    return sorted(sweep_kinds(), key=lambda kind: bool(kind.months) and month not in kind.months)
