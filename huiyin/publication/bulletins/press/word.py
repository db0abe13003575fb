"""A document for Word, WPS and LibreOffice: headings as styles, tables with a head that repeats, pictures with words.

A chart is a PNG with its SVG beside it (the extension of ISO/IEC 29500 that Word 2016 and LibreOffice 7 read): who
knows no SVG shows the PNG.
"""

import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import segno
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.cases.words import clean
from huiyin.kernel.refusals import Refused
from huiyin.publication.bulletins.charts import svg
from huiyin.publication.bulletins.document import (
    Chart,
    Code,
    Document,
    Heading,
    Items,
    Matter,
    Paragraph,
    Runs,
    Table,
)
from huiyin.publication.bulletins.press import word_form as form
from huiyin.publication.bulletins.press.setting import as_pictures

if TYPE_CHECKING:
    from docx.document import Document as File

SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
FACES = {"red": "仿宋", "plain": "宋体", "notice": "宋体"}  # asked for by name; each machine has its own
SIZES = {"red": 16.0, "plain": 11.0, "notice": 16.0}
TITLES = {"red": 22.0, "plain": 20.0, "notice": 28.0}
MARGINS = {"red": (3.7, 3.5), "plain": (2.5, 2.5), "notice": (1.6, 1.6)}  # above and below, in centimetres
WIDE_CM = 15.5


def made(document: Document) -> bytes:
    """The .docx. Raises Refused where python-docx is missing, setting.NotSet where a chart could not be drawn."""
    try:
        import docx  # with lxml 15 MB, wanted by nothing else
    except ImportError as missing:
        raise Refused(
            _("缺少 python-docx，不能生成 Word 文件。请管理员运行 make setup。"), code="no_docx"
        ) from missing
    charts = [each for each in document.blocks if isinstance(each, Chart)]
    drawn = [svg(each) for each in charts]
    with translation.override("zh-hans"):
        file = docx.Document()
        pictures = dict(zip(map(id, charts), zip(drawn, as_pictures(drawn), strict=True), strict=True))
        Writer(file, document, pictures).write()
        written = io.BytesIO()
        file.save(written)
    return written.getvalue()


