"""民情台账: what the unit led, line by line, and where its ledger and the supervisor's list differ."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import UNIT
from huiyin.cases.queries import Listing
from huiyin.supervision.entries import queries
from huiyin.web.components.matter import Badge
from huiyin.web.desk.lists import address
from huiyin.web.staff import staff
from huiyin.web.words import day

TABS = {
    "due": (_("待报验"), _("办结了、按规定要验收、还没有报验的会出现在这里。")),
    "submitted": (_("待验收"), _("报验了、等别的单位来看的会出现在这里。")),
    "refused": (_("验收退回"), _("验收的人看过、没有同意的会出现在这里，附着理由。")),
    "open": (_("在办"), _("本单位主办、还没有办结的会出现在这里。")),
    "accepted": (_("已销账"), _("验收的人看过、同意了的会出现在这里。")),
    "all": (_("全部"), _("本单位签收过的每一件主办诉求都在台账里，不用另外登记。")),
}
WAYS = {
    "unbooked": (_("督办清单有，单位台账没有"), _("派来了、还没有签收的会出现在这里。")),
    "foreign": (_("单位台账有，督办清单没有"), _("报验以后、不再由该单位主办的会出现在这里。")),
    "revived": (_("单位报验或销账，督办清单又在办"), _("销账以后又重办、重启的会出现在这里。")),
    "unsubmitted": (_("督办清单办结，单位没有报验"), _("办结了、还没有报验的会出现在这里。")),
}
STATUS = {
    "open": Badge("active", _("在办")),
    "ended": Badge("quiet", _("已结束")),
    "due": Badge("soon", _("待报验")),
    "unneeded": Badge("done", _("办结，不用验收")),
    "submitted": Badge("active", _("待验收")),
    "refused": Badge("late", _("验收退回")),
    "accepted": Badge("done", _("已销账")),
    **{name: Badge("soon", label) for name, (label, _empty) in WAYS.items()},
}


@staff(*UNIT)
def own(request: HttpRequest) -> HttpResponse:
    """The ledger of the reader's own unit."""
    other = reverse("unit:differences")
    return shown(request, request.actor.unit, other=other, back=reverse("unit:orders"))


@staff(*UNIT)
def own_differences(request: HttpRequest) -> HttpResponse:
    """Where the own ledger and the supervisor's list differ."""
    return compared(request, request.actor.unit, other=reverse("unit:ledger"))


def shown(request: HttpRequest, unit: Any, *, other: str, back: str) -> HttpResponse:
    """A page of a unit's ledger."""
    by, tab = request.actor, _chosen(request, TABS, "due")
    listing = queries.ledger(by, unit, tab, **_place(request))
    values = _frame(request, TABS, tab, listing, queries.counts(by, unit))
    return render(request, "unit/ledger.html", {**values, "unit": unit, "other_url": other, "back_url": back})


def compared(request: HttpRequest, unit: Any, *, other: str) -> HttpResponse:
    """A page of what differs between a unit's ledger and the supervisor's list, one way at a time."""
    by, tab = request.actor, _chosen(request, WAYS, "unbooked")
    listing = queries.differences(by, unit, tab, **_place(request))
    values = _frame(request, WAYS, tab, listing, queries.difference_counts(by, unit))
    return render(request, "unit/differences.html", {**values, "unit": unit, "other_url": other})


def _chosen(request: HttpRequest, tabs: Mapping[str, Any], default: str) -> str:
    asked = request.GET.get("tab", "")
    return asked if asked in tabs else default


def _place(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("after", "before")}


def _frame(request: HttpRequest, tabs: Mapping[str, Any], tab: str, listing: Listing,
           counts: Mapping[str, int]) -> dict[str, Any]:  # fmt: skip
    """Tabs with their counts, the rows, and the ways to the pages beside this one."""
    return {
        "tabs": [
            {"label": label, "url": f"?tab={name}", "current": name == tab, "count": counts.get(name)}
            for name, (label, _empty) in tabs.items()
        ],
        "tab": {"label": tabs[tab][0], "empty": tabs[tab][1]},
        "rows": [row(line) for line in listing.rows],
        "beyond": bool(request.GET.get("after") or request.GET.get("before")),
        "first_url": f"?tab={tab}",
        "previous_url": address(request, tab=tab, before=listing.earlier) if listing.earlier else "",
        "next_url": address(request, tab=tab, after=listing.later) if listing.later else "",
        "shown": len(listing.rows),
    }


def row(line: queries.Line) -> dict[str, Any]:
    """A line of a ledger as the page shows it."""
    entry = line.entry
    return {
        "url": reverse("cases:case", args=[line.case.number]),
        "number": line.case.number,
        "title": line.case.title,
        "place": line.case.place,
        "state": line.case.get_state_display(),
        "status": STATUS[line.status],
        "handed_in": day(entry.submitted_at) if entry else "",
        "closed": day(entry.closed_at) if entry and entry.closed_at else "",
    }
