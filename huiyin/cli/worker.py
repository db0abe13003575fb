"""The standing tasks and the loop that runs them: a failing task never stops the others."""

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.utils import translation
from django.utils.module_loading import import_string

from huiyin.kernel import clock

log = logging.getLogger(__name__)

HEARTBEAT = "worker.json"
BEAT_EVERY = 5.0
LONGEST_WAIT = 60.0  # seconds between two tries of a task that keeps failing

# name, seconds between two runs, what to call
STANDING: Sequence[tuple[str, float, str]] = (
    ("sequence", 1, "huiyin.ledger.sequencer.sequence"),
    ("search", 1, "huiyin.search.tasks.keep_up"),
    ("search_public", 1, "huiyin.publication.shelf.keep_up"),
    ("codes", 1, "huiyin.channels.web.signing_in.look"),
    ("supplements", 30, "huiyin.cases.tasks.lapse_supplements"),
    ("hearings", 30, "huiyin.cases.tasks.end_hearings"),
    ("suspensions", 30, "huiyin.cases.tasks.end_suspensions"),
    ("sweep", 30, "huiyin.cases.tasks.sweep"),
    ("silence", 60, "huiyin.cases.tasks.accept_silence"),
    ("elsewhere", 60, "huiyin.cases.tasks.resume_elsewhere"),
    ("reminders", 300, "huiyin.supervision.tasks.remind_by_rule"),
    ("proposals", 300, "huiyin.supervision.tasks.propose_by_rule"),
    ("successors", 300, "huiyin.cases.tasks.take_over_left_behind"),
    ("rechecks", 600, "huiyin.supervision.recurrence.tasks.draw"),
    ("rechecks_over", 3600, "huiyin.supervision.recurrence.tasks.lapse"),
    ("call_backs", 30, "huiyin.evaluation.tasks.draw_call_backs"),
    ("call_backs_over", 300, "huiyin.evaluation.tasks.lapse_call_backs"),
    ("unrated", 300, "huiyin.evaluation.tasks.close_unrated"),
    ("blocks", 3600, "huiyin.evaluation.tasks.make_blocks"),
    ("exports_gone", 600, "huiyin.cases.exporting.forget_old"),
    ("sessions", 6 * 3600, "huiyin.accounts.tasks.forget_sessions"),
)
# What may take minutes runs beside the others, one after the other, so that no clock waits for a long list.
LONG: Sequence[tuple[str, float, str]] = (
    ("exports", 1, "huiyin.cases.exporting.write_waiting"),
    ("bulletins", 2, "huiyin.publication.bulletins.files.make_waiting"),
    ("told", 60, "huiyin.analytics.told.keep"),
    ("periods", 3600, "huiyin.analytics.freezing.freeze_due"),
    ("assessed", 3600, "huiyin.assessment.closing.close_due"),
    ("unsent_files", 6 * 3600, "huiyin.cases.storing.throw_away"),
)
# What waits for others (a mail server, a gateway) has a thread of its own: a silent one holds up nothing else.
OUTWARD: Sequence[tuple[str, float, str]] = (("outbox", 1, "huiyin.channels.sending.outbox.send_prepared"),)


@dataclass
class Task:
    """A standing task and how its last runs went."""

    name: str
    every: float
    act: Callable[[], Any]
    due: float = 0.0
    failures: int = 0
    last: dict[str, Any] = field(default_factory=dict)

    def run(self) -> None:
        """Run once; a failure is logged, and the next try waits longer each time."""
        began = time.monotonic()
        close_old_connections()
        try:
            # What a task writes to people is in the place's language, whatever tongue the terminal speaks.
            with translation.override(settings.LANGUAGE_CODE):
                self.act()
        except Exception:  # whatever a task meets, the others go on
            self.failures += 1
            log.exception("standing task %s failed (%s in a row)", self.name, self.failures)
        else:
            self.failures = 0
        finally:
            close_old_connections()
        ended = time.monotonic()
        wait = (
            self.every
            if not self.failures
            else min(self.every * 2**self.failures, max(self.every, LONGEST_WAIT))
        )
        self.due = ended + wait
        self.last = {
            "at": clock.now().isoformat(),
            "seconds": round(ended - began, 3),
            "failures": self.failures,
        }


def tasks(standing: Sequence[tuple[str, float, str]] = STANDING) -> list[Task]:
    """The standing tasks; one whose code is not there is left out with a log line."""
    found = []
    for name, every, path in standing:
        try:
            found.append(Task(name, every, import_string(path)))
        except ImportError as missing:
            log.warning("standing task %s is left out: %s", name, missing)
    return found


@dataclass
class Worker:
    """Runs each task when it is due, until told to stop; writes a heartbeat for `huiyin doctor`."""

    tasks: list[Task]
    home: Path
    long: list[Task] = field(default_factory=list)
    outward: list[Task] = field(default_factory=list)
    stopping: bool = False
    beat_due: float = 0.0

    def stop(self, *_: object) -> None:
        """End after the task in hand; made to be a signal's handler."""
        self.stopping = True

    def loop(self) -> None:
        """Until stopped. A long task in hand is left as it is: its row says so, and the next worker begins it anew."""
        for name, its in (("long", self.long), ("outward", self.outward)):
            threading.Thread(target=self.beside, args=[its], name=name, daemon=True).start()
        while not self.stopping:
            self.round()
            nearest = min([task.due for task in self.tasks], default=time.monotonic() + 1)
            time.sleep(min(0.5, max(0.05, nearest - time.monotonic())))

    def beside(self, its: list[Task]) -> None:
        """Tasks in a thread with a database connection of its own, one after another."""
        while not self.stopping:
            self.round(its)
            time.sleep(0.2)

    def once(self) -> bool:
        """Run every task once; whether all went well."""
        self.round()
        self.round(self.long)
        self.round(self.outward)
        return not any(task.failures for task in self.all)

    @property
    def all(self) -> list[Task]:
        """Of every thread."""
        return [*self.tasks, *self.long, *self.outward]

    def round(self, among: list[Task] | None = None) -> None:
        """Run what is due now."""
        for task in self.tasks if among is None else among:
            if self.stopping:
                return
            if task.due <= time.monotonic():
                task.run()
        if among is None and self.beat_due <= time.monotonic():
            self.beat()

    def beat(self) -> None:
        """Write the heartbeat, whole or not at all."""
        self.beat_due = time.monotonic() + BEAT_EVERY
        state = {
            "at": clock.now().isoformat(),
            "pid": os.getpid(),
            "tasks": {task.name: task.last for task in self.all},
        }
        beside = self.home / f"{HEARTBEAT}.new"
        try:
            beside.write_text(json.dumps(state), encoding="utf-8")
            beside.replace(self.home / HEARTBEAT)
        except OSError as fault:  # a full disk: the doctor will miss the beat, the tasks go on
            log.error("the heartbeat cannot be written: %s", fault)
