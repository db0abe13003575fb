"""The house's floors hold for foreign keys named by string too, which no import shows."""

import configparser
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).resolve().parent.parent


def floors() -> dict[str, int]:
    """Each room's floor, counted from the top, as .importlinter lists them."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    lines = contracts["importlinter:contract:floors"]["layers"].split("\n")
    rows = [re.findall(r"\w+", line) for line in lines if line.strip()]
    return {room: floor for floor, rooms in enumerate(rows) for room in rooms}


def arrows(model: type[Model]) -> list[tuple[str, str, str]]:
    """(room, room pointed to, field) of each relation that the model itself declares to another room of ours."""
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    found = []
    for field in fields:
        target = field.related_model
        if isinstance(target, type) and target.__module__.startswith("huiyin."):
            there = target._meta.app_label
            if there != model._meta.app_label:
                found.append((model._meta.app_label, there, f"{model.__name__}.{field.name}"))
    return found


def test_a_foreign_key_points_only_to_a_room_below() -> None:
    floor = floors()
    models = [model for model in apps.get_models() if model.__module__.startswith("huiyin.")]
    upward = [
        f"{here}.{field} points up to {there}"
        for model in models
        for here, there, field in arrows(model)
        if floor[there] <= floor[here]
    ]
    assert not upward, "\n".join(upward)


def test_every_room_on_disk_has_its_floor() -> None:
    rooms = {file.parent.name for file in (ROOT / "huiyin").glob("*/__init__.py")}
    assert rooms <= set(floors())


@pytest.mark.parametrize(
    "room", sorted(app.label for app in apps.get_app_configs() if app.name.startswith("huiyin."))
)
def test_a_room_with_models_has_migrations(room: str) -> None:
    config = apps.get_app_config(room)
    if list(config.get_models()):
        assert (Path(config.path) / "migrations" / "__init__.py").exists()
