"""Public figures: the same functions as `huiyin stats`, over every case but reports, each with its definition.

A report is in no public count: whoever it complains of must not be able to tell that there is one.
"""

from collections.abc import Sequence
from typing import Any

from django.core.cache import cache
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.analytics import figures
from huiyin.cases.access import visible
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor
from huiyin.web.components.figure import Figure

KEPT = 60  # seconds: the page costs some scans of the table, and anybody may ask for it


def told() -> dict[str, Any]:
    """Figures and tables, counted at most once a minute and language, with the moment of counting."""
    name = f"public-figures:{get_language()}"
    counted = cache.get(name)
    if counted is None:
        counted = _counted()
        cache.set(name, counted, KEPT)
    return counted


def _counted() -> dict[str, Any]:
    cases = visible(Actor.system("public")).exclude(nature="report")
    totals, on_time = figures.totals(cases), figures.on_time(cases)
    return {
        "counted_at": clock.now(),
        "figures": [*_sizes(totals), _rate(on_time), *_days(totals)],
        "judged": [[each.basis or each.code, each.limit, each.n] for each in on_time.policies],
        "judged_columns": [_head(_("依据")), _head(_("期限")), _number(_("件次"))],
        "tables": [
            {"id": "nature", "caption": _("按性质"), **_table(_("性质"), figures.by_nature(cases))},
            {"id": "unit", "caption": _("按答复的单位"), **_table(_("单位"), figures.by_unit(cases))},
            {"id": "month", "caption": _("按收到的月份"), **_table(_("月份"), figures.by_month(cases))},
        ],
    }


def _sizes(totals: figures.Totals) -> list[Figure]:
    return [
        Figure(
            label=_("收到"),
            value=f"{totals.cases:,}",
            unit=_("件 · %(people)s 人次") % {"people": f"{totals.headcount:,}"},
            definition=_("登记的每一件算一件，并入别件的也算；人次是一件里有多少人一起反映。不含举报。"),
            table="#nature",
        ),
        Figure(
            label=_("已答复"),
            value=f"{totals.answered:,}",
            unit=_("件"),
            n=f"{totals.cases:,}",
            definition=_("至少有过一次通过审核的答复，或者当场答复过。"),
            table="#unit",
        ),
        Figure(
            label=_("还在办"),
            value=f"{totals.open:,}",
            unit=_("件"),
            n=f"{totals.cases:,}",
            definition=_("还没有结束的，包括已经答复、等诉求人评价的。"),
        ),
        Figure(
            label=_("超期未答复"),
            value=f"{totals.overdue:,}",
            unit=_("件"),
            n=f"{totals.open:,}",
            definition=_("答复期限已过、诉求人还没有得到答复的。期限见“办理标准”。"),
        ),
    ]


def _rate(on_time: figures.OnTime) -> Figure:
    low, high = on_time.interval or (0.0, 0.0)
    return Figure(
        label=_("按期答复率"),
        value=_share(on_time.rate),
        n=f"{on_time.on_time:,} / {on_time.n:,}",
        low=_share(low) if on_time.interval else "",
        high=_share(high) if on_time.interval else "",
        definition=_(
            "期限内告知诉求人的轮次，除以已告知的和已经超期的轮次。重办算新的一轮。不予受理、并入、撤回的不算。"
        ),
        table="#judged",
    )


def _days(totals: figures.Totals) -> list[Figure]:
    spans = (
        (_("答复用时的中位数"), totals.median_days, _("一半的诉求比它快，一半比它慢。")),
        (_("平均答复用时"), totals.mean_days, _("少数拖得很久的会把它拉高，请和中位数一起看。")),
        (_("最长答复用时"), totals.max_days, _("从收到到第一次答复最久的一件。")),
    )
    return [
        Figure(
            label=label,
            value=_decimal(days),
            unit=_("天"),
            n=f"{totals.answered:,}",
            definition=_("从收到到第一次答复，按 24 小时一天算，周末也算。%(more)s") % {"more": more},
            table="#month",
        )
        for label, days, more in spans
    ]


def _table(head: str, rows: Sequence[figures.Row]) -> dict[str, Any]:
    columns = [_head(head), *(_number(label) for label in (_("件数"), _("人次"), _("已答复")))]
    columns += [_number(_("中位数（天）")), _number(_("平均（天）"))]
    return {
        "columns": columns,
        "rows": [
            [
                row.name,
                row.cases,
                row.headcount,
                row.answered,
                _decimal(row.median_days),
                _decimal(row.mean_days),
            ]
            for row in rows
        ],
    }


def _head(label: str) -> dict[str, Any]:
    return {"label": label}


def _number(label: str) -> dict[str, Any]:
    return {"label": label, "figures": True}


def _decimal(days: float | None) -> str:
    return "—" if days is None else f"{days:,.2f}"


def _share(rate: float | None) -> str:
    return "—" if rate is None else f"{100 * rate:.1f}%"
