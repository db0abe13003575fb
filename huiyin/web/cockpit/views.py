"""Today's figures of the reader's region: the same as `huiyin stats` computes, with ways down to the cases."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from huiyin.accounts.roles import OVERSIGHT
from huiyin.analytics import figures as analytics
from huiyin.cases import access
from huiyin.kernel import clock
from huiyin.organisation import queries as organisation
from huiyin.web.components.figure import Figure
from huiyin.web.staff import staff
from huiyin.web.supervisor.views import matters_url

NONE = "—"


@staff(*OVERSIGHT)
def figures(request: HttpRequest) -> HttpResponse:
    """What came in today, what waits, what is late, how long answers take, by nature and by unit."""
    visible = access.visible(request.actor)
    today = organisation.today()
    values = {
        "today": today,
        "place": request.actor.unit.region,
        "now": clock.now(),
        "figures": _headline(visible, today),
        "natures": [_nature(row) for row in analytics.by_nature(visible)],
        "nature_columns": _columns(_("性质")),
        "doors": [_door(row) for row in analytics.by_door(visible)],
        "door_columns": _columns(_("窗口")),
        "units": [_unit(row) for row in analytics.by_unit(visible)],
        "unit_columns": _columns(_("答复的单位")),
    }
    return render(request, "cockpit/figures.html", values)


def _headline(visible: Any, today: Any) -> list[Figure]:
    whole = analytics.totals(visible)
    fresh, before = analytics.received_on(visible, [today, today - timedelta(days=7)])
    punctual = analytics.on_time(visible)
    low, high = punctual.interval or (None, None)
    return [
        Figure(
            label=_("今天收到"),
            value=f"{fresh:,}",
            unit=_("件 · %(people)s 人次") % {"people": f"{analytics.headcount_on(visible, today):,}"},
            direction="up" if fresh > before else "down" if fresh < before else "same",
            trend_text=_("上周同一天 %(n)s 件") % {"n": f"{before:,}"},
            table=matters_url("all"),
        ),
        Figure(
            label=_("在办"),
            value=f"{whole.open:,}",
            unit=_("件 · %(people)s 人次") % {"people": f"{whole.open_headcount:,}"},
            n=f"{whole.cases:,}",
            definition=_("还没有办结的件数；n 是辖区内登记过的全部件数。"),
            table=matters_url("open"),
        ),
        Figure(
            label=_("超期未答"),
            value=f"{whole.overdue:,}",
            unit=_("件"),
            definition=_("过了答复期限、诉求人还没有得到答复的件数。"),
            table=matters_url("late"),
        ),
        Figure(
            label=_("按时告知率"),
            value=NONE if punctual.rate is None else f"{punctual.rate:.1%}".rstrip("%"),
            unit="" if punctual.rate is None else "%",
            n=f"{punctual.on_time:,} / {punctual.n:,}",
            low="" if low is None else f"{low:.1%}",
            high="" if high is None else f"{high:.1%}",
            definition=_(
                "在各自期限内告知的轮次，除以已经告知和已经超期的轮次；其中 %(n)s 轮延过期。期限：%(limits)s"
            )
            % {"n": punctual.extended, "limits": _limits(punctual)},
        ),
        Figure(
            label=_("办理用时中位数"),
            value=_days(whole.median_days),
            unit="" if whole.median_days is None else _("天"),
            n=f"{whole.answered:,}",
            definition=_("从收到到第一次答复的天数，一半的件比它短。平均 %(mean)s 天，最长 %(longest)s 天。")
            % {"mean": _days(whole.mean_days), "longest": _days(whole.max_days)},
        ),
    ]


def _limits(punctual: analytics.OnTime) -> str:
    return "；".join(f"{each.limit}（{each.n:,}）" for each in punctual.policies) or NONE


def _columns(head: str) -> list[dict[str, Any]]:
    named = (_("件数"), _("人次"), _("已答复"), _("用时中位数（天）"), _("平均用时（天）"))
    return [{"label": head}, *({"label": label, "figures": True} for label in named)]


def _nature(row: analytics.Row) -> list[Any]:
    return [{"text": row.name, "url": matters_url("all", nature=row.key)}, *_cells(row)]


def _door(row: analytics.Row) -> list[Any]:
    return [{"text": row.name, "url": matters_url("all", door=row.key)}, *_cells(row)]


def _unit(row: analytics.Row) -> list[Any]:
    """A unit's own figures; its name leads to what it has in hand now."""
    return [{"text": row.name, "url": matters_url("open", unit=row.key)}, *_cells(row)]


def _cells(row: analytics.Row) -> list[str]:
    counts = [f"{n:,}" for n in (row.cases, row.headcount, row.answered)]
    return [*counts, _days(row.median_days), _days(row.mean_days)]


def _days(days: float | None) -> str:
    return NONE if days is None else f"{days:,.1f}"
