"""Lists as files of a table program."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
from python_calamine import CalamineWorkbook

from huiyin.cases.sheets import MOST_ROWS, WRITERS

NINE = datetime(2026, 11, 2, 9, 5, tzinfo=UTC).replace(tzinfo=None)  # a table program knows no zones
HEAD = ["编号", "收到", "人次"]
ROWS = [
    ["2026-1", NINE, 3],
    ["=1+1", "", 0],
    ["@甲", "-3", -3],
    ["http://a.cn", "x=1", 12],
]


def test_a_csv_is_read_by_excel_as_chinese_and_no_cell_is_a_formula(tmp_path: Path):
    WRITERS["csv"](file := tmp_path / "list.csv", HEAD, ROWS)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf") and b"\r\n" in file.read_bytes()
    with file.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream)) == [
            HEAD,
            ["2026-1", "2026-11-02 09:05", "3"],
            ["'=1+1", "", "0"],
            ["'@甲", "'-3", "-3"],
            ["http://a.cn", "x=1", "12"],
        ]


def test_a_sheet_holds_times_as_times_numbers_as_numbers_and_text_as_it_is(tmp_path: Path):
    WRITERS["xlsx"](file := tmp_path / "list.xlsx", HEAD, ROWS)
    rows = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    assert rows == [
        HEAD,
        ["2026-1", NINE, 3.0],
        ["=1+1", "", 0.0],
        ["@甲", "-3", -3.0],
        ["http://a.cn", "x=1", 12.0],
    ]


def test_a_sheet_takes_no_more_rows_than_the_program_under_its_head():
    assert MOST_ROWS == 2**20 - 1 and set(WRITERS) == {"csv", "xlsx"}


def test_a_sheet_prints_across_its_head_on_every_page_and_its_columns_as_wide_as_their_texts(tmp_path: Path):
    WRITERS["xlsx"](
        file := tmp_path / "list.xlsx", HEAD, [*ROWS, ["这条巷子的路灯一直不亮，晚上看不见路", NINE, 1]]
    )
    book = openpyxl.load_workbook(file)
    sheet = book.active
    about = sheet.page_setup
    assert (about.orientation, about.paperSize, sheet.print_title_rows) == ("landscape", 9, "$1:$1")
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and about.fitToHeight == 0
    wide = {name: column.width for name, column in sheet.column_dimensions.items()}
    assert wide["A"] > 38 and wide["B"] > 16 and wide["C"] < 12
    assert sheet.auto_filter.ref == "A1:C6" and sheet["A2"].font.name == "宋体"
