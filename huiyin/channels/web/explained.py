"""What was explained to everybody whose matter is, or was, merged into the same one 统一说明."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from huiyin.cases.models import Case, Note, Notice
from huiyin.ledger.models import Event


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
