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
    ("content", "named"),
    [
        ("[2027", "TOML"),
        ("", "没有任何年份"),
        ("title = 1", "title"),
        ("[2027]\nfestivals = []", "festivals"),
        ("[2027]\nholidays = '2027-01-01'", "2027"),
        ("[2027]\nholidays = ['1月1日']", "1月1日"),
        ("[2027]\nholidays = ['2027-01-03/2027-01-01']", "2027-01-03"),
        ("[2027]\nholidays = ['2026-12-31']", "2026-12-31"),
        ("[2027]\nholidays = ['2027-02-07']\nworkdays = ['2027-02-07']", "2027-02-07"),
        ("[2027]\nholidays = ['2027-01-01']\nworkdays = ['2027-02-08']", "2027-02-08"),
        ("[2027]\nworkdays = ['2027-02-07']", "没有写任何放假日"),
    ],
)
def test_a_slip_is_refused_and_named(written, content, named):
    with pytest.raises(BadNotice) as refusal:
        read_notice(written(content))
    assert named in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "named"), [("日期\n2027-01-01", "类型"), ("日期,类型\n2027-01-01,出差", "出差")]
)
def test_a_slip_in_a_spreadsheet_is_refused_and_named(written, content, named):
    with pytest.raises(BadNotice) as refusal:
        read_notice(written(content, "n.csv"))
    assert named in str(refusal.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BadNotice):
        read_notice(tmp_path / "nowhere.toml")


@pytest.mark.django_db
def test_loading_makes_the_year_known_writes_one_event_and_twice_changes_nothing(written):
    [table] = read_notice(written(NOTICE))
    with pytest.raises(UnknownYear):
        queries.work_calendar().is_working(date(2027, 2, 5))
    assert queries.years_missing(date(2026, 9, 1)) == []
    assert queries.years_missing(date(2026, 11, 22)) == [2027]
    assert load_year(table)
    assert not load_year(table)
    assert queries.years_missing(date(2026, 11, 22)) == []
    assert not queries.work_calendar().is_working(date(2027, 2, 5))
    assert queries.work_calendar().add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)
    [event] = Event.objects.filter(subject="calendar:2027")
    assert event.facts["workdays"] == ["2027-02-07"]


@pytest.mark.django_db
def test_a_notice_for_a_known_year_changes_only_the_days_it_names(written):
    content = "[2026]\nholidays = ['2026-12-31']\nworkdays = ['2026-12-26', '2026-10-07']"
    for table in read_notice(written(content)):
        load_year(table)
    calendar = queries.work_calendar()
    assert not calendar.is_working(date(2026, 12, 31))
    assert calendar.is_working(date(2026, 12, 26))
    assert calendar.is_working(date(2026, 10, 7))  # was a holiday
    assert calendar.is_holiday(date(2026, 10, 1))
    assert CalendarYear.objects.count() == 1
