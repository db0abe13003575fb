"""Filling: values in their cells, rows repeated, formulas alive and right, the form of the office kept."""

import io
import zipfile

import pytest
from lxml import etree

from huiyin.kernel.refusals import Refused
from huiyin.workbooks import filling
from huiyin.workbooks.checking import checked
from huiyin.workbooks.filling import Said
from huiyin.workbooks.references import Block, Inside, Mover, RowMap
from huiyin.workbooks.sheets import N
from huiyin.workbooks.tests.drawn import cells, changed, filled_by, opened, shown, template

UNITS = [{"名称": f"单位{at}", "收到": at} for at in range(1, 1001)]


def office(book, sheet) -> None:
    """A form as offices have them: merged title, block, totals, print set-up, name, chart, note, second sheet."""
    boxed = book.add_format({"border": 1, "num_format": "0.0%"})
    sheet.merge_range("A1:C1", "{{地点}}月报")
    sheet.write_row("A2", ["单位", "收到", "占比", "累计"])
    sheet.write("A3", "{{每个单位}}{{名称}}")
    sheet.write("B3", "{{收到}}")
    sheet.write_formula("C3", "=B3/SUM(B$3:B$3)", boxed)
    sheet.write_formula("D3", "=SUM(B$3:B3)")
    sheet.merge_range("E3:F3", "")
    sheet.write("A5", "合计")
    sheet.write_formula("B5", "=SUM(B3)")
    sheet.write_formula("C5", '=IF(B5=0,"—",SUM(C3:C3))', boxed)
    sheet.print_area("A1:F5")
    sheet.repeat_rows(1)
    sheet.autofilter("A2:D3")
    sheet.set_column("A:A", 31)
    sheet.set_footer("&L{{地点}}&R&P")
    sheet.conditional_format("B3:B3", {"type": "cell", "criteria": ">", "value": 5, "format": boxed})
    sheet.data_validation("F3", {"validate": "list", "source": ["是", "否"]})
    sheet.write_comment("B5", "各单位之和")
    book.define_name("各单位", "=总表!$B$3:$B$3")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=总表!$B$3:$B$3", "categories": "=总表!$A$3:$A$3"})
    sheet.insert_chart("A8", chart)
    other = book.add_worksheet("另一张")
    other.write_formula("A1", "=总表!B5/2")
    other.write_formula("A2", "=MAX(总表!B3:B3)")


def test_a_thousand_rows_keep_the_form_and_the_formulas_alive():
    content = filled_by(template(office), {"单位": UNITS}, 地点="听风县")
    rows = shown(content)
    assert rows[2][:4] == ["单位1", 1, pytest.approx(1 / 500500), 1]
    assert rows[1001][:2] == ["单位1000", 1000] and rows[1001][3] == 500500
    assert rows[1003][:3] == ["合计", 500500, pytest.approx(1)], "reckoned for viewers that cannot"
    assert [row[0] for row in shown(content, "另一张")] == [250250, 1000]
    book = opened(content)
    sheet, other = book["总表"], book["另一张"]
    assert sheet["B1004"].value == "=SUM(B3:B1002)" and sheet["C4"].value == "=B4/SUM(B$3:B$1002)"
    assert sheet["D4"].value == "=SUM(B$3:B4)" and sheet["C1004"].value == '=IF(B1004=0,"—",SUM(C3:C1002))'
    assert other["A1"].value == "=总表!B1004/2" and other["A2"].value == "=MAX(总表!B3:B1002)"
    assert sheet.print_area == "'总表'!$A$1:$F$1004" and sheet.print_title_rows == "$2:$2"
    assert (
        sheet.auto_filter.ref == "A2:D1002" and book.defined_names["各单位"].attr_text == "总表!$B$3:$B$1002"
    )
    assert len(sheet.merged_cells.ranges) == 1001 and "E1002:F1002" in map(str, sheet.merged_cells.ranges)
    assert [str(each.sqref) for each in sheet.conditional_formatting] == ["B3:B1002"]
    assert str(sheet.data_validations.dataValidation[0].sqref) == "F3:F1002"
    assert sheet["B1004"].comment.text == "各单位之和" and sheet["C900"].number_format == "0.0%"
    assert sheet.column_dimensions["A"].width == pytest.approx(31, abs=1)
    assert sheet.oddFooter.left.text == "听风县" and sheet["A1"].value == "听风县月报"
    parts = zipfile.ZipFile(io.BytesIO(content))
    chart, drawing = (parts.read(f"xl/{name}1.xml").decode() for name in ("charts/chart", "drawings/drawing"))
    assert "总表!$B$3:$B$1002" in chart and "<xdr:row>1006</xdr:row>" in drawing
    assert 'fullCalcOnLoad="1"' in parts.read("xl/workbook.xml").decode()


