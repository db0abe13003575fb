"""A matter beside the list it was opened from, and the way to the next one: list, matter, aids on one screen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import DESK
from huiyin.cases import paging, queries
from huiyin.cases.queries import Wanted
from huiyin.organisation.actors import Actor
from huiyin.web.cases.folding import Act, Folded
from huiyin.web.cases.page import office_case, whole
from huiyin.web.desk.lists import matter_of, wanted
from huiyin.web.desk.views import asked
from huiyin.web.staff import staff

LIST = "list"  # under this name the address of an act carries the filters of the list
KEYS = [("]", _("下一件")), ("[", _("上一件")), ("l", _("回到列表"))]
OWN_PAGES = ("call", "open_original", "open_private")  # which are no acts' forms, and know no list


@dataclass(frozen=True)
class Place:
    """Where a case stands in a list: the numbers of its neighbours, "" where there is none."""

    before: str
    after: str
    gone: bool = False  # it has left the list, mostly by what was just done


@staff(*DESK)
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """One matter with its list on the left and its aids on the right; on a phone the matter alone."""
    by = request.actor
    case = office_case(request, number)
    tab, filters = asked(request)
    want = wanted(request, tab, filters)
    listing = queries.listing(by, want)
    place = _place(by, want, listing, case)
    rest = request.GET.urlencode()
    values = whole(queries.page_of(case, by))
    values["acts"] = _with_list(values["acts"], rest)
    values["suggested"] = [replace(each, url=_carrying(each.url, rest)) for each in values["suggested"]]
    values |= {
        "rows": [
            matter_of(row, url=beside(row.number, rest), chosen=row.pk == case.pk) for row in listing.rows
        ],
        "tab": tab,
        "place": place,
        "before_url": beside(place.before, rest) if place.before else "",
        "after_url": beside(place.after, rest) if place.after else "",
        "list_url": f"{reverse('desk:inbox')}?{rest}",
        "keys": [*KEYS, *values["keys"]],
    }
    return render(request, "desk/matter.html", values)


def beside(number: str, filters: str) -> str:
    """The address of a matter beside the list with these filters (a query as the inbox has it)."""
    where = reverse("desk:matter", args=[number])
    return f"{where}?{filters}" if filters else where


def list_of(request: HttpRequest) -> str | None:
    """The filters of the list from which an act was begun, as a query; None when it was not begun from one."""
    told = request.GET.get(LIST)
    return None if told is None else QueryDict(told).urlencode()


def _carrying(url: str, filters: str) -> str:
    return f"{url}?{urlencode({LIST: filters})}"


def _with_list(acts: Folded, filters: str) -> Folded:
    """The same acts, whose forms lead back to the list."""

    def led(group: Sequence[Act]) -> list[Act]:
        return [
            act if act["name"] in OWN_PAGES else {**act, "url": _carrying(act["url"], filters)}
            for act in group
        ]

    return Folded(led(acts.shown), [(heading, led(group)) for heading, group in acts.rest], acts.count)


def _place(by: Actor, want: Wanted, listing: queries.Listing, case: Any) -> Place:
    """The neighbours of a case in a list; those of where it would stand when it has left it."""
    numbers = [row.number for row in listing.rows]
    if case.number in numbers:
        at = numbers.index(case.number)
        before = numbers[at - 1] if at else ""
        after = numbers[at + 1] if at + 1 < len(numbers) else _first_after(by, want, listing.later)
        return Place(before, after)
    key = paging.key_of(case, want.order)
    after = _first_after(by, want, key) or (numbers[0] if numbers else "")
    return Place("", after if after != case.number else "", gone=True)


def _first_after(by: Actor, want: Wanted, key: str) -> str:
    """The number of the first row beyond a key; "" when there is none, or no key."""
    if not key:
        return ""
    found = queries.listing(by, replace(want, after=key, before=""))
    return found.rows[0].number if found.rows else ""
