"""Published matters found by their words, with what was looked for marked."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.cases import queries as cases
from huiyin.channels.web.handing_in import places
from huiyin.kernel.identifiers import check_case_number
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.remembering import remembered
from huiyin.publication import queries as publication
from huiyin.publication.searching import Filters, search_published, similar
from huiyin.search import marking
from huiyin.search.queries import BEST, NEWEST
from huiyin.search.words import Question, of_question
from huiyin.web.addresses import page_of
from huiyin.web.components.matter import Matter


def published_number(asked: str) -> str:
    """The number itself when it is that of a published matter; "" for anything else, and never why."""
    try:
        return publication.public_page(check_case_number(asked)).case.number
    except (Refused, publication.NotPublished):
        return ""


def searched(request: HttpRequest, asked: str, wanted: dict[str, str], after: str) -> dict[str, Any]:
    """A page of what has all the words; where nothing has them, a few that have some of them."""
    order = BEST if request.GET.get("order") == BEST else NEWEST
    question = of_question(asked)
    found = search_published(question, Filters(**wanted), order=order, after=after)
    kept = {"q": asked, **wanted, **({"order": BEST} if order == BEST else {})}
    near = [] if found.rows or after or len(question.words) < 2 or wanted else similar(asked)
    return {
        "matters": [_hit(row, question) for row in found.rows],
        "near": [_hit(row, question) for row in near],
        "vague": not question,
        "orders": _orders({"q": asked, **wanted}, order),
        "order": order if order == BEST else "",
        "older": f"{reverse('public:list')}?{urlencode({**kept, 'after': found.later})}"
        if found.later
        else "",
        "newest": f"{reverse('public:list')}?{urlencode(kept)}" if after else "",
    }


def _orders(kept: dict[str, str], chosen: str) -> list[dict[str, Any]]:
    here = reverse("public:list")
    return [
        {"label": _("最新的在前"), "url": f"{here}?{urlencode(kept)}", "current": chosen == NEWEST},
        {
            "label": _("标题里有的在前"),
            "url": f"{here}?{urlencode({**kept, 'order': BEST})}",
            "current": chosen == BEST,
        },
    ]


def card(row: Any) -> Matter:
    """A published matter in a list."""
    return Matter(
        url=page_of("public:matter", row.case.number),
        number=row.case.number,
        title=row.title,
        nature=row.get_nature_display(),
        place=row.region.name,
        unit=str(row.unit),
        at=row.confirmed_at,
    )


def _hit(row: Any, question: Question) -> Matter:
    """The same with marks: an extract of what was asked, or of the answer when the words stand there."""
    extract = marking.extract(row.text, question.more)
    if not any(piece.marked for piece in extract):
        of_answer = marking.extract(row.answer, question.more)
        extract = of_answer if any(piece.marked for piece in of_answer) else extract
    return replace(card(row), marked_title=marking.marked(row.title, question.more), extract=extract)


@remembered
def chosen_among(language: str) -> dict[str, list[tuple[str, str]]]:
    """The codes and names of top categories, of the places one step down, and of the units that may have answered.

    In the language that is spoken here and now, which is named so that each is remembered apart.
    """
    found = places()
    top = found[0].path.count("/") if found else 0
    streets = [each for each in found if each.path.count("/") == top + 1]
    return {
        "category": [(each.code, str(each)) for each in cases.categories() if each.parent_id is None],
        "region": [(each.code, str(each)) for each in streets],
        "unit": [(each.code, str(each)) for each in organisation.units_within(organisation.root())],
    }
