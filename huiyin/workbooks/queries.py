"""Templates as pages list them; files are never read for a list."""

from collections.abc import Sequence

from huiyin.cases.paging import HIGHEST_ID, Listing
from huiyin.organisation.actors import Actor
from huiyin.supervision.keyed import newest
from huiyin.workbooks import access
from huiyin.workbooks.models import Template

RELATED = ("unit", "unit__region", "uploaded_by", "uploaded_by__unit")


def fillable(by: Actor) -> Sequence[Template]:
    """The templates in use that the actor may fill, by name; offices have a few dozen."""
    return list(access.fillable(by).defer("content").select_related("unit").order_by("name", "pk")[:200])


def kept(by: Actor, *, after: str = "", before: str = "") -> Listing:
    """A page of the versions that the actor keeps, the newest first."""
    return newest(access.kept(by).defer("content").select_related(*RELATED), after=after, before=before)


def find(by: Actor, key: int) -> Template | None:
    """One version that the actor keeps; None where there is none for them."""
    if key > HIGHEST_ID:
        return None
    related = (*RELATED, "activated_by__unit", "retired_by__unit")
    return access.kept(by).defer("content").select_related(*related).filter(pk=key).first()


def file_of(by: Actor, key: int) -> tuple[Template, bytes] | None:
    """One version with its file."""
    row = access.kept(by).filter(pk=key).first() if key <= HIGHEST_ID else None
    return None if row is None else (row, bytes(row.content))


def fillable_one(by: Actor, key: int) -> Template | None:
    """One template in use that the actor may fill."""
    return access.fillable(by).defer("content").filter(pk=key).first() if key <= HIGHEST_ID else None
