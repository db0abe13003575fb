"""Looks a template over before anybody may use it: what must be mended, with sheet and cell, and what is not kept."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from huiyin.kernel.refusals import Refused
from huiyin.workbooks import syntax
from huiyin.workbooks.moving import CACHES
from huiyin.workbooks.packing import Package, opened, parsed
from huiyin.workbooks.planning import Plan, Problem, SheetPlan, plan_of
from huiyin.workbooks.references import SEVERAL_SHEETS, TOKEN, gathered_alone
from huiyin.workbooks.sheets import BOOK, Book, N
from huiyin.workbooks.vocabulary import LISTS, Unknown, block_of, canonical, meaning_of

MOST_SHOWN = 20
MOST_SHEETS, MOST_HOLDERS, MOST_QUESTIONS = 40, 5_000, 150
LONGEST_FORMULA = 8_192  # letters, as a table program takes them
# Texts, names of sheets in quotes and brackets of tables: in each of them a quote of another kind means nothing.
# Every piece ends by itself or with the formula, so a formula is read once, from left to right.
QUOTED = re.compile(r""""(?:[^"]|"")*(?:"|\Z)|'(?:[^']|'')*(?:'|\Z)|\[(?:[^\[\]']|'.)*""", re.DOTALL)
XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe|\xfe\xff|<\x00|\x00<")
FORMULAS = ("f", "formula", "formula1", "formula2", "calculatedColumnFormula", "totalsRowFormula")
DDE = re.compile(r"\|")
OTHER_BOOK = re.compile(r"\[[^\[\]]+\][^'!\[\]]*!")
# Functions that fetch from elsewhere, run something, or carry what is in a cell out of the house by a click.
FORBIDDEN = re.compile(
    r"\b(?:_xlfn\.(?:_xlws\.)?)?(WEBSERVICE|FILTERXML|RTD|CALL|REGISTER(?:\.ID)?|EXEC|IMAGE|IMPORTDATA|IMPORTXML|"
    r"IMPORTHTML|IMPORTRANGE|SQL\.REQUEST|DDE|CUBE\w+|STOCKHISTORY|EVALUATE|GET\.\w+)\s*\(",
    re.IGNORECASE,
)
LINKED = re.compile(r"\bHYPERLINK\s*\(\s*(?!\"#)", re.IGNORECASE)


@dataclass(frozen=True)
class Checked:
    """What a template is: its sheets, how much is filled in, what must be mended, and what the office should know."""

    sheets: Sequence[str]
    values: int
    blocks: int
    problems: Sequence[Problem]
    notes: Sequence[str]

    @property
    def about(self) -> Mapping[str, Any]:
        """What is kept of it beside the file."""
        return {
            "sheets": list(self.sheets),
            "values": self.values,
            "blocks": self.blocks,
            "notes": list(self.notes),
        }


