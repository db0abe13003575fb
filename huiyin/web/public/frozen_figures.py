"""The months whose figures stand fixed, in words: each revision a row, with its day and why it was made."""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from huiyin.analytics.asking import Found
from huiyin.analytics.catalogue import COUNT, DAYS, FIGURES
from huiyin.analytics.freezing import Fixed
from huiyin.kernel import clock
from huiyin.kernel.few import LEAST

HIDDEN = "—"
COLUMNS = ("received", "concluded", "conclusion_rate", "on_time_rate", "median_days", "satisfaction_rate")


def table(months: Sequence[Fixed], hidden: Collection[str]) -> dict[str, Any]:
    """Columns and rows of the months that have been frozen; no rows while there are none.

    `hidden` are the months that the table of months does not tell: told here, they would give others away.
    """
    heads = [
        {"label": _("月份")},
        *({"label": str(FIGURES[name].title), "figures": True} for name in COLUMNS),
    ]
    return {
        "columns": [*heads, {"label": _("定稿")}],
        "rows": [
            [
                row.period,
                *(HIDDEN if row.period in hidden else _value(name, row.figures[name]) for name in COLUMNS),
                _when(row),
            ]
            for row in months
        ],
    }


def _value(name: str, found: Found) -> str:
    """A figure with its n; not of fewer than five, nor one by which single ratings could be guessed."""
    few = FIGURES[name].over == "evaluations" and _few(found)
    if found.value is None or found.n < LEAST or few:
        return HIDDEN
    if found.kind == COUNT:
        return f"{found.value:,}"
    if found.kind == DAYS:
        return f"{found.value:,.2f}"
    low, high = found.interval or (0.0, 0.0)
    return _("%(rate)s（n = %(n)s；%(low)s–%(high)s）") % {
        "rate": f"{found.value:.1%}", "n": f"{found.n:,}", "low": f"{low:.1%}", "high": f"{high:.1%}",
    }  # fmt: skip


def _few(found: Found) -> bool:
    """Whether one to four are counted, or left over."""
    return 0 < found.whole < LEAST or 0 < found.n - found.whole < LEAST


def _when(row: Fixed) -> str:
    day = date_format(clock.local_date(row.frozen_at), "Y-m-d")
    if row.revision == 1:
        return day
    return _("%(day)s 第 %(n)d 次更正：%(reason)s") % {
        "day": day,
        "n": row.revision - 1,
        "reason": row.reason,
    }
