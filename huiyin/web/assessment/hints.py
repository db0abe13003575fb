"""疑似异常: units whose records look bent, with the cases, for supervisors alone; hints, no findings."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from huiyin.accounts.roles import Role
from huiyin.analytics.keeping import kept
from huiyin.assessment import evidence
from huiyin.assessment.gaming import RARE
from huiyin.assessment.periods import Kind, Period
from huiyin.web.assessment.asking import offered_periods, percent, period_of, period_words
from huiyin.web.staff import staff

NAMES = {
    "last_minute": gettext_lazy("踩着期限答复"),
    "closed_and_reopened": gettext_lazy("办结不久又重来"),
    "merged_or_split": gettext_lazy("到期前并案，或者拆成几件"),
    "equal_ratings": gettext_lazy("评价一模一样"),
    "few_people": gettext_lazy("少数人反复评价"),
    "one_hand": gettext_lazy("剔除都经一个人的手"),
}
WHY = {
    "last_minute": gettext_lazy("在期限前半小时里答复的。可能是先答复、停住时钟，再慢慢办。"),
    "closed_and_reopened": gettext_lazy("按时答复、三天里又重办或者重启的。可能是为了按时先办结。"),
    "merged_or_split": gettext_lazy("期限前八小时里被并走的，或者从别的件分出来的。可能是为了让件数好看。"),
    "equal_ratings": gettext_lazy("三问都答得和这个单位最多的一种一样的。可能不是本人评的。"),
    "few_people": gettext_lazy(
        "同一个人在这一期评价这个单位三次以上的。系统不记录设备，只看是不是同一个人。"
    ),
    "one_hand": gettext_lazy("剔除的里面，经手最多的那一个人经手的。可能没有另一个人真正看过。"),
}


@staff(Role.SUPERVISOR)
@require_safe
def hints(request: HttpRequest) -> HttpResponse:
    """Units that stand out in a period, the least probable first, each with its cases."""
    by, period = request.actor, period_of(request)
    period = period if period.kind is not Kind.YEAR else period_of_quarter(period)
    counted = kept(f"hints:{period.code}:{by.user.pk}", by, lambda: evidence.hints(by, period))
    values = {
        "name": period_words(period),
        "counted_at": counted.at,
        "rows": [_told(shown) for shown in counted.value],
        "rare": f"{RARE:.1%}",
        "periods": [
            {"code": each.code, "name": period_words(each), "current": each == period}
            for each in offered_periods(period)
            if each.kind is not Kind.YEAR
        ],
    }
    return render(request, "assessment/hints.html", values)


def period_of_quarter(year: Period) -> Period:
    """A year is too much to read row by row: its last quarter instead."""
    return year.quarters()[-1]


def _told(shown: evidence.Shown) -> dict[str, Any]:
    hint = shown.hint
    marked = len(hint.cases)
    return {
        "unit": shown.unit,
        "name": NAMES[hint.detector],
        "why": WHY[hint.detector],
        "said": _(
            "%(n)s 件里有 %(marked)s 件（%(rate)s）；别的单位的中间数是 %(usual)s。碰巧这么多的可能不到 %(chance)s。"
        )
        % {
            "n": f"{hint.n:,}",
            "marked": f"{marked:,}",
            "rate": percent(hint.rate),
            "usual": percent(hint.usual),
            "chance": _rounded_up(hint.chance),
        },
        "cases": [
            {"number": number, "url": reverse("cases:case", args=[number])} for number in shown.numbers
        ],
        "more": marked - len(shown.numbers) if marked > evidence.MOST else 0,
    }


def _rounded_up(chance: float) -> str:
    """As a bound that is easy to read."""
    return next(
        (text for bound, text in ((1e-6, "0.0001%"), (1e-5, "0.001%"), (1e-4, "0.01%")) if chance < bound),
        "0.1%",
    )
