"""What slips, counted by unit and by place, and the lists behind every count."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from huiyin.accounts.roles import OVERSIGHT, Role
from huiyin.analytics.keeping import kept
from huiyin.cases import oversight, queries
from huiyin.cases.oversight import Line
from huiyin.organisation.directory import units_in
from huiyin.supervision import waiting
from huiyin.web.components.chart import Bars, Point
from huiyin.web.desk.lists import FilterForm, Tab, chosen_tab, export_url, frame, matter_of, wanted, watched
from huiyin.web.desk.views import KEYS
from huiyin.web.forms import Choosing
from huiyin.web.staff import staff

TABS = (
    Tab("late", gettext_lazy("超期"), mark="late", empty=gettext_lazy("过了答复期限还没有答复的会出现在这里。")),
    Tab("yellow", gettext_lazy("将到期"), mark="yellow",
        empty=gettext_lazy("期限用掉七成以上、还没有超期的会出现在这里。")),
    Tab("objected", gettext_lazy("退回待裁定"), mark="objected",
        empty=gettext_lazy("承办单位提出异议、受理中心还没有裁定的会出现在这里。")),
    Tab("redone", gettext_lazy("重办"), mark="redone",
        empty=gettext_lazy("审核退回、诉求人说没解决、或者重启的会出现在这里。")),
    Tab("hopping", gettext_lazy("多次派单"), mark="hopping",
        empty=gettext_lazy("派过两次以上、换过承办单位的会出现在这里。")),
    Tab("owed", gettext_lazy("欠告知"), mark="owed", order="newest",  # not by due time: its cases are mostly over
        empty=gettext_lazy("已经有结果、还有人没有告知到的会出现在这里。")),
    Tab("awaited", gettext_lazy("外部超期"), mark="awaited",
        empty=gettext_lazy("转到外部、没有按时回执，或者约定的日期已经到了的会出现在这里。")),
    Tab("reminded", pgettext_lazy("heading", "催办"), mark="reminded",
        empty=gettext_lazy("催办过、轮到的单位还没有动的会出现在这里。催办在诉求的页面上做。")),
    Tab("unheeded", gettext_lazy("催办未动"), mark="unheeded",
        empty=gettext_lazy("催办的日期过了、轮到的单位还没有动的会出现在这里。")),
    Tab("instructed", gettext_lazy("批示"), mark="instructed",
        empty=gettext_lazy("有批示、还没有落实的会出现在这里。")),
    Tab("asked", gettext_lazy("请示"), mark="asked",
        empty=gettext_lazy("单位或受理中心请示、还没有批复的会出现在这里。")),
    Tab("whistle", gettext_lazy("吹哨未到"), mark="whistle",
        empty=gettext_lazy("街道吹了哨、过了时限还没有报到的会出现在这里。")),
    Tab("suspended", gettext_lazy("挂账"), mark="suspended",
        empty=gettext_lazy("挂着账、到期会自动恢复办理的会出现在这里。")),
    Tab("returning", gettext_lazy("挂账将到期"), mark="returning",
        empty=gettext_lazy("快到期恢复办理的挂账会出现在这里。")),
    Tab("open", gettext_lazy("在办"), mark="open", empty=gettext_lazy("还没有办结的诉求都在这里。")),
    Tab("all", gettext_lazy("全部"), order="newest", empty=gettext_lazy("辖区内登记的每一件诉求都在这里。")),
)  # fmt: skip
EXPLAINED = {
    "reminded": gettext_lazy("催过，还没有动"),
    "unheeded": gettext_lazy("催了，过了日期没有动"),
    "instructed": gettext_lazy("批示还没有落实"),
    "asked": gettext_lazy("请示了，还没有批复"),
    "whistle": gettext_lazy("叫了，过时没有来"),
    "suspended": gettext_lazy("先放一放，到期恢复"),
    "returning": gettext_lazy("快到期恢复"),
    "open": gettext_lazy("还没有办结的"),
    "yellow": gettext_lazy("期限用掉七成以上"),
    "late": gettext_lazy("过了答复期限"),
    "objected": gettext_lazy("单位提出异议，等裁定"),
    "redone": gettext_lazy("办到第二轮以上"),
    "hopping": gettext_lazy("换过承办单位"),
    "owed": gettext_lazy("有结果，还没告知到人"),
    "awaited": gettext_lazy("外部没有按时回音"),
}
SHOWN = (
    "open", "yellow", "late", "objected", "redone", "hopping", "owed", "awaited",
    "reminded", "unheeded", "instructed", "asked", "whistle", "suspended", "returning",
)  # fmt: skip
NAMES = {tab.name: tab.label for tab in TABS}
TO_ACT_ON = {
    "replied": (gettext_lazy("督办文书，等决定"), "ladder:list", "?tab=replied"),
    "proposals": (gettext_lazy("规则建议，等签发"), "ladder:proposals"),
    "entries": (gettext_lazy("台账验收"), "supervisor:ledgers"),
    "second": (gettext_lazy("待复看"), "desk:second_opinions"),
    "contests": (gettext_lazy("回访异议"), "supervisor:contests"),
    "pressed": (gettext_lazy("被要求打好评"), "supervisor:pressed"),
    "feedback": (gettext_lazy("反馈表，待签收"), "feedback:listing"),
}
TO_FOLLOW = {
    "rungs": (gettext_lazy("督办文书"), "ladder:list"),
    "promises": (gettext_lazy("待兑现的承诺"), "unit:promises"),
    "inquiries": (gettext_lazy("监督询问"), "monitor:inquiries"),
    "views": (gettext_lazy("单位复看"), "desk:peers"),
    "sheets": (gettext_lazy("排查"), "supervisor:sweeps"),
}
TO_READ = (
    (gettext_lazy("各单位台账"), "supervisor:ledger_units"),
    (gettext_lazy("问题有没有再出现"), "supervisor:recurrence"),
    (gettext_lazy("群众评议台账"), "supervisor:book"),
    (gettext_lazy("对代表的评价"), "supervisor:representatives"),
)
MOST_BARS = 8  # units drawn by what is late; the table has them all


@staff(*OVERSIGHT)
def overview(request: HttpRequest) -> HttpResponse:
    """What deserves a second look, in all, by the unit whose turn it is and by place; every count leads to its list."""
    by = request.actor
    counted = kept("watched", by, lambda: (oversight.tally(by), waiting.owed(by)))
    found, owed = counted.value
    acts = waiting.to_act_on(by)
    own = next((line for line in found.units if line.code == by.unit.code), None)
    values = {
        "to_act_on": [_to_act_on(name, n) for name, n in acts.items()],
        "anything": any(acts.values()),
        "to_follow": [_to_follow(name, n) for name, n in owed.items()],
        "to_read": _to_read(by.role),
        "counted_at": counted.at,
        "marks": [
            {"name": mark, "label": NAMES[mark], "n": n, "why": EXPLAINED[mark], "url": matters_url(mark)}
            for mark, n in ((mark, found.totals.get(mark, 0)) for mark in SHOWN)
        ],
        "late": _late_units(found.units),
        "tables": [
            _table(_("轮到哪个单位（超期多的在前）"), _("单位"), found.units, "unit"),
            _table(_("发生在哪里（含下级）"), _("地点"), found.regions, "region"),
        ],
        "own": {"n": own.counts["open"], "url": matters_url("open", unit=own.code)} if own else None,
    }
    return render(request, "supervisor/overview.html", values)


def _to_act_on(name: str, n: int) -> dict[str, Any]:
    """The chip of what waits for the reader."""
    return {**_chip(*TO_ACT_ON[name]), "n": n}


def _to_follow(name: str, owed: waiting.Owed) -> dict[str, Any]:
    """The chip of what others owe."""
    return {**_chip(*TO_FOLLOW[name]), "n": owed.n, "late": owed.late}


def _to_read(role: str) -> list[dict[str, Any]]:
    """The chips of what is looked at, without a number."""
    return [_chip(*each) for each in TO_READ if each[1] != "supervisor:book" or role == Role.SUPERVISOR]


def _chip(label: Any, to: str, query: str = "") -> dict[str, Any]:
    return {"label": label, "url": reverse(to) + query}


def matters_url(mark: str, **narrowed: str) -> str:
    """The address of the list of one mark."""
    return f"{reverse('supervisor:matters')}?{urlencode({'tab': mark, **narrowed})}"


def _late_units(units: Sequence[Line]) -> Bars:
    """The units with most that is late."""
    worst = [line for line in units if line.counts.get("late")][:MOST_BARS]
    points = [
        Point(line.name, line.counts["late"], url=matters_url("late", unit=line.code)) for line in worst
    ]
    return Bars(_("超期在哪些单位"), points, head=_("单位"), measure=_("超期"))


def _table(caption: str, head: str, lines: Sequence[Line], kind: str) -> dict[str, Any]:
    """The counts of units or places, without the marks that none of them bears."""
    borne = [mark for mark in SHOWN if any(line.counts.get(mark) for line in lines)]
    columns = [{"label": head}, *({"label": NAMES[mark], "figures": True} for mark in borne)]
    rows = [["　" * line.depth + line.name, *(_cell(line, mark, kind) for mark in borne)] for line in lines]
    return {"caption": caption, "columns": columns, "rows": rows}


def _cell(line: Line, mark: str, kind: str) -> dict[str, Any]:
    """A count with the way to its list; a phone leaves out what is none."""
    n = line.counts.get(mark, 0)
    return {"text": n, "url": matters_url(mark, **{kind: line.code})} if n else {"text": 0, "none": True}


class WatchForm(FilterForm):
    """The filters of supervision: the unit whose turn it is, too."""

    unit = forms.ChoiceField(label=gettext_lazy("轮到的单位"), required=False, widget=Choosing)
    category = forms.ChoiceField(label=gettext_lazy("类别"), required=False, widget=Choosing)
    field_order = ("unit", "category", "nature", "urgency", "region", "door", "since", "until", "late")

    def offer(self) -> None:
        super().offer()
        units = units_in(self.within)
        self.fields["unit"].choices = [("", _("全部")), *((unit.code, str(unit)) for unit in units)]
        filed = ((row.code, "　" * (row.path.count("/") - 2) + str(row)) for row in queries.categories())
        self.fields["category"].choices = [("", _("全部")), *filed]

    def narrowed(self) -> dict[str, Any]:
        """Its unit is the holder."""
        chosen = super().narrowed()
        unit = chosen.pop("unit", "")
        return {**chosen, **({"holder": unit} if unit else {})}


def _asked(request: HttpRequest) -> tuple[Tab, WatchForm]:
    """The tab and the filters that stand in the address."""
    filters = WatchForm(request.GET, within=request.actor.unit.region.path)
    return chosen_tab(request, TABS, "open"), filters


def wanted_of(request: HttpRequest) -> queries.Wanted:
    """The list whose filters stand in the address. Raises PermissionDenied for whoever watches over nothing."""
    if request.actor.role not in OVERSIGHT:
        raise PermissionDenied(_("您的岗位不能看这一页。"))
    return wanted(request, *_asked(request))


@staff(*OVERSIGHT)
def matters(request: HttpRequest) -> HttpResponse:
    """The cases of the reader's region, narrowed by mark, unit, place, nature and urgency."""
    by = request.actor
    tab, filters = _asked(request)
    listing = queries.listing(by, wanted(request, tab, filters))
    values = frame(request, TABS, tab, filters, listing, {})
    rows = [matter_of(case, marks=watched(case)) for case in listing.rows]
    return render(
        request,
        "supervisor/matters.html",
        {**values, "rows": rows, "keys": KEYS, "export_url": export_url(request, "watch")},
    )
