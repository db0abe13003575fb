"""One box for the office: a number opens its case, a telephone lists a person's matters, words search the texts."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from huiyin.accounts.roles import DESK, OVERSIGHT, UNIT, Role
from huiyin.cases import access, queries
from huiyin.kernel.identifiers import check_case_number
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.search import marking, scope
from huiyin.search import queries as search
from huiyin.web.components.matter import Matter
from huiyin.web.desk import measures
from huiyin.web.desk.lists import FilterForm, address, matter_of
from huiyin.web.navigation import ENTRY, OFFICE
from huiyin.web.search.box import LONGEST, Typed, is_private, read
from huiyin.web.staff import staff

SEARCHERS = (*DESK, *UNIT, *OVERSIGHT, Role.REPRESENTATIVE)
KEYS = [("/", gettext_lazy("搜索")), ("]", gettext_lazy("下一页"))]


@staff(*SEARCHERS)
def find(request: HttpRequest) -> HttpResponse:
    """Where the box is sent. Numbers, and what was found by one, get into no address that is kept anywhere."""
    if request.method != "POST":
        return redirect("search:results")
    asked = request.POST.get("q", "").strip()[:LONGEST]
    try:
        return redirect("cases:case", access.find(request.actor, check_case_number(asked)).number)
    except access.NotFound:
        return _of_number(request, asked, [])
    except Refused:
        pass
    if not is_private(asked):
        words = asked.encode("utf-8", "replace").decode()
        return redirect(
            f"{reverse('search:results')}?{urlencode({'q': words})}" if words else "search:results"
        )
    try:
        return _of_number(request, asked, _matters_of(request.actor, asked))
    except Refused as refusal:
        return _of_number(request, asked, [], said=str(refusal))


def _of_number(request: HttpRequest, asked: str, found: list[Any], *, said: str = "") -> HttpResponse:
    rows = [matter_of(case) for case in found]
    values = {
        "measures": measures.of_phone(request, asked) if rows else [],
        "rows": rows,
        "said": said,
        "most": queries.MOST_OF_ONE,
        "asked": asked,
        **finder(request),
    }
    return render(request, "desk/found.html", values, status=422 if said else 200)


def finder(request: HttpRequest) -> dict[str, Any]:
    """What the box takes for this reader, and whether they may register what they do not find."""
    role = request.actor.role
    return {"by_phone": role in access.FINDERS, "may_enter": ENTRY in OFFICE[role]}


def _matters_of(by: Actor, asked: str) -> list[Any]:
    """The matters of whoever has this telephone. Raises Refused in words when it is none, or not theirs to try."""
    if by.role not in access.FINDERS:
        raise Refused(
            _("您的岗位不按电话查找。请输入 12 位编号，或者标题和内容里的字词。"), code="not_by_phone"
        )
    try:
        return queries.of_phone(by, asked)
    except Refused:
        raise Refused(
            _(
                "这不是编号，也不是电话。编号是 12 位数字，电话是 11 位手机号或带区号的座机。找电话时请只输入电话。"
            ),
            code="no_number",
        ) from None


class Narrowing(FilterForm):
    """What narrows a search: kind and place, under the names that lists have for them."""

    def offer(self) -> None:
        """Leave out what only lists know."""
        super().offer()
        for name in ("urgency", "late", "urgent_first", "door"):
            self.fields.pop(name, None)

    def terms(self) -> tuple[str, ...]:
        """The same as the index understands it."""
        chosen = self.chosen
        place = self.places.get(chosen.get("region", ""))
        natures = [scope.nature(chosen["nature"])] if chosen.get("nature") else []
        return (*natures, *([scope.region(place.pk)] if place else []))


@require_safe
@staff(*SEARCHERS)
def results(request: HttpRequest) -> HttpResponse:
    """What the reader may see of what stands in the address: words, a unit or a place, narrowed and in an order."""
    asked = request.GET.get("q", "").strip()[:LONGEST]
    filters = Narrowing(request.GET, within=request.actor.unit.region.path)
    typed = read(asked, as_words=request.GET.get("as", ""))
    order = search.BEST if request.GET.get("order") == search.BEST else search.NEWEST
    after = request.GET.get("after", "")
    wanted = search.Asked(typed.question, (*typed.terms, *filters.terms()), order, after)
    looking = bool(typed.question or typed.terms)
    found = search.cases(request.actor, wanted) if looking else search.Found([])
    values = {
        "asked": asked,
        "typed": typed,
        "looking": looking,
        "filters": filters,
        "rows": [_hit(case, typed) for case in found.rows],
        "orders": _orders(request, order),
        "as_words_url": address(request, **{"as": "words"}),
        "first_url": address(request) if after else "",
        "clear_url": f"?{urlencode({'q': asked})}",
        "next_url": address(request, after=found.later) if found.later else "",
        "shown": len(found.rows),
        "keys": KEYS,
        **finder(request),
    }
    return render(request, "search/results.html", values)


def _hit(case: Any, typed: Typed) -> Matter:
    """A case as a row of lists has it, with its title marked and an extract of its text."""
    sought = typed.question.more
    marked, extract = marking.marked(case.title, sought), marking.extract(case.text, sought)
    return replace(matter_of(case), marked_title=marked, extract=extract)


def _orders(request: HttpRequest, chosen: str) -> list[dict[str, Any]]:
    labels = ((search.NEWEST, _("最新的在前")), (search.BEST, _("标题里有的在前")))
    return [
        {"label": label, "url": address(request, order=order), "current": order == chosen}
        for order, label in labels
    ]
