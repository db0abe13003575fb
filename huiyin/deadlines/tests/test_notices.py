"""An operator's file is read as it is written in offices, and a slip of the pen is refused by name."""

from datetime import date

import pytest

from huiyin.deadlines import queries
from huiyin.deadlines.loading import load_year
from huiyin.deadlines.models import CalendarYear
from huiyin.deadlines.notices import BadNotice, read_notice
from huiyin.deadlines.refusals import UnknownYear
from huiyin.ledger.models import Event

NOTICE = """
[2027]
holidays = ["2027-01-01/2027-01-03", "2027-02-05"]
workdays = ["2027-02-07"]
basis = "演示通知〔2026〕1号"
"""
CSV = "日期,类型,依据\n2027/1/1,放假,演示通知\n2027.02.05,休,\n2027-02-07,上班,\n\n"


@pytest.fixture
def written(tmp_path):
    def write(content: str, name: str = "2027.toml", encoding: str = "utf-8"):
        path = tmp_path / name
        path.write_bytes(content.encode(encoding))
        return path

    return write


def test_a_toml_notice_is_read_with_runs_of_days(written):
    [table] = read_notice(written(NOTICE))
    assert table.year == 2027
    assert table.holidays == {date(2027, 1, 1), date(2027, 1, 2), date(2027, 1, 3), date(2027, 2, 5)}
    assert table.workdays == {date(2027, 2, 7)}
    assert table.basis == "演示通知〔2026〕1号"


def test_native_toml_dates_are_dates_too(written):
    [table] = read_notice(written("[2027]\nholidays = [2027-01-01]"))
    assert table.holidays == {date(2027, 1, 1)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_notice_is_read_however_the_spreadsheet_saved_it(written, encoding):
    [table] = read_notice(written(CSV.replace("2027/1/1", "2027/01/01"), "n.csv", encoding))
    assert table.holidays == {date(2027, 1, 1), date(2027, 2, 5)}
    assert table.workdays == {date(2027, 2, 7)}
    assert table.basis == "演示通知"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "文件里没有任何年份。"),
        ("title = 1", "“title”不是年份。每一年写成一节，例如 [2027]。"),
        ("2027 = 1", "“2027”不是年份。每一年写成一节，例如 [2027]。"),
        ("[20270]", "“20270”不是年份。每一年写成一节，例如 [2027]。"),
        ("[year]", "“year”不是年份。每一年写成一节，例如 [2027]。"),
        (
            "[2027]\nweekends = []\nfestivals = []",
            "2027 年里有不认识的项“festivals”。只能写 holidays、workdays、basis。",
        ),
        ("[2027]\nholidays = '2027-01-01'", '2027 年的日期要写成列表：["…", "…"]。'),
        ("[2027]\nworkdays = '2027-01-02'", '2027 年的日期要写成列表：["…", "…"]。'),
        ("[2027]\nholidays = ['1月1日']", "“1月1日”不是日期。请写成 2027-01-01 这样。"),
        ("[2027]\nholidays = ['2027-01-03/2027-01-01']", "“2027-01-03/2027-01-01”不是一段日期。"),
        ("[2027]\nholidays = ['2027-01-01/2027-03-03']", "“2027-01-01/2027-03-03”不是一段日期。"),
        (
            "[2027]\nholidays = ['2027-01-01/2027-01-02/2027-01-03']",
            "“2027-01-01/2027-01-02/2027-01-03”不是一段日期。",
        ),
        ("[2027]\nholidays = ['2026-12-31']", "2026-12-31 不在 2027 年。"),
        ("[2027]\nworkdays = ['2028-01-01']\nholidays = ['2027-01-01']", "2028-01-01 不在 2027 年。"),
        (
            "[2027]\nholidays = ['2027-02-07']\nworkdays = ['2027-02-07']",
            "2027-02-07 既写了放假又写了上班。",
        ),
        (
            "[2027]\nholidays = ['2027-01-01']\nworkdays = ['2027-02-08']",
            "2027-02-08 本来就是工作日，不用写成上班。",
        ),
        ("[2027]\nworkdays = ['2027-02-07']", "2027 年没有写任何放假日。"),
        (
            "[2027]\nholidays = ['2027-01-01/2027-02-28', '2027-05-01/2027-05-02']",
            "2027 年的放假日太多，请核对。",
        ),
    ],
)
def test_a_slip_is_refused_in_a_sentence_that_names_it(written, content, said):
    with pytest.raises(BadNotice) as refusal:
        read_notice(written(content))
    assert str(refusal.value) == said
    assert refusal.value.code == "bad-notice"
    assert refusal.value.instead == "日历没有改动。请改正文件后再运行一次同样的命令。"


def test_what_is_no_toml_is_refused_with_the_place_of_the_fault(written):
    with pytest.raises(BadNotice) as refusal:
        read_notice(written("[2027]\nholidays = [1 2]"))
    said = str(refusal.value)
    assert said.startswith("文件不是正确的 TOML：") and "line 2" in said and said.endswith("。")


