"""A document as PDF/UA-1 (ISO 14289-1): tagged, titled, in Chinese; typst refuses whatever would not conform."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import segno
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.cases.words import clean
from huiyin.publication.bulletins.charts import svg
from huiyin.publication.bulletins.document import (
    Block,
    Chart,
    Code,
    Document,
    Heading,
    Items,
    Matter,
    Paragraph,
    Runs,
    Table,
    levelled,
)
from huiyin.publication.bulletins.press import fonts
from huiyin.publication.bulletins.press.setting import as_pdf

SHEET_SIZES = (20.0, 17.0, 14.0, 12.0)  # of a notice's letters, the largest that fits
SHORT = 13  # letters of a cell that are not broken
SIZES = {
    "plain": (11.5, 20.0, 0.9),
    "red": (15.75, 22.0, 0.8),
    "notice": (17.0, 30.0, 0.75),
}  # text, title, leading


def made(document: Document) -> bytes:
    """The PDF. Raises setting.NotSet, or Refused where the fonts are missing."""
    with translation.override("zh-hans"):
        return _on_one_sheet(document) if document.form == "notice" else as_pdf(_content(document))


def _on_one_sheet(document: Document) -> bytes:
    """A notice hangs on a board: as large as one sheet bears; what does not fit in the smallest is behind the code."""
    for size in SHEET_SIZES:
        made = as_pdf(_content(document, size=size))
        if _pages(made) == 1:
            return made
    matters = [each for each in document.blocks if isinstance(each, Matter)]
    if not matters:
        return made
    return _on_one_sheet(
        replace(document, blocks=[each for each in document.blocks if each is not matters[-1]])
    )


def _pages(made: bytes) -> int:
    """How many pages a PDF says that it has."""
    found = re.search(rb"/Type\s*/Pages\b.{0,200}?/Count\s+(\d+)", made, re.DOTALL)
    return int(found[1]) if found else 0


def _content(document: Document, *, size: float = 0.0) -> dict[str, Any]:
    usual, title, leading = SIZES[document.form]
    size, title = size or usual, title * (size or usual) / usual
    wide = max(len(document.office), 1)
    look = {
        "form": document.form,
        "size": size,
        "title": title,
        "leading": leading,
        "office-size": min(46.0, 400.0 / wide),
        "serif": [*fonts.OWN_SERIF, fonts.SERIF, fonts.SANS],
        "sans": [*fonts.OWN_SANS, fonts.SANS, fonts.SERIF],
        "heading": [*fonts.OWN_TITLE, fonts.SANS, fonts.SERIF],
        "answer": _("答复："),
        "printed": _said(document.office),
        "printed-on": _("%(day)s印发") % {"day": document.day} if document.day else "",
    }
    head = {
        name: _said(getattr(document, name))
        for name in ("title", "series", "issue", "reference", "office", "day", "notice")
    }
    return {**head, "look": look, "blocks": [_block(each) for each in levelled(document.blocks)]}


def _said(text: str) -> str:
    """A text that can be set: nothing unreadable, nothing that no font has."""
    return fonts.printable(clean(text))


def _block(block: Block) -> dict[str, Any]:
    return {"kind": block.kind, **FIELDS[type(block)](block)}


def _runs(runs: Runs) -> list[dict[str, Any]]:
    return [{"text": fonts.printable(_kept(run.text)), "strong": run.strong} for run in runs]


def _kept(text: str) -> str:
    """As `clean`, with the spaces at the ends of a run: a letter outside keeps them."""
    return clean(f"|{text}|")[1:-1]


def _table(block: Table) -> dict[str, Any]:
    rows = [[_said(cell) for cell in row] for row in block.rows]
    long = [max((len(row[at]) for row in rows), default=0) for at in range(len(block.columns))]
    return {
        "caption": _said(block.caption),
        "columns": [_said(each) for each in block.columns],
        "rows": rows,
        "numeric": list(block.numeric),
        "note": _said(block.note),
        "widths": _shares(long),
    }


def _shares(longest: Sequence[int]) -> list[int]:
    """The share of each column in the line; 0 for one that is as wide as what stands in it. One takes what is left."""
    shares = [0 if each <= SHORT else 2 if each <= 3 * SHORT else 4 for each in longest]
    return shares if any(shares) or not shares else [1, *shares[1:]]


def _chart(block: Chart) -> dict[str, Any]:
    points = [(_said(label), value, _said(words)) for label, value, words in block.points]
    told = Table("", [block.head, block.measure], [[label, words] for label, _value, words in points], (1,))
    drawn = Chart(block.manner, block.title, block.head, block.measure, points)
    return {
        "title": _said(block.title),
        "summary": _said(block.summary or block.title),
        "svg": svg(drawn),
        "tabled": block.tabled,
        "table": _table(told) | {"caption": _("%(title)s：数字") % {"title": _said(block.title)}},
    }


def _code(block: Code) -> dict[str, Any]:
    picture = segno.make(block.url, micro=False, error="m").svg_inline(border=1, omitsize=True)
    return {"url": _said(block.url), "words": _said(block.words), "svg": with_space(picture)}


def with_space(picture: str) -> str:
    """An inline SVG as a file of its own, which names its language."""
    return picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


FIELDS: Mapping[type, Callable[[Any], dict[str, Any]]] = {
    Heading: lambda block: {"level": block.level, "runs": _runs(block.runs)},
    Paragraph: lambda block: {"runs": _runs(block.runs)},
    Items: lambda block: {"rows": [_runs(row) for row in block.rows], "numbered": block.numbered},
    Table: _table,
    Chart: _chart,
    Matter: lambda block: (
        {name: _said(getattr(block, name)) for name in ("title", "about", "text", "answer")}
        | {"level": block.level}
    ),
    Code: _code,
}