def test_two_blocks_of_one_sheet_and_a_block_without_lines():
    given = {"单位": UNITS[:3], "区域": [], "月": UNITS[:2]}
    content = filled_by(
        cells(
            A1="{{每个单位}}{{收到}}",
            A2="=SUM(A1:A1)",
            A3="{{每个区域}}{{收到}}",
            A4="=SUM(A3:A3)",
            A5="{{每月 行=2}}{{名称}}",
            B6="{{收到}}",
            C6="=B6*2",
            A8="=SUM(B5:B6)",
            A9="{{总数}}",
        ),
        given,
        总数=Said(0.25, "rate"),
    )
    rows = shown(content)
    assert [row[0] for row in rows[:6]] == [1, 2, 3, 6, "", 0], "an empty block is one empty row"
    assert [row[:3] for row in rows[6:10]] == [["单位1", "", ""], ["", 1, 2], ["单位2", "", ""], ["", 2, 4]]
    assert rows[11][0] == 3 and rows[12][0] == 0.25
    assert opened(content)["总表"]["A13"].number_format == "0.00%", "a rate in a cell without a format"


def test_a_value_alone_is_a_number_and_among_words_it_is_words():
    content = filled_by(
        cells(A1="{{收到}}", A2="共 {{收到}} 件，{{率}}", A3="{{没有}}", A4="｛｛收到｝｝"),
        收到=12345,
        率=Said(0.5, "rate"),
    )
    assert [row[0] for row in shown(content)] == [12345, "共 12,345 件，50.0%", "—", 12345]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|'/c calc'!A0", "_x0041_\x00\ud800"]
)
def test_a_text_of_a_citizen_stays_a_text(text):
    content = filled_by(cells(A1="{{标题}}"), 标题=text)
    cell = opened(content)["总表"]["A1"]
    kept = (
        "_x005F_x0041_" if text.startswith("_") else text
    )  # as a table program writes what is no letter's number
    assert cell.data_type == "s" and cell.value.strip("\t") == kept.strip("\t")
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@", "\t")), "nor by pressing Enter in it"


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=A1/A2", 2.5), ("=IFERROR(A1/A3,0)", 0), ('=IF(A3=0,"无",A1/A3)', "无"), ("=ROUND(A1/3,2)", 3.33),
        ("=SUM(A1:A3,1)*10%", 1.5), ("=A1&\"件\"", "10件"), ("=-(A1-A2)", -6), ("=AVERAGE(A1:A2)", 7),
        ("=COUNT(A1:A4)", 3), ("=A1>=10", True), ("=A1/A3", "#DIV/0!"), ("=A4+1", "#VALUE!"),
        ("=VLOOKUP(1,A1:A3,1)", None), ("=A5", None),
    ],
)  # fmt: skip
def test_what_a_formula_comes_to_is_written_beside_it_where_it_is_known(formula, value):
    content = filled_by(cells(A1="{{甲}}", A2="{{乙}}", A3="{{丙}}", A4="字", A5=formula), 甲=10, 乙=4, 丙=0)
    found = opened(content, values=True)["总表"]["A5"].value
    assert found == (pytest.approx(value) if isinstance(value, float) else value)
    assert opened(content)["总表"]["A5"].value == formula


def test_references_move_as_a_table_program_moves_them():
    block = Block(5, 5, 10)
    mover = Mover({"总表": RowMap([block]), "二": RowMap()})
    moved = [
        ("SUM(B5:B5)", None, "SUM(B5:B14)"), ("B8/'总表'!B$9", None, "B17/'总表'!B$18"), ("B4", None, "B4"),
        ('"B8"&LOG10(B8)', None, '"B8"&LOG10(B17)'), ("Table1[[#All],[B8]]", None, "Table1[[#All],[B8]]"),
        ("B5*$C$5+B$8", Inside(block, 3), "B8*$C$5+B$17"), ("SUM(B$5:B5)", Inside(block, 3), "SUM(B$5:B8)"),
        ("SUM(5:5)+二!A9", None, "SUM(5:14)+二!A9"), ("B8B8(1)", None, "B8B8(1)"), ("COUNT(B5)", None, "COUNT(B5:B14)"),
    ]  # fmt: skip
    for formula, inside, expected in moved:
        assert mover.formula(formula, "总表", inside) == expected


def test_a_template_with_problems_is_not_filled():
    with pytest.raises(Refused, match="括号不成对"):
        filled_by(cells(A1="{{收到"), 收到=1)


def test_texts_that_double_from_cell_to_cell_end_in_no_value():
    grown = {f"A{at}": f"=A{at - 1}&A{at - 1}" for at in range(2, 31)}
    found = opened(filled_by(cells(A1="{{甲}}", **grown), 甲="字" * 8), values=True)["总表"]
    assert len(found["A12"].value) == 8 * 2**11 and found["A13"].value is None and found["A30"].value is None


def test_far_too_many_cells_are_not_begun(monkeypatch):
    monkeypatch.setattr(filling, "MOST_MADE", 100)
    content = cells(A2="{{每个单位}}{{名称}}", B2="{{收到}}")
    few, many = ([{"名称": "甲", "收到": 1}] * n for n in (50, 51))
    assert len(shown(filled_by(content, {"单位": few, "unit": few}))) >= 50
    with pytest.raises(Refused, match="超过 100 个"):
        filled_by(content, {"单位": many, "unit": many})


