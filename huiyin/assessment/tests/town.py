"""Histories planted straight into the tables, because thirty matters a unit through every act would take a minute."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from huiyin.assessment import closing
from huiyin.assessment.models import Clause, Omission, Rule
from huiyin.assessment.periods import period_of
from huiyin.cases.models import Answer, Case, Order, Party, Point, Round
from huiyin.deadlines.models import Clock, Policy
from huiyin.evaluation.models import Rating
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit

SHOWN = ["composite", "contacted", "solved", "satisfied", "first_time", "on_time", "signed", "returned", "redone",
         "repeated"]  # fmt: skip


def rule(**more: Any) -> Rule:
    """The default rule, in force for ever."""
    given = {"code": "assess", "name": "10/50/40", "contacted": 10, "solved": 50, "satisfied": 40, "k": "0.90",
             "fewest": 30, "measures": SHOWN, "basis": "某办法", "valid_from": "2004-01-01"}  # fmt: skip
    found = Rule.objects.create(**{**given, **more})
    found.refresh_from_db()
    return found


def clause(**more: Any) -> Clause:
    """A clause that holds."""
    return Clause.objects.create(**{"code": "beyond", "text": "超出职权", "basis": "某办法第三条", **more})


def matter(
    cast: Any, unit: Unit, at: datetime, *, late: bool = False, category: Any = None, **more: Any
) -> Case:
    """One matter received, sent, signed, answered and told at a moment; late if it is."""
    point = _case(cast, unit, at, category, more)
    policy = Policy.objects.filter(step="order").order_by("pk").first()
    subject = f"case:{point.case.number}"
    run = Clock.objects.create(subject=subject, step="order", policy=policy, kind="hours", amount=1,
                               started_at=at, due_at=at, state="stopped", late=late)  # fmt: skip
    order = Order.objects.create(
        case=point.case, point=point, round=1, part="lead", state="approved", unit=unit, person=unit.liaison, clock=run,
        due_at=at, basis="某条", sent_at=at, objection_until=at + timedelta(days=1), signed_at=at, signed_by=unit.liaison,
        answered_at=at + timedelta(days=1) if late else at,
    )  # fmt: skip
    Answer.objects.create(case=point.case, point=point, round=1, order=order, unit=unit, text="已办", outcome="solved",
                          state="approved", given_at=at, given_by=unit.liaison)  # fmt: skip
    Round.objects.create(case=point.case, number=1, began_at=at, clock=run, answered_at=at, told_at=at)
    return point.case


def _case(cast: Any, unit: Unit, at: datetime, category: Any, more: dict[str, Any]) -> Point:
    n = Case.objects.count() + 1
    case = Case.objects.create(**{
        "number": f"{2000 + n // 10000:04}-{n % 10000:04}-0000", "state": "told", "nature": "appeal",
        "channel": "phone", "category": category or cast.night_noise, "region": cast.street, "title": "夜间噪声",
        "text": "吵", "original_title": "夜间噪声", "original_text": "吵",
        "received_at": at, "received_on": clock.local_date(at), "recorded_at": at,
        "first_answered_at": at, "desk": cast.centre, **more,
    })  # fmt: skip
    return Point.objects.create(case=case, ordinal=1)


def rated(
    case: Case, at: datetime, *, solved: str = "yes", satisfied: int = 5, contacted: bool = True
) -> Rating:
    """A rating of a matter's first round by a petitioner of its own."""
    party = Party.objects.create(case=case, role=Party.Role.PETITIONER, joined_at=at)
    return Rating.objects.create(
        case=case,
        party=party,
        round=1,
        contacted=contacted,
        solved=solved,
        satisfied=satisfied,
        how="self",
        at=at,
        on=clock.local_date(at),
        unit=case.answers.get().unit,
    )


def history(
    cast: Any, unit: Unit, at: datetime, *, n: int, late: int = 0, solved: int | None = None, **more: Any
) -> list[Case]:
    """`n` matters of a unit at a moment, each with a rating: so many late, so many solved (all, unless said)."""
    good = n if solved is None else solved
    found = []
    for each in range(n):
        case = matter(cast, unit, at, late=each < late, **more)
        rated(case, at, solved="yes" if each < good else "no", satisfied=5 if each < good else 2)
        found.append(case)
    return found


def unit(cast: Any, code: str) -> Unit:
    """A department more."""
    return Unit.objects.create(
        code=code, name=code, short_name=code, kind=Unit.Kind.DEPARTMENT, region=cast.town, path=f"/{code}/",
        valid_from=date(2004, 1, 1), liaison=cast.chengguan.liaison,
    )  # fmt: skip


def closed(code: str) -> None:
    """A period with all its months closed, on the first day on which that may be done: then ratings are told."""
    period = period_of(code)
    with clock.frozen(datetime.combine(closing.ripe_on(period), time(4), UTC)):
        for month in period.months():
            closing.close(month, by=Actor.system("test"))


def left_out(case: Case, unit: Unit, cast: Any) -> Omission:
    """A matter left out, agreed to."""
    known = Clause.objects.first() or clause()
    return Omission.objects.create(
        case=case, unit=unit, clause=known, evidence="裁定书", state="approved", proposed_at=clock.now(),
        proposed_by=unit.liaison, first_by=cast.supervisor.post, decided_by=cast.leader.post,
    )  # fmt: skip
