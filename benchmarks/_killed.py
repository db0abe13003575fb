"""What stands in a home after its programs were killed; run as a program in that home (see kills.py)."""

import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import django

ACTS = ("accept", "dispatch", "sign", "answer")


def facts() -> dict[str, Any]:
    """What the office's forms ask for."""
    from huiyin.cases.models import Category
    from huiyin.organisation.models import Unit

    category = Category.objects.order_by("pk").values_list("pk", flat=True)[0]
    return {"category": category, "lead": Unit.objects.get(code="chengguan").pk}


def idle() -> bool:
    """Whether the worker has nothing left to do."""
    from huiyin.channels.models import Sending, SignInCode
    from huiyin.ledger.models import Event

    waiting = Sending.objects.filter(settled_at=None).exclude(state="uncertain").exists()
    unplaced = Event.objects.filter(position=None).exists()
    return not waiting and not unplaced and not SignInCode.objects.filter(looked_at=None).exists()


def check() -> dict[str, Any]:
    """Everything that is not as it was acknowledged."""
    from django.conf import settings

    from huiyin.cases.models import Case

    known = json.loads((Path(settings.HUIYIN_HOME) / "known.json").read_text())
    cases = {case.number: case for case in Case.objects.all()}
    problems = [*_matters(known, cases), *_acts(known, cases), *_files()]
    of_keys = Counter(Case.objects.values_list("idempotency_key", flat=True))
    problems += [f"{n} matters of one form" for n in of_keys.values() if n != 1]
    if len(cases) > len(set(known["keys"])):
        problems.append(f"{len(cases)} matters of {len(set(known['keys']))} forms")
    found, sendings = _sendings()
    return {"problems": [*problems, *found], "sendings": sendings}


def _matters(known: dict[str, Any], cases: dict[str, Any]) -> list[str]:
    from huiyin.cases.models import Attachment, Party, Round
    from huiyin.ledger.models import Event

    wrong = []
    parties = Counter(Party.objects.values_list("case__number", flat=True))
    rounds = Counter(Round.objects.exclude(clock=None).values_list("case__number", flat=True))
    files = Counter(Attachment.objects.values_list("case__number", flat=True))
    born = Counter(Event.objects.filter(kind="register").values_list("subject", flat=True))
    for told in known["acknowledged"].values():
        number = told["number"]
        if number not in cases:
            wrong.append(f"{number} was acknowledged and is not there")
            continue
        subject = f"case:{number}" if born[f"case:{number}"] else f"case:{cases[number].pk}"
        seen = (parties[number], rounds[number], files[number], born[subject])
        if seen != (1, 1, int(told["files"]), 1):
            wrong.append(f"{number}: parties, clocks, files, events are {seen}")
    if sum(born.values()) != len(cases):
        wrong.append(f"{sum(born.values())} registrations of {len(cases)} matters")
    numbers = Counter(told["number"] for told in known["acknowledged"].values())
    return [*wrong, *(f"{number} was given out {n} times" for number, n in numbers.items() if n > 1)]


def _acts(known: dict[str, Any], cases: dict[str, Any]) -> list[str]:
    from huiyin.cases import pens
    from huiyin.ledger.models import Event

    done = Counter(Event.objects.filter(kind__in=ACTS).values_list("subject", "kind"))
    wrong = [f"{subject}: {act} happened {n} times" for (subject, act), n in done.items() if n > 1]
    missing = [
        f"{number}: {act} was acknowledged and is not there"
        for number, act in known["acts"]
        if not done[pens.subject_of(cases[number]), act]
    ]
    return [*wrong, *missing]


def _files() -> list[str]:
    from django.core.files.storage import default_storage

    from huiyin.cases.models import Attachment

    return [
        f"the file of {row.case_id} is not whole"
        for row in Attachment.objects.all()
        if not default_storage.exists(row.stored_as) or default_storage.size(row.stored_as) != row.size
    ]


def _sendings() -> tuple[list[str], dict[str, int]]:
    from django.conf import settings

    from huiyin.channels.models import Sending, SignInCode

    there = {file.stem for file in (Path(settings.HUIYIN_HOME) / "outbox").rglob("*.txt")}
    rows = list(Sending.objects.all())
    states = Counter(row.state for row in rows)
    wrong = [f"{row.key} was sent and is not there" for row in rows
             if row.state == "sent" and row.key.replace(":", "-") not in there]  # fmt: skip
    wrong += [f"{row.key} is {row.state}" for row in rows if row.state not in {"sent", "uncertain"}]
    extra = there - {row.key.replace(":", "-") for row in rows}
    if extra:
        wrong.append(f"{len(extra)} messages that nobody wanted")
    if len(rows) > SignInCode.objects.count():
        wrong.append(f"{len(rows)} messages of {SignInCode.objects.count()} codes")
    return wrong, dict(states)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps({"facts": facts, "idle": idle, "check": check}[sys.argv[1]](), ensure_ascii=False))
