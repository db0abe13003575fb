"""Loading a profile's rows, never over what an operator changed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import models, transaction

from huiyin.kernel.models import ProfileRow
from huiyin.kernel.sealing import SealedTextField


class Outcome(StrEnum):
    """What became of one row of a profile."""

    INSERTED = "inserted"
    UNCHANGED = "unchanged"
    UPDATED = "updated"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Difference:
    """One column in which the installation and the profile disagree, both as shown to a person."""

    column: str
    here: Any
    profile: Any


@dataclass(frozen=True)
class Merged:
    """The outcome for one row; `row` is what stands in the database now, None if an operator removed it."""

    outcome: Outcome
    row: models.Model | None
    differences: list[Difference] = field(default_factory=list)


@transaction.atomic
def merge_row(
    model: type[models.Model], *, key: Mapping[str, Any], values: Mapping[str, Any], table: str = ""
) -> Merged:
    """Bring one row of a profile in: insert it, update it, or show the conflict with an operator's change.

    `key` finds the row, `values` are its other columns (unsaved defaults are left alone). A row that reads
    as it was last loaded follows the profile. One that an operator edited, removed, or made first stays as it
    is, and the differences are returned. `table` names the profile's table where a model has more than one.
    """
    name, row_key = table or model._meta.label_lower, _key_text(model, key)
    loaded = ProfileRow.objects.select_for_update().filter(table=name, key=row_key).first()
    row = model._base_manager.select_for_update().filter(**key).first()
    new = _reading(model, values)
    if row is None:
        if loaded is None:
            row = model._base_manager.create(**key, **values)
            _remember(name, row_key, new)
            return Merged(Outcome.INSERTED, row)
        return Merged(Outcome.CONFLICT, None, [Difference(column, None, new[column]) for column in new])
    here = _reading(model, {column: getattr(row, column) for column in values})
    if here == new:
        _remember(name, row_key, new)
        return Merged(Outcome.UNCHANGED, row)
    if loaded is None or bytes(loaded.loaded_hash) != _digest(here):
        return Merged(Outcome.CONFLICT, row, _differences(here, new))
    for column, value in values.items():
        setattr(row, column, value)
    row.save(update_fields=list(values))
    _remember(name, row_key, new)
    return Merged(Outcome.UPDATED, row, _differences(here, new))


def _reading(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they read once stored, so that "3" and 3, or a date and its text, are the same."""
    return {column: _stored(model, column, value) for column, value in sorted(values.items())}


def _stored(model: type[models.Model], column: str, value: Any) -> Any:
    kind = model._meta.get_field(column)
    if isinstance(kind, SealedTextField):
        raise TypeError(f"{kind.place} is sealed, and personal data is no part of a profile")
    if isinstance(value, models.Model):
        value = value.pk
    return kind.get_prep_value(kind.to_python(value)) if isinstance(kind, models.Field) else value


def _key_text(model: type[models.Model], key: Mapping[str, Any]) -> str:
    text = json.dumps(_reading(model, key), ensure_ascii=False, default=str)
    return text if len(text) <= 200 else hashlib.sha256(text.encode()).hexdigest()


def _digest(reading: Mapping[str, Any]) -> bytes:
    text = json.dumps(reading, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).digest()


def _remember(table: str, key: str, reading: Mapping[str, Any]) -> None:
    ProfileRow.objects.update_or_create(table=table, key=key, defaults={"loaded_hash": _digest(reading)})


def _differences(here: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    return [Difference(column, here[column], new[column]) for column in new if here[column] != new[column]]
