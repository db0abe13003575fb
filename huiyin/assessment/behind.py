"""The cases behind a figure: which were counted, which were good and which not; what people said is told of none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import UNIT
from huiyin.assessment import access, source
from huiyin.assessment.models import Measure, Omission
from huiyin.assessment.periods import Period
from huiyin.cases.models import Case
from huiyin.evaluation.family import known
from huiyin.evaluation.models import Rating
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor
from huiyin.organisation.independence import barred_among
from huiyin.organisation.models import Post, Unit

PAGE = 25
AT_ONCE = 200  # keys in one question
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

_OF = source.FIGURE_OF
FIGURES: dict[
    str, tuple[str, bool | None]
] = {  # of the catalogue: all below the line, what is good, or what is not
    "due": (_OF[Measure.ON_TIME], None),
    "late": (_OF[Measure.ON_TIME], False),
    "sent": (_OF[Measure.RETURNED], None),
    "returned": (_OF[Measure.RETURNED], True),
    "waited": (_OF[Measure.SIGNED], None),
    "unsigned": (_OF[Measure.SIGNED], False),
    "answered": (_OF[Measure.REDONE], None),
    "redone": (_OF[Measure.REDONE], True),
    "repeated": (_OF[Measure.REPEATED], True),
}


@dataclass(frozen=True)
class Listing:
    """A page of cases, the newest first; `later` is the key to go on from, 0 at the end.

    `left_out` are the keys of those that do not count for the unit, where they stand among some that do. `matters` are
    on all pages together, and `counted` how many orders or answers a figure of the catalogue counts in them.
    """

    rows: Sequence[Case]
    later: int
    left_out: frozenset[int] = frozenset()
    matters: int = 0
    counted: int = 0


def behind(
    by: Actor, figure: str, period: Period, *, unit: Unit, post: Post | None = None, after: int = 0
) -> Listing:
    """The cases of a figure (a name in `NAMES`), of a unit, or of one post in it, after a key.

    Raises PermissionDenied for whoever may not read this unit's figures, KeyError for a name that there is not.
    """
    access.require_reader(by, unit)
    # Which matter was rated when would tell who gave their rating anew; also to who works there and sits elsewhere.
    if figure == "rated" and (by.role in UNIT or unit.pk in barred_among(by, [unit])):
        raise PermissionDenied(gettext("评价只给单位看汇总的数，不列是哪几件。"))
    cases = access.judged(by).select_related("region", "category").order_by("-pk")
    if figure in FIGURES:
        marked = cases.annotate(left_out=_left_out(unit))
        keys, counted = _counted(by, figure, period, unit, post)
        listing = _paged(marked, keys, after)
        rows: Sequence[Any] = listing.rows
        left_out = frozenset(case.pk for case in rows if case.left_out)
        return replace(listing, left_out=left_out, matters=len(keys), counted=counted)
    found = cases.filter(pk__in=_rows(figure, access.judged(by), period, unit, post))
    page = list((found.filter(pk__lt=after) if after else found)[: PAGE + 1])
    return Listing(page[:PAGE], page[PAGE - 1].pk if len(page) > PAGE else 0)


def _counted(by: Actor, figure: str, period: Period, unit: Unit, post: Post | None) -> tuple[list[int], int]:
    """The keys of the cases behind a figure of the catalogue, the newest first, and how often they count."""
    name, good = FIGURES[figure]
    sight = replace(access.sight(by), unit=unit.pk)
    with source.opened() as book:
        key = post.pk if post else None
        keys = book.matters(sight, period, name, good=good, post=key)
        return keys, book.number(sight, period, name, good=good, post=key)


def _paged(cases: QuerySet[Case], keys: Sequence[int], after: int) -> Listing:
    """A page of them; what has been closed to the reader since the copy was written is passed over."""
    waiting = [key for key in keys if not after or key < after]
    page: list[Case] = []
    while waiting and len(page) <= PAGE:
        some, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        page += cases.filter(pk__in=some)
    return Listing(page[:PAGE], page[PAGE - 1].pk if len(page) > PAGE else 0)


def _rows(figure: str, cases: QuerySet[Case], period: Period, unit: Unit, post: Post | None) -> Any:
    """The keys of the cases that were rated, that are left out, or that representatives brought.

    A rating that was given anew in secret stays where the first one was, or the list would tell of it.
    """
    if figure == "rated":
        begins, ends = period.bounds(clock.zone())
        return Rating.objects.filter(known(), unit=unit, at__gte=begins, at__lt=ends).values("case")
    if figure == "omitted":
        return Omission.objects.filter(unit=unit, state=Omission.State.APPROVED).values("case")
    if figure not in NAMES:
        raise KeyError(figure)
    parts = _of(source.brought(cases, period).filter(post__unit=unit), "post", post)
    return (parts.filter(told=True) if figure == "brought_answered" else parts).values("case")


def _left_out(unit: Unit) -> Exists:
    """Whether a matter, or the one that it was merged into, is left out of the unit's figures."""
    of_either = Q(case=OuterRef("pk")) | Q(case=OuterRef("parent"))
    return Exists(Omission.objects.filter(of_either, unit=unit, state=Omission.State.APPROVED))


def _of(rows: QuerySet[Any], column: str, post: Post | None) -> QuerySet[Any]:
    return rows if post is None else rows.filter(**{column: post})
