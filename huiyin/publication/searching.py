"""Searching what is published: by words, nature, category, answering unit and place; newest or best first."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from huiyin.cases.models import Category
from huiyin.kernel.composed import Composed, keys_in
from huiyin.organisation import queries as organisation
from huiyin.organisation.models import Unit
from huiyin.publication.models import Publication
from huiyin.publication.queries import PAGE, PUBLIC_NOW, as_listed
from huiyin.publication.shelf import PUBLIC
from huiyin.search import queries as search
from huiyin.search import scope
from huiyin.search.queries import Asked, Found
from huiyin.search.words import Question

NEAR = 60  # of the newest, among which a few are found for whoever found nothing

OF_CASES = Composed(lambda cases: as_listed().filter(PUBLIC_NOW, case__in=keys_in(cases)))


@dataclass(frozen=True)
class Filters:
    """What narrows the search: codes; `category` and `region` take in everything below them."""

    nature: str = ""
    category: str = ""
    unit: str = ""
    region: str = ""


def search_published(
    question: Question, filters: Filters, *, order: str = search.NEWEST, after: str = "", size: int = PAGE
) -> Found:
    """One page of published cases that have all the words, each a `Publication` with its case, unit and place."""
    within = _within(filters)
    if within is None or not question:
        return Found([])
    return search.page(PUBLIC.entries, Asked(question, within, order, after), seen=_seen, size=size)


def similar(text: str, *, most: int = 5) -> list[Publication]:
    """Published cases that share words with what somebody writes, those that share most first."""
    return search.alike(PUBLIC.entries, text, seen=_seen, texts=_texts, most=most, among=NEAR)


def _seen(cases: Sequence[int]) -> dict[int, Publication]:
    return {row.case_id: row for row in OF_CASES(cases=json.dumps(list(cases)))}


def _texts(row: Publication) -> str:
    return f"{row.title} {row.text}"


def _within(filters: Filters) -> tuple[str, ...] | None:
    """The filters as terms; None when one of them names nothing that exists."""
    found: list[str | None] = []
    if filters.nature:
        found.append(scope.nature(filters.nature) if filters.nature.isalnum() else None)
    if filters.category:
        key = Category.objects.filter(code=filters.category).values_list("pk", flat=True).first()
        found.append(scope.category(key) if key else None)
    if filters.unit:
        key = Unit.objects.filter(code=filters.unit).values_list("pk", flat=True).first()
        found.append(scope.unit(key) if key else None)
    if filters.region:
        place = organisation.region_by_code(filters.region)
        found.append(scope.region(place.pk) if place else None)
    terms = tuple(term for term in found if term)
    return terms if len(terms) == len(found) else None