class Writer:
    """Writes one document; each kind of block has its method."""

    def __init__(self, file: "File", document: Document, pictures: Mapping[int, tuple[str, bytes]]) -> None:
        self.file, self.document, self.pictures = file, document, pictures

    def write(self) -> None:
        """All of it, from the head to the day."""
        self._prepare()
        self._head()
        self.file.add_heading(_said(self.document.title), level=1)
        if self.document.notice:
            self._words(self.document.notice)
        for block in self.document.blocks:
            WAYS[type(block)](self, block)
        if self.document.day:
            for line in (self.document.office, self.document.day):
                self._words(line, to_the_right=True)
        if self.document.form == "red" and self.document.day:
            self._printed()
        if self.document.form != "notice":
            form.page_number(self.file.sections[0], points=14 if self.document.form == "red" else 10)

    def _prepare(self) -> None:
        """Language, title, faces and sizes."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Cm, Pt

        about = self.file.core_properties
        about.title, about.author = _said(self.document.title), _said(self.document.office)
        about.language, about.subject, about.comments = "zh-CN", _said(self.document.series), ""
        section = self.file.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin, section.right_margin = Cm(2.8), Cm(2.6)
        section.top_margin, section.bottom_margin = (Cm(each) for each in MARGINS[self.document.form])
        size = SIZES[self.document.form]
        face = FACES[self.document.form]
        self._face("Normal", face, size)
        self._face("Heading 1", "黑体", TITLES[self.document.form])
        self._face("Heading 2", "黑体", size * 1.1)
        self._face("Heading 3", "黑体", size)
        self._face("Caption", face, 10)
        caption: Any = self.file.styles["Caption"]
        caption.font.bold, caption.paragraph_format.space_before = False, Pt(8)
        caption.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if self.document.form != "notice":
            title: Any = self.file.styles["Heading 1"]
            title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER

    def _face(self, name: str, face: str, points: float) -> None:
        """The letters of a style: Chinese ones above all, which a file names apart."""
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        style = self.file.styles[name]
        style.font.size, style.font.name = Pt(points), face  # type: ignore[attr-defined]
        style.font.color.rgb = RGBColor.from_string(form.INK)  # type: ignore[attr-defined]
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for which in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(which), None)
        fonts.set(qn("w:eastAsia"), face)
        language = properties.makeelement(qn("w:lang"), {qn("w:val"): "en-US", qn("w:eastAsia"): "zh-CN"})
        properties.append(language)

    def _head(self) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt, RGBColor

        document = self.document
        is_red = document.form == "red"
        if is_red:
            line = self.file.add_paragraph()
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = line.add_run(_said(document.office))
            run.font.size = Pt(min(46.0, 400.0 / max(len(document.office), 1)))
            run.font.color.rgb = RGBColor.from_string(form.RED)
        line = self.file.add_paragraph(
            f"{_said(document.reference or document.series)}\t{_said(document.issue)}"
        )
        form.to_both_ends(line)
        form.underlined(line, form.RED if is_red else form.TEAL)

    def _printed(self) -> None:
        """版记: who printed it and when, between two lines at the end (GB/T 9704-2012, 7.4)."""
        from docx.shared import Pt

        told = _("%(day)s印发") % {"day": self.document.day}
        line = self.file.add_paragraph()
        line.paragraph_format.space_before = Pt(28)
        line.add_run(f"{_said(self.document.office)}\t{_said(told)}").font.size = Pt(14)
        form.to_both_ends(line)
        form.underlined(line, form.INK, "top", "bottom")

    def _words(self, text: str, *, to_the_right: bool = False) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        line = self.file.add_paragraph(_said(text))
        if to_the_right:
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def heading(self, block: Heading) -> None:
        """A heading under the title's."""
        self.file.add_heading("".join(_kept(run.text) for run in block.runs), level=block.level)

    def paragraph(self, block: Paragraph) -> None:
        """Running text, the first line two letters in."""
        line = self.file.add_paragraph()
        line.paragraph_format.first_line_indent = 2 * self.file.styles["Normal"].font.size  # type: ignore[attr-defined]
        _put(line, block.runs)

    def items(self, block: Items) -> None:
        """A list."""
        for row in block.rows:
            _put(self.file.add_paragraph(style="List Number" if block.numbered else "List Bullet"), row)

    def table(self, block: Table) -> None:
        """A table whose head stands again on every page."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        caption = self.file.add_paragraph(_said(block.caption), style="Caption")
        caption.paragraph_format.keep_with_next = True
        if block.rows:
            table = self.file.add_table(rows=0, cols=len(block.columns), style="Table Grid")
            rows = [list(block.columns), *block.rows]
            for at, row in enumerate(rows):
                cells = table.add_row().cells
                for column, text in enumerate(row):
                    line = cells[column].paragraphs[0]
                    _small(line.add_run(_said(text)), strong=at == 0)
                    if column in block.numeric:
                        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            form.spread(table, rows)
            form.repeat_head(table)
        if block.note:
            _small(self.file.add_paragraph().add_run(_said(block.note)))

    def chart(self, block: Chart) -> None:
        """The picture, and its numbers as a table."""
        drawn, picture = self.pictures[id(block)]
        title = self.file.add_paragraph(_said(block.title), style="Caption")
        title.paragraph_format.keep_with_next = True
        self._picture(picture, block.summary or block.title, drawn=drawn, wide=WIDE_CM)
        if block.tabled:
            return
        rows = [[label, words] for label, _value, words in block.points]
        told = _("%(title)s：数字") % {"title": block.title}
        self.table(Table(told, [block.head, block.measure], rows, (1,)))

    def matter(self, block: Matter) -> None:
        """A published matter."""
        self.file.add_heading(_said(block.title), level=block.level)
        _small(self.file.add_paragraph().add_run(_said(block.about)))
        self._words(block.text)
        line = self.file.add_paragraph()
        line.add_run(_("答复：")).bold = True
        line.add_run(_said(block.answer))

    def code(self, block: Code) -> None:
        """The way to a page, for a telephone."""
        picture = io.BytesIO()
        segno.make(block.url, micro=False, error="m").save(picture, kind="png", scale=8, border=2)
        self._picture(picture.getvalue(), f"{block.words} {block.url}", wide=3.6)
        self._words(f"{block.words}　{block.url}")

    def _picture(self, picture: bytes, words: str, *, wide: float, drawn: str = "") -> None:
        """A picture with its alternative words; the vector beside the points."""
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part
        from docx.oxml import parse_xml
        from docx.shared import Cm

        shape: Any = self.file.add_paragraph().add_run().add_picture(io.BytesIO(picture), width=Cm(wide))
        shape._inline.docPr.set("descr", _said(words))
        if not drawn:
            return
        package = self.file.part.package
        number = 1 + sum(part.partname.endswith(".svg") for part in package.iter_parts())
        part = Part(PackURI(f"/word/media/chart{number}.svg"), "image/svg+xml", drawn.encode(), package)
        key = self.file.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        extension = (
            f'<a:extLst xmlns:a="{DRAWING}"><a:ext uri="{EXTENSION}"><asvg:svgBlip xmlns:asvg="{SVG}" '
            f'xmlns:r="{LINKS}" r:embed="{key}"/></a:ext></a:extLst>'
        )
        shape._inline.graphic.graphicData.pic.blipFill.blip.append(parse_xml(extension))


WAYS: Mapping[type, Callable[[Writer, Any], None]] = {
    Heading: Writer.heading,
    Paragraph: Writer.paragraph,
    Items: Writer.items,
    Table: Writer.table,
    Chart: Writer.chart,
    Matter: Writer.matter,
    Code: Writer.code,
}


def _said(text: str) -> str:
    """Without what XML does not bear (XML 1.0, 2.2): two letters that are none."""
    return clean(text).replace("\ufffe", "").replace("\uffff", "")


def _kept(text: str) -> str:
    """As `clean`, with the spaces at the ends of a run: a letter outside keeps them."""
    return _said(f"|{text}|")[1:-1]


def _put(line: Any, runs: Runs) -> None:
    for run in runs:
        line.add_run(_kept(run.text)).bold = run.strong or None


def _small(run: Any, *, strong: bool = False) -> None:
    from docx.shared import Pt

    run.font.size, run.bold = Pt(9), strong or None
