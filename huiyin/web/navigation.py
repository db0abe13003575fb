"""The main ways through the house, one short list for each audience."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import DESK, OVERSIGHT, UNIT, Role


@dataclass(frozen=True)
class Way:
    """One entry of the navigation: words, the name of its address, an icon, and perhaps a count."""

    label: Any
    to: str
    icon: str = ""
    url: str = ""
    count: int | None = None
    late: bool = False  # the count is of late matters
    current: bool = False


CITIZEN = (
    Way(_("提交诉求"), "citizen:new", "pencil"),
    Way(_("查进度"), "citizen:follow", "search"),
    Way(_("看公开"), "public:list", "eye"),
)
ENTRY = Way(_("登记"), "desk:entry", "phone")
INBOX = Way(_("待办"), "desk:inbox", "inbox")
ORDERS = Way(_("我的工单"), "unit:orders", "clipboard-list")
CALLS = Way(_("回访"), "desk:call_backs", "star")
RATINGS = Way(_("评价汇总"), "unit:ratings", "star")
WATCH = Way(_("督办"), "supervisor:overview", "flag")
MATTERS = Way(_("清单"), "supervisor:matters", "list")
LADDER = Way(_("督办文书"), "ladder:list", "gavel")
FIGURES = Way(_("今日"), "cockpit:figures", "chart-bar")
ASSESSMENT = Way(_("考核"), "assessment:units", "star")
OWN_YEAR = Way(_("考核"), "assessment:people", "star")
LEFT_OUT = Way(_("剔除"), "assessment:omissions", "filter")
BULLETINS = Way(_("简报"), "bulletins:list", "file-text")
OFFICE: dict[str, tuple[Way, ...]] = {
    **dict.fromkeys(DESK, (INBOX, ENTRY, LADDER, BULLETINS)),
    Role.REVIEWER: (INBOX, ENTRY, LADDER, LEFT_OUT, BULLETINS),
    Role.CALLER: (INBOX, CALLS, ENTRY, LADDER, BULLETINS),
    **dict.fromkeys(UNIT, (ORDERS, RATINGS, ENTRY, LADDER, ASSESSMENT)),
    Role.SUPERVISOR: (WATCH, MATTERS, LADDER, CALLS, ENTRY, ASSESSMENT, BULLETINS),
    Role.LEADER: (FIGURES, WATCH, MATTERS, LADDER, ASSESSMENT, BULLETINS),
    Role.REPRESENTATIVE: (Way(_("我转达的"), "desk:brought", "inbox"), ENTRY, OWN_YEAR, BULLETINS),
    Role.MONITOR: (Way(_("监督"), "monitor:matters", "eye"), Way(_("我的询问"), "monitor:inquiries", "help")),
    Role.ADMINISTRATOR: (Way(_("单位与人员"), "keeping:office", "building"),),
    Role.AUDITOR: (Way(_("账本"), "keeping:ledger", "shield-check"),),
}  # the first way of a role is where its day begins
UNSEARCHED = (Role.ADMINISTRATOR, Role.AUDITOR, Role.MONITOR)  # who finds nothing by searching


def ways(request: HttpRequest) -> dict:
    """Context processor: `ways`, the citizen's navigation; for whoever sits in the office `nav`, `who`, `home_url`.

    A view that wants counts in its navigation passes a `nav` of its own.
    """
    found: dict[str, Any] = {"ways": SimpleLazyObject(lambda: resolved(CITIZEN, request.path))}
    actor = getattr(request, "actor", None)
    if actor is None:
        return found
    nav = SimpleLazyObject(lambda: resolved(OFFICE.get(actor.role, ()), request.path))
    return {
        **found,
        "nav": nav,
        "who": SimpleLazyObject(lambda: seated(request)),
        "home_url": reverse("work"),
        "search_url": "" if actor.role in UNSEARCHED else reverse("search:results"),
    }


def way_back(role: str) -> Way:
    """The way back from a page of supervision: for others who may read it, to where their day begins."""
    way = WATCH if role in OVERSIGHT else OFFICE[role][0]
    return replace(way, url=reverse(way.to))


def seated(request: HttpRequest) -> dict[str, Any]:
    """Who sits here, under which of their posts, and the ways to change seats and to leave."""
    actor = request.actor
    return {
        "name": str(actor.user),
        "post": str(actor.post),
        "posts": [
            {"id": post.pk, "label": str(post), "current": post.pk == actor.post.pk} for post in request.posts
        ],
        "switch_url": reverse("take_post"),
        "sign_out_url": reverse("account_logout"),
    }


def resolved(items: tuple[Way, ...] | list[Way], path: str) -> list[Way]:
    """The entries with their addresses, the one that holds `path` marked; entries without a page are left out."""
    found = []
    for item in items:
        try:
            found.append(replace(item, url=reverse(item.to)))
        except NoReverseMatch:
            continue
    here = max((item.url for item in found if path.startswith(item.url)), key=len, default=None)
    return [replace(item, current=item.url == here) for item in found]
