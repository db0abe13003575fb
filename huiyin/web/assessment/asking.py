"""What an address of assessment asks for: a period, a measure; and both in words."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.assessment import rules
from huiyin.assessment.measures import MEASURES
from huiyin.assessment.periods import Kind, NotAPeriod, Period, back_from
from huiyin.assessment.rules import NoRule
from huiyin.assessment.statistics import Share
from huiyin.organisation.queries import today
from huiyin.web.forms import Choosing
from huiyin.web.words import dated

OFFERED = {Kind.MONTH: 13, Kind.QUARTER: 5, Kind.YEAR: 3}  # how many of each are offered, the newest first
NONE = "—"


class Asked(forms.Form):
    """A period and a measure, in the address; what makes no sense there is passed over."""

    period = forms.ChoiceField(label=gettext_lazy("考核期"), required=False, widget=Choosing)
    measure = forms.ChoiceField(label=gettext_lazy("指标"), required=False, widget=Choosing)

    def __init__(
        self, request: HttpRequest, *, period: Period, measure: str, measures: tuple[str, ...]
    ) -> None:
        super().__init__({"period": period.code, "measure": measure}, auto_id="filter_%s")
        choices = offered_periods(period)
        self.fields["period"].choices = [(each.code, period_words(each)) for each in choices]
        self.fields["measure"].choices = [(each, MEASURES[each]) for each in measures]


def period_of(request: HttpRequest, kind: Kind = Kind.MONTH) -> Period:
    """The period in the address; else the last one of this kind that is over, else the running one. Raises NoRule."""
    try:
        return rules.named(request.GET.get("period", ""), today())
    except (NotAPeriod, NoRule):
        running = rules.current(today(), kind)
        try:
            return rules.named(running.before().code, today()) if kind is Kind.MONTH else running
        except NoRule:
            return running


def offered_periods(chosen: Period) -> list[Period]:
    """Months, quarters and years up to now, and the one that was chosen."""
    found: list[Period] = []
    for kind, n in OFFERED.items():
        found += back_from(rules.current(today(), kind), n)
    return found if chosen in found else [chosen, *found]


def period_words(period: Period) -> str:
    """2026 年 11 月; with its days, where months do not begin on the 1st."""
    words = {
        Kind.MONTH: dated(f"{period.year}-{period.number:02}"),
        Kind.QUARTER: _("%(year)s 年第 %(number)s 季度"),
        Kind.YEAR: _("%(year)s 年"),
    }[period.kind] % {"year": period.year, "number": period.number}
    if period.opens == 1:
        return words
    return _("%(name)s（%(first)s 到 %(last)s）") % {
        "name": words,
        "first": _day(period.first),
        "last": _day(period.last),
    }


def address(name: str, **asked: Any) -> str:
    """The address of a page of assessment with what it is asked for; empty values are left out."""
    told = {key: value for key, value in asked.items() if value not in ("", None)}
    return f"{reverse(f'assessment:{name}')}?{urlencode(told)}" if told else reverse(f"assessment:{name}")


def percent(rate: float | None) -> str:
    """Per cent with one place."""
    return NONE if rate is None else f"{100 * rate:.1f}%"


def interval(bounds: tuple[float, float] | None) -> str:
    """An interval in per cent."""
    return NONE if bounds is None else f"{100 * bounds[0]:.1f}% – {100 * bounds[1]:.1f}%"


def with_all(share: Share) -> str:
    """A rate with what is left out in it, and of how many."""
    return _("%(rate)s（%(n)s）") % {"rate": percent(share.rate), "n": f"{share.n:,}"}


def _day(day: date) -> str:
    return day.isoformat()
