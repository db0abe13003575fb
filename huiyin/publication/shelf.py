"""The public's shelf of the index: what is published now, by its own words; drafts and withdrawn texts never."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from huiyin.publication.models import Publication
from huiyin.search import following, scope
from huiyin.search.models import PublicEntry
from huiyin.search.shelves import Sheet, Shelf


def sheets(keys: Collection[int]) -> Iterator[Sheet]:
    """Title, text and answer of those of the cases that are published, under place, category, unit and nature."""
    rows = Publication.objects.filter(case__in=keys, state=Publication.State.PUBLISHED)
    for row in rows:
        terms = {scope.unit(row.unit_id), *scope.filed(row.nature, row.region_id, row.category_id)}
        at = row.confirmed_at or datetime.min.replace(tzinfo=UTC)
        yield Sheet(row.case_id, at, row.title, (row.text, row.answer), tuple(sorted(terms)))


PUBLIC = Shelf("public", PublicEntry, sheets)


def keep_up() -> None:
    """Bring the shelf up to the ledger's order; a task of the worker."""
    following.keep_up(PUBLIC)
