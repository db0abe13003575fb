"""Three hundred requests at once beside the worker: nobody is turned away by a lock, and all that was said is kept."""

import threading
import uuid
from collections import Counter
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from huiyin.cases.models import Case, Category, Party
from huiyin.cases.tests.roads import everything
from huiyin.cases.tests.rules import Look
from huiyin.cli.worker import Worker, tasks
from huiyin.ledger.models import Event
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.verify import verify

PEOPLE, EACH = 12, 25  # at once; requests
LONGEST = 120.0  # seconds until a test gives up
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def hand_in(browser: Client) -> int:
    """A matter by the citizens' form."""
    told = {"text": "路灯坏了三个星期。", "key": str(uuid.uuid4()), "nature": "appeal", "confidentiality": "sealed",
            "headcount": "1", "phone": "13800000001"}  # fmt: skip
    return browser.post("/new/", told).status_code


def read(browser: Client) -> int:
    """What anybody reads."""
    return browser.get("/public/").status_code


def look(browser: Client) -> int:
    """The desk's list."""
    return browser.get("/work/desk/?tab=all").status_code


def accept(browser: Client) -> int:
    """The newest matter is taken on at the desk; somebody else may have been quicker."""
    case = Case.objects.filter(state="registered").order_by("-pk").first()
    if case is None:
        return browser.get("/work/desk/").status_code
    told = {"category": Category.objects.order_by("pk").values_list("pk", flat=True)[0], "urgency": "normal",
            "readable_title": case.title, "readable_text": case.text, "readable_place": case.place}  # fmt: skip
    return browser.post(f"/work/cases/{case.number}/accept/", told).status_code


DOING = (hand_in, read, look, hand_in, accept)


def test_nobody_is_turned_away_and_nothing_is_lost(cast, sign_in, settings, tmp_path: Path):
    settings.HUIYIN_HOME = tmp_path
    cache.clear()
    seen: Counter[tuple[str, int]] = Counter()
    faults: list[BaseException] = []
    worker = Worker(tasks(), tmp_path)
    clerks = [sign_in(cast.clerk) for _each in range(PEOPLE)]

    def visits(place: int) -> None:
        outside = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR=f"10.0.0.{place + 1}")
        try:
            for n in range(EACH):
                act = DOING[(place + n) % len(DOING)]
                seen[act.__name__, act(clerks[place] if act in (look, accept) else outside)] += 1
        except BaseException as fault:  # noqa: BLE001 — carried to the test's own thread
            faults.append(fault)
        finally:
            connection.close()

    def works() -> None:
        try:
            worker.loop()
        finally:
            connection.close()

    draining = threading.Thread(target=works, daemon=True)
    people = [threading.Thread(target=visits, args=(place,), daemon=True) for place in range(PEOPLE)]
    for thread in (draining, *people):
        thread.start()
    for thread in people:
        thread.join(LONGEST)
        assert not thread.is_alive(), "somebody waits for ever"
    worker.stop()
    draining.join(LONGEST)
    assert not faults, faults[0]
    assert not [task.name for task in worker.tasks if task.failures]
    assert seen.total() == PEOPLE * EACH
    assert {status for (name, status) in seen if name != "accept"} <= {200, 302}, seen
    assert {status for (name, status) in seen if name == "accept"} <= {200, 302, 403, 422}, seen
    handed_in = seen["hand_in", 302]
    assert Case.objects.count() == handed_in == Party.objects.count()
    assert Event.objects.filter(kind="register").count() == handed_in
    assert Event.objects.filter(kind="accept").count() == seen["accept", 302] > 0
    while sequence():
        pass
    assert not verify().problems
    Look(everything()).require_sound()
