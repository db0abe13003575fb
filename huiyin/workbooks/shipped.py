"""Workbooks that come with the program: templates like those of an office, drawn here, and a pattern for its own."""

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.accounts.roles import OVERSIGHT, UNIT
from huiyin.analytics.catalogue import FIGURES, RATE
from huiyin.assessment.measures import MEASURES
from huiyin.assessment.periods import Kind

A4 = 9
DRAWN = datetime(2026, 1, 1)  # noqa: DTZ001 — written into the file, which is the same whenever it is drawn
FACE, CHINESE = (
    "宋体",
    134,
)  # the face of office papers, and the number by which programs know that it has Chinese
INK, LINE, HEAD = "#1c2733", "#8a97a3", "#e6efef"
EVERY = tuple(Kind)


@dataclass(frozen=True)
class Shipped:
    """A workbook that is always there: who may fill it, for which kinds of periods, and its template."""

    code: str
    title: Any
    about: Any
    roles: Collection[str]
    kinds: Collection[Kind]
    draw: Callable[["Drawing"], None]

    def made(self) -> bytes:
        """The template, in the language of whoever asked."""
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_urls": False}) as book:
            book.set_properties({"created": DRAWN})
            self.draw(Drawing(book))
        return content.getvalue()


class Drawing:
    """A template while it is drawn, with the few looks that its cells have."""

    def __init__(self, book: Any) -> None:
        self.book = book
        base = {
            "font_name": FACE,
            "font_charset": CHINESE,
            "font_size": 10.5,
            "font_color": INK,
            "valign": "vcenter",
        }
        boxed = {**base, "border": 1, "border_color": LINE}
        self.title = book.add_format({**base, "font_size": 16, "bold": True, "align": "center"})
        self.quiet = book.add_format({**base, "font_size": 9})
        self.head = book.add_format(
            {**boxed, "bold": True, "bg_color": HEAD, "align": "center", "text_wrap": True}
        )
        self.text = book.add_format({**boxed, "text_wrap": True, "align": "left", "indent": 1})
        self.bold = book.add_format({**boxed, "bold": True, "bg_color": HEAD})
        self.number = book.add_format({**boxed, "num_format": "0", "align": "center"})
        self.count = book.add_format({**boxed, "num_format": "#,##0", "align": "right"})
        self.rate = book.add_format({**boxed, "num_format": "0.0%", "align": "right"})
        self.days = book.add_format({**boxed, "num_format": "0.0", "align": "right"})
        self.moment = book.add_format({**boxed, "num_format": "yyyy-mm-dd hh:mm"})
        self.more = book.add_format({**boxed, "num_format": "+#,##0;-#,##0;0", "align": "right"})
        self.longer = book.add_format({**boxed, "num_format": "+0.0;-0.0;0.0", "align": "right"})
        self.points = book.add_format({**boxed, "num_format": "+0.0%;-0.0%;0.0%", "align": "right"})
        self.total = book.add_format({**boxed, "bold": True, "num_format": "#,##0", "align": "right"})
        self.total_rate = book.add_format({**boxed, "bold": True, "num_format": "0.0%", "align": "right"})

    def sheet(self, name: str, title: str, widths: Sequence[float], heads: Sequence[str]) -> Any:
        """A sheet to be printed on A4 across, its head on every page; its first line of values is the fifth row."""
        sheet = self.book.add_worksheet(name)
        last = len(widths) - 1
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.merge_range(0, 0, 0, last, title, self.title)
        sheet.set_row(0, 30)
        about = _("{{期间}}　填报单位：{{填报单位}}　数据截至 {{数据截至}}")
        sheet.merge_range(1, 0, 1, last, about, self.quiet)
        sheet.write_row(3, 0, heads, self.head)
        sheet.set_row(3, 32)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.repeat_rows(3)
        sheet.freeze_panes(4, 0)
        sheet.set_footer("&L" + _("{{地点}} · {{期间}}") + "&R" + _("第 &P 页，共 &N 页"))
        return sheet

    def row(self, sheet: Any, at: int, cells: Sequence[tuple[str, Any]]) -> None:
        """A row of texts and formulas with their looks; rows are counted from one here."""
        for column, (text, look) in enumerate(cells):
            if text.startswith("="):
                sheet.write_formula(at - 1, column, text, look, "")
            else:
                sheet.write_string(at - 1, column, text, look)


