"""Rotation: bring every sealed value under the newest key, in batches that can be interrupted."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from huiyin.kernel.sealing import Sealed, SealedTextField, decrypt, encrypt, key_id

BATCH = 500


def sealed_models() -> list[type[models.Model]]:
    """Every model of the house that has sealed fields."""
    return [model for model in apps.get_models() if sealed_fields(model)]


def sealed_fields(model: type[models.Model]) -> list[SealedTextField]:
    """The sealed fields of a model."""
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedTextField)]


def reseal(model: type[models.Model], *, after: Any = None, told: Callable[[int], None] | None = None) -> int:
    """Encrypt anew, under the current key, every value that an older key sealed; returns how many.

    Goes by primary key, a transaction a batch: killed, it is simply run again (`after` skips what is known
    to be done). A row is locked only while its batch is turned, so no writer's change is lost.
    `told` hears how many values each batch turned. Raises SealBroken if a value's key is gone.
    """
    fields, turned, last = sealed_fields(model), 0, after
    while True:
        with transaction.atomic():
            rows = _batch(model, fields, last)
            count = sum(_turn(model, row, fields) for row in rows)
        if not rows:
            return turned
        turned, last = turned + count, rows[-1]["pk"]
        if told is not None:
            told(count)


def _batch(model: type[models.Model], fields: list[SealedTextField], last: Any) -> list[dict[str, Any]]:
    rows = model._base_manager.select_for_update().order_by("pk")
    if last is not None:
        rows = rows.filter(pk__gt=last)
    return list(rows.values("pk", *(field.attname for field in fields))[:BATCH])


def _turn(model: type[models.Model], row: dict[str, Any], fields: list[SealedTextField]) -> int:
    """Seal a row's older values anew in one statement; returns how many."""
    new: dict[str, Sealed] = {}
    for field in fields:
        sealed: Sealed | None = row[field.attname]
        if sealed is None:
            continue
        old = sealed.token_for(field.place)
        if key_id(old) != settings.HUIYIN_KEYS.current:
            new[field.name] = Sealed.stored(encrypt(decrypt(old, field.place), field.place), field.place)
    if new:
        model._base_manager.filter(pk=row["pk"]).update(**new)
    return len(new)
