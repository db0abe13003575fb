"""Matter card: one matter in a list, on a phone, in a table row, or on a wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.web.components.clock import Clock


@dataclass(frozen=True)
class Badge:
    """A word with a shape; `tone` is late, soon, done, quiet or active."""

    tone: str
    text: Any


@dataclass(frozen=True)
class Matter:
    """What a list tells of a matter. `title` and `place` are the redacted ones."""

    url: str
    number: str
    title: str
    nature: str = ""
    place: str = ""
    unit: str = ""
    at: datetime | None = None
    clock: Clock | None = None
    badges: Sequence[Badge] = ()
    selected: bool = False
    key: str = ""
    tick: str = ""  # the id of the form to which a box for choosing this one belongs
    marked_title: Sequence[Any] = ()  # pieces with `text` and `marked`, where a search found it
    extract: Sequence[Any] = ()  # likewise
