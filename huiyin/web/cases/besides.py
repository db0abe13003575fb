"""The rows beside a case as panels: what it is, how it stands, until when, and the words."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from huiyin.cases.queries import CasePage
from huiyin.web.components.clock import Clock


@dataclass(frozen=True)
class Line:
    """A labelled text in a panel."""

    label: str
    text: str


@dataclass(frozen=True)
class Panel:
    """One row as the page shows it."""

    name: str
    state: str = ""
    tone: str = "active"
    lines: list[Line] = field(default_factory=list)
    clock: Clock | None = None
    foot: str = ""


@dataclass(frozen=True)
class Group:
    """Panels of one kind under their heading."""

    title: str
    panels: list[Panel]


Shown = Callable[[CasePage, Any], Panel]
SHOWN: dict[str, tuple[Any, Shown]] = {}  # the name of a kind of row: its heading, and what shows one


def panels(page: CasePage) -> list[Group]:
    """Every group that has something to show to this reader."""
    return [
        Group(str(SHOWN[name][0]), [SHOWN[name][1](page, row) for row in rows])
        for name, rows in page.asides.items()
        if name in SHOWN
    ]