# -- monthly ---------------------------------------------------------------------------------------------------
COMPARED = ("received", "people", "suggestions", "appeals", "concluded", "answered", "open", "overdue",
            "median_days", "p90_days", "on_time_rate", "redo_rate", "satisfaction_rate", "solution_rate")  # fmt: skip
PARTS = (
    (gettext_lazy("按单位"), gettext_lazy("单位"), "每个单位"),
    (gettext_lazy("按区域"), gettext_lazy("区域"), "每个区域"),
    (gettext_lazy("按类别"), gettext_lazy("类别"), "每个大类"),
)


def _monthly(drawing: Drawing) -> None:
    _compared(drawing, COMPARED, {"concluded": "received"})
    for name, of, each in PARTS:
        _by(drawing, str(name), str(of), each)
    _definitions(drawing)


def _compared(drawing: Drawing, names: Sequence[str], shares: Mapping[str, str]) -> None:
    """总表: each figure beside the period before and a year before; changes are formulas, and shares of the whole."""
    heads = [_("指标"), _("本期"), _("上期"), _("增减"), _("增减率"), _("去年同期"), _("分母"), _("计量单位")]
    sheet = drawing.sheet(
        _("总表"), _("{{地点}}群众诉求办理情况总表"), (24, 12, 12, 12, 11, 12, 11, 11), heads
    )
    at, rows = 5, {}
    for name in names:
        rows[name] = at
        drawing.row(sheet, at, _beside(drawing, name, at))
        at += 1
        if name in shares:
            cells = [(_("办结率"), drawing.text)]
            cells += [(f'=IFERROR({c}{rows[name]}/{c}{rows[shares[name]]},"—")', drawing.rate) for c in "BC"]
            cells += [(f'=IFERROR(B{at}-C{at},"—")', drawing.points), ("", drawing.text)]
            cells += [(f'=IFERROR(F{rows[name]}/F{rows[shares[name]]},"—")', drawing.rate)]
            cells += [(f"=B{rows[shares[name]]}", drawing.count), (_("占比"), drawing.text)]
            drawing.row(sheet, at, cells)
            at += 1
    sheet.merge_range(
        at, 0, at, 7, _("增减率和办结率是公式。评价的数字在当月定稿以后列出。口径见“说明”表。"), drawing.quiet
    )


def _beside(drawing: Drawing, name: str, at: int) -> list[tuple[str, Any]]:
    figure = FIGURES[name]
    look = {"count": drawing.count, "rate": drawing.rate}.get(figure.kind, drawing.days)
    change = {"count": drawing.more, "rate": drawing.points}.get(figure.kind, drawing.longer)
    grown = "" if figure.kind == RATE else f'=IFERROR(B{at}/C{at}-1,"—")'
    return [
        (f"{{{{figure:{name}.title}}}}", drawing.text),
        (f"{{{{figure:{name}}}}}", look),
        (f"{{{{figure:{name} 期间=上期}}}}", look),
        (f'=IFERROR(B{at}-C{at},"—")', change),
        (grown, drawing.points),
        (f"{{{{figure:{name} 期间=去年同期}}}}", look),
        (f"{{{{figure:{name}.n}}}}", drawing.count),
        (f"{{{{figure:{name}.unit}}}}", drawing.text),
    ]


def _by(drawing: Drawing, name: str, of: str, each: str) -> None:
    """A table by unit, region or category: rates are formulas over the counts, the last row sums them up."""
    heads = ["#", of, _("收到"), _("占比"), _("办结"), _("办结率"), _("已答复"), _("超期未答复"), _("按期答复率"),
             _("按期答复率的分母"), _("答复用时的中位数")]  # fmt: skip
    widths = (6, 24, 10, 10, 10, 10, 10, 12, 12, 14, 14)
    sheet = drawing.sheet(name, _("{{地点}}群众诉求%(name)s统计表") % {"name": name}, widths, heads)
    d = drawing
    drawing.row(
        sheet,
        5,
        [
            (f"{{{{{each}}}}}{{{{序号}}}}", d.number), ("{{名称}}", d.text), ("{{收到}}", d.count),
            ('=IFERROR(C5/SUM(C$5:C$5),"—")', d.rate), ("{{办结}}", d.count), ('=IFERROR(E5/C5,"—")', d.rate),
            ("{{已答复}}", d.count), ("{{超期未答复}}", d.count), ("{{按期答复率}}", d.rate),
            ("{{按期答复率.分母}}", d.count), ("{{答复用时的中位数}}", d.days),
        ],
    )  # fmt: skip
    drawing.row(
        sheet,
        6,
        [
            ("", d.bold), (_("合计"), d.bold), ("=SUM(C5:C5)", d.total), ('=IFERROR(C6/C6,"—")', d.total_rate),
            ("=SUM(E5:E5)", d.total), ('=IFERROR(E6/C6,"—")', d.total_rate), ("=SUM(G5:G5)", d.total),
            ("=SUM(H5:H5)", d.total), ("{{按期答复率}}", d.total_rate), ("=SUM(J5:J5)", d.total),
            ("{{答复用时的中位数}}", d.days),
        ],
    )  # fmt: skip


