"""Finds rows that a bare line break tore apart, and puts them together for a person to look at."""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from huiyin.channels.bulk.textfiles import Cell, Record

LEARNING = 200  # rows from which the look of a first cell is learned
SHAPES = 6  # more looks than these, and the first cell says nothing of where a row begins
MOST_PARTS = 50


def mended(records: Iterable[Record], *, width: int, lead: int) -> Iterator[Record]:
    """The records, where short ones that continue the one before are joined to it, or marked damaged.

    `width` is the number of columns; `lead` how many come before the file's own. A single short row stays as
    it is: its last cells are empty. A short row after a short one continues it when its first cell does not
    look like the first cells of this file ("A9", "9-9"), or, where they have no look of their own, when both
    together make exactly one row.
    """
    looks = _Looks(lead)
    parts: list[Record] = []
    for record in records:
        short = len(record.cells) < width
        if short and parts and len(parts) < MOST_PARTS and looks.continues(record, parts, width):
            parts.append(record)
            continue
        yield from _settled(parts, width, looks)
        parts = [record] if short else []
        looks.learn(record, width)
        if not short:
            yield record
    yield from _settled(parts, width, looks)


def too_few(record: Record, width: int) -> str:
    """The sentence for a row that is shorter than it may be."""
    return _("这一行只有 %(cells)d 格，表头有 %(width)d 格，可能多了换行或少了分隔符。") % {
        "cells": len(record.cells),
        "width": width,
    }


class _Looks:
    """What the first cells of this file look like."""

    def __init__(self, lead: int) -> None:
        self.lead, self.shapes, self.learned = lead, set[str](), 0

    @property
    def regular(self) -> bool:
        return 0 < len(self.shapes) <= SHAPES

    def learn(self, record: Record, width: int) -> None:
        full = len(record.cells) >= width
        if self.learned < LEARNING and (full or not self.shapes) and len(record.cells) > self.lead:
            self.shapes.add(_shape(record.cells[self.lead]))
            self.learned += 1

    def continues(self, record: Record, parts: list[Record], width: int) -> bool:
        if self.regular and len(record.cells) > self.lead:
            return _shape(record.cells[self.lead]) not in self.shapes
        return _fits([*parts, record], width)


def _settled(parts: list[Record], width: int, looks: _Looks) -> Iterator[Record]:
    if len(parts) <= 1:
        yield from parts
    elif looks.regular and _fits(parts, width):
        first, *rest = parts
        cells = list(first.cells)
        for record in rest:
            cells[-1:] = [f"{cells[-1]}\n{record.cells[0]}", *record.cells[1:]]
        damage = _("这一条在文件里断成了 %(count)d 行，已经接好。请核对后再导入一次。") % {
            "count": len(parts)
        }
        yield first._replace(cells=cells, damage=damage)
    else:
        for record in parts:
            yield record._replace(damage=record.damage or too_few(record, width))


def _fits(parts: list[Record], width: int) -> bool:
    return sum(len(record.cells) - 1 for record in parts) + 1 == width


def _shape(cell: Cell) -> str:
    text = re.sub(r"[A-Za-z]+", "a", re.sub(r"\d+", "9", str(cell).strip()))
    return re.sub(r"[^\x00-\x7f]+", "中", text)[:20]
