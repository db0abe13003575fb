"""Several processes side by side leave what one leaves, tell their outcomes in order, and end with their parent."""

import asyncio
import csv
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import connection

from huiyin.cases.models import Case
from huiyin.channels.bulk.columns import guess
from huiyin.channels.bulk.processes import SideBySide, die_with
from huiyin.channels.bulk.progress import silent
from huiyin.channels.bulk.reading import open_rows
from huiyin.channels.bulk.rejects import Rejects
from huiyin.channels.bulk.replay import Replay
from huiyin.channels.bulk.rows import MessageRow, validated
from huiyin.channels.bulk.running import Run, Tally
from huiyin.channels.bulk.tests.picture import picture
from huiyin.channels.bulk.writers import OneByOne, Writer
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.verify import verify

AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


class Small(SideBySide):
    at_once = 7


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Forty rows; every ninth names a unit that does not exist."""
    place = tmp_path / "letters.csv"
    with place.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["编号", "姓名", "内容", "来信时间", "承办单位", "答复内容", "答复时间"])
        for n in range(40):
            unit = "没有局" if n % 9 == 4 else "城管局"
            reply = [f"第 {n} 件已办。", f"2024-04-{n % 28 + 1:02d} 10:00"] if n % 3 else ["", ""]
            table.writerow([n, f"张{n}", f"第 {n} 件事，请来看看。", "2024-03-01 08:00", unit, *reply])
    return place


def run(file: Path, writer: Writer, replay: Replay) -> tuple[Tally, str]:
    rows = open_rows(file)
    mapping = guess(rows.header, rows.sample())
    with writer, Rejects(file.parent, rows) as rejects:
        checked = validated(rows, mapping, zone=clock.zone(), as_of=AS_OF)
        tally = Run(replay, mapping, rejects, silent(0), writer).over(checked)
    return tally, rejects.path.read_text("utf-8-sig")


def test_two_processes_leave_what_one_leaves_and_reject_in_the_order_of_the_file(cast, file):
    one, rejected = run(file, OneByOne(), Replay(source="one"))
    two, rejected_too = run(file, Small(2), Replay(source="two"))
    assert one == two == Tally(rows=40, taken=36, rejected=4)
    assert rejected == rejected_too
    alone, beside = picture("one"), picture("two")
    for number in alone:
        assert [row[:5] for row in alone[number]] == [row[:5] for row in beside[number]]
    assert verify().sound
    again, _rejected = run(file, Small(2), Replay(source="two"))
    assert again == Tally(rows=40, known=36, rejected=4)


def test_connections_that_the_parent_cannot_see_are_not_shared(cast, file):
    """Where an event loop runs in the parent's thread, Django hides the connection opened before it began."""
    with ThreadPoolExecutor(1) as thread:  # a browser test may have left a loop running in this one
        tally, kept = thread.submit(_run_within_a_loop, file).result()
    assert tally == Tally(rows=40, taken=36, rejected=4)
    assert kept == 36
    assert verify().sound


def _run_within_a_loop(file: Path) -> tuple[Tally, int]:
    """Import while an earlier connection is hidden, and count over that connection afterwards."""
    assert Case.objects.count() == 0  # opens one
    hidden = connection.connection

    async def within() -> Tally:
        return run(file, Small(2), Replay(source="two"))[0]

    try:
        with patch.dict(os.environ, DJANGO_ALLOW_ASYNC_UNSAFE="true"):
            tally = asyncio.run(within())
        assert connection.connection is hidden
        return tally, Case.objects.count()
    finally:
        connection.close()


class Deadly(Replay):
    """Its process is killed at the twentieth row, as the system kills one that takes too much memory."""

    def __call__(self, row: MessageRow) -> Case:
        if row.number == "20":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(row)


def test_a_process_that_is_killed_ends_the_run_in_words_and_a_second_run_takes_the_rest(cast, file):
    with pytest.raises(Refused, match="中止"):
        run(file, Small(2), Deadly(source="two"))
    before = Case.objects.count()
    tally, _rejected = run(file, Small(2), Replay(source="two"))
    assert (tally.known, tally.taken) == (before, 36 - before)
    assert verify().sound


def test_a_process_ends_with_its_parent(tmp_path):
    told = tmp_path / "pid"
    parent = get_context("fork").Process(target=_parent, args=(told,))
    parent.start()
    child = _when_written(told)
    os.kill(parent.pid, signal.SIGKILL)
    parent.join()
    assert _ended(child)


def _parent(told: Path) -> None:
    child = get_context("fork").Process(target=_child, args=(os.getpid(), told))
    child.start()
    child.join()


def _child(parent: int, told: Path) -> None:
    die_with(parent)
    told.with_suffix(".new").write_text(str(os.getpid()))
    told.with_suffix(".new").replace(told)
    signal.pause()


def _when_written(file: Path) -> int:
    for _try in range(600):
        if file.exists():
            return int(file.read_text())
        time.sleep(0.05)
    raise AssertionError("the child did not begin")


def _ended(pid: int) -> bool:
    for _try in range(600):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False
