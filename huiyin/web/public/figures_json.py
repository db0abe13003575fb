"""Public figures for programs: the numbers of the page, with the catalogue's own names and definitions.

The same numbers as in page, charts and file (`analytics.told`), unrounded; what is hidden there is null here.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import get_language

from huiyin.analytics import told
from huiyin.analytics.asking import Found
from huiyin.analytics.catalogue import FIGURES, RATE
from huiyin.analytics.freezing import Fixed
from huiyin.analytics.told import Line
from huiyin.cases.choices import NATURES
from huiyin.kernel import clock
from huiyin.organisation.place import place
from huiyin.organisation.queries import unit_name
from huiyin.web.public.frozen_figures import told_n

FORM = "1"  # raised when a name here changes its meaning or goes


def figures_json() -> dict[str, Any]:
    """Everything: `figures` by their name in the catalogue, `tables` by nature, unit and month, and `frozen` months.

    Counts and days as numbers, rates from 0 to 1, moments and days as ISO 8601; words in the reader's language.
    """
    kept = told.to_all()
    found = kept.value
    natures = {str(value): str(label) for value, label in NATURES}
    return {
        "form": FORM,
        "place": place().place,
        "language": get_language(),
        "counted_at": (kept.value.as_of or kept.at).isoformat(),
        "figures": [
            _told(name, {**value, "n": found.whole[name]}) for name, value in _numbers(found).items()
        ],
        "tables": {
            "nature": _rows(found.natures, natures),
            "unit": _rows(found.units, {row.key: unit_name(row.key) for row in found.units if row.key}),
            "month": _rows(found.months, {}),
        },
        "frozen": {
            "figures": [_told(name, {}) for name in told.FIXED],
            "months": [_fixed(row) for row in found.frozen],
        },
    }


def _numbers(found: told.Told) -> dict[str, dict[str, Any]]:
    totals, on_time, middle = found.totals, found.on_time, found.middle
    low, high = on_time.interval or (None, None)
    return {
        "received": {"value": totals.cases},
        "people": {"value": totals.headcount},
        "answered": {"value": totals.answered},
        "open": {"value": totals.open},
        "overdue": {"value": totals.overdue},
        "on_time_rate": {"value": on_time.rate, "count": on_time.on_time, "low": low, "high": high},
        "median_days": {"value": middle.value, "low": middle.low, "high": middle.high},
        "mean_days": {"value": totals.mean_days},
        "max_days": {"value": totals.max_days},
    }


def _told(name: str, numbers: dict[str, Any]) -> dict[str, Any]:
    figure = FIGURES[name]
    words = ("title", "definition", "unit", "denominator", "basis")
    return {"name": name, **numbers, **{each: str(getattr(figure, each)) for each in words}}


def _fixed(row: Fixed) -> dict[str, Any]:
    """A revision of a month that stands fixed; what is not told is null."""
    return {
        "period": row.period,
        "revision": row.revision,
        "day": clock.local_date(row.frozen_at).isoformat(),
        "reason": row.reason,
        "figures": {name: _numbers_of(row.figures.get(name)) for name in told.FIXED},
    }


def _numbers_of(found: Found | None) -> dict[str, Any] | None:
    if found is None:
        return None
    low, high = (found.interval if found.kind == RATE else None) or (None, None)
    return {"value": found.value, "n": told_n(found), "low": low, "high": high}


def _rows(lines: Sequence[Line], names: dict[str, str]) -> list[dict[str, Any]]:
    """Rows in the order of the page; `cases` and the others are null where they are too small to be told."""
    return [{**asdict(line), "name": names.get(line.key, line.key)} for line in lines]
