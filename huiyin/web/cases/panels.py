"""What the rows beside a case are shown as: panels with a name, a state, some lines and a clock."""

from dataclasses import dataclass, field

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
