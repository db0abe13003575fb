"""Open data: every public number comes out of the files alone; no small count, no rating, no report is in them."""

import csv
import json
from datetime import timedelta
from itertools import combinations

import pytest

from huiyin.analytics import freezing, intact, opendata, recomputing, told
from huiyin.analytics.tests.test_figures import answered_after
from huiyin.analytics.tests.test_own import rated
from huiyin.cases import actions
from huiyin.cases.models import Case, Exclusion
from huiyin.cli import main
from huiyin.evaluation.tests.road import MONDAY, registered
from huiyin.kernel import clock
from huiyin.kernel.few import LEAST
from huiyin.organisation.actors import Actor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
RIPE = MONDAY + 60 * DAY
MONTH = f"{clock.local_date(MONDAY):%Y-%m}"


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
    found = json.loads(capsys.readouterr().out)
    assert found == {"sound": True, "faults": [], "signature": "unchecked", "counted": True,
                     "numbers": numbers, "different": [], "moved": [], "frozen": []}  # fmt: skip
    assert main(["opendata", "export", str(tmp_path / "open")]) == 0, "a later export takes its place"


@pytest.fixture
def fixed(cast):
    """A month that stands fixed, with enough of everything to be told."""
    for days in range(1, 13):
        rated(cast, grade=5 if days < 7 else 2, days=days)
    for _each in range(6):
        with clock.frozen(MONDAY):
            registered(cast)
    with clock.frozen(RIPE):
        freezing.freeze(MONTH, by=Actor.system("test"))
        yield cast


def frozen_rows(folder):
    return {
        (row["figure"], row["revision"]): row for row in rows(folder, "published") if row["table"] == "frozen"
    }


def test_a_month_that_stands_fixed_comes_out_of_its_rows_but_for_what_people_said(fixed, tmp_path, capsys):
    opendata.export(tmp_path)
    told_of = {name: row["given_by"] for (name, _revision), row in frozen_rows(tmp_path).items()}
    assert told_of == {"received": "rows", "concluded": "rows", "conclusion_rate": "rows", "on_time_rate": "rows",
                       "median_days": "rows", "satisfaction_rate": "told"}  # fmt: skip
    rate = frozen_rows(tmp_path)["conclusion_rate", "1"]
    assert (float(rate["value"]), rate["n"], rate["day"]) == (
        12 / 18,
        "18",
        clock.local_date(RIPE).isoformat(),
    )
    assert main(["opendata", "check", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert f"{MONTH} 核对的是第 1 版" in said and "1 个只公布、不能重算" in said


@pytest.mark.parametrize("figure", ["conclusion_rate", "on_time_rate", "satisfaction_rate"])
def test_a_rate_of_a_fixed_month_that_was_changed_afterwards_is_found(fixed, tmp_path, figure):
    opendata.export(tmp_path)
    row = frozen_rows(tmp_path)[figure, "1"]
    file = tmp_path / opendata.PUBLISHED
    before = f"frozen,{MONTH},{figure},{row['value']},"
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, f"frozen,{MONTH},{figure},0.99,"))
    [(wrong, _found)] = recomputing.checked(tmp_path).wrong
    assert wrong.figure == figure


