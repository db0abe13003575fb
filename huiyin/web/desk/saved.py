"""Filters of the inbox under names of one's own: a row of chips above the list."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from huiyin.accounts.roles import DESK
from huiyin.kernel.refusals import Refused
from huiyin.organisation import filters
from huiyin.web.staff import staff

# never a key of one page
KEPT = ("tab", "nature", "urgency", "region", "door", "since", "until", "late", "urgent_first")


def query_of(told: QueryDict) -> str:
    """The filters of a list's address, in one order, without the page one is on."""
    kept = QueryDict(mutable=True)
    for name in KEPT:
        if told.get(name):
            kept[name] = told[name]
    return kept.urlencode()


def chips(post: Any, told: QueryDict) -> list[dict[str, Any]]:
    """What is kept under a post, each with its address; the one that is on is marked."""
    now = query_of(told)
    return [
        {"key": row.pk, "name": row.name, "url": f"?{row.query}", "current": row.query == now}
        for row in filters.filters_of(post)
    ]


@staff(*DESK)
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the filters of the list one comes from."""
    query = query_of(QueryDict(request.POST.get("list", "")))
    try:
        row = filters.keep_filter(request.actor.post, name=request.POST.get("name", ""), query=query)
    except Refused as refusal:
        messages.warning(request, _("没有存下。%(why)s") % {"why": refusal})
    else:
        messages.success(request, _("已存为“%(name)s”。") % {"name": row.name})
    return redirect(f"{reverse('desk:inbox')}?{query}")


@staff(*DESK)
@require_POST
def drop(request: HttpRequest, key: int) -> HttpResponse:
    """Forget one of them."""
    filters.drop_filter(request.actor.post, key)
    messages.success(request, _("已删去这个筛选。诉求没有变动。"))
    return redirect(f"{reverse('desk:inbox')}?{query_of(QueryDict(request.POST.get('list', '')))}")
