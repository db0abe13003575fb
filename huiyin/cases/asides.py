"""旁路: the rows of a case's side roads, read only where the case's own history says that there are some."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from huiyin.accounts.roles import DESK, OVERSIGHT, UNIT
from huiyin.cases.models import Case
from huiyin.organisation.actors import Actor

Test = Callable[[Any], bool]
Rows = Mapping[str, list[Any]]


@dataclass(frozen=True)
class Aside:
    """One kind of row beside a case.

    `born` are the acts that make such rows, so that a case without them costs no query; `acts` are what may be
    done about a row, while the row passes the test; `for_unit` says which rows a unit with an order may read,
    by the ids of its unit.
    """

    model: type[models.Model]
    born: tuple[str, ...]
    acts: Mapping[str, Test]
    for_unit: Callable[[Any, int], bool] = lambda row, unit: False
    related: tuple[str, ...] = ()


ASIDES: dict[str, Aside] = {}


def of(case: Case, by: Actor, happened: Collection[str]) -> dict[str, list[Any]]:
    """The rows beside a visible case that the actor may read, by kind, oldest first; one query a kind that has any."""
    found = {}
    for name, aside in ASIDES.items():
        if not any(act in happened for act in aside.born):
            continue
        rows = aside.model._default_manager.filter(case=case).select_related(*aside.related or (None,))
        readable = [row for row in rows.order_by("pk") if reads(by, case, aside, row)]
        if readable:
            found[name] = readable
    return found


def reads(by: Actor, case: Case, aside: Aside, row: Any) -> bool:
    """Whether somebody of the office who sees the case reads this row: desk and overseers all, a unit its own."""
    if by.kind == "system" or by.role in OVERSIGHT:
        return True
    if by.role in DESK and by.post is not None:
        return by.post.unit_id == case.desk_id
    return by.role in UNIT and by.post is not None and aside.for_unit(row, by.post.unit_id)


def pending(rows: Rows) -> Iterable[tuple[str, Any]]:
    """Each act that may be done about one of the rows as it stands, with the row."""
    for name, found in rows.items():
        for act, test in ASIDES[name].acts.items():
            yield from ((act, row) for row in found if test(row))