def test_sixty_days_off_are_still_believed(written):
    [table] = read_notice(written("[2027]\nholidays = ['2027-01-01/2027-03-01']"))
    assert len(table.holidays) == 60
    assert read_notice(written("[2027]\nholidays = ['2027-01-01']"))[0].basis == ""


def test_several_years_come_out_oldest_first_and_dots_and_spaces_are_read(written):
    content = "[2028]\nholidays = ['2028.01.01 ']\n[2027]\nholidays = [' 2027-01-01 / 2027-01-02']"
    tables = read_notice(written(content))
    assert [table.year for table in tables] == [2027, 2028]
    assert tables[0].holidays == {date(2027, 1, 1), date(2027, 1, 2)}
    assert tables[1].holidays == {date(2028, 1, 1)}


def test_a_spreadsheet_in_english_with_gaps_and_without_a_basis_is_read(written):
    content = "\ufeff Date ,TYPE\n,\n2027-01-01,Holiday\n2027-02-07, WORK \n2028/01/01,off\n"
    first, second = read_notice(written(content, "n.CSV"))
    assert (first.holidays, first.workdays) == ({date(2027, 1, 1)}, {date(2027, 2, 7)})
    assert (first.basis, second.basis) == ("", "")
    assert (second.year, second.holidays) == (2028, {date(2028, 1, 1)})


def test_the_basis_of_a_spreadsheet_may_stand_in_any_of_its_lines(written):
    content = "日期,类型,Basis\n2027-01-01,放假\n2027-02-05,放假, 演示通知 \n2027-02-07,上班,\n"
    [table] = read_notice(written(content, "n.csv"))
    assert table.basis == "演示通知"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("日期\n2027-01-01", "第一行里没有“类型”这一列。"),
        ("类型\n放假", "第一行里没有“日期”这一列。"),
        (
            "日期,类型\n2027-01-01,放假\n2027-01-02,出差",
            "第 3 行的类型“出差”看不懂。请写“放假”或“上班”。",
        ),
        ("日期,类型\n2027-01-01", "第 2 行的类型“”看不懂。请写“放假”或“上班”。"),
        ("日期,类型\n元旦,放假", "“元旦”不是日期。请写成 2027-01-01 这样。"),
        ("", "第一行里没有“日期”这一列。"),
    ],
)
def test_a_slip_in_a_spreadsheet_is_refused_and_named(written, content, said):
    with pytest.raises(BadNotice) as refusal:
        read_notice(written(content, "n.csv"))
    assert str(refusal.value) == said


def test_a_file_that_is_not_there_or_cannot_be_read_is_refused_by_name(tmp_path):
    nowhere = tmp_path / "nowhere.toml"
    with pytest.raises(BadNotice) as refusal:
        read_notice(nowhere)
    assert str(refusal.value) == f"找不到文件 {nowhere}。"
    with pytest.raises(BadNotice) as refusal:
        read_notice(tmp_path)
    assert str(refusal.value) == f"读不了文件 {tmp_path}：Is a directory。"


def test_bytes_of_no_known_encoding_are_refused_as_what_they_read_as(tmp_path):
    path = tmp_path / "n.csv"
    path.write_bytes(b"\xff\xff\n")
    with pytest.raises(BadNotice, match="第一行里没有“日期”这一列。"):
        read_notice(path)


@pytest.mark.django_db
def test_loading_makes_the_year_known_writes_one_event_and_twice_changes_nothing(written):
    [table] = read_notice(written(NOTICE))
    with pytest.raises(UnknownYear):
        queries.work_calendar().is_working(date(2027, 2, 5))
    assert queries.years_missing(date(2026, 10, 2)) == []
    assert queries.years_missing(date(2026, 10, 3)) == [2027]  # ninety days ahead
    assert queries.years_missing(date(2026, 11, 22)) == [2027]
    assert load_year(table)
    assert not load_year(table)
    assert queries.years_missing(date(2026, 11, 22)) == []
    assert not queries.work_calendar().is_working(date(2027, 2, 5))
    assert queries.work_calendar().add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)
    [event] = Event.objects.filter(subject="calendar:2027")
    assert event.facts["workdays"] == ["2027-02-07"]
    assert queries.work_calendar().tables[2027].basis == "演示通知〔2026〕1号"


@pytest.mark.django_db
def test_a_notice_for_a_known_year_changes_only_the_days_it_names(written):
    content = "[2026]\nholidays = ['2026-12-31']\nworkdays = ['2026-12-26', '2026-10-07']"
    for table in read_notice(written(content)):
        load_year(table)
    calendar = queries.work_calendar()
    assert calendar.tables[2026].basis == "国务院办公厅关于2026年部分节假日安排的通知"  # this one gave none
    assert not calendar.is_working(date(2026, 12, 31))
    assert calendar.is_working(date(2026, 12, 26))
    assert calendar.is_working(date(2026, 10, 7))  # was a holiday
    assert calendar.is_holiday(date(2026, 10, 1))
    assert CalendarYear.objects.count() == 1
