"""Two matters that a demonstration leaves out of a unit's figures: one that two have agreed to, one that waits."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied

from huiyin.accounts.roles import Role
from huiyin.assessment import actions, queries
from huiyin.assessment.models import Clause, Omission
from huiyin.cases.models import Case, Order
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.organisation.queries import today, valid_on

EVIDENCE = "现场照片和书面说明在本单位档案第 7 号；问题超出本单位的职权，已经告知诉求人该找哪里。"


def leave_out() -> int:
    """Ask for two omissions and agree to one, once; how many were asked for. None where the profile has no clauses."""
    clauses = queries.clauses()
    deciders = [post for role in (Role.SUPERVISOR, Role.LEADER, Role.REVIEWER) if (post := _post(role))]
    if not clauses or len(deciders) < 2 or Omission.objects.exists():
        return 0
    asked = [_asked(order, clauses[at % len(clauses)]) for at, order in enumerate(_answered())]
    rows = [row for row in asked if row is not None]
    if rows:
        _agreed(rows[0], deciders)
    return len(rows)


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


def _asked(order: Order, clause: Clause) -> Omission | None:
    try:
        return actions.propose_omission(
            order.case,
            by=Actor.of(order.person),
            unit=order.unit,
            clause=clause,
            evidence=EVIDENCE,
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