class Unfit(Refused):
    """A template with problems, all of them in `problems`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(str(problems[0]), code="workbook_problem")
        self.problems = problems


def checked(content: bytes) -> Checked:
    """Look a file over. Raises Refused for what is no harmless workbook at all."""
    package = opened(content)
    book = Book.of(package)
    if not book.sheets:
        raise Refused(_("文件里没有工作表。"), code="workbook_empty")
    plan = plan_of(book)
    problems = [*plan.problems, *_bounds(plan), *_formulas(package, plan), *_names(plan), *_boxes(package)]
    if plan.is_empty and not problems:
        why = _("没有一处要填的。请在格子里写 {{收到}} 这样的占位，样例里有全部写法。")
        problems.append(Problem(book.sheets[0].name, "", why))
    return Checked(
        sheets=[sheet.name for sheet in book.sheets],
        values=sum(len(sheet.holders) for sheet in plan.sheets),
        blocks=sum(len(sheet.repeated) for sheet in plan.sheets),
        problems=problems[:MOST_SHOWN],
        notes=list(_notes(package)),
    )


def require_fit(content: bytes) -> Checked:
    """The same; raises Unfit when anything must be mended."""
    found = checked(content)
    if found.problems:
        raise Unfit(found.problems)
    return found


def _bounds(plan: Plan) -> Iterator[Problem]:
    first = plan.sheets[0].sheet.name
    if len(plan.sheets) > MOST_SHEETS:
        yield Problem(first, "", _("工作表最多 %(most)d 张。请拆成几个模板。") % {"most": MOST_SHEETS})
    if sum(len(sheet.holders) for sheet in plan.sheets) > MOST_HOLDERS:
        yield Problem(first, "", _("要填的格子最多 %(most)d 个。请拆成几个模板。") % {"most": MOST_HOLDERS})


# -- names -----------------------------------------------------------------------------------------------------
def _names(plan: Plan) -> Iterator[Problem]:
    """Every name in every cell; and how many questions to the figures they make together."""
    questions = set()
    for sheet in plan.sheets:
        known: dict[str, str | None] = {}
        for each in sheet.repeated:
            try:
                known[each.cell] = block_of(each.each)
                cuts = canonical(each.each.cuts)
                if any(name in ("late", "open") for name, _value in cuts) and known[each.cell] not in LISTS:
                    raise Unknown(_("“超期”“在办”只能用来选清单，写在“每件诉求”后面。"))
            except Unknown as unknown:
                known[each.cell] = None
                yield Problem(sheet.sheet.name, each.cell, str(unknown))
        for cell, asked, _each in sheet.asked():
            found = sheet.repeating(sheet.rows[cell])
            block = known[found.cell] if found else ""
            if block is None:
                continue
            try:
                meaning = meaning_of(asked, block, canonical(found.each.cuts) if found else ())
            except Unknown as unknown:
                yield Problem(sheet.sheet.name, cell, str(unknown))
            else:
                if meaning.kind == "figure":
                    questions.add((block, meaning.cuts, found.each.cuts if found else ()))
    for name, margin in plan.margins.items():
        for asked in margin:
            try:
                meaning_of(asked, "")
            except Unknown as unknown:
                yield Problem(name, _("页眉页脚"), str(unknown))
    if len(questions) > MOST_QUESTIONS:
        why = _("条件的组合有 %(n)d 种，最多 %(most)d 种。请用“每…”代替一格一格地写条件。")
        yield Problem(plan.sheets[0].sheet.name, "", why % {"n": len(questions), "most": MOST_QUESTIONS})


# -- formulas --------------------------------------------------------------------------------------------------
def _formulas(package: Package, plan: Plan) -> Iterator[Problem]:
    repeats = any(sheet.repeated for sheet in plan.sheets)
    for sheet in plan.sheets:
        for element in sheet.sheet.root.iter(f"{N}f", f"{N}formula", f"{N}formula1", f"{N}formula2"):
            holder = element.getparent()
            cell = holder.get("r") or holder.get("sqref") or (holder.getparent().get("sqref") or "")
            why = _fault(element.text or "", sheet, repeats=repeats) or _kind(element)
            if why:
                yield Problem(sheet.sheet.name, cell, why)
        for element in sheet.sheet.root.iter(etree.Element):
            if etree.QName(element).localname == "f" and element.tag != f"{N}f":
                why = _fault(element.text or "", sheet, repeats=repeats)
                if why:
                    yield Problem(sheet.sheet.name, "", why)
    yield from _elsewhere(package, plan)
    for name in package.tree(BOOK).iter(f"{N}definedName"):
        why = _fault(name.text or "", plan.sheets[0], repeats=repeats)
        if why or name.get("function") == "1" or name.get("xlm") == "1":
            yield Problem(plan.sheets[0].sheet.name, name.get("name") or "", why or _("不能用宏里的名称。"))


def _elsewhere(package: Package, plan: Plan) -> Iterator[Problem]:
    """Formulas in any other part, whatever it is called: of the columns of tables above all."""
    known = {BOOK, *(each.sheet.part for each in plan.sheets)}
    for part, content in package.parts.items():
        if part in known or not XML.match(content):
            continue
        try:
            root = parsed(content)
        except Refused:  # old drawings are no clean XML; and what is none holds no formula either
            if b"<!DOCTYPE" in content:
                raise
            continue
        for element in root.iter(etree.Element):
            if etree.QName(element).localname in FORMULAS:
                why = _fault(element.text or "", plan.sheets[0], repeats=False)
                if why:
                    yield Problem(root.get("displayName") or part, "", why)


def _kind(formula: Any) -> str:
    return _("“模拟运算表”填不进去。请换成普通公式。") if formula.get("t") == "dataTable" else ""


def _fault(formula: str, sheet: SheetPlan, *, repeats: bool) -> str:
    """What is wrong with a formula; "" for nothing."""
    if len(formula) > LONGEST_FORMULA:
        return _("公式最多 %(most)s 个字。请拆成几格。") % {"most": f"{LONGEST_FORMULA:,}"}
    bare = QUOTED.sub(lambda each: '""' if each[0].startswith('"') else each[0], formula)
    if syntax.has_holder(formula):
        return _("公式里不能写占位。请把占位单独放一格，公式引用那一格。")
    if DDE.search(bare):
        return _("公式里有“|”，会启动别的程序。请删去。")
    if OTHER_BOOK.search(bare) or _names_a_book(formula):
        return _("公式引用了别的工作簿。请把数据放进本工作簿，或者断开链接。")
    match = FORBIDDEN.search(formula)  # also in what looks like a text: nothing may hide in quotes
    if match:
        return _("不能用函数 %(name)s：它会到外面取数据。请删去。") % {"name": match[1].upper()}
    if LINKED.search(formula):
        return _("HYPERLINK 只能指向本工作簿，写成 %(form)s。") % {"form": 'HYPERLINK("#Sheet1!A1", …)'}
    if repeats and SEVERAL_SHEETS.search(bare):
        return _("公式跨了几张表（表1:表3!B5），重复行以后对不上。请一张一张地引用。")
    return _ambiguous(formula, sheet)


def _names_a_book(formula: str) -> bool:
    """Whether the name of a sheet in quotes has brackets, which only another workbook's name has."""
    return any(each[0].startswith("'") and "[" in each[0] for each in QUOTED.finditer(formula))


