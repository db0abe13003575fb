"""huiyin import: whole files through the command, as a clerk would give them."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from huiyin.cases.models import Case, Order
from huiyin.cli import main
from huiyin.deadlines.models import Clock
from huiyin.ledger.models import Event
from huiyin.organisation import remembering

FIXTURES = Path(__file__).parents[3] / "tests" / "fixtures"
pytestmark = pytest.mark.django_db
HEADER = ["编号", "姓名", "内容", "来信时间", "承办单位", "答复内容", "答复时间"]
ROWS = [
    ["1", "张三", "路灯三天不亮了，请来修。", "2024-04-25 09:32", "城管局", "已换灯泡。", "2024-05-06 10:00"],
    ["2", "李四", "夜里还在装修，睡不着。", "2024-09-29 20:15", "城管局", "", ""],
    ["3", "王五", "写错了单位的一件事。", "2024-03-01 08:00", "没有局", "", ""],
]


@pytest.fixture(autouse=True)
def _house(tmp_path, settings):
    settings.HUIYIN_HOME = tmp_path / "home"
    with translation.override("zh-hans"):
        yield
    remembering.clear()


@pytest.fixture
def demo(capsys):
    """The demo profile, loaded by its command."""
    assert main(["profile", "load", "demo", "--json"]) == 0
    capsys.readouterr()


def letters(
    file: Path, rows: list[list[str]] = ROWS, *, header: list[str] = HEADER, encoding: str = "utf-8"
) -> Path:
    with file.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return file


def imported(capsys: Any, file: Path, *options: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and the figures that were printed."""
    code = main(["import", str(file), "--json", *options])
    return code, json.loads(capsys.readouterr().out)


def stats(capsys: Any, *, by: str = "") -> dict[str, Any]:
    """The value of each figure; with `by`, the keys of the rows."""
    assert main(["stats", "--json", *(["--by", by] if by else [])]) == 0
    found = json.loads(capsys.readouterr().out)
    values = {name: each["value"] for name, each in found.items() if isinstance(each, dict)}
    return {**values, "keys": {row["key"] for row in found.get("rows", [])}}


@pytest.mark.parametrize("options", [[], ["--fast", "--processes", "1"]], ids=["one by one", "fast"])
@pytest.mark.parametrize("name", ["invented_messages.csv", "invented_messages.xlsx"])
def test_the_invented_files_come_in_wholly_with_units_natures_and_a_group(demo, capsys, name, options):
    code, told = imported(capsys, FIXTURES / name, *options)
    assert (code, told["taken"], told["rejected"], told["elsewhere"]) == (0, 20, 0, 0)
    figures = stats(capsys)
    assert (figures["received"], figures["answered"], figures["people"]) == (19, 17, 85), (
        "a report is in no figure"
    )
    assert stats(capsys, by="nature")["keys"] >= {
        "appeal",
        "complaint",
        "suggestion",
        "inquiry",
        "praise",
    }
    assert stats(capsys, by="unit")["keys"] >= {"chengguan", "zhujian"}
    assert Case.objects.order_by("-headcount").values_list("headcount", flat=True)[0] > 30
    assert not Case.objects.filter(text__contains="13800000001").exists()
    assert main(["ledger", "verify"]) == 0


def test_unanswered_messages_stay_open_and_overdue_from_their_own_dates(demo, capsys):
    imported(capsys, FIXTURES / "invented_messages.csv")
    figures = stats(capsys)
    assert (figures["open"], figures["overdue"]) == (2, 2), "the report among them is in no figure"
    for case in Case.objects.filter(ended_at=None):
        clock = Clock.objects.get(subject=case.number, step="reply")
        assert (clock.state, clock.started_at) == ("running", case.received_at)
        assert case.due_at == clock.due_at and 0 < (case.due_at - case.received_at).days < 20


def test_a_second_run_changes_nothing_and_resume_says_what_was_in_already(cast, capsys, tmp_path):
    file = letters(tmp_path / "letters.csv")
    assert imported(capsys, file)[1]["taken"] == 2
    before = [Case.objects.count(), Order.objects.count(), Event.objects.count()]
    for options in (["--resume"], ["--fast", "--processes", "1"]):
        code, told = imported(capsys, file, *options)
        assert (code, told["taken"], told["known"], told["rejected"]) == (1, 0, 2, 1)
    assert before == [Case.objects.count(), Order.objects.count(), Event.objects.count()]
    assert main(["import", str(file), "--yes", "--resume"]) == 1
    assert "以前已导入 2 条，这次接着导入 0 条" in capsys.readouterr().out


