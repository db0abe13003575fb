"""Which matters a unit must have accepted 验收: the place's rules `[[acceptance]]`, as conditions on cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q

from huiyin.cases.models import Case, Category, Instruction, Reminder, Round
from huiyin.kernel.folders import about_of
from huiyin.organisation.place import limit, profile_folder

# The work is done, and the petitioner has been told: what may be looked at on the spot.
DONE = (Case.State.TOLD, Case.State.CLOSED, Case.State.EXPLAINED, Case.State.ARCHIVED)


def _late() -> Q:
    overdue = Round.objects.filter(case=OuterRef("pk"), told_at__gt=F("clock__due_at"))
    return Q(Exists(overdue))


# What may be said of a case when all is done; unlike the marks of lists, which speak of open ones.
MARKS: Mapping[str, Callable[[], Q]] = {
    "redone": lambda: Q(round__gt=1),
    "group": lambda: Q(headcount__gte=limit("group_headcount")),
    "late": _late,
    "hopping": lambda: Q(hopped=True),
    "instructed": lambda: Q(Exists(Instruction.objects.filter(case=OuterRef("pk")))),
    "reminded": lambda: Q(Exists(Reminder.objects.filter(case=OuterRef("pk")))),
}


@dataclass(frozen=True)
class AcceptanceRule:
    """Matters with this mark, or of this category (and below), received from a day on; neither: every matter."""

    mark: str = ""
    category: str = ""
    since: date | None = None

    def condition(self) -> Q:
        """The cases that the rule means."""
        found = (
            Q(received_on__gte=self.since) if self.since else Q(received_on__isnull=False)
        )  # an empty Q is lost in |
        if self.mark:
            found &= MARKS[self.mark]()
        if self.category:
            below = Category.objects.filter(path__contains=f"/{self.category}/").values("pk")
            found &= Q(category__in=below)
        return found


def acceptance_rules() -> list[AcceptanceRule]:
    """The rules `[[acceptance]]`, in the profile's order; none where no entry needs to be accepted.

    What cannot be meant is passed over here; `huiyin profile check` says so.
    """
    rows = about_of(profile_folder(settings.HUIYIN_PROFILE)).get("acceptance", [])
    return [rule for rule in map(_rule, rows) if rule is not None]


def _rule(row: Mapping[str, Any]) -> AcceptanceRule | None:
    mark, category, since = str(row.get("mark", "")), str(row.get("category", "")), row.get("since")
    known = not mark or mark in MARKS
    if not known or not (mark or category or row.get("all") is True):
        return None
    return AcceptanceRule(mark, category, since if isinstance(since, date) else None)


def needing() -> Q:
    """The condition that a matter must be accepted when it is done; none where the place has no rule."""
    rules = acceptance_rules()
    found = Q(pk__in=[])
    for rule in rules:
        found |= rule.condition()
    return found


def needs(case: Case) -> bool:
    """Whether this matter must be accepted when it is done."""
    return Case.objects.filter(needing(), pk=case.pk).exists()
