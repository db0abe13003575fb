"""Replaying files: what becomes of rows, twice the same file, killed runs, and the fast way beside the plain one."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import models

from huiyin.cases.batch import WRITTEN
from huiyin.cases.models import Case, Order
from huiyin.channels.bulk.columns import guess
from huiyin.channels.bulk.progress import silent
from huiyin.channels.bulk.reading import open_rows
from huiyin.channels.bulk.rejects import Rejects
from huiyin.channels.bulk.replay import Replay
from huiyin.channels.bulk.rows import validated
from huiyin.channels.bulk.running import Run, Tally
from huiyin.channels.bulk.writers import OneByOne, Together, Writer
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


def run(file: Path, writer: Writer, *, source: str = "test") -> tuple[Tally, Rejects]:
    rows = open_rows(file)
    mapping = guess(rows.header, rows.sample())
    with Rejects(file.parent, rows) as rejects:
        checked = validated(rows, mapping, zone=clock.zone(), as_of=AS_OF)
        tally = Run(Replay(source=source), mapping, rejects, silent(0), writer).over(checked)
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
    plain, fast = (_picture(source) for source in ("plain", "fast"))
    assert plain == fast


NOT_COMPARED = {"source", "number", "recorded_at", "code_hash", "subject"}


def _picture(source: str) -> list[tuple]:
    """Every row of one source's cases, but for keys, numbers, codes, seals, hashes and recorded times."""
    picture: list[tuple] = []
    for case in Case.objects.filter(source=source).order_by("source_number"):
        for model in WRITTEN:
            found = _rows_of(model, case)
            picture += [(model.__name__, *_values(row)) for row in found.order_by("pk")]
        events = Event.objects.filter(subject=f"case:{case.number}").order_by("subject_seq")
        picture += [(e.subject_seq, e.kind, e.actor, e.occurred_at, e.facts) for e in events]
    return picture


def _rows_of(model: type[models.Model], case: Case) -> models.QuerySet:
    if model is Case:
        return Case.objects.filter(pk=case.pk)
    if model is Clock:
        return Clock.objects.filter(subject=case.number)
    if model.__name__ == "Person":
        return model.objects.filter(parties__case=case)
    return model.objects.filter(case=case)


def _values(row: models.Model) -> list:
    kept = [
        field
        for field in row._meta.concrete_fields
        if not field.primary_key
        and field.name not in NOT_COMPARED
        and not isinstance(field, models.BinaryField)
    ]
    return [
        (field.name, getattr(row, field.attname))
        for field in kept
        if not (field.is_relation and field.related_model in WRITTEN)
    ]