def test_corrected_rejects_are_imported_and_nothing_twice(cast, capsys, tmp_path):
    _code, told = imported(capsys, letters(tmp_path / "letters.csv"))
    rejects = Path(told["rejects"])
    assert "没有名为“没有局”的单位" in rejects.read_text("utf-8-sig")
    rejects.write_text(rejects.read_text("utf-8-sig").replace("没有局", "住建局"), "utf-8-sig")
    code, told = imported(capsys, rejects)
    assert (code, told["taken"], told["rejected"], told["rejects"]) == (0, 1, 0, None)
    assert imported(capsys, letters(tmp_path / "letters.csv", ROWS[:2]))[1]["known"] == 2
    assert Case.objects.get(source_number="3").orders.get().unit == cast.zhujian


def test_a_dry_run_shows_what_would_be_refused_and_writes_nothing(cast, capsys, tmp_path):
    code, told = imported(capsys, letters(tmp_path / "letters.csv"), "--dry-run")
    assert (code, told["taken"], told["rejected"], told["dry_run"]) == (1, 2, 1, True)
    with Path(told["rejects"]).open(encoding="utf-8-sig") as stream:
        [row] = csv.DictReader(stream)
    assert (row["行号"], row["列"], row["编号"]) == ("4", "承办单位", "3")
    assert not Case.objects.exists() and not Event.objects.exists()


def test_every_fault_of_the_faulty_file_is_named_and_the_good_rows_come_in(demo, capsys):
    code, told = imported(capsys, FIXTURES / "invented_faults.csv")
    assert (code, told["rows"], told["taken"], told["rejected"]) == (1, 16, 2, 14)
    with Path(told["rejects"]).open(encoding="utf-8-sig") as stream:
        assert all(row["原因"].endswith("。") and row["列"] for row in csv.DictReader(stream))


def test_later_than_the_day_of_the_file_is_an_error(cast, capsys, tmp_path):
    file = letters(tmp_path / "letters.csv", ROWS[:2])
    code, told = imported(capsys, file, "--as-of", "2024-05-31")
    assert (code, told["taken"], told["rejected"]) == (1, 1, 1)
    assert "将来" in Path(told["rejects"]).read_text("utf-8-sig")
    with pytest.raises(SystemExit):
        main(["import", str(file), "--as-of", "31.5.2024"])


def test_a_mapping_says_which_column_is_what_and_what_words_mean(cast, capsys, tmp_path):
    header = ["a", "b", "c", "d", "e", "f", "g"]
    file = letters(tmp_path / "letters.csv", header=header, encoding="gb18030")
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        '[columns]\nnumber = "a"\npetitioner = "b"\ntext = "c"\nreceived_at = "d"\nunit = "e"\nreply = "f"\n'
        'replied_at = "g"\n[defaults]\nnature = "投诉"\n[values.unit]\n"没有局" = "住建局"\n',
        "utf-8",
    )
    kept = tmp_path / "kept.toml"
    code, told = imported(capsys, file, "--mapping", str(mapping), "--save-mapping", str(kept))
    assert (code, told["taken"]) == (0, 3)
    assert set(Case.objects.values_list("nature", flat=True)) == {"complaint"}
    assert Case.objects.get(source_number="3").orders.get().unit == cast.zhujian
    code, told = imported(capsys, file, "--mapping", str(kept))
    assert (code, told["known"]) == (0, 3)


def test_a_region_that_is_not_ours_is_a_remark_and_with_strict_a_reject(cast, capsys, tmp_path):
    rows = [[*ROWS[0], "西湖区"], [*ROWS[1], "石桥街道"]]
    file = letters(tmp_path / "letters.csv", rows, header=[*HEADER, "区县"])
    assert imported(capsys, file, "--strict", "--dry-run")[1]["rejected"] == 1
    assert main(["import", str(file), "--yes"]) == 0
    assert "1 条写的地区不在本地资料里" in capsys.readouterr().out
    assert Case.objects.get(source_number="1").place == "西湖区"


def test_a_unit_for_all_rows_that_name_none(cast, capsys, tmp_path):
    rows = [[*ROWS[1][:4], "", "", ""]]
    file = letters(tmp_path / "letters.csv", rows)
    assert main(["import", str(file), "--json", "--unit", "没有局"]) == 3
    capsys.readouterr()
    assert imported(capsys, file, "--unit", "住建局")[0] == 0
    assert Case.objects.get().orders.get().unit == cast.zhujian


def test_the_mapping_is_shown_and_nothing_happens_without_a_yes(cast, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.stdin", (tmp_path / "nothing").open("w+"))
    assert main(["import", str(letters(tmp_path / "letters.csv"))]) == 3
    shown = capsys.readouterr()
    assert "内容 ← 内容" in shown.out and "--yes" in shown.err and not Case.objects.exists()
