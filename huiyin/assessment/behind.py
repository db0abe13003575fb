"""The cases behind a figure: which were counted, which were good and which not; what people said is told of none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import UNIT
from huiyin.assessment import access, source
from huiyin.assessment.models import Measure, Omission
from huiyin.assessment.periods import Period
from huiyin.cases.models import Case
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit

PAGE = 25
# Of a measure: all that were counted (n), or those that let it fall; of ratings only all.
NAMES = {
    "rated": _("收到评价的"),
    "due": _("期限在这一期的"),
    "late": _("没有按时办结的"),
    "sent": _("这一期派出的"),
    "waited": _("已经签收或者时限已过的"),
    "unsigned": _("没有按时签收的"),
    "returned": _("单位提出异议的"),
    "answered": _("这一期答复的"),
    "redone": _("重办的"),
    "repeated": _("又重启的"),
    "omitted": _("剔除的"),
    "brought": _("转达的"),
    "brought_answered": _("转达的，已经答复"),
}
BEHIND: dict[str, tuple[str, str]] = {  # measure: (all, those that count against the unit)
    **dict.fromkeys((Measure.COMPOSITE, Measure.CONTACTED, Measure.SATISFIED), ("rated", "")),
    Measure.SOLVED: ("rated", ""),
    Measure.FIRST_TIME: ("rated", ""),
    Measure.ON_TIME: ("due", "late"),
    Measure.SIGNED: ("waited", "unsigned"),
    Measure.RETURNED: ("sent", "returned"),
    Measure.REDONE: ("answered", "redone"),
    Measure.REPEATED: ("answered", "repeated"),
}


@dataclass(frozen=True)
class Listing:
    """A page of cases, the newest first; `later` is the key to go on from, 0 at the end."""

    rows: Sequence[Case]
    later: int


def behind(
    by: Actor, figure: str, period: Period, *, unit: Unit, post: Post | None = None, after: int = 0
) -> Listing:
    """The cases of a figure (a name in `NAMES`), of a unit, or of one post in it, after a key.

    Raises PermissionDenied for whoever may not read this unit's figures, KeyError for a name that there is not.
    """
    access.require_reader(by, unit)
    if (
        figure == "rated" and by.role in UNIT
    ):  # which matter was rated when would tell who gave their rating anew
        raise PermissionDenied(gettext("评价只给单位看汇总的数，不列是哪几件。"))
    cases = access.judged(by)
    rows = _rows(figure, cases, period, unit, post)
    found = cases.filter(pk__in=rows)
    if after:
        found = found.filter(pk__lt=after)
    page = list(found.select_related("region", "category").order_by("-pk")[: PAGE + 1])
    return Listing(page[:PAGE], page[PAGE - 1].pk if len(page) > PAGE else 0)


def _rows(figure: str, cases: QuerySet[Case], period: Period, unit: Unit, post: Post | None) -> Any:
    """The keys of the cases."""
    if figure == "rated":
        return source.ratings(cases, period).filter(judged=unit.pk).values("case")
    if figure == "omitted":
        return Omission.objects.filter(unit=unit, state=Omission.State.APPROVED).values("case")
    if figure in ("brought", "brought_answered"):
        parts = _of(source.brought(cases, period).filter(post__unit=unit), "post", post)
        return (parts.filter(told=True) if figure == "brought_answered" else parts).values("case")
    if figure in ("answered", "redone", "repeated"):
        given = source.answers(cases, period).filter(unit=unit)
        narrowed = {"answered": Q(), "redone": Q(redone=True), "repeated": Q(again=True)}[figure]
        return _of(given, "given_by", post).filter(narrowed).values("case")
    orders = source.due(cases, period) if figure in ("due", "late") else source.sent(cases, period)
    wanted = {
        "due": Q(),
        "late": Q(answered_at=None) | ~Q(clock__late=False),
        "sent": Q(),
        "waited": source.waited(),
        "unsigned": source.waited() & (Q(signed_by=None) | Q(signed_at__gt=F("objection_until"))),
        "returned": Q(objected=True),
    }[figure]
    return _of(orders.filter(unit=unit), "person", post).filter(wanted).values("case")


def _of(rows: QuerySet[Any], column: str, post: Post | None) -> QuerySet[Any]:
    return rows if post is None else rows.filter(**{column: post})
