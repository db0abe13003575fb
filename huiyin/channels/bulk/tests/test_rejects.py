"""What was rejected can be corrected and imported again, and nobody's corrections are written over."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from huiyin.channels.bulk.columns import guess
from huiyin.channels.bulk.reading import open_rows
from huiyin.channels.bulk.rejects import Rejects
from huiyin.channels.bulk.rows import MessageRow, Problem, validated

HEADER = "编号,内容,留言时间,答复,答复时间\n"
GOOD = "1,东街的路灯三天不亮,2019-04-25,已修好,2019-04-26\n"
BAD = '2,"夜里施工,\n无法入睡",2019-02-30,,\n3,,03/04/2019,好,\n'


def run(path: Path, home: Path) -> tuple[int, Path | None]:
    rows = open_rows(path)
    mapping = guess(rows.header, rows.sample())
    taken = 0
    with Rejects(home, rows) as rejects:
        for raw, found in validated(
            rows, mapping, zone=ZoneInfo("Asia/Shanghai"), as_of=datetime(2026, 1, 1, tzinfo=UTC)
        ):
            if isinstance(found, MessageRow):
                taken += 1
            else:
                rejects.add(raw, found)
    return taken, rejects.path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "messages.csv"
    path.write_text(HEADER + GOOD + BAD, encoding="gb18030")
    return path


def table(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


def test_rejected_rows_stand_unchanged_behind_row_column_and_reason(source: Path, tmp_path: Path) -> None:
    taken, path = run(source, tmp_path / "home")
    assert taken == 1
    assert path is not None
    assert path.parent == tmp_path / "home" / "imports"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")  # so that Excel opens it as UTF-8
    header, first, second = table(path)
    assert header == ["行号", "列", "原因", *HEADER.strip().split(",")]
    assert first[0] == "3"
    assert first[1] == "留言时间"
    assert "2019-02-30" in first[2]
    assert first[3:] == ["2", "夜里施工,\n无法入睡", "2019-02-30", "", ""]
    assert second[1] == "内容；留言时间；答复时间"
    assert second[3:] == ["3", "", "03/04/2019", "好", ""]


def test_only_its_owner_may_read_it(source: Path, tmp_path: Path) -> None:
    _taken, path = run(source, tmp_path)
    assert path is not None
    assert path.stat().st_mode & 0o077 == 0


def test_a_corrected_rejects_file_is_taken_and_an_uncorrected_one_comes_back_the_same(
    source: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    _taken, path = run(source, home)
    assert path is not None
    taken, again = run(path, home)
    assert taken == 0
    assert again is not None
    assert [row[1:] for row in table(again)] == [row[1:] for row in table(path)]
    path.write_text(
        path.read_text(encoding="utf-8-sig").replace("2019-02-30", "2019-02-28"), encoding="gb18030"
    )
    taken, rest = run(path, home)
    assert taken == 1
    assert rest is not None
    assert len(table(rest)) == 2


def test_a_second_run_keeps_the_same_file(source: Path, tmp_path: Path) -> None:
    assert run(source, tmp_path) == run(source, tmp_path)
    assert len(list((tmp_path / "imports").iterdir())) == 1


def test_corrections_made_in_place_are_never_written_over(source: Path, tmp_path: Path) -> None:
    _taken, path = run(source, tmp_path)
    assert path is not None
    path.write_text("corrected", encoding="utf-8")
    _taken, other = run(source, tmp_path)
    assert other != path
    assert path.read_text(encoding="utf-8") == "corrected"


def test_files_of_one_name_in_two_folders_have_rejects_of_their_own(source: Path, tmp_path: Path) -> None:
    twin = tmp_path / "b" / source.name
    twin.parent.mkdir()
    twin.write_bytes(source.read_bytes())
    assert run(source, tmp_path)[1] != run(twin, tmp_path)[1]


def test_without_a_rejected_row_there_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "good.csv"
    path.write_text(HEADER + GOOD, encoding="utf-8")
    assert run(path, tmp_path) == (1, None)
    assert not (tmp_path / "imports").exists()


def test_a_run_that_fails_leaves_no_half_file(source: Path, tmp_path: Path) -> None:
    rows = open_rows(source)
    with pytest.raises(ZeroDivisionError), Rejects(tmp_path, rows) as rejects:
        rejects.add(next(iter(rows)), [Problem("内容", "坏了。")])
        raise ZeroDivisionError
    assert list((tmp_path / "imports").iterdir()) == []


def test_what_a_killed_run_left_is_removed_by_the_next(source: Path, tmp_path: Path) -> None:
    rows = open_rows(source)
    Rejects(tmp_path, rows).add(next(iter(rows)), [Problem("内容", "坏了。")])
    _taken, path = run(source, tmp_path)
    assert list((tmp_path / "imports").iterdir()) == [path]


def test_a_short_fragment_left_uncorrected_is_not_taken_the_second_time(tmp_path: Path) -> None:
    path = tmp_path / "torn.csv"
    path.write_text(HEADER + GOOD + "2,夜里施工,2019-04-25\n无法入睡\n再一行,x,y,z\n", encoding="utf-8")
    taken, rejected = run(path, tmp_path)
    assert taken == 1
    assert rejected is not None
    assert run(rejected, tmp_path)[0] == 0


def test_surplus_cells_are_kept_for_the_person_who_corrects_them(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(
        HEADER + GOOD + "2,夜里施工,无法入睡,2019-04-25,,\n3,a,b,2019-04-25,x,y\n", encoding="utf-8"
    )
    _taken, rejected = run(path, tmp_path)
    assert rejected is not None
    assert table(rejected)[-1][3:] == ["3", "a", "b", "2019-04-25", "x", "y"]
