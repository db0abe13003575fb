"""Ratings in groups of five and more: the only form in which they leave the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Avg, Count, F, Q
from django.utils.translation import gettext as _

from huiyin.accounts.roles import OVERSIGHT, Role
from huiyin.cases import access
from huiyin.cases.models import Case, Category
from huiyin.evaluation.models import COUNTS, Rating
from huiyin.kernel.few import LEAST
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Region, Unit

READERS = frozenset({*OVERSIGHT, Role.REVIEWER, Role.CALLER})
BY: Mapping[str, str] = {
    "unit": "unit",
    "category": "case__category",
    "region": "case__region",
    "nature": "case__nature",
}
NAMED: Mapping[str, Any] = {"unit": Unit, "category": Category, "region": Region}


@dataclass(frozen=True)
class Group:
    """The ratings of one group in one month: shares from 0 to 1, the mean grade from 1 to 5.

    Where fewer than `LEAST` were given, or a hidden group could be worked out from this one, all is None.
    """

    key: str
    name: str
    ratings: int | None = None
    contacted: float | None = None
    solved: float | None = None
    satisfied: float | None = None


def grouped(by: Actor, *, of: str, month: date) -> list[Group]:
    """The month's ratings by "unit" (that answered), "category", "region" or "nature", for those who oversee.

    Whole months only: a period of one's own choice could be moved by a day to read off a single grade. When
    only one group is too small, the smallest of the others is hidden with it (complementary suppression).
    Raises PermissionDenied for everybody else, units among them.
    """
    if by.role not in READERS:
        raise PermissionDenied(_("评价汇总由受理中心的审核回访、督办和领导查看。"))
    rows = list(_counted(by, of, month))
    small = [row for row in rows if row["n"] < LEAST]
    others = sorted((row["n"], str(row["key"])) for row in rows if row["n"] >= LEAST)
    hidden = {str(row["key"]) for row in small} | ({others[0][1]} if len(small) == 1 and others else set())
    named = _names(of, [row["key"] for row in rows])
    groups = [_group(row, *named(row["key"]), hidden=str(row["key"]) in hidden) for row in rows]
    return sorted(groups, key=lambda group: (-(group.ratings or 0), group.key))


def _counted(by: Actor, of: str, month: date) -> Any:
    begins, ends = _bounds(month)
    ratings = Rating.objects.filter(COUNTS, case__in=access.visible(by), on__gte=begins, on__lt=ends)
    return (
        ratings.values(key=F(BY[of]))
        .annotate(
            n=Count("pk"),
            contacted_n=Count("pk", filter=Q(contacted=True)),
            solved_n=Count("pk", filter=Q(solved=Rating.Solved.YES)),
            mean=Avg("satisfied"),
        )
        .order_by()
    )


def _bounds(month: date) -> tuple[date, date]:
    first = month.replace(day=1)
    return first, date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _names(of: str, keys: list[Any]) -> Any:
    if of == "nature":
        labels = dict(Case.Nature.choices)
        return lambda key: (key, str(labels.get(key, key)))
    rows = NAMED[of].objects.in_bulk([key for key in keys if key is not None])
    return lambda key: (rows[key].code, str(rows[key])) if key in rows else ("", _("未分类"))


def _group(row: dict[str, Any], key: str, name: str, *, hidden: bool) -> Group:
    if hidden:
        return Group(key, name)
    n = row["n"]
    return Group(key, name, n, row["contacted_n"] / n, row["solved_n"] / n, float(row["mean"]))
