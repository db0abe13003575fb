"""How an act's changes reach the database: at once, or gathered by a bulk importer.

Acts never talk to the database themselves. They ask their case file, and the file asks the pen in hand.
The ordinary pen writes each row as it comes, under a lock on the case; one that holds on to what it has
locked serves several acts in one transaction; `cases.batch` has another that gathers thousands of rows and
writes them together. So a history replayed in bulk passes the same doors.
"""

from collections.abc import Iterator, Sequence
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
    Instruction,
    Notice,
    Objection,
    Opinion,
    Order,
    Party,
    PeerView,
    Point,
    PriorStep,
    PrivateAnswer,
    Progress,
    Promise,
    Question,
    Referral,
    ReleasedTitle,
    Reminder,
    Review,
    Round,
    Statement,
    Suspension,
    Termination,
    Whistle,
)
from huiyin.kernel import rows, together
from huiyin.kernel.identifiers import case_number
from huiyin.kernel.refusals import Refused
from huiyin.ledger import queries as ledger
from huiyin.ledger import writing
from huiyin.ledger.models import Event

PARTS: dict[type[models.Model], tuple[str, ...]] = {
    Point: (),
    Party: ("person",),
    Round: ("clock", "clock__policy", "rating_clock", "rating_clock__policy"),
    Order: ("clock", "clock__policy", "unit", "unit__successor", "person", "person__user"),
    Answer: (),
    PrivateAnswer: ("party",),
    Notice: ("party", "party__person"),
    Exclusion: ("unit",),
    Referral: ("clock", "clock__policy", "reason"),
    Question: ("clock", "clock__policy"),
    Whistle: ("clock", "clock__policy"),
    Suspension: (),
    Termination: ("reason",),
    Instruction: ("clock", "clock__policy", "unit"),
    Progress: (),
    Reminder: ("unit",),
    Statement: ("clock", "clock__policy"),
    Promise: ("unit",),
    PriorStep: (),
    Opinion: (),
    Review: ("clock", "clock__policy", "unit", "party"),
    ReleasedTitle: (),
    PeerView: ("unit",),
}
BIRTH = "register"
EVENT_PREFIX = "case:"  # of the subjects of cases in the ledger
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
    def bear(self, case: Case, new: Sequence[models.Model], event: dict[str, Any]) -> None: ...
    def change(self, row: models.Model, fields: list[str]) -> None: ...
    def parts(self, case: Case, model: type[models.Model]) -> list[Any]: ...
    def children(self, case: Case) -> list[Case]: ...
    def happened(self, case: Case) -> set[str]: ...
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
        rows.insert(row)

    def bear(self, case: Case, new: Sequence[models.Model], event: dict[str, Any]) -> None:
        """Insert a new case, what belongs to it, and its first event, all or nothing; later rows point at earlier."""
        born = [*new, writing.first(subject_of(case), **event)]
        with together.whole():
            together.insert(born)

    def change(self, row: models.Model, fields: list[str]) -> None:
        """Write the named fields of a row that exists."""
        rows.update(row, fields)

    def parts(self, case: Case, model: type[models.Model]) -> list[Any]:
        """The case's rows of one kind, oldest first."""
        if model in VIA_ORDER:
            found, related = model._default_manager.filter(order__case=case), VIA_ORDER[model]
        else:
            found, related = model._default_manager.filter(case=case), PARTS[model]
        # Django reads an empty list of relations as “all of them”, which here is a join of twenty tables.
        return list(found.select_related(*(related or (None,))).order_by("pk"))

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

    def happened(self, case: Case) -> set[str]:
        """Every act that the case has seen before this one."""
        return ledger.kinds_of(subject_of(case))

    def finish(self, case: Case, fields: set[str], event: dict[str, Any]) -> None:
        """Write the case itself if nobody else did since it was taken, and its event."""
        before = case.version
        case.version = before + 1
        if not rows.update(case, [*sorted(fields), "version"], only_if={"version": before}):
            raise Refused(
                _("刚才有人先改动了这件诉求，您的操作没有执行。请刷新页面查看最新情况后再试。"),
                code="conflict",
            )
        self._record(case, event)

    def _record(self, case: Case, event: dict[str, Any]) -> None:
        writing.record(subject_of(case), **event)


class HoldingPen(DirectPen):
    """For several acts in one transaction: what the first of them locked or wrote is not read again.

    Nobody else can have changed it, because every act on a case locks the case first, and the lock lasts as
    long as the transaction. Take a new pen for each transaction, and none after an act of it was refused.
    """

    def __init__(self) -> None:
        self._cases: dict[int, Case] = {}
        self._born: set[int] = set()
        self._parts: dict[tuple[int, type[models.Model]], list[Any]] = {}
        self._last: dict[int, Event] = {}

    def take(self, case: Case) -> Case:
        """The case as this transaction left it; read and locked the first time."""
        if case.pk is None:
            return case
        if case.pk not in self._cases:
            self._cases[case.pk] = super().take(case)
        return self._cases[case.pk]

    def add(self, row: models.Model) -> None:
        """Insert a new row."""
        super().add(row)
        self._remember(row)

    def bear(self, case: Case, new: Sequence[models.Model], event: dict[str, Any]) -> None:
        """Insert a new case; everything there is of it is known from now on."""
        first = writing.first(subject_of(case), **event)
        with together.whole():
            together.insert([*new, first])
        self._cases[case.pk], self._last[case.pk] = case, first
        self._born.add(case.pk)
        for row in new:
            self._remember(row)

    def _remember(self, row: models.Model) -> None:
        if not isinstance(row, Case) and (known := self._known(row)) is not None:
            known.append(row)

    def parts(self, case: Case, model: type[models.Model]) -> list[Any]:
        """The rows of one kind; a copy, since the file appends what it adds itself."""
        key = (case.pk, model)
        if key not in self._parts:
            self._parts[key] = [] if case.pk in self._born else super().parts(case, model)
        return list(self._parts[key])

    def children(self, case: Case) -> list[Case]:
        """The matters merged into this one; none into one that nobody else has seen."""
        return [] if case.pk in self._born else super().children(case)

    def _known(self, row: models.Model) -> list[Any] | None:
        """The list in which a row of a case belongs; none for what is not part of one, or was not read yet."""
        if type(row) not in PARTS:
            owner = getattr(row, "order", None)
            case_id = owner.case_id if owner is not None and type(row) in VIA_ORDER else None
        else:
            case_id = row.case_id  # type: ignore[attr-defined]
        if case_id is None:
            return None
        key = (case_id, type(row))
        return self._parts.setdefault(key, []) if case_id in self._born else self._parts.get(key)

    def _record(self, case: Case, event: dict[str, Any]) -> None:
        after = self._last.get(case.pk)
        self._last[case.pk] = writing.record(subject_of(case), after=after, **event)


def subject_of(case: Case) -> str:
    """The name by which the ledger knows a case."""
    return f"{EVENT_PREFIX}{case.number}"


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
