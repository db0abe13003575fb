"""What an import has left, in a form in which two imports can be compared."""

from collections import defaultdict
from typing import Any

from django.db import models

from huiyin.cases.batch import WRITTEN
from huiyin.cases.models import Case
from huiyin.deadlines.models import Clock
from huiyin.ledger.models import Event
from huiyin.people.models import Person

NOT_COMPARED = {"source", "number", "recorded_at", "code_hash", "subject"}


def picture(source: str) -> dict[str, list[tuple]]:
    """By each row's own number, all that was written for it: rows in their order, then events.

    Left out are keys, case numbers, codes, seals, hashes and recorded times: those are drawn anew each time.
    """
    cases = {case.pk: case for case in Case.objects.filter(source=source)}
    by_number = {case.number: case.source_number for case in cases.values()}
    shown: dict[str, list[tuple]] = defaultdict(list)
    for model in WRITTEN:
        rows = model.objects.order_by("pk")
        for row in rows.prefetch_related("parties") if model is Person else rows:
            for owner in _owners(row, cases, by_number):
                shown[owner].append((model.__name__, *_values(row)))
    for event in Event.objects.order_by("subject", "subject_seq"):
        owner = by_number.get(event.subject.removeprefix("case:"))
        if owner is not None:
            told = (event.subject_seq, event.kind, event.actor, event.occurred_at, event.facts)
            shown[owner].append((*told, event.position is not None))
    return shown


def _owners(row: Any, cases: dict[int, Case], by_number: dict[str, str]) -> list[str]:
    if isinstance(row, Case):
        return [row.source_number] if row.pk in cases else []
    if isinstance(row, Clock):
        return [by_number[row.subject]] if row.subject in by_number else []
    if isinstance(row, Person):
        return [cases[party.case_id].source_number for party in row.parties.all() if party.case_id in cases]
    return [cases[row.case_id].source_number] if row.case_id in cases else []


def _values(row: models.Model) -> list[tuple[str, Any]]:
    kept = [
        field
        for field in row._meta.concrete_fields
        if not field.primary_key
        and field.name not in NOT_COMPARED
        and not isinstance(field, models.BinaryField)
    ]
    return [
        (field.name, getattr(row, field.attname))
        for field in kept
        if not (field.is_relation and field.related_model in WRITTEN)
    ]