def _definitions(drawing: Drawing) -> None:
    heads = ["#", _("名称"), _("英文名"), _("定义"), _("计量单位"), _("分母"), _("依据")]
    sheet = drawing.sheet(_("说明"), _("指标说明"), (6, 18, 18, 60, 10, 36, 36), heads)
    words = ("{{名称}}", "{{编码}}", "{{定义}}", "{{计量单位}}", "{{分母}}", "{{依据}}")
    cells = [("{{每个统计项}}{{序号}}", drawing.number), *((word, drawing.text) for word in words)]
    drawing.row(sheet, 5, cells)


# -- a unit's own ----------------------------------------------------------------------------------------------
OF_UNIT = ("answered", "median_days", "p90_days", "on_time_rate", "orders", "signed_rate", "objection_rate",
           "return_rate")  # fmt: skip


def _of_unit(drawing: Drawing) -> None:
    _compared(drawing, OF_UNIT, {})
    heads = ["#", _("编号"), _("标题"), _("分工"), _("经办人"), _("状态"), _("派单"), _("期限")]
    sheet = drawing.sheet(_("工单"), _("{{填报单位}}工单清单"), (6, 20, 44, 10, 12, 12, 18, 18), heads)
    words = ["{{编号}}", "{{标题}}", "{{分工}}", "{{经办人}}", "{{状态}}"]
    cells = [("{{每条工单}}{{序号}}", drawing.number), *((word, drawing.text) for word in words)]
    drawing.row(sheet, 5, [*cells, *((word, drawing.moment) for word in ("{{派单}}", "{{期限}}"))])
    _definitions(drawing)


# -- assessment ------------------------------------------------------------------------------------------------
def _assessment(drawing: Drawing) -> None:
    _overview(drawing)
    _each_unit(drawing)
    _posts(drawing)
    _representatives(drawing)
    heads = ["#", _("指标"), _("定义")]
    sheet = drawing.sheet(_("说明"), _("考核指标说明"), (6, 20, 100), heads)
    cells = [
        ("{{每个考核指标}}{{序号}}", drawing.number),
        ("{{名称}}", drawing.text),
        ("{{定义}}", drawing.text),
    ]
    drawing.row(sheet, 5, cells)
    notes = (
        _("规则：{{考核规则}}"),
        _("区间是 95% 的威尔逊区间。件数少的单位区间宽，只看比率会冤枉它。"),
        _("“不列出”：评价太少，或者这一期还没有定稿，列出来会让人猜到是谁评的。它不是零。"),
        _("“件数太少，不比”：单位自己不到规则要的件数。“同类单位太少，不比”：够件数的同类单位不到 3 个。"),
    )
    for at, note in enumerate(notes):
        sheet.merge_range(6 + at, 0, 6 + at, 2, note, drawing.quiet)


def _overview(drawing: Drawing) -> None:
    measures = list(MEASURES)
    heads = ["#", _("类型"), _("单位"), *(str(MEASURES[name]) for name in measures)]
    sheet = drawing.sheet(
        _("单位一览"), _("{{地点}}单位考核表（一览）"), (6, 12, 22, *(10 for _each in measures)), heads
    )
    cells = [
        ("{{每个考核单位}}{{序号}}", drawing.number),
        ("{{类型}}", drawing.text),
        ("{{名称}}", drawing.text),
    ]
    drawing.row(sheet, 5, [*cells, *((f"{{{{{name}}}}}", drawing.rate) for name in measures)])


