"""Replaying files: what becomes of rows, twice the same file, killed runs, and the fast way beside the plain one."""

import csv
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from huiyin.cases import pens
from huiyin.cases.batch import WRITTEN
from huiyin.cases.models import Case, Order
from huiyin.channels.bulk.columns import guess
from huiyin.channels.bulk.progress import silent
from huiyin.channels.bulk.reading import open_rows
from huiyin.channels.bulk.rejects import Rejects
from huiyin.channels.bulk.replay import Replay
from huiyin.channels.bulk.rows import MessageRow, validated
from huiyin.channels.bulk.running import Run, Tally
from huiyin.channels.bulk.tests.picture import picture
from huiyin.channels.bulk.writers import OneByOne, Rehearsal, Together, Writer
from huiyin.deadlines.models import Clock
from huiyin.kernel import clock
from huiyin.ledger import sequencer
from huiyin.ledger.models import Event
from huiyin.ledger.verify import verify

HEADER = [
    "留言编号",
    "留言用户",
    "留言主题",
    "留言时间",
    "留言详情",
    "承办单位",
    "类型",
    "答复意见",
    "答复时间",
]
ROWS = [
    ["1", "U1", "路灯不亮", "2024/4/25 9:32:09", "银杏路的路灯三天不亮，电话13800000001。", "城管局", "求助",
     "已更换灯泡。", "2024-05-06 10:00"],
    ["2", "U2", "装修噪声", "2024年9月29日 20时15分", "夜里还在装修。", "城管局", "投诉", "", ""],
    ["3", "U3", "建议加长椅", "2024-02-09", "公园里缺长椅。", "", "建议", "已列入计划。", "2024-02-29"],
    ["4", "U4", "咨询办证", "2024.3.1 08:00", "居住证怎么办理？", "", "咨询", "", ""],
    ["5", "U5", "没有这个单位", "2024-03-01 08:00", "写错了单位。", "没有局", "求助", "", ""],
    ["6", "U6", "答复早于来信", "2024-03-05 08:00", "时间写反了。", "城管局", "求助", "已办。", "2024-03-01 08:00"],
]  # fmt: skip
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "letters.csv"
    with place.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *ROWS])
    return place


def run(file: Path, writer: Writer, *, source: str = "test", strict: bool = False) -> tuple[Tally, Rejects]:
    rows = open_rows(file)
    mapping = guess(rows.header, rows.sample())
    with Rejects(file.parent, rows) as rejects:
        checked = validated(rows, mapping, zone=clock.zone(), as_of=AS_OF)
        replay = Replay(source=source, strict=strict)
        tally = Run(replay, mapping, rejects, silent(0), writer).over(checked)
    sequencer.sequence()
    return tally, rejects


@pytest.mark.parametrize("writer", [OneByOne, Together])
def test_every_row_is_taken_or_put_aside_with_its_reason(cast, file, writer):
    tally, rejects = run(file, writer())
    assert (tally.taken, tally.known, tally.rejected) == (4, 0, 2)
    put_aside = rejects.path.read_text("utf-8-sig")
    assert "没有局" in put_aside and "早于" in put_aside
    states = dict(Case.objects.values_list("source_number", "state"))
    assert states == {"1": "closed", "2": "handling", "3": "closed", "4": "registered"}
    answered = Case.objects.get(source_number="1")
    assert (answered.first_answered_at - answered.received_at).days == 11
    assert "13800000001" not in answered.text and answered.redacted_by is None
    assert Order.objects.get(case=answered).clock.late is True
    assert Clock.objects.get(subject=Case.objects.get(source_number="4").number).state == "running"
    report = verify()
    assert report.sound, report


@pytest.mark.parametrize("writer", [OneByOne, Together])
def test_a_second_run_changes_nothing(cast, file, writer):
    run(file, writer())
    before = [model.objects.count() for model in (*WRITTEN, Event)]
    tally, _rejects = run(file, writer())
    assert (tally.taken, tally.known) == (0, 4)
    assert [model.objects.count() for model in (*WRITTEN, Event)] == before


