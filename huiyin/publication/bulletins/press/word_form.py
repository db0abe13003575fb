"""The form of a Word file that its styles do not have: page numbers, widths of columns, lines, what stands together.

Measures of the red-headed form: GB/T 9704-2012, as in `bulletin.typ`. Widths are told twice, in the table's grid and in
its cells: Word goes by the cells, LibreOffice and WPS by the grid.
"""

from collections.abc import Sequence
from typing import Any

RED, TEAL, INK = "C00000", "0B6E6E", "1C2733"
TEXT_CM = 15.6  # of a line between the margins
CM_OF_LETTER = 0.325  # of a Chinese letter in a table
EDGES_CM = 0.5  # that a cell keeps free
SHORT, MOST_LETTERS = 13, 24  # letters of a cell that are not broken; more than so many ask for no more width
LEAST_CM = 2.5  # of a column whose texts are broken


def page_number(section: Any, *, points: float) -> None:
    """— 1 — below every page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    line = section.footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words in ("— ", "PAGE", " —"):
        run = line.add_run("" if words == "PAGE" else words)
        run.font.size = Pt(points)
        if words == "PAGE":
            for kind in ("begin", "", "end"):
                run._r.append(_field(run, kind))


def _field(run: Any, kind: str) -> Any:
    from docx.oxml.ns import qn

    if kind:
        return run._r.makeelement(qn("w:fldChar"), {qn("w:fldCharType"): kind})
    asked = run._r.makeelement(qn("w:instrText"), {})
    asked.text = "PAGE"
    return asked


def underlined(line: Any, colour: str, *sides: str) -> None:
    """A line below a paragraph, or at other sides."""
    from docx.oxml.ns import qn

    properties = line._p.get_or_add_pPr()
    border = properties.makeelement(qn("w:pBdr"), {})
    about = {"w:val": "single", "w:sz": "12", "w:space": "4", "w:color": colour}
    for side in sides or ("bottom",):
        attributes = {qn(name): value for name, value in about.items()}
        border.append(properties.makeelement(qn(f"w:{side}"), attributes))
    properties.insert_element_before(border, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind",
                                     "w:jc", "w:rPr")  # fmt: skip


def to_both_ends(line: Any) -> None:
    """What stands behind a tabulator stands at the right margin."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Cm

    line.paragraph_format.tab_stops.add_tab_stop(Cm(TEXT_CM), WD_TAB_ALIGNMENT.RIGHT)


def spread(table: Any, rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as what stands in them; those with sentences share what is left.

    A row may be broken by a page: where none may and the head is repeated, LibreOffice 7.4 loses rows at a page's end.
    """
    from docx.shared import Cm

    table.autofit = False
    wide = [Cm(each) for each in widths(rows)]
    for column, each in zip(table.columns, wide, strict=True):
        column.width = each
    for row in table.rows:
        for cell, each in zip(row.cells, wide, strict=True):
            cell.width = each


def widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Of each column in centimetres; together they fill the line."""
    longest = [max(_letters(cell) for cell in column) for column in zip(*rows, strict=True)]
    shares = [0.0 if each <= SHORT else min(each, MOST_LETTERS) for each in longest]
    if not any(shares):
        shares = [1.0] + [0.0] * (len(longest) - 1)
    own = [
        0.0 if share else each * CM_OF_LETTER + EDGES_CM for each, share in zip(longest, shares, strict=True)
    ]
    left = max(TEXT_CM - sum(own), LEAST_CM * sum(share > 0 for share in shares))
    wide = [each + left * share / sum(shares) for each, share in zip(own, shares, strict=True)]
    return [each * TEXT_CM / sum(wide) for each in wide]


def _letters(text: str) -> float:
    """How long a text is in Chinese letters; digits and Latin letters are little more than half as wide."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.62 for letter in text)


def repeat_head(table: Any) -> None:
    """The first row is the head: it is read as one, and stands again on every page."""
    from docx.oxml.ns import qn

    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:tblHeader"), {}))
