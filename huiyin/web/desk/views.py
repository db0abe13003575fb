"""The desk's inbox, and what a representative has brought in."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from huiyin.accounts.roles import DESK, Role
from huiyin.cases import queries
from huiyin.web.addresses import page_of
from huiyin.web.desk.lists import (
    FilterForm,
    Tab,
    chosen_tab,
    counted,
    export_url,
    frame,
    matter_of,
    wanted,
    watched,
)
from huiyin.web.desk.saved import chips
from huiyin.web.staff import staff

TABS = (
    Tab("registered", gettext_lazy("待甄别"), ("registered",),
        empty=gettext_lazy("新登记的诉求会出现在这里，等受理员确认类别和给单位看的文字。")),
    Tab("accepted", gettext_lazy("待派单"), ("accepted",),
        empty=gettext_lazy("受理以后、还没有交给单位的诉求会出现在这里。")),
    Tab("objected", gettext_lazy("待裁定"), mark="objected",
        empty=gettext_lazy("承办单位提出派单异议后，会出现在这里，等分办员驳回、改派或指定。")),
    Tab("extension", gettext_lazy("待批延期"), mark="extension",
        empty=gettext_lazy("承办单位申请延期后，会出现在这里，等分办员或审核员批复。")),
    Tab("reviewing", gettext_lazy("待审核"), ("reviewing",),
        empty=gettext_lazy("承办单位答复以后，会出现在这里，等审核员看答复是否说清楚了。")),
    Tab("telling", gettext_lazy("待告知"), ("telling",),
        empty=gettext_lazy("审核通过、还没有告知到每个人的诉求会出现在这里。")),
    Tab("told", gettext_lazy("待评价"), ("told",),
        empty=gettext_lazy("答复已经告知、等诉求人评价或回访的会出现在这里。")),
    Tab("handling", gettext_lazy("办理中"), ("handling",),
        empty=gettext_lazy("已经派给单位、还没有答复的会出现在这里。")),
    Tab("outside", gettext_lazy("在外"), ("forwarded", "referred"),
        empty=gettext_lazy("转给外部单位、或者另循程序的诉求会出现在这里。")),
    Tab("awaited", gettext_lazy("待催"), mark="awaited",
        empty=gettext_lazy("外部回执过了期限，或者约定的日期已经到了的，会出现在这里。")),
    Tab("reminded", pgettext_lazy("heading", "催办"), mark="reminded",
        empty=gettext_lazy("督办的人催过、轮到的单位或者本中心还没有动的，会出现在这里。")),
    Tab("all", gettext_lazy("全部"), order="newest", empty=gettext_lazy("这里会列出本中心登记的每一件诉求。")),
)  # fmt: skip
FIRST = {
    Role.CLERK: "registered",
    Role.DISPATCHER: "accepted",
    Role.REVIEWER: "reviewing",
    Role.CALLER: "telling",
}
KEYS = [
    ("x", gettext_lazy("选中这一件")),
    ("m", gettext_lazy("一起办选中的")),
    ("n", gettext_lazy("登记一件")),
    ("[", gettext_lazy("上一页")),
    ("]", gettext_lazy("下一页")),
]


def asked(request: HttpRequest) -> tuple[Tab, FilterForm]:
    """The tab and the filters that stand in the address."""
    by = request.actor
    return chosen_tab(request, TABS, FIRST[Role(by.role)]), FilterForm(
        request.GET, within=by.unit.region.path
    )


def wanted_of(request: HttpRequest) -> queries.Wanted:
    """The list whose filters stand in the address. Raises PermissionDenied for whoever has no desk."""
    if request.actor.role not in DESK:
        raise PermissionDenied(_("您的岗位不能看这一页。"))
    return wanted(request, *asked(request))


@staff(*DESK)
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits at the desk, by state, those due first at the top; the tab of the reader's own role opens first."""
    by = request.actor
    tab, filters = asked(request)
    listing = queries.listing(by, wanted(request, tab, filters))
    values = frame(request, TABS, tab, filters, listing, queries.counts(by, counted(TABS)))
    rest = request.GET.urlencode()
    where = [f"{page_of('desk:matter', case.number)}?{rest}" for case in listing.rows]
    rows = [
        matter_of(case, url=url, tick="many", marks=watched(case))
        for case, url in zip(listing.rows, where, strict=True)
    ]
    return render(
        request,
        "desk/inbox.html",
        {
            **values,
            "rows": rows,
            "keys": KEYS,
            "by_phone": True,
            "reads_book": by.role == Role.REVIEWER,
            "list": rest,
            "saved": chips(by.post, request.GET),
            "export_url": export_url(request, "desk"),
            "rechecks_url": reverse("desk:rechecks") if by.role in (Role.CALLER, Role.REVIEWER) else "",
        },
    )


@staff(Role.REPRESENTATIVE)
def brought(request: HttpRequest) -> HttpResponse:
    """What a representative has brought in for others, the newest first."""
    asked = queries.Wanted(
        order="newest", after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    listing = queries.listing(request.actor, asked)
    filters = FilterForm({}, within=request.actor.unit.region.path)
    tab = Tab("all", _("我转达的"))
    rows = [matter_of(case) for case in listing.rows]
    values = frame(request, (tab,), tab, filters, listing, {})
    return render(request, "desk/brought.html", {**values, "rows": rows, "keys": KEYS})
