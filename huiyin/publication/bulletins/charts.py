"""Charts for paper as vector pictures (SVG 1.1): columns over time and bars by size, in the house's colours."""

import unicodedata
from html import escape

from huiyin.cases.words import clean
from huiyin.publication.bulletins.document import Chart

INK, QUIET, LINE, FILL = "#1c2733", "#4a5560", "#c9d1d7", "#0b6e6e"
WIDE, SIZE = 640.0, 13.0  # the drawing's own units; the size of a letter
HIGH, ROW, GAP = 220.0, 26.0, 0.3
FAMILY = "Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, sans-serif"
WIDEST = 60.0  # of a column
MOST_LABELS = 12


def svg(chart: Chart) -> str:
    """The picture; whoever cannot see it has its title and the table below."""
    width, height, shapes = _bars(chart) if chart.manner == "bars" else _trend(chart)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" font-family="{FAMILY}" font-size="{SIZE:g}">{"".join(shapes)}</svg>'
    )


def _trend(chart: Chart) -> tuple[float, float, list[str]]:
    highest = max((value for _label, value, _words in chart.points), default=0.0) or 1.0
    share, top, floor = WIDE / max(len(chart.points), 1), 22.0, HIGH - 26.0
    every = -(-len(chart.points) // MOST_LABELS)
    shapes = [_line(0, floor, WIDE, floor, INK)]
    for at, (label, value, words) in enumerate(chart.points):
        tall, left = (floor - top) * value / highest, at * share
        wide = min(share * (1 - GAP), WIDEST)
        shapes.append(_rect(left + (share - wide) / 2, floor - tall, wide, tall))
        if every == 1 or at % every == 0:
            shapes.append(_text(left + share / 2, floor + 18, label, "middle", QUIET))
            shapes.append(_text(left + share / 2, floor - tall - 6, words, "middle", INK))
    return WIDE, HIGH, shapes


def _bars(chart: Chart) -> tuple[float, float, list[str]]:
    longest = max((value for _label, value, _words in chart.points), default=0.0) or 1.0
    head = min(max((_width(label) for label, _value, _words in chart.points), default=0.0) + 12, WIDE * 0.4)
    tail = max((_width(words) for _label, _value, words in chart.points), default=0.0) + 12
    shapes = [_line(head, 4, head, ROW * len(chart.points) + 4, LINE)]
    for at, (label, value, words) in enumerate(chart.points):
        top = 4 + at * ROW
        long = (WIDE - head - tail) * value / longest
        shapes.append(_text(head - 8, top + ROW * 0.68, _cut(label, head - 12), "end", INK))
        shapes.append(_rect(head, top + ROW * 0.16, long, ROW * 0.68))
        shapes.append(_text(head + long + 6, top + ROW * 0.68, words, "start", INK))
    return WIDE, ROW * len(chart.points) + 8, shapes


def _width(text: str) -> float:
    """About how wide a text is: a Chinese letter is as wide as high, others a little more than half."""
    return sum(SIZE if unicodedata.east_asian_width(each) in "WF" else SIZE * 0.58 for each in text)


def _cut(text: str, most: float) -> str:
    """The text, shortened with an ellipsis to a width."""
    if _width(text) <= most:
        return text
    while text and _width(text) > most - SIZE:
        text = text[:-1]
    return f"{text}…"


def _said(words: str) -> str:
    return clean(words).replace("\ufffe", "").replace("\uffff", "")


def _rect(x: float, y: float, width: float, height: float) -> str:
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" fill="{FILL}"/>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.2f}" y1="{y1:.2f}" x2="{x2:.2f}" y2="{y2:.2f}" stroke="{colour}"/>'


def _text(x: float, y: float, words: str, anchor: str, colour: str) -> str:
    return (
        f'<text x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}" fill="{colour}">{escape(_said(words))}</text>'
    )
