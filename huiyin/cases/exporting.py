"""Lists as files: asked for by a click, written by the worker with what the asker may see, kept for a day."""

import logging
import secrets
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin import ledger
from huiyin.accounts.roles import DESK, OVERSIGHT, UNIT
from huiyin.cases import queries
from huiyin.cases.models.exporting import Export
from huiyin.cases.sheets import MOST_ROWS, WRITERS
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor

log = logging.getLogger(__name__)

AT_ONCE = 500  # rows between two signs of life
MOST_WAITING = 3  # of one post
SILENT = timedelta(minutes=1)  # without a sign of life: whoever wrote was killed, and the file is begun anew
MOST_TRIES = 3  # then whoever writes it is killed by it, and would be again
KEPT = timedelta(days=1)
FOLDER = "exports"
MAY: Mapping[str, Collection[str]] = {Export.Of.CASES: (*DESK, *OVERSIGHT), Export.Of.ORDERS: UNIT}
Column = tuple[Any, Callable[[Any], Any]]


class TooLong(Refused):
    """More rows than a sheet takes."""


# -- asking ----------------------------------------------------------------------------------------------------
def ask(by: Actor, wanted: queries.Wanted, *, of: str, kind: str, language: str) -> Export:
    """Queue a list as it would be shown to the actor; the worker writes it. Raises Refused when three wait already."""
    if by.post is None or by.role not in MAY.get(of, ()):
        raise PermissionDenied(_("您的岗位不能导出这份清单。"))
    if kind not in WRITERS:
        raise Refused(_("请选择 Excel 或 CSV。"), code="export_kind")
    fields = asdict(replace(wanted, after="", before=""))
    return queue(by, fields, of=of, kind=kind, language=language)


def queue(
    by: Actor, fields: Mapping[str, Any], *, of: str, kind: str, language: str, title: str = ""
) -> Export:
    """Queue a file for the actor, who may have it; the caller has checked that. Raises Refused as `ask`."""
    if by.post is None:
        raise PermissionDenied(_("您的岗位不能导出这份清单。"))
    if Export.objects.filter(asked_by=by.post, state__in=("asked", "writing")).count() >= MOST_WAITING:
        raise Refused(
            _("您已经有 %(most)d 份在写了。等写完一份，再导出下一份。") % {"most": MOST_WAITING},
            code="exports_waiting",
        )
    now = clock.now()
    with transaction.atomic():
        row = Export.objects.create(
            asked_by=by.post,
            of=of,
            title=title,
            kind=kind,
            language=language,
            wanted=dict(fields),
            asked_at=now,
            touched_at=now,
        )
        narrowed = {name: value for name, value in fields.items() if value}
        _record(row, "export_asked", by=by, facts={"list": of, "file": kind, "wanted": narrowed})
    return row


def mine(by: Actor) -> list[Export]:
    """The newest twenty that this post has asked for."""
    return list(Export.objects.filter(asked_by=by.post).order_by("-id")[:20]) if by.post else []


def fetch(by: Actor, key: int) -> tuple[Export, Any]:
    """A written file of one's own, open for reading; the ledger notes that it was taken. Raises Export.DoesNotExist."""
    row = Export.objects.get(pk=key, asked_by=by.post, state=Export.State.READY)
    with transaction.atomic():
        Export.objects.select_for_update().get(pk=key)
        _record(row, "export_taken", by=by, facts={"rows": row.written})
    return row, default_storage.open(row.stored_as)


# -- writing ---------------------------------------------------------------------------------------------------
def write_waiting() -> int:
    """Write every list that waits, and what a killed worker left half written; how many. For the worker."""
    done = 0
    while (row := _claimed()) is not None:
        _write(row)
        done += 1
    return done


def write_now(row: Export) -> Export:
    """Write this one without waiting for the worker, unless the worker is at it; the row as it then stands."""
    claimed = _claimed(Q(pk=row.pk))
    if claimed is not None:
        _write(claimed)
    return Export.objects.get(pk=row.pk)


def forget_old() -> int:
    """Throw away the files that were kept long enough; how many. For the worker."""
    old = Export.objects.filter(state=Export.State.READY, ended_at__lt=clock.now() - KEPT)
    for row in old:
        default_storage.delete(row.stored_as)
        Export.objects.filter(pk=row.pk).update(state=Export.State.GONE, stored_as="")
    return len(old)


def _claimed(some: Q | None = None) -> Export | None:
    """The oldest that waits, of all or of some, claimed by one conditional update so that no two workers write it.

    One that was begun three times without an end is given up, so that it does not stand in the way of the others.
    """
    now = clock.now()
    left = Q(state=Export.State.WRITING, touched_at__lt=now - SILENT)
    waiting = Export.objects.filter(Q(state=Export.State.ASKED) | left, some or Q())
    for row in waiting.order_by("pk")[:AT_ONCE]:
        same = Export.objects.filter(pk=row.pk, state=row.state, touched_at=row.touched_at)
        claimed = same.update(
            state=Export.State.WRITING, touched_at=now, written=0, tries=min(row.tries + 1, MOST_TRIES + 1)
        )
        if claimed and row.tries >= MOST_TRIES:
            with translation.override(row.language):
                said = _("写了三次都没有写成，多半是内容太多。请加条件，少写一些，再试。")
            _settle(row, Export.State.FAILED, fault="Interrupted", said=said)
        elif claimed:
            return Export.objects.select_related("asked_by__user", "asked_by__unit__region").get(pk=row.pk)
    return None


