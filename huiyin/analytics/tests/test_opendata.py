"""Open data: every public number comes out of the files alone; no small count, no rating, no report is in them."""

import csv
import json
from datetime import timedelta
from itertools import combinations

import pytest

from huiyin.analytics import opendata, told
from huiyin.analytics.tests.test_figures import answered_after
from huiyin.cases.models import Case, Exclusion
from huiyin.cli import main
from huiyin.evaluation.tests.road import MONDAY, registered
from huiyin.kernel import clock
from huiyin.kernel.few import LEAST

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


def test_the_file_by_unit_has_no_matter_that_complains_of_somebody_by_name(cast, tmp_path):
    cases = [answered_after(cast, days) for days in (1, 2, 3, 4, 5, 6)]
    Exclusion.objects.create(case=cases[0], unit=cast.chengguan)
    with clock.frozen(MONDAY + 35 * DAY):
        opendata.export(tmp_path)
    assert opendata.differences(tmp_path)[1] == []
    assert (len(rows(tmp_path, "matters_by_unit")), len(rows(tmp_path, "matters"))) == (5, 6)


def test_of_no_matters_there_is_something_to_check_all_the_same(cast, tmp_path):
    opendata.export(tmp_path)
    assert opendata.differences(tmp_path)[1] == []


def test_a_folder_with_other_files_is_left_alone(cast, tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["opendata", "export", str(tmp_path)]) == 3
    assert main(["opendata", "check", str(tmp_path)]) == 3
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_no_value_leads_from_a_matter_in_one_file_to_the_same_matter_in_another(cast, tmp_path):
    """What somebody would do who knows one thing of a neighbour: look for the row that no other row is like."""
    for at in range(24):
        case = answered_after(cast, 1 + at * at * 0.0073, unit=("chengguan", "zhujian")[at % 2])
        case.__class__.objects.filter(pk=case.pk).update(
            headcount=1 + at, nature=("appeal", "inquiry")[at // 2 % 2]
        )
    with clock.frozen(MONDAY + 99 * DAY):
        opendata.export(tmp_path)
    assert opendata.differences(tmp_path)[1] == []
    public = {str(each.value) for each in opendata.read_numbers(tmp_path)}
    files = {name: rows(tmp_path, name) for name in opendata.ROWS}
    for column in ("took_days", "headcount"):
        holding = [[row[column] for row in found] for found in files.values() if found and column in found[0]]
        assert len(holding) == 4
        for one, two in combinations(holding, 2):
            alike = {
                value for value in set(one) & set(two) if max(one.count(value), two.count(value)) < LEAST
            }
            told_anyway = public if column == "took_days" else _people_a_matter(files)
            assert alike <= told_anyway, "each of the others would single a few matters out"
    for found in files.values():
        assert (
            not found
            or len({"took_days", "headcount", "open", "on_time"} & found[0].keys() - {"headcount"}) <= 1
        )


def _people_a_matter(files):
    """What the public tables tell of people: of each group the mean, rounded down or up."""
    told_values = set()
    for name, key in (("nature", "nature"), ("unit", "unit"), ("month", "month")):
        found = files[f"matters_by_{name}"]
        for each in {row[key] for row in found}:
            heads = [int(row["headcount"]) for row in found if row[key] == each]
            assert max(heads) - min(heads) <= 1, "spread evenly"
            told_values |= {str(min(heads)), str(max(heads))}
    return told_values


def test_rows_of_few_say_no_more_than_their_median_mean_and_number(cast, tmp_path):
    for days in (1, 2.5, 3.3, 9, 4, 7):
        answered_after(cast, days)
    with clock.frozen(MONDAY + 35 * DAY):
        opendata.export(tmp_path)
    assert opendata.differences(tmp_path)[1] == []
    days = [row["took_days"] for row in rows(tmp_path, "matters_by_unit")]
    assert days == ["3.65", "3.65", "3.65", "3.65", "6.1", "6.1"], (
        "n × (mean − median) falls to the upper two"
    )
