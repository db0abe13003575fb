"""A bulletin's document as the page draws it: charts as our components, codes as pictures."""

from typing import Any

from huiyin.publication.bulletins.document import Block, Chart, Code, Document, Table
from huiyin.web.components.chart import Bars, Point, Trend
from huiyin.web.components.receipt import qr
from huiyin.web.words import dated


def page(document: Document) -> dict[str, Any]:
    """The values of `bulletins/body.html`."""
    return {"document": document, "blocks": [_drawn(block) for block in document.blocks]}


def _drawn(block: Block) -> dict[str, Any]:
    drawn: dict[str, Any] = {"kind": block.kind, "block": block}
    if isinstance(block, Chart):
        drawn |= {"manner": block.manner, "chart": _chart(block)}
    if isinstance(block, Table):
        numeric = set(block.numeric)
        drawn["columns"] = [
            {"label": label, "figures": at in numeric} for at, label in enumerate(block.columns)
        ]
    if isinstance(block, Code):
        drawn["picture"] = qr(block.url)
    return drawn


def _chart(block: Chart) -> Trend | Bars:
    over_time = block.manner == "trend"
    points = [
        Point(dated(label) if over_time else label, value, text=text) for label, value, text in block.points
    ]
    kind = Trend if over_time else Bars
    return kind(block.title, points, head=block.head, measure=block.measure)