def _ambiguous(formula: str, sheet: SheetPlan) -> str:
    """A sum over one row of a block of several rows: it would gather the wrong ones."""
    for match in TOKEN.finditer(formula):
        if match["r1"] and not match["r2"] and not match["sheet"] and gathered_alone(match, formula):
            found = sheet.repeating(int(match["r1"].lstrip("$")))
            if found and found.block.height > 1:
                return _("%(cell)s 所在的重复有几行，合计时会对不上。请每组只用一行。") % {"cell": match[0]}
    return ""


# -- the rest --------------------------------------------------------------------------------------------------
def _boxes(package: Package) -> Iterator[Problem]:
    """Text boxes and charts: nothing is filled in there."""
    for part in package.named(r"xl/(?:drawings|charts)/[^/]+\.xml"):
        words = "".join(_written(package.tree(part)))
        if syntax.has_holder(words):
            yield Problem(
                _("图形"), "", _("文本框和图表标题里不能写占位。请写在格子里，让文本框引用那一格（=A1）。")
            )


def _written(root: Any) -> Iterator[str]:
    """What stands in a drawing, but for what a chart remembers of its cells: that is filled with them."""
    if isinstance(root.tag, str) and etree.QName(root).localname in CACHES:
        return
    yield root.text or ""
    for each in root:
        yield from _written(each)
        yield each.tail or ""


def _notes(package: Package) -> Iterator[str]:
    """What the office should know: it is kept as it is, but not made anew."""
    if package.named(r"xl/pivotCache/.*\.xml"):
        yield _("有数据透视表：填好以后，请在 Excel 里点“刷新”。")
    if package.named(r"xl/slicers?/.*"):
        yield _("有切片器：会保留，但只对透视表起作用。")
    if package.named(r"xl/charts/chart\d*\.xml"):
        yield _("有图表：会随重复的行一起变长，打开时重新画。")
    if package.named(r"_xmlsignatures/.*"):
        yield _("有数字签名：填写以后签名不再有效。")
