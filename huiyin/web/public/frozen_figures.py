"""The months whose figures stand fixed, in words: each revision a row, with its day and why it was made."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from huiyin.analytics.asking import Found
from huiyin.analytics.catalogue import COUNT, DAYS, FIGURES, RATE
from huiyin.analytics.freezing import Fixed
from huiyin.analytics.told import FIXED
from huiyin.kernel import clock

HIDDEN = "—"


def table(months: Sequence[Fixed]) -> dict[str, Any]:
    """Columns and rows of the months that have been frozen; no rows while there are none."""
    heads = [
        {"label": _("月份")},
        *({"label": str(FIGURES[name].title), "figures": True} for name in FIXED),
    ]
    return {
        "columns": [*heads, {"label": _("定稿")}],
        "rows": [
            [row.period, *(_with_n(row.figures.get(name)) for name in FIXED), _when(row)] for row in months
        ],
    }


def cells(months: Sequence[Fixed]) -> Iterator[list[Any]]:
    """The same for the file, one number a row, with the day and the reason at its end."""
    for row in months:
        for name in FIXED:
            figure, found = FIGURES[name], row.figures.get(name)
            ends = found.interval if found and found.kind == RATE else None
            low, high = (f"{end:.1%}" for end in ends) if ends else ("", "")
            yield [_("已经定稿的月份"), row.period, figure.title, _value(found), figure.unit, told_n(found) or "",
                   low, high, figure.definition, _when(row)]  # fmt: skip


def told_n(found: Found | None) -> int | None:
    """What a rate or a count is of. Of days it is how many were answered, which the table of months may hide."""
    return None if found is None or found.kind == DAYS else found.n


def _with_n(found: Found | None) -> str:
    if found is None or found.kind != RATE:
        return _value(found)
    low, high = found.interval or (0.0, 0.0)
    return _("%(rate)s（n = %(n)s；%(low)s–%(high)s）") % {
        "rate": _value(found), "n": f"{found.n:,}", "low": f"{low:.1%}", "high": f"{high:.1%}",
    }  # fmt: skip


def _value(found: Found | None) -> str:
    if found is None or found.value is None:
        return HIDDEN
    if found.kind == COUNT:
        return f"{found.value:,}"
    return f"{found.value:,.2f}" if found.kind == DAYS else f"{found.value:.1%}"


def _when(row: Fixed) -> str:
    day = date_format(clock.local_date(row.frozen_at), "Y-m-d")
    if row.revision == 1:
        return day
    return _("%(day)s 第 %(n)d 次更正：%(reason)s") % {
        "day": day,
        "n": row.revision - 1,
        "reason": row.reason,
    }
