"""Whole files, read to the end: the invented ones always, the shared real ones where they are at hand."""

import os
import statistics
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.channels.bulk.columns import guess
from huiyin.channels.bulk.reading import open_rows
from huiyin.channels.bulk.rows import MessageRow, Problem, validated
from huiyin.kernel.refusals import Refused

ROOT = Path(__file__).resolve().parents[4]
FIXTURES = ROOT / "tests" / "fixtures"
SHARED = Path(os.environ.get("HUIYIN_SHARED_DATA") or ROOT.parent / "shared" / "data")
SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2026, 11, 1, tzinfo=UTC)


def outcomes(path: Path) -> Iterator[MessageRow | list[Problem]]:
    rows = open_rows(path)
    mapping = guess(rows.header, rows.sample())
    return (found for _raw, found in validated(rows, mapping, zone=SHANGHAI, as_of=AS_OF))


def messages(path: Path) -> list[MessageRow]:
    found = list(outcomes(path))
    assert not [what for what in found if isinstance(what, list)]
    return [what for what in found if isinstance(what, MessageRow)]


def real(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not at hand; HUIYIN_SHARED_DATA tells where the shared files are")
    return path


def days(found: list[MessageRow]) -> list[float]:
    return [(row.replied_at - row.received_at).total_seconds() / 86_400 for row in found if row.replied_at]


def test_the_invented_csv_is_read_whole_in_every_spelling_of_time() -> None:
    found = messages(FIXTURES / "invented_messages.csv")
    assert Counter(row.nature for row in found) == {
        "appeal": 8, "complaint": 5, "inquiry": 3, "suggestion": 2, "report": 1, "praise": 1,
    }  # fmt: skip
    assert [row.number for row in found][:2] == ["XJ202400001", "XJ202400002"]
    assert found[0].received_at == datetime(2024, 3, 4, 1, 15, 20, tzinfo=UTC)
    assert found[3].headcount == 37
    assert sum(row.replied_at is None for row in found) == 3
    started = [row.received_at for row in found]
    assert started == sorted(started)


def test_the_invented_spreadsheet_tells_the_same_matters() -> None:
    sheet, text = messages(FIXTURES / "invented_messages.xlsx"), messages(FIXTURES / "invented_messages.csv")
    assert [(row.title, row.nature, row.phone) for row in sheet] == [
        (row.title, row.nature, row.phone) for row in text
    ]
    assert sheet[0].number == "240300001"
    assert sheet[1].replied_date_only


def test_every_fault_costs_its_own_row_and_no_other() -> None:
    found = list(outcomes(FIXTURES / "invented_faults.csv"))
    good = [what.number for what in found if isinstance(what, MessageRow)]
    columns = [what[0].column for what in found if isinstance(what, list)]
    assert good == ["F001", "F016"]
    assert columns == [
        "内容", "留言时间", "留言时间", "答复时间", "答复时间", "答复", "留言编号", "类型", "人数", "留言时间",
        "整行", "整行", "整行", "电话",
    ]  # fmt: skip


def test_the_real_messages_with_replies_give_the_known_figures() -> None:
    found = messages(real("messages_with_replies.csv"))
    taken = days(found)
    assert len(found) == len(taken) == 1926
    assert statistics.median(taken) == pytest.approx(11.66, abs=0.005)
    assert statistics.mean(taken) == pytest.approx(20.5, abs=0.05)
    assert int(max(taken)) == 1160
    assert sum(row.replied_date_only for row in found) == 1


def test_the_real_messages_with_votes_are_all_open() -> None:
    found = messages(real("messages_with_votes.csv"))
    assert len(found) == 4326
    assert not any(row.replied_at for row in found)
    assert max(row.likes for row in found) > 1000


def test_the_real_message_board_of_another_layout_is_read() -> None:
    found = messages(real("hangzhou_messages.csv"))
    assert Counter(row.nature for row in found) == {"appeal": 544, "inquiry": 59, "suggestion": 17}
    assert all(row.received_date_only for row in found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400) | st.text(max_size=300).map(str.encode))
def test_no_bytes_end_in_anything_but_rows_or_a_sentence(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "any.csv"
    for before in (b"", "编号,内容,留言时间,答复,答复时间\n1,路灯不亮,2019-04-25,,\n".encode()):
        path.write_bytes(before + content)
        try:
            for what in outcomes(path):
                assert isinstance(what, MessageRow) or all(problem.reason for problem in what)
        except Refused as refusal:
            assert str(refusal)
