"""The worker goes on whatever one task meets."""

import json
import threading
from pathlib import Path

import pytest
from django.utils import translation

from huiyin.cli.worker import HEARTBEAT, LONG, OUTWARD, STANDING, Task, Worker, tasks

pytestmark = pytest.mark.django_db


def broken() -> None:
    raise RuntimeError("no")


def test_a_failing_task_does_not_stop_the_next(tmp_path: Path) -> None:
    ran: list[str] = []
    worker = Worker([Task("bad", 1, broken), Task("good", 1, lambda: ran.append("good"))], tmp_path)
    worker.round()
    assert ran == ["good"]
    assert worker.tasks[0].failures == 1
    assert worker.tasks[1].failures == 0


def test_a_task_that_keeps_failing_is_tried_less_often(tmp_path: Path) -> None:
    task = Task("bad", 1, broken)
    waits = []
    for _each in range(10):
        task.run()
        waits.append(task.due)
    gaps = [task.due - waits[0] for _each in [0]]
    assert gaps[0] <= 61
    assert task.last["failures"] == 10


def test_a_task_runs_only_when_it_is_due(tmp_path: Path) -> None:
    ran: list[int] = []
    worker = Worker([Task("hourly", 3600, lambda: ran.append(1))], tmp_path)
    worker.round()
    worker.round()
    assert ran == [1]


def test_a_task_writes_in_the_place_s_language_whatever_the_terminal_speaks() -> None:
    spoken: list[str] = []
    with translation.override("en"):
        Task("tells", 1, lambda: spoken.append(translation.get_language())).run()
        assert translation.get_language() == "en"
    assert spoken == ["zh-hans"]


def test_told_to_stop_it_begins_no_further_task(tmp_path: Path) -> None:
    ran: list[int] = []
    worker = Worker([], tmp_path)
    worker.tasks = [Task("first", 1, worker.stop), Task("second", 1, lambda: ran.append(1))]
    worker.loop()
    assert ran == []


def test_the_heartbeat_tells_how_each_task_went(tmp_path: Path) -> None:
    Worker([Task("bad", 1, broken)], tmp_path).round()
    state = json.loads((tmp_path / HEARTBEAT).read_text())
    assert state["tasks"]["bad"]["failures"] == 1


def test_a_task_whose_code_is_missing_is_left_out() -> None:
    found = tasks([("gone", 1, "huiyin.nowhere.act"), ("there", 1, "huiyin.kernel.clock.now")])
    assert [task.name for task in found] == ["there"]


def test_every_standing_task_is_there_and_runs() -> None:
    found = tasks((*STANDING, *LONG, *OUTWARD))
    assert [task.name for task in found] == [name for name, _every, _path in (*STANDING, *LONG, *OUTWARD)]


def test_a_long_task_does_not_hold_up_the_clocks(tmp_path: Path) -> None:
    let_go, ran = threading.Event(), threading.Event()
    slow, silent = (Task(name, 1, lambda: let_go.wait(20)) for name in ("list", "gateway"))
    worker = Worker([Task("clock", 1, ran.set)], tmp_path, long=[slow], outward=[silent])
    worker.tasks.append(Task("end", 1, lambda: worker.stop() if ran.is_set() else None))
    worker.loop()
    assert ran.is_set()
    let_go.set()


def test_once_runs_the_long_tasks_too_and_tells_of_a_failure(tmp_path: Path) -> None:
    ran: list[str] = []
    worker = Worker([], tmp_path, long=[Task("list", 1, lambda: ran.append("list"))])
    assert (worker.once(), ran) == (True, ["list"])
    worker.long.append(Task("bad", 1, broken))
    assert worker.once() is False


def test_a_disk_that_takes_no_heartbeat_does_not_stop_the_tasks(tmp_path: Path) -> None:
    ran: list[str] = []
    worker = Worker([Task("good", 0, lambda: ran.append("good"))], tmp_path / "gone")
    worker.round()
    worker.beat_due = 0.0
    worker.round()
    assert ran == ["good", "good"]
