"""抽查: a draw that anybody can repeat, from the numbers of what was closed on a day, a seed and a rule."""

import hashlib
import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from huiyin.cases.models import Case, Party
from huiyin.kernel import clock as wall
from huiyin.ledger import writing
from huiyin.ledger.head import stored_head
from huiyin.organisation.actors import Actor
from huiyin.supervision.recurrence.actions import ask_recurrence
from huiyin.supervision.recurrence.models import Draw
from huiyin.supervision.recurrence.rules import RULE, RecheckRule

DONE = (Case.State.CLOSED, Case.State.EXPLAINED, Case.State.ARCHIVED)
ASKED = (Party.Role.PETITIONER, Party.Role.MEMBER, Party.Role.SPOKESPERSON)  # whose matter it is
WORKER = "worker"


def drawn(numbers: Sequence[str], *, seed: str, share: int, least: int) -> list[str]:
    """The numbers that a seed draws: `share` per cent, rounded up, and at least `least`, as far as there are any.

    Each number is ranked by the SHA-256 of "seed:number", the lowest first; the order of `numbers` means nothing.
    """
    wanted = min(len(numbers), max(least, math.ceil(len(numbers) * share / 100)))
    return sorted(numbers, key=lambda number: (_rank(seed, number), number))[:wanted]


def _rank(seed: str, number: str) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def population(day: date) -> QuerySet[Case]:
    """What was closed on a local day and has somebody to ask: no reports, whose petitioners are left in peace.

    Nor what is final 终结, which nobody reopens, and what was merged into another.
    """
    begins = datetime.combine(day, time(), tzinfo=wall.zone())
    asked = Party.objects.filter(case=OuterRef("pk"), role__in=ASKED, left_at=None)
    closed = Case.objects.filter(
        ended_at__gte=begins, ended_at__lt=begins + timedelta(days=1), state__in=DONE
    )
    plain = closed.filter(Exists(asked), parent=None, finalised_at=None)
    return plain.exclude(nature=Case.Nature.REPORT)


def draw_day(rule: RecheckRule, day: date) -> Draw | None:
    """Draw among what was closed on a day, and let those be asked; None when that was done before.

    The seed is taken from the ledger's head, so that nobody chooses it. One transaction: a draw killed half-way
    has not happened. What was drawn by another worker meanwhile raises IntegrityError.
    """
    with transaction.atomic():
        if Draw.objects.filter(days=rule.days, day=day).exists():
            return None
        found = {case.number: case for case in population(day).select_related("region")}
        numbers = sorted(found)
        draw = Draw.objects.create(
            days=rule.days,
            day=day,
            seed=_seed(rule, day),
            share=rule.share,
            least=rule.least,
            population=len(numbers),
            population_digest=hashlib.sha256("\n".join(numbers).encode()).hexdigest(),
            drawn_at=wall.now(),
        )
        chosen = drawn(numbers, seed=draw.seed, share=rule.share, least=rule.least)
        for number in chosen:
            ask_recurrence(found[number], by=Actor.system(WORKER), draw=draw, rule=rule)
        _record(draw, len(chosen))
    return draw


def _seed(rule: RecheckRule, day: date) -> str:
    head = stored_head()
    running = head.running.hex() if head else ""
    return hashlib.sha256(f"{running}:{rule.days}:{day.isoformat()}".encode()).hexdigest()


def _record(draw: Draw, chosen: int) -> None:
    """The draw in the ledger, with all that it takes to repeat it."""
    writing.record(
        f"recheck:{draw.days}:{draw.day.isoformat()}",
        "draw",
        actor=f"system:{WORKER}",
        occurred_at=draw.drawn_at,
        facts={
            "seed": draw.seed,
            "rule": RULE,
            "share": draw.share,
            "least": draw.least,
            "population": draw.population,
            "population_digest": draw.population_digest,
            "drawn": chosen,
        },
        first=True,
    )