def test_what_comes_late_or_is_corrected_is_told_as_moved_and_is_no_fault(fixed, tmp_path, capsys):
    case = Case.objects.filter(first_answered_at=None).first()
    with clock.frozen(RIPE + DAY):
        actions.decline(case, by=fixed.clerk, reason=fixed.no_duty)
        opendata.export(tmp_path / "late")
        assert main(["opendata", "check", str(tmp_path / "late"), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert {each["figure"] for each in found["moved"]} >= {"concluded", "conclusion_rate"}
        assert found["different"] == [] and [each["revision"] for each in found["frozen"]] == [1]
        assert main(["opendata", "check", str(tmp_path / "late")]) == 0
        assert "定稿以后数据变了" in capsys.readouterr().out
        freezing.revise(MONTH, by=Actor.system("test"), reason="补办一件")
        opendata.export(tmp_path / "corrected")
    found = recomputing.checked(tmp_path / "corrected")
    assert (found.wrong, found.moved) == ([], [])
    by = {key: row["given_by"] for key, row in frozen_rows(tmp_path / "corrected").items()}
    assert (by["conclusion_rate", "1"], by["conclusion_rate", "2"]) == ("superseded", "rows")
    assert [revision for _month, revision, _day in found.compared] == [2]


def test_a_rate_said_to_have_moved_that_the_rows_still_give_is_found(fixed, tmp_path):
    opendata.export(tmp_path)
    file = tmp_path / opendata.PUBLISHED
    lines = [
        line.removesuffix("rows") + "moved" if ",conclusion_rate," in line else line
        for line in file.read_text().splitlines()
    ]
    file.write_text("\n".join(lines) + "\n")
    assert [each.figure for each, _found in recomputing.checked(tmp_path).wrong] == ["conclusion_rate"]


def test_few_concluded_or_in_time_stand_neither_in_the_rows_of_a_month_nor_fixed(cast, tmp_path):
    for days in (1, 2, 3):
        rated(cast, days=days)
    with clock.frozen(MONDAY):
        for _each in range(9):
            registered(cast)
    with clock.frozen(RIPE):
        freezing.freeze(MONTH, by=Actor.system("test"))
        opendata.export(tmp_path)
    assert {name for name, _revision in frozen_rows(tmp_path)} == {"received"}
    assert rows(tmp_path, "concluded_by_month") == [] == rows(tmp_path, "rounds_by_month")
    assert recomputing.checked(tmp_path).wrong == []


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
    numbers = {each.place: each.value for each in intact.read_numbers(tmp_path)}
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


def test_no_file_tells_of_few_by_several_columns_of_a_row(many, tmp_path):
    """As of those that were late under one rule, or that are open though they were answered."""
    opendata.export(tmp_path)
    for name in ("headcounts", "days", "rounds", "rounds_extended", "rounds_by_policy"):
        assert len(opendata.COLUMNS[name]) == 1
    assert [*rows(tmp_path, "matters")[0]] == ["open", "overdue"], (
        "both are told of all, and what is late is open"
    )
    for name in ("concluded_by_month", "rounds_by_month"):
        column = [*opendata.COLUMNS[name]][1]
        found = [(row["month"], row[column]) for row in rows(tmp_path, name)]
        assert all(found.count(each) >= LEAST for each in found)
    for name in ("matters_by_nature", "matters_by_unit", "matters_by_month"):
        key = next(iter(opendata.COLUMNS[name]))
        found = [(row[key], row["answered"]) for row in rows(tmp_path, name)]
        assert all(found.count(each) >= LEAST for each in found)


def test_how_few_were_not_concluded_stands_in_the_rows_of_a_month_and_fixed(cast, tmp_path):
    for days in range(1, 13):
        rated(cast, days=days)
    with clock.frozen(MONDAY):
        for _each in range(3):
            registered(cast)
    with clock.frozen(RIPE):
        freezing.freeze(MONTH, by=Actor.system("test"))
        opendata.export(tmp_path)
    assert {"concluded", "conclusion_rate", "median_days"} <= {name for name, _n in frozen_rows(tmp_path)}
    done = [row["concluded"] for row in rows(tmp_path, "concluded_by_month")]
    assert (done.count("true"), done.count("false")) == (12, 3)
    assert recomputing.checked(tmp_path).is_sound


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
    cases = [answered_after(cast, days) for days in (1, 2, 3, 4, 5, 6, 7, 8)]
    for days in (1, 2, 3, 4, 5, 6):
        answered_after(cast, days, unit="zhujian")
    Exclusion.objects.create(case=cases[0], unit=cast.chengguan)
    with clock.frozen(MONDAY + 35 * DAY):
        opendata.export(tmp_path)
    assert recomputing.checked(tmp_path).wrong == []
    assert [row["unit"] for row in rows(tmp_path, "matters_by_unit")] == ["chengguan"] * 7, (
        "nor does the one that names somebody follow from 14 less all units"
    )
    assert len(rows(tmp_path, "matters")) == 14


def test_of_no_matters_there_is_something_to_check_all_the_same(cast, tmp_path):
    opendata.export(tmp_path)
    assert recomputing.checked(tmp_path).wrong == []


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
    assert recomputing.checked(tmp_path).wrong == []
    public = {str(each.value) for each in intact.read_numbers(tmp_path)}
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
    assert recomputing.checked(tmp_path).wrong == []
    days = [row["took_days"] for row in rows(tmp_path, "matters_by_unit")]
    assert days == ["3.65", "3.65", "3.65", "3.65", "6.1", "6.1"], (
        "n × (mean − median) falls to the upper two"
    )