def test_a_row_is_as_high_as_its_wrapped_text_needs_unless_somebody_fixed_its_height():
    def draw(book, sheet):
        wrapped = book.add_format({"text_wrap": True, "font_size": 10.5})
        sheet.set_column(0, 0, 20)
        sheet.set_row(2, 40, None)  # fixed
        sheet.write_string("A1", "{{每个单位}}{{name}}", wrapped)
        sheet.write_string("B1", "{{name}}")  # goes on over the next cell, as it did
        sheet.write_string("A3", "{{long}}", wrapped)
        sheet.merge_range("A5:C5", "{{long}}", wrapped)

    long = "从收到到第一次答复，按 24 小时一天算，周末也算。" * 3
    names = ["短", long, "两\n行"]
    content = filled_by(template(draw), {"单位": [{"name": name} for name in names]}, long=long)
    sheet = etree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml"))
    rows = {row.get("r"): row for row in sheet.iter(f"{N}row")}
    heights = {at: (row.get("ht"), row.get("customHeight")) for at, row in rows.items()}
    assert heights["1"] == (None, None) and heights["5"] == ("39.75", "1") and heights["7"] == (None, None)
    assert float(heights["2"][0]) > 8 * 10.5 and 2 * 10.5 < float(heights["3"][0]) < 40
    assert heights["2"][1] is None, "whoever edits the cell gets the height that it then needs"


def test_what_an_office_program_saves_is_a_template_too_and_its_charts_grow():
    """Excel and LibreOffice write a column of one cell as that cell, and remember in a chart what stood in it."""
    chart = {
        "xl/charts/chart1.xml": lambda text: (
            text.replace("$B$3:$B$3</c:f>", "$B$3</c:f>")
            .replace(
                "$A$3:$A$3</c:f>",
                "$A$3</c:f>" + "<c:strCache><c:pt><c:v>{{每个单位}}</c:v></c:pt></c:strCache>",
            )
            .replace("<c:cat>", "<c:tx><c:strRef><c:f>总表!$B$2</c:f></c:strRef></c:tx><c:cat>")
        ),
        "xl/worksheets/sheet1.xml": lambda text: text.replace(
            '<row r="3"', '<row r="3" customFormat="false" ht="34.3" customHeight="false" hidden="false"'
        ),
    }
    saved = changed(template(office), chart)
    assert [str(each) for each in checked(saved).problems] == []
    package = zipfile.ZipFile(io.BytesIO(filled_by(saved, {"单位": UNITS[:40]}, 地点="听风县")))
    drawn = package.read("xl/charts/chart1.xml").decode()
    assert "<c:val><c:numRef><c:f>总表!$B$3:$B$42</c:f>" in drawn and "strCache" not in drawn
    assert "<c:f>总表!$A$3:$A$42</c:f>" in drawn and "<c:f>总表!$B$2</c:f>" in drawn
    sheet = etree.fromstring(package.read("xl/worksheets/sheet1.xml"))
    heights = {row.get("ht") for row in sheet.iter(f"{N}row") if 3 <= int(row.get("r")) <= 42}
    assert heights == {"15"}, "it was measured with the names in braces, which are gone"
    assert "{{" not in drawn


def test_a_name_in_braces_in_the_title_of_a_chart_is_still_told():
    title = {
        "xl/charts/chart1.xml": lambda text: text.replace(
            "<c:plotArea>", "<c:title><c:tx><c:rich><a:p><a:r><a:t>{{收到}}</a:t></a:r></a:p></c:rich></c:tx></c:title>"
            "<c:plotArea>", 1,
        )
    }  # fmt: skip
    assert "图表标题里不能写占位" in str(checked(changed(template(office), title)).problems[0])


def test_a_pie_that_had_one_slice_gets_a_colour_for_each():
    def draw(book, sheet):
        sheet.write_row("A1", ["{{每个单位}}{{名称}}", "{{收到}}"])
        pie = book.add_chart({"type": "pie"})
        fill = {"fill": {"color": "#4f81bd"}}
        pie.add_series({"values": "=总表!$B$1", "categories": "=总表!$A$1", "points": [fill], **fill})
        sheet.insert_chart("D1", pie)

    package = zipfile.ZipFile(io.BytesIO(filled_by(template(draw), {"单位": UNITS[:12]})))
    drawn = etree.fromstring(package.read("xl/charts/chart1.xml"))
    c = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
    row = next(drawn.iter(f"{c}ser"))
    slices = [each.find(f"{c}idx").get("val") for each in row.findall(f"{c}dPt")]
    assert slices == [str(at) for at in range(12)] and row.find(f"{c}spPr") is None
    order = [etree.QName(each).localname for each in row]
    assert order[-2:] == ["cat", "val"] and order.index("dPt") == 2
    assert len({each.get("val") for each in row.iter("{*}srgbClr")}) == 10
