"""The office's shelf: every case by its title, redacted text and place."""

from collections.abc import Collection, Iterator

from huiyin.cases.models import Case
from huiyin.search import scope
from huiyin.search.models import OfficeEntry
from huiyin.search.shelves import Sheet, Shelf


def sheets(keys: Collection[int]) -> Iterator[Sheet]:
    """What the index may know of these cases: the texts that units read, and never those that are sealed."""
    named = ("title", "text", "place", "nature", "region_id", "category_id", "desk_id", "received_at")
    cases = list(Case.objects.filter(pk__in=keys).only(*named))
    terms = scope.of_cases(cases)
    for case in cases:
        yield Sheet(case.pk, case.received_at, case.title, (case.text, case.place), terms[case.pk])


OFFICE = Shelf("office", OfficeEntry, sheets)
