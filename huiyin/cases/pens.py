"""How an act's changes reach the database: at once, or gathered by a bulk importer.

Acts never talk to the database themselves. They ask their case file, and the file asks the pen in hand.
The ordinary pen writes each row as it comes, under a lock on the case; `cases.batch` has another that
gathers thousands of rows and writes them together. So a history replayed in bulk passes the same doors.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.db import models, transaction
from django.utils.translation import gettext as _

from huiyin.cases.models import (
    Answer,
    Case,
    Exclusion,
    Extension,
    Notice,
    Objection,
    Order,
    Party,
    Point,
    Round,
)
from huiyin.kernel.identifiers import case_number
from huiyin.kernel.refusals import Refused
from huiyin.ledger import writing

PARTS: dict[type[models.Model], tuple[str, ...]] = {
    Point: (),
    Party: ("person",),
    Round: ("clock", "clock__policy", "rating_clock", "rating_clock__policy"),
    Order: ("clock", "clock__policy", "unit", "unit__successor", "person", "person__user"),
    Answer: (),
    Notice: ("party", "party__person"),
    Exclusion: ("unit",),
}
BIRTH = "register"
VIA_ORDER: dict[type[models.Model], tuple[str, ...]] = {
    Objection: ("clock", "clock__policy", "reason"),
    Extension: (),
}


class Pen(Protocol):
    """What a case file needs of a pen."""

    def atomic(self) -> Any: ...
    def free_number(self, year: int) -> str: ...
    def take(self, case: Case) -> Case: ...
    def add(self, row: models.Model) -> None: ...
    def change(self, row: models.Model, fields: list[str]) -> None: ...
    def parts(self, case: Case, model: type[models.Model]) -> list[Any]: ...
    def children(self, case: Case) -> list[Case]: ...
    def lock(self, *cases: Case) -> Any: ...
    def finish(self, case: Case, fields: set[str], event: dict[str, Any]) -> None: ...


class DirectPen:
    """Writes at once, under a row lock on the case (SQLite: the one writer's transaction is the lock)."""

    def atomic(self) -> Any:
        """The transaction of one act."""
        return transaction.atomic()

    def free_number(self, year: int) -> str:
        """A case number at random; the unique column finds the rare clash, and `register` draws again."""
        return case_number(year)

    def take(self, case: Case) -> Case:
        """The case as it is now, locked until the act ends."""
        if case.pk is None:
            return case
        relations = ("region", "category", "desk", "holder_unit", "holder_post", "parent")
        return Case.objects.select_for_update(of=("self",)).select_related(*relations).get(pk=case.pk)

    def add(self, row: models.Model) -> None:
        """Insert a new row."""
        row.save(force_insert=True)

    def change(self, row: models.Model, fields: list[str]) -> None:
        """Write the named fields of a row that exists."""
        row.save(update_fields=fields)

    def parts(self, case: Case, model: type[models.Model]) -> list[Any]:
        """The case's rows of one kind, oldest first."""
        if model in VIA_ORDER:
            rows = model._default_manager.filter(order__case=case).select_related(*VIA_ORDER[model])
        else:
            rows = model._default_manager.filter(case=case).select_related(*PARTS[model])
        return list(rows.order_by("pk"))

    def children(self, case: Case) -> list[Case]:
        """The matters merged into this one."""
        return list(Case.objects.filter(parent=case).order_by("pk"))

    @contextmanager
    def lock(self, *cases: Case) -> Iterator[None]:
        """Lock several cases in the order of their keys, so that opposite acts wait instead of blocking."""
        with transaction.atomic():
            keys = sorted(case.pk for case in cases)
            list(Case.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
            yield

    def finish(self, case: Case, fields: set[str], event: dict[str, Any]) -> None:
        """Write the case itself if nobody else did since it was taken, and its event."""
        if event["kind"] == BIRTH:  # inserted a moment ago by this very act, with its first version
            writing.record(subject_of(case), first=True, **event)
            return
        before = case.version
        case.version = before + 1
        values = {name: getattr(case, name) for name in {*fields, "version"}}
        if not Case.objects.filter(pk=case.pk, version=before).update(**values):
            raise Refused(
                _("刚才有人先改动了这件诉求，您的操作没有执行。请刷新页面查看最新情况后再试。"),
                code="conflict",
            )
        writing.record(subject_of(case), **event)


def subject_of(case: Case) -> str:
    """The name by which the ledger knows a case."""
    return f"case:{case.number}"


_in_hand: ContextVar[Pen] = ContextVar("pen")
_ordinary = DirectPen()


def in_hand() -> Pen:
    """The pen that acts write with here and now."""
    return _in_hand.get(_ordinary)


@contextmanager
def writing_with(pen: Pen) -> Iterator[Pen]:
    """Let every act inside the block write with this pen."""
    token = _in_hand.set(pen)
    try:
        yield pen
    finally:
        _in_hand.reset(token)
