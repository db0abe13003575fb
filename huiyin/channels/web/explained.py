"""Notes as a party reads them, and what was explained 统一说明 to everybody whose matter is, or was, merged into one."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from huiyin.cases.models import Case, Note, Notice, Statement
from huiyin.ledger.models import Event
from huiyin.organisation.actors import Actor


@dataclass(frozen=True)
class NoteRead:
    """A note in the clear; `mine` when the reader wrote it, `unit` "" when no unit did.

    `since` is the state of the statement whose words it brought, once they were corrected or withdrawn.
    """

    text: str
    at: datetime
    unit: str
    mine: bool
    since: str = ""


def read(notes: Iterable[Note], by: Actor, opened: Callable[[Any, Actor], str]) -> list[NoteRead]:
    """Notes in the clear, as `by` reads them."""
    rows = list(notes)
    since = outdated(rows)
    return [
        NoteRead(
            text=opened(row.text, by),
            at=row.at,
            unit=str(row.by.unit) if row.by else "",
            mine=row.party_id == by.party_id,
            since=since.get(row.pk, ""),
        )
        for row in rows
    ]


def shared_notes(case: Case, history: Sequence[Event], notices: Sequence[Notice]) -> list[Note]:
    """The parent's explanations; of a parent that the matter has left, those that the party had read there.

    What somebody has read does not vanish from their page because an office has sorted its matters anew.
    """
    about = [notice for notice in notices if notice.about == Notice.About.STATEMENT]
    if not about:
        return []
    wanted = Q(case=case.parent_id) if case.parent_id else Q(pk__in=[])
    for number, left_at in _left(history):
        if read_at := _last_read(about, before=left_at):
            wanted |= Q(case__number=number, at__lte=read_at)
    return list(Note.objects.filter(wanted, shared=True).select_related("by__unit").order_by("pk"))


def outdated(notes: Sequence[Note]) -> dict[int, str]:
    """Of the notes that brought a statement's words: their keys and its state, where it was corrected or withdrawn."""
    shared = [note for note in notes if note.shared]
    if not shared:
        return {}
    found = Statement.objects.filter(
        case__in={note.case_id for note in shared},
        made_at__in=[note.at for note in shared],
        state__in=(Statement.State.CORRECTED, Statement.State.WITHDRAWN),
    )
    states = {(row.case_id, row.made_at): row.state for row in found}
    keys = {note.pk: (note.case_id, note.at) for note in shared}
    return {key: states[which] for key, which in keys.items() if which in states}


def _left(history: Sequence[Event]) -> list[tuple[str, datetime]]:
    """Every matter that this one was merged into and has left, with the moment."""
    return [
        (event.facts.get("from_parent") or event.facts["parent"], event.recorded_at)
        for event in history
        if event.kind in ("unmerge", "reopen", "follow") and event.facts.get("parent")
    ]


def _last_read(notices: Sequence[Notice], *, before: datetime) -> datetime | None:
    told = [
        notice.told_at
        for notice in notices
        if notice.told_at is not None and notice.how != Notice.How.LAPSED and notice.told_at <= before
    ]
    return max(told, default=None)
