"""What a bulletin says, free of any form: headings, paragraphs, lists, tables, charts. Three writers give it a form."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal


@dataclass(frozen=True)
class Run:
    """Some words in one manner. `figure` names the figure they show; `typed` marks digits that somebody wrote."""

    text: str
    strong: bool = False
    figure: str = ""
    typed: bool = False


Runs = Sequence[Run]


@dataclass(frozen=True)
class Heading:
    """A heading of level 2 or 3; the title has the first."""

    level: int
    runs: Runs
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    runs: Runs
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Items:
    """A list, numbered or not."""

    rows: Sequence[Runs]
    numbered: bool = False
    kind: Literal["items"] = "items"


@dataclass(frozen=True)
class Table:
    """A table of figures: the first column heads its rows, those in `numeric` are set to the right."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: Sequence[int] = ()
    note: str = ""
    folded: bool = False  # on a screen, until somebody opens it
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Chart:
    """Columns over time (`trend`) or bars by size (`bars`): label, value, number in words; its table is drawn too."""

    manner: Literal["trend", "bars"]
    title: str
    head: str
    measure: str
    points: Sequence[tuple[str, float, str]]
    summary: str = ""
    tabled: bool = False  # the table that follows has its numbers
    kind: Literal["chart"] = "chart"


@dataclass(frozen=True)
class Matter:
    """A published matter in short: title, who answered and when, what."""

    title: str
    about: str
    text: str
    answer: str
    level: int = 3  # of its title
    kind: Literal["matter"] = "matter"


@dataclass(frozen=True)
class Code:
    """An address as a QR code, with words beside it."""

    url: str
    words: str
    kind: Literal["code"] = "code"


@dataclass(frozen=True)
class Several:
    """More than one block, or none, in the place of one name; never in a finished document."""

    blocks: Sequence["Block"]
    kind: Literal["several"] = "several"


Block = Heading | Paragraph | Items | Table | Chart | Matter | Code | Several


def levelled(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with headings that skip no level (PDF/UA, ISO 14289-1, 7.4.2; WCAG): the first is of level 2."""
    found: list[Block] = []
    last = 1
    for block in blocks:
        if isinstance(block, (Heading, Matter)):
            level = min(block.level, last + 1)
            block = replace(block, level=level)
            last = level if isinstance(block, Heading) else last
        found.append(block)
    return found


@dataclass(frozen=True)
class Document:
    """A whole bulletin, ready to be given a form: what stands around the text, and the text."""

    title: str
    series: str
    issue: str  # 2026 年第 3 期; "" of a draft
    reference: str  # 发文字号 of a red-headed paper
    office: str
    day: str
    period: str
    audience: str
    notice: str  # what it corrects, or that it is a draft
    form: str  # plain, red, notice
    blocks: Sequence[Block] = field(default_factory=tuple)