def _write(row: Export) -> None:
    """Into a file of its own, then into the storage; whatever goes wrong is said on the row, never half a file."""
    stored = ""
    try:
        with (
            tempfile.TemporaryDirectory(prefix="huiyin-export-") as folder,
            translation.override(row.language),
        ):
            path = Path(folder) / f"list.{row.kind}"
            WRITTEN_ELSEWHERE.get(row.of, _write_list)(row, path)
            with path.open("rb") as content:
                stored = default_storage.save(f"{FOLDER}/{secrets.token_hex(12)}.{row.kind}", File(content))
        _settle(row, Export.State.READY, stored_as=stored)
    except Exception as fault:  # the next list must not suffer for this one
        log.exception("export %s failed", row.pk)
        if stored:
            default_storage.delete(stored)
        said = str(fault) if isinstance(fault, Refused) and row.of in WRITTEN_ELSEWHERE else ""
        _settle(row, Export.State.FAILED, fault=type(fault).__name__, said=said)


def _write_list(row: Export, path: Path) -> None:
    rows = _matching(row)
    row.total = rows.count()
    if row.kind == Export.Kind.XLSX and row.total > MOST_ROWS:
        raise TooLong("too many rows for a sheet")
    Export.objects.filter(pk=row.pk).update(total=row.total)
    columns = COLUMNS[row.of]
    WRITERS[row.kind](path, [str(head) for head, _cell in columns], _cells(row, rows, columns))


def asker(row: Export) -> Actor:
    """Whoever asked for a file, as they are now. Raises PermissionDenied once the post is no longer held."""
    if not organisation.posts_of(row.asked_by.user, organisation.today()).filter(pk=row.asked_by_id).exists():
        raise PermissionDenied("the post is not held any more")
    return Actor.of(row.asked_by)


def _matching(row: Export) -> QuerySet[Any]:
    """What the asker may see at this moment; nothing once the post is no longer held."""
    return MATCHING[row.of](asker(row), queries.Wanted(**row.wanted)).order_by()


def _cells(row: Export, rows: QuerySet[Any], columns: Sequence[Column]) -> Iterator[list[Any]]:
    """The rows batch by batch along the key; each batch is a sign of life and moves the progress."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        for each in batch:
            yield [cell(each) for _head, cell in columns]
        last = batch[-1].pk
        row.written += len(batch)
        alive(row)


def alive(row: Export) -> None:
    """Say that the file is being written, and how far it is."""
    writing = Export.objects.filter(pk=row.pk, state=Export.State.WRITING)
    writing.update(touched_at=clock.now(), written=row.written)


def _settle(row: Export, state: str, *, stored_as: str = "", fault: str = "", said: str = "") -> None:
    """The end of the work, and its event, together."""
    now = clock.now()
    with transaction.atomic():
        Export.objects.filter(pk=row.pk).update(
            state=state,
            stored_as=stored_as,
            ended_at=now,
            touched_at=now,
            written=row.written,
            said=said[:400],
        )
        facts = {"rows": row.written, **({"fault": fault} if fault else {})}
        _record(row, f"export_{state}", by=Actor.system("worker"), facts=facts)


def _record(row: Export, kind: str, *, by: Actor, facts: dict[str, Any]) -> None:
    """Who took which list out of the house, in the ledger; filters are codes, never words about a person."""
    first = kind == "export_asked"
    ledger.record(f"export:{row.pk}", kind, actor=by.name, occurred_at=by.when(), facts=facts, first=first)


# -- what stands in a row --------------------------------------------------------------------------------------
def _local(moment: Any) -> Any:
    """A moment as the place's wall clock shows it, which is what a table program understands; "" for none."""
    return moment.astimezone(clock.zone()).replace(tzinfo=None) if moment else ""


def _named(row: Model | None) -> str:
    return str(row) if row is not None else ""


COLUMNS: Mapping[str, Sequence[Column]] = {
    Export.Of.CASES: (
        (gettext_lazy("编号"), lambda case: case.number),
        (gettext_lazy("标题"), lambda case: case.title),
        (gettext_lazy("性质"), lambda case: case.get_nature_display()),
        (gettext_lazy("类别"), lambda case: _named(case.category)),
        (gettext_lazy("地点"), lambda case: _named(case.region)),
        (gettext_lazy("状态"), lambda case: case.get_state_display()),
        (gettext_lazy("轮到"), lambda case: _named(case.holder_unit)),
        (gettext_lazy("紧急程度"), lambda case: case.get_urgency_display()),
        (gettext_lazy("渠道"), lambda case: case.get_channel_display()),
        (gettext_lazy("收到"), lambda case: _local(case.received_at)),
        (gettext_lazy("期限"), lambda case: _local(case.due_at)),
        (gettext_lazy("人次"), lambda case: case.headcount),
        (gettext_lazy("第几轮"), lambda case: case.round),
    ),
    Export.Of.ORDERS: (
        (gettext_lazy("编号"), lambda order: order.case.number),
        (gettext_lazy("标题"), lambda order: order.case.title),
        (gettext_lazy("性质"), lambda order: order.case.get_nature_display()),
        (gettext_lazy("地点"), lambda order: _named(order.case.region)),
        (gettext_lazy("分工"), lambda order: order.get_part_display()),
        (gettext_lazy("经办人"), lambda order: order.person.user.name),
        (gettext_lazy("状态"), lambda order: order.get_state_display()),
        (gettext_lazy("派单"), lambda order: _local(order.sent_at)),
        (gettext_lazy("期限"), lambda order: _local(order.due_at)),
    ),
}
# Files that are no lists: rooms above put their writers here (`AppConfig.ready`), by what is asked for.
WRITTEN_ELSEWHERE: dict[str, Callable[[Export, Path], None]] = {}
MATCHING: Mapping[str, Callable[[Actor, queries.Wanted], QuerySet[Any]]] = {
    Export.Of.CASES: queries.matching,
    Export.Of.ORDERS: queries.orders_matching,
}
