"""The orders of one's own unit, by the time that is left."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import UNIT
from huiyin.cases import peer_pages, queries, reviewing, states
from huiyin.web.cases.clocks import row_clock
from huiyin.web.components.matter import Badge
from huiyin.web.desk.lists import (
    URGENT,
    Tab,
    address,
    chosen_tab,
    counted,
    export_url,
    frame,
    place_of,
    reminded,
)
from huiyin.web.desk.views import KEYS
from huiyin.web.ladder.rows import owed
from huiyin.web.staff import staff

S = states.Order
TABS = (
    Tab("open", _("在办"), S.OPEN, empty=_("受理中心派来的工单会出现在这里，从派出时起计算期限。")),
    Tab("sent", _("待签收"), (S.SENT,), empty=_("刚派来、还没有签收的工单会出现在这里。")),
    Tab("signed", _("办理中"), (S.SIGNED,), empty=_("签收以后、还没有答复的工单会出现在这里。")),
    Tab("objected", _("异议中"), (S.OBJECTED,), empty=_("提出派单异议、等受理中心裁定的会出现在这里。")),
    Tab(
        "answered", _("已答复"), (S.ANSWERED, S.APPROVED), order="newest", empty=_("答复过的工单会列在这里。")
    ),
    Tab("all", _("全部"), order="newest", empty=_("派给本单位的每一张工单都会列在这里。")),
)
TONES = {S.SENT: "soon", S.OBJECTED: "soon", S.ANSWERED: "done", S.APPROVED: "done", S.RETURNED: "late"}


def _asked(request: HttpRequest) -> tuple[Tab, list[bool], queries.Wanted]:
    """The tab, whether only late ones and urgent ones first, and the list that the address asks for."""
    tab = chosen_tab(request, TABS, "open")
    late, urgent = (request.GET.get(name) == "on" for name in ("late", "urgent_first"))
    asked = queries.Wanted(
        states=tab.states,
        late=late,
        order="urgent" if urgent and tab.order == "due" else tab.order,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return tab, [late, urgent], asked


def wanted_of(request: HttpRequest) -> queries.Wanted:
    """The list whose filters stand in the address. Raises PermissionDenied for whoever is of no unit."""
    if request.actor.role not in UNIT:
        raise PermissionDenied("orders are of units")
    return _asked(request)[2]


@staff(*UNIT)
def orders(request: HttpRequest) -> HttpResponse:
    """The unit's orders; what is due first stands first."""
    tab, (late, urgent), asked = _asked(request)
    listing = queries.orders_listing(request.actor, asked)
    values = frame(request, TABS, tab, None, listing, queries.order_counts(request.actor, counted(TABS)))
    late_chip = {
        "url": address(request, tab=tab.name, late="" if late else "on"),
        "on": late,
        "count": values["late_count"],
    }
    first_chip = {"url": address(request, tab=tab.name, urgent_first="" if urgent else "on"), "on": urgent}
    hurried = {each.case_id: each for each in reversed(queries.reminders_to(request.actor))}
    rows = [row(order, hurried.get(order.case_id)) for order in listing.rows]
    values["reminders"] = [reminder_row(each) for each in reversed(hurried.values())]
    told = [told_row(each) for each in queries.instructions_to(request.actor)]
    values["reviews"] = [review_row(each) for each in reviewing.waiting_for(request.actor)]
    values |= {"rows": rows, "late": late_chip, "first": first_chip, "keys": KEYS, "instructions": told}
    values |= {"export_url": export_url(request, "unit"), "rungs": owed(request.actor)}
    values["views_owed"] = peer_pages.own_waiting(request.actor)
    return render(request, "unit/orders.html", values)


def told_row(instruction: Any) -> dict[str, Any]:
    """A leader's instruction as a line: the matter, who gave it, and the time that is left to report."""
    case = instruction.case
    return {
        "url": reverse("cases:case", args=[case.number]),
        "title": case.title,
        "by": str(instruction.given_by.unit) if instruction.given_by else "",
        "clock": row_clock(instruction.clock),
    }


def review_row(review: Any) -> dict[str, Any]:
    """A request for review as a line: the matter, which instance, and the time that is left to decide."""
    return {
        "url": reverse("cases:case", args=[review.case.number]),
        "title": review.case.title,
        "by": review.get_level_display(),
        "clock": row_clock(review.clock),
    }


def reminder_row(reminder: Any) -> dict[str, Any]:
    """A reminder as a line: the matter, who sent it, and by when to act."""
    case = reminder.case
    return {
        "url": reverse("cases:case", args=[case.number]),
        "title": case.title,
        "by": str(reminder.given_by.unit) if reminder.given_by else _("按规则自动催办"),
        "mark": reminded(reminder.act_by),
    }


def row(order: Any, hurried: Any = None) -> dict[str, Any]:
    """An order as a row: the matter, the unit's part in it, who has it, its clock, and what it was reminded of."""
    case = order.case
    marks = [reminded(hurried.act_by)] if hurried else []
    marks += [Badge(TONES.get(order.state, "active"), order.get_state_display())]
    if case.urgency in URGENT:
        marks.append(Badge(URGENT[case.urgency], case.get_urgency_display()))
    if order.binding:
        marks.append(Badge("soon", _("指定")))
    return {
        "url": reverse("cases:case", args=[case.number]),
        "number": case.number,
        "title": case.title,
        "place": place_of(case),
        "nature": case.get_nature_display(),
        "part": order.get_part_display(),
        "person": order.person.user.name,
        "badges": marks,
        "clock": row_clock(order.clock, rests_until=order.due_at),
    }