def _each_unit(drawing: Drawing) -> None:
    """A block of rows for each unit: every figure with n, interval, what it would be without 剔除, and its band."""
    heads = [_("指标"), "n", _("比率"), _("区间下限"), _("区间上限"), _("不剔除时的比率"), _("不剔除时的 n"),
             _("落在哪里"), _("目标"), _("达标")]  # fmt: skip
    sheet = drawing.sheet(
        _("各单位"), _("{{地点}}单位考核表"), (24, 9, 10, 10, 10, 12, 12, 22, 10, 12), heads
    )
    title = f"{{{{每个考核单位 行={len(MEASURES) + 1}}}}}{{{{名称}}}}（{{{{类型}}}}）"
    sheet.merge_range(4, 0, 4, 9, title, drawing.bold)
    for at, name in enumerate(MEASURES, 6):
        look = drawing.rate
        parts = [("n", drawing.count), ("", look), ("low", look), ("high", look), ("whole", look)]
        parts += [
            ("whole_n", drawing.count),
            ("band", drawing.text),
            ("target", look),
            ("reached", drawing.text),
        ]
        cells = [(f"{{{{{name}{'.' + part if part else ''}}}}}", each) for part, each in parts]
        drawing.row(sheet, at, [(str(MEASURES[name]), drawing.text), *cells])


def _posts(drawing: Drawing) -> None:
    shares = (_("按时办结率"), _("按时签收率"), _("重办率"))
    heads = ["#", _("单位"), _("岗位"), _("姓名")]
    parts = ("n", _("区间下限"), _("区间上限"), _("不剔除时的比率"), _("不剔除时的 n"))
    heads += [head for share in shares for head in (share, *parts)]
    sheet = drawing.sheet(_("岗位"), _("岗位考核表"), (6, 16, 24, 12, *(9 for _each in range(18))), heads)
    cells = [("{{每个考核岗位}}{{序号}}", drawing.number)]
    cells += [(word, drawing.text) for word in ("{{单位}}", "{{岗位}}", "{{姓名}}")]
    for name in ("on_time", "signed", "redone"):
        cells += [(f"{{{{{name}}}}}", drawing.rate), (f"{{{{{name}.n}}}}", drawing.count)]
        cells += [(f"{{{{{name}.{part}}}}}", drawing.rate) for part in ("low", "high", "whole")]
        cells += [(f"{{{{{name}.whole_n}}}}", drawing.count)]
    drawing.row(sheet, 5, cells)


def _representatives(drawing: Drawing) -> None:
    heads = ["#", _("代表"), _("姓名"), _("转达"), _("已答复"), _("本人评价"), _("答复占比")]
    heads += [_("区间下限"), _("区间上限")]
    sheet = drawing.sheet(_("代表"), _("代表委员履职表"), (6, 28, 14, 10, 10, 10, 10, 10, 10), heads)
    d = drawing
    drawing.row(
        sheet,
        5,
        [
            ("{{每位代表}}{{序号}}", d.number), ("{{名称}}", d.text), ("{{姓名}}", d.text), ("{{转达}}", d.count),
            ("{{已答复}}", d.count), ("{{本人评价}}", d.count), ("{{答复占比}}", d.rate), ("{{区间下限}}", d.rate),
            ("{{区间上限}}", d.rate),
        ],
    )  # fmt: skip


SHIPPED: Mapping[str, Shipped] = {
    each.code: each
    for each in (
        Shipped(
            "monthly",
            gettext_lazy("诉求办理报表"),
            gettext_lazy("总表、按单位、按区域、按类别、说明。月报、季报、年报都用它。"),
            OVERSIGHT,
            EVERY,
            _monthly,
        ),
        Shipped(
            "unit",
            gettext_lazy("本单位办理报表"),
            gettext_lazy("本单位的答复、时限、签收、退回，和这一期派来的工单。"),
            UNIT,
            EVERY,
            _of_unit,
        ),
        Shipped(
            "assessment",
            gettext_lazy("考核表"),
            gettext_lazy("单位、岗位、代表，每个数都带件数和区间。评价只按单位成组列出。"),
            OVERSIGHT,
            EVERY,
            _assessment,
        ),
    )
}
