"""Files as other systems write them: every encoding, separator and accident, and no row lost in silence."""

import datetime
from pathlib import Path

import pytest
import xlsxwriter

from huiyin.channels.bulk.reading import Layout, Rows, open_rows
from huiyin.kernel.refusals import Refused

TABLE = "留言编号,主题,留言时间,内容\n1,路灯不亮,2019-04-25,东街的路灯三天不亮\n2,噪音,2019-04-26,夜里施工\n"


def put(folder: Path, content: str | bytes, name: str = "in.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def cells(rows: Rows) -> list[tuple[object, ...]]:
    return [row.cells for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_gives_the_same_rows(tmp_path: Path, encoding: str) -> None:
    rows = open_rows(put(tmp_path, TABLE.encode(encoding)))
    assert rows.header == ("留言编号", "主题", "留言时间", "内容")
    assert cells(rows)[1] == ("2", "噪音", "2019-04-26", "夜里施工")
    assert [row.row for row in rows] == [2, 3]


def test_utf_16_without_its_mark_is_known_by_its_zeros(tmp_path: Path) -> None:
    text = TABLE + "3,a plain English line,2019-04-26,with quite a lot of plain letters in it\n"
    assert len(cells(open_rows(put(tmp_path, text.encode("utf-16-le"))))) == 3


def test_the_first_chinese_letter_may_come_late(tmp_path: Path) -> None:
    ascii_rows = "".join(f"{n},t,2019-04-25,plain\n" for n in range(200_000))
    content = ("id,title,date,text\n" + ascii_rows + "9,晚,2019-04-25,很晚才有汉字\n").encode("gb18030")
    last = cells(open_rows(put(tmp_path, content)))[-1]
    assert last == ("9", "晚", "2019-04-25", "很晚才有汉字")


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_every_separator_is_found(tmp_path: Path, sign: str) -> None:
    rows = open_rows(put(tmp_path, TABLE.replace(",", sign)))
    assert cells(rows)[0] == ("1", "路灯不亮", "2019-04-25", "东街的路灯三天不亮")


def test_commas_inside_the_text_do_not_win_over_the_real_separator(tmp_path: Path) -> None:
    text = "编号;内容;时间\n" + "".join(f"{n};a,b,c,d,e,f;2019-04-25\n" for n in range(9))
    assert open_rows(put(tmp_path, text)).header == ("编号", "内容", "时间")


def test_excels_own_mark_of_the_separator_is_obeyed(tmp_path: Path) -> None:
    rows = open_rows(put(tmp_path, "sep=;\r\n" + TABLE.replace(",", ";")))
    assert rows.header_row == 2
    assert len(cells(rows)) == 2


def test_line_breaks_and_quotes_inside_quotes_belong_to_the_cell(tmp_path: Path) -> None:
    rows = open_rows(
        put(tmp_path, TABLE + '3,"说""好""",2019-04-27,"一行\r\n二行，有, 逗号"\r\n4,x,2019-04-27,后面\n')
    )
    assert cells(rows)[2] == ("3", '说"好"', "2019-04-27", "一行\r\n二行，有, 逗号")
    last = list(rows)[-1]
    assert (last.row, last.line) == (5, 6)


def test_zero_bytes_empty_lines_and_repeated_headers_are_passed_over(tmp_path: Path) -> None:
    lines = TABLE.splitlines(keepends=True)
    text = lines[0] + "\n" + lines[1].replace("路灯", "路\0灯", 1) + ",,,\n  \n" + lines[0] + lines[2]
    rows = open_rows(put(tmp_path, text))
    assert [row.row for row in rows] == [3, 7]
    assert cells(rows)[0][1] == "路灯不亮"


def test_missing_last_cells_are_empty_and_surplus_cells_are_damage(tmp_path: Path) -> None:
    rows = list(
        open_rows(
            put(tmp_path, TABLE + "3,短,2019-04-27\n4,长,2019-04-27,内容,多出来,的\n5,正,2019-04-27,好,,\n")
        )
    )
    assert rows[2].cells == ("3", "短", "2019-04-27", "")
    assert "6 格" in rows[3].damage
    assert rows[3].cells[-1] == "的"
    assert (rows[4].cells, rows[4].damage) == (("5", "正", "2019-04-27", "好"), "")


def test_a_row_torn_by_a_bare_line_break_is_joined_and_shown_to_a_person(tmp_path: Path) -> None:
    text = (
        TABLE.replace("东街的路灯三天", "东街的路灯\n已经三天")
        .replace("内容\n", "内容,答复\n")
        .replace("不亮\n2", "不亮,已修\n2")
    )
    text = text.replace("夜里施工\n", "夜里施工,已停\n") + "3,完整,2019-04-27,一行,好\n"
    rows = list(open_rows(put(tmp_path, text)))
    assert rows[0].cells == ("1", "路灯不亮", "2019-04-25", "东街的路灯\n已经三天不亮", "已修")
    assert "2 行" in rows[0].damage
    assert [row.damage for row in rows[1:]] == ["", ""]


def test_many_short_rows_in_a_row_are_not_taken_for_torn_ones(tmp_path: Path) -> None:
    text = "编号,主题,内容,时间,答复,答复时间\n" + "".join(f"{n},主,内容{n},2019-04-25\n" for n in range(300))
    rows = list(open_rows(put(tmp_path, text)))
    assert len(rows) == 300
    assert not any(row.damage for row in rows)


def test_one_open_quote_costs_one_row(tmp_path: Path) -> None:
    body = "".join(f"{n},主题,2019-04-25,内容{n}\n" for n in range(3, 3000))
    rows = list(
        open_rows(
            put(tmp_path, TABLE + '2999,"没关,2019-04-25,内容\n' + body + '9999,"好",2019-04-26,"末"\n')
        )
    )
    assert len(rows) == 2 + 1 + 2997 + 1
    assert [row.row for row in rows if row.damage] == [4]
    assert rows[2].cells == ("2999", '"没关', "2019-04-25", "内容")


def test_stray_but_paired_quotes_are_read(tmp_path: Path) -> None:
    rows = list(open_rows(put(tmp_path, TABLE + '3,"他说"不行"就走了",2019-04-27,内容\n')))
    assert rows[2].damage == ""
    assert rows[2].cells[2:] == ("2019-04-27", "内容")


def test_damaged_letters_cost_their_row_and_not_the_file(tmp_path: Path) -> None:
    content = (
        TABLE.encode().replace("夜里".encode(), b"\xe5\xa4\xff" + "里".encode())
        + b"3,x,2019-04-27,\xe4\xb8\x80\n" * 9
    )
    rows = list(open_rows(put(tmp_path, content)))
    assert [bool(row.damage) for row in rows] == [False, True, *[False] * 9]
    assert "\ufffd" in str(rows[1].cells[3])


def test_a_utf_16_file_that_was_cut_off_loses_its_last_row_only(tmp_path: Path) -> None:
    rows = list(open_rows(put(tmp_path, TABLE.rstrip().encode("utf-16")[:-1])))
    assert [bool(row.damage) for row in rows] == [False, True]


def test_titles_above_the_header_are_skipped(tmp_path: Path) -> None:
    rows = open_rows(put(tmp_path, "某市2019年留言汇总\n制表：办公室,,,\n\n" + TABLE))
    assert (rows.header_row, rows.header[0], len(cells(rows))) == (4, "留言编号", 2)


def test_headers_of_one_name_and_of_none_are_told_apart(tmp_path: Path) -> None:
    rows = open_rows(put(tmp_path, "编号,时间,时间,,内容\n1,2019-04-25,2019-04-26,x,好\n"))
    assert rows.header == ("编号", "时间", "时间 (2)", "第 4 列", "内容")
    assert rows.original_header == ("编号", "时间", "时间", "", "内容")


def test_an_operator_may_tell_the_layout(tmp_path: Path) -> None:
    path = put(tmp_path, "a;b\n" + TABLE.replace(",", ";"))
    rows = open_rows(path, layout=Layout(encoding="utf8", delimiter=";", header_row=2))
    assert rows.header == ("留言编号", "主题", "留言时间", "内容")


def test_a_spreadsheet_keeps_dates_and_shows_numbers_as_people_see_them(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"  # told apart by content, not by name
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("说明").write(0, 0, "填表说明")
    sheet = book.add_worksheet("留言")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    clock = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.merge_range(0, 0, 0, 3, "二〇一九年留言")
    sheet.write_row(1, 0, ["编号", "内容", "留言时间", "答复时间"])
    sheet.write_row(2, 0, [188006, "一\r\n二"])
    sheet.write_datetime(2, 2, datetime.datetime(2019, 4, 25, 9, 32, 9), clock)  # noqa: DTZ001
    sheet.write_datetime(2, 3, datetime.datetime(2019, 4, 26), day)  # noqa: DTZ001
    sheet.write_row(4, 0, [202401010000123456, 2.5])
    book.close()
    rows = open_rows(path)
    assert "说明" in rows.description
    first, second = rows
    assert first.cells == (
        "188006",
        "一\n二",
        datetime.datetime(2019, 4, 25, 9, 32, 9),  # noqa: DTZ001
        datetime.date(2019, 4, 26),
    )
    assert (second.row, second.cells) == (5, ("2.02401010000123e+17", "2.5", "", ""))
    assert rows.count == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import_empty"),
        (b"\xef\xbb\xbf\r\n \n", "import_empty"),
        ("编号,内容,时间\n".encode(), "import_empty"),
        (b"PK\x03\x04 half a workbook", "import_damaged"),
        (b"%PDF-1.7 not a table", "import_format"),
        (b"<html><table><tr><td>1</td></tr></table>", "import_format"),
        (bytes(range(1, 32)) * 50, "import_format"),
        (";;é".encode(), "import_empty"),
        ("1,2019-04-25,东街的路灯三天不亮\n2,2019-04-26,夜里施工\n".encode(), "import_header"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as caught:
        open_rows(put(tmp_path, content))
    assert caught.value.code == code


def test_a_sheet_is_chosen_by_name_and_charts_and_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name in ("一月", "二月", "旧"):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["编号", "内容", "留言时间"])
        sheet.write_row(1, 0, [name, "路灯不亮", "2024-01-02"])
    sheet.hide()
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=一月!$A$1:$A$2"})
    book.add_chartsheet("图").set_chart(chart)
    book.close()
    assert cells(open_rows(path))[0][0] == "一月"
    assert "二月" in open_rows(path).description
    assert cells(open_rows(path, layout=Layout(sheet="旧")))[0][0] == "旧"
    with pytest.raises(Refused, match="一月、二月、旧"):
        open_rows(path, layout=Layout(sheet="三月"))


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(Refused) as caught:
            open_rows(path)
        assert caught.value.code == "import_missing"


def test_a_row_shows_nobodys_words_when_printed(tmp_path: Path) -> None:
    assert "路灯" not in repr(open_rows(put(tmp_path, TABLE)).sample())