def test_a_number_met_again_with_other_words_is_put_aside(cast, file):
    run(file, OneByOne())
    changed = file.read_text("gb18030").replace("夜里还在装修", "白天还在装修")
    file.write_text(changed, "gb18030")
    tally, rejects = run(file, OneByOne())
    assert tally.known == 3 and "内容不同" in rejects.path.read_text("utf-8-sig")


def test_the_fast_way_writes_what_the_plain_way_writes(cast, file):
    run(file, OneByOne(), source="plain")
    run(file, Together(), source="fast")
    plain, fast = picture("plain"), picture("fast")
    assert plain.keys() == fast.keys() == {"1", "2", "3", "4"}
    for number in plain:
        assert plain[number] == fast[number]


def test_a_rehearsal_finds_what_would_be_refused_and_writes_nothing(cast, file):
    before = [model.objects.count() for model in (*WRITTEN, Event)]
    tally, rejects = run(file, Rehearsal())
    assert (tally.taken, tally.rejected) == (4, 2)
    assert "没有局" in rejects.path.read_text("utf-8-sig")
    assert [model.objects.count() for model in (*WRITTEN, Event)] == before


def test_a_region_that_is_not_ours_goes_into_the_place_and_the_case_to_the_desk(cast, file):
    table = [[*HEADER, "区县", "地点"], [*ROWS[0], "西湖区", "文三路 1 号"], [*ROWS[1], "石桥街道", "桥头"]]
    with file.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows(table)
    tally, _rejects = run(file, Together(), source="lenient")
    assert (tally.taken, tally.elsewhere) == (2, 1)
    away, ours = Case.objects.filter(source="lenient").order_by("source_number")
    assert (away.place, away.region, away.desk) == ("西湖区 文三路 1 号", cast.town, cast.centre)
    assert (ours.place, ours.region) == ("桥头", cast.street)
    tally, rejects = run(file, Together(), source="strict", strict=True)
    assert (tally.taken, tally.rejected) == (1, 1) and "西湖区" in rejects.path.read_text("utf-8-sig")


class Disturbed(Replay):
    """Presses Ctrl-C while it replays the second row."""

    def __call__(self, row: MessageRow) -> Case:
        if row.number == "2":
            signal.raise_signal(signal.SIGINT)
        return super().__call__(row)


@pytest.mark.parametrize(("writer", "taken"), [(OneByOne, 2), (Together, 4)])
def test_ctrl_c_ends_between_two_rows_with_a_true_count(cast, file, writer, taken):
    rows = open_rows(file)
    mapping = guess(rows.header, rows.sample())
    checked = validated(rows, mapping, zone=clock.zone(), as_of=AS_OF)
    before = signal.getsignal(signal.SIGINT)  # a shell's background job ignores it
    with pytest.raises(KeyboardInterrupt), Rejects(file.parent, rows) as rejects:
        running = Run(Disturbed(source="test"), mapping, rejects, silent(0), writer())
        running.over(checked)
    assert running.tally.taken == taken == Case.objects.count()
    assert signal.getsignal(signal.SIGINT) is before
    again, _rejects = run(file, writer())
    assert (again.known, again.taken) == (taken, 4 - taken)


class Overtaken(Replay):
    """Somebody else imports the first row at the moment at which it is replayed."""

    def __call__(self, row: MessageRow) -> Case:
        case = super().__call__(row)
        if row.number == "1" and not Case.objects.filter(source_number="1").exists():
            with pens.writing_with(pens.DirectPen()):
                Replay(source=self.source)(row)
        return case


def test_a_row_that_another_run_was_first_with_is_known_and_the_rest_are_taken(cast, file):
    rows = open_rows(file)
    mapping = guess(rows.header, rows.sample())
    checked = validated(rows, mapping, zone=clock.zone(), as_of=AS_OF)
    with Rejects(file.parent, rows) as rejects:
        running = Run(Overtaken(source="test"), mapping, rejects, silent(0), Together())
        tally = running.over(checked)
    sequencer.sequence()
    assert (tally.taken, tally.known, tally.rejected) == (3, 1, 2)
    assert Case.objects.count() == 4 and verify().sound
