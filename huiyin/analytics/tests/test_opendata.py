"""Open data: every public number comes out of the files alone; no small count, no rating, no report is in them."""

import csv
import json
from datetime import timedelta

import pytest

from huiyin.analytics import opendata, told
from huiyin.analytics.hiding import LEAST
from huiyin.analytics.tests.test_figures import answered_after
from huiyin.cases.models import Case
from huiyin.cli import main
from huiyin.evaluation.tests.road import MONDAY, registered
from huiyin.kernel import clock

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def many(cast):
    """Enough matters for tables with told and with hidden rows."""
    for days in (1, 2, 3.3, 4, 5, 6, 7.77, 9, 11):
        answered_after(cast, days)
    for days in (2, 3, 4):
        answered_after(cast, days, unit="zhujian")
    with clock.frozen(MONDAY):
        for nature, count in (("suggestion", 6), ("praise", 2), ("report", 7), ("inquiry", 3)):
            for _each in range(count):
                registered(cast, nature=nature, headcount=2)
    with clock.frozen(MONDAY + 35 * DAY):
        yield cast


def rows(folder, name):
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_every_public_number_comes_out_of_the_files_alone(many, tmp_path, capsys):
    assert main(["opendata", "export", str(tmp_path / "open"), "--json"]) == 0
    numbers = json.loads(capsys.readouterr().out)["numbers"]
    assert numbers > 20
    assert main(["opendata", "check", str(tmp_path / "open"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"numbers": numbers, "different": []}
    assert main(["opendata", "export", str(tmp_path / "open")]) == 0, "a later export takes its place"


def test_a_number_that_was_changed_afterwards_is_found(many, tmp_path, capsys):
    folder = tmp_path / "open"
    opendata.export(folder)
    file = folder / opendata.PUBLISHED
    text = file.read_text()
    assert "total,,received,23," in text
    file.write_text(text.replace("total,,received,23,", "total,,received,24,"))
    assert main(["opendata", "check", str(folder)]) == 1
    assert "total received" in capsys.readouterr().out


def test_what_is_published_is_what_the_page_shows(many, tmp_path):
    opendata.export(tmp_path)
    found = told.count()
    numbers = {each.place: each.value for each in opendata.read_numbers(tmp_path)}
    assert numbers["total", "", "received"] == found.totals.cases == 23
    shown = {line.key for line in found.natures if line.cases is not None}
    assert {key for table, key, _figure in numbers if table == "nature"} == shown


def test_no_small_count_stands_in_any_file_or_follows_from_two(many, tmp_path):
    opendata.export(tmp_path)
    total = len(rows(tmp_path, "matters"))
    for name, column in (
        ("matters_by_nature", "nature"),
        ("matters_by_month", "month"),
        ("matters_by_unit", "unit"),
    ):
        found = rows(tmp_path, name)
        for key in {row[column] for row in found}:
            assert sum(row[column] == key for row in found) >= LEAST
        left = total - len(found)
        assert name == "matters_by_unit" or left == 0 or left >= LEAST
    assert not {"report", "praise", "inquiry"} & {
        row["nature"] for row in rows(tmp_path, "matters_by_nature")
    }


def test_no_file_says_a_number_a_rating_or_a_text(many, tmp_path):
    opendata.export(tmp_path)
    whole = "".join(file.read_text() for file in tmp_path.glob("*.csv"))
    assert not any(number in whole for number in Case.objects.values_list("number", flat=True))
    columns = {column for name in opendata.ROWS for row in rows(tmp_path, name)[:1] for column in row}
    assert "took_days" in columns and not columns & {
        "satisfied",
        "solved",
        "contacted",
        "number",
        "title",
        "received_on",
    }
    dictionary = {(row["file"], row["column"]) for row in rows(tmp_path, "dictionary")}
    for name in (*opendata.ROWS, "published"):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8") as lines:
            assert {(name, column) for column in next(lines).strip().split(",")} <= dictionary


def test_a_report_changes_no_byte_of_the_rows(cast, tmp_path):
    for days in (1, 2, 3, 4, 5, 6):
        answered_after(cast, days)
    with clock.frozen(MONDAY + 35 * DAY):
        opendata.export(tmp_path / "before")
        registered(cast, nature=Case.Nature.REPORT)
        opendata.export(tmp_path / "after")
    for file in (tmp_path / "before").iterdir():
        assert file.read_bytes() == (tmp_path / "after" / file.name).read_bytes(), file.name


def test_of_no_matters_there_is_something_to_check_all_the_same(cast, tmp_path):
    opendata.export(tmp_path)
    assert opendata.differences(tmp_path)[1] == []


def test_a_folder_with_other_files_is_left_alone(cast, tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["opendata", "export", str(tmp_path)]) == 3
    assert main(["opendata", "check", str(tmp_path)]) == 3
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]
