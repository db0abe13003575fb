"""Two matters that a demonstration leaves out of a unit's figures: one that two have agreed to, one that waits."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef

from huiyin.accounts.roles import Role
from huiyin.assessment import actions, queries
from huiyin.assessment.models import Clause, Omission
from huiyin.cases.models import Case, Order
from huiyin.evaluation.models import Rating
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.organisation.queries import today, valid_on

EVIDENCE = "现场照片和书面说明在本单位档案第 7 号；问题超出本单位的职权，已经告知诉求人该找哪里。"
EVIDENCES = (
    EVIDENCE,
    "诉求人要求的事项不在本单位职责清单里，书面说明在第 12 号档案，已电话告知。",
    "连续暴雨，现场不能施工，气象部门的证明和停工记录已归档。",
    "现场核查三次，没有发现反映的情况，照片和走访记录在第 15 号档案。",
)
A_DAY = timedelta(days=1)


def leave_out(many: Mapping[str, int] | None = None) -> int:
    """Ask for two omissions and agree to one, once; how many were asked for. None where the profile has no clauses.

    `many` says of which units, by their codes, so many of last month's are left out besides.
    """
    clauses = queries.clauses()
    deciders = [post for role in (Role.SUPERVISOR, Role.LEADER, Role.REVIEWER) if (post := _post(role))]
    if not clauses or len(deciders) < 2 or Omission.objects.exists():
        return 0
    asked = [_asked(order, clauses[at % len(clauses)]) for at, order in enumerate(_answered())]
    rows = [row for row in asked if row is not None]
    if rows:
        _agreed(rows[0], deciders)
    for unit, n in (many or {}).items():
        for at, order in enumerate(_last_month(unit)[:n]):
            row = _asked(order, clauses[at % len(clauses)], EVIDENCES[at % len(EVIDENCES)])
            if row is not None:
                _agreed(row, deciders)
                rows.append(row)
    return len(rows)


def _last_month(unit: str) -> Sequence[Order]:
    """Orders of a unit that were due last month and are not left out; first those that left people discontent."""
    month = today().replace(day=1)
    since = (month - A_DAY).replace(day=1)
    bad = Rating.objects.filter(case=OuterRef("case"), satisfied__lte=3)
    led = Order.objects.filter(
        ~Exists(Omission.objects.filter(case=OuterRef("case"))), part=Order.Part.LEAD, unit__code=unit,
        state=Order.State.APPROVED, clock__due_at__gt=_begin(since) + A_DAY, clock__due_at__lt=_begin(month),
    )  # fmt: skip
    plain = led.exclude(case__nature=Case.Nature.REPORT).annotate(bad=Exists(bad))
    return list(plain.select_related("case", "unit", "person", "person__unit").order_by("-bad", "pk"))


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), clock.zone())


def _answered() -> Sequence[Order]:
    """Two orders of two units whose answers were let out."""
    led = Order.objects.filter(part=Order.Part.LEAD, state=Order.State.APPROVED)
    plain = led.exclude(case__nature=Case.Nature.REPORT).select_related(
        "case", "unit", "person", "person__unit"
    )
    found: dict[int, Order] = {}
    for order in plain.order_by("pk")[:50]:
        found.setdefault(order.unit_id, order)
    return list(found.values())[:2]


def _asked(order: Order, clause: Clause, evidence: str = EVIDENCE) -> Omission | None:
    try:
        return actions.propose_omission(
            order.case,
            by=Actor.of(order.person),
            unit=order.unit,
            clause=clause,
            evidence=evidence,
        )
    except (Refused, PermissionDenied):  # whoever was in charge then may have left since
        return None


def _agreed(row: Omission, deciders: Sequence[Post]) -> None:
    for post in deciders[:2]:
        try:
            actions.agree_to_omission(row, by=Actor.of(post))
        except PermissionDenied:  # a place so small that everybody is of the unit
            return


def _post(role: str) -> Post | None:
    rows = Post.objects.filter(role=role).select_related("unit", "unit__region", "user")
    return valid_on(rows, today()).order_by("unit__region__path", "pk").first()
