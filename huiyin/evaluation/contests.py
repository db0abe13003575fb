"""回访异议: which ratings a unit may contest, who decides, and what each of them reads: never a grade, never a word."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from huiyin.accounts.roles import OVERSIGHT, UNIT
from huiyin.cases import access
from huiyin.cases.models import Case
from huiyin.cases.queries import CasePage
from huiyin.evaluation.models import COUNTS, Contest, Rating
from huiyin.evaluation.rules import Ground, call_back_rules, grounds
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor
from huiyin.organisation.independence import barred_units, oversees_freely
from huiyin.organisation.models import Unit

PAGE = 25
State = Contest.State
FIRST = COUNTS | Q(
    set_aside=Rating.Aside.PRESSED
)  # what a party is known to have said, and what took its place


@dataclass(frozen=True)
class Waiting:
    """One that waits for a decision, and whether the reader may decide on it."""

    row: Contest
    may: bool


def ratings_of(case: int, number: int, unit: int) -> QuerySet[Rating]:
    """The ratings of one round that count for a unit."""
    return Rating.objects.filter(COUNTS, case=case, round=number, unit=unit)


def may_contest(case: Case, by: Actor) -> bool:
    """Whether somebody's unit answered, was rated lately, and has not contested this round; never on a report 举报.

    Good and bad ratings alike may be contested, so that the offer tells nothing of them; nor does it of one that was
    given anew in another's place: the days run from the first.
    """
    if by.role not in UNIT or by.post is None or case.nature == Case.Nature.REPORT:
        return False
    since = by.when() - timedelta(days=call_back_rules().contest_days)
    units = access.own_units(by)
    given = Rating.objects.filter(case=case, round=case.round, unit__in=units)
    first = dict(
        given.filter(FIRST).order_by("-pk").values_list("party_id", "at")
    )  # the first of each, last put in
    before = Contest.objects.filter(case=case, round=case.round, unit__in=units)
    return bool(grounds_now(by)) and any(at >= since for at in first.values()) and not before.exists()


def rated_unit(case: Case, by: Actor) -> Unit:
    """The unit under which the present round was rated: the actor's own, or one that was merged into it."""
    rated = Unit.objects.filter(
        Exists(Rating.objects.filter(FIRST, case=case, round=case.round, unit=OuterRef("pk"))),
        pk__in=access.own_units(by),
    )
    return rated.order_by("pk")[0]


def grounds_now(by: Actor) -> list[Ground]:
    """The grounds of the place that hold today."""
    return grounds(clock.local_date(by.when()))


def open_for(case: Case) -> list[Contest]:
    """The contests of a case that wait, oldest first: a case can have been answered by two units."""
    rows = Contest.objects.filter(case=case, state=State.ASKED)
    return list(rows.select_related("unit", "first_by__user", "asked_by").order_by("pk"))


def to_decide(case: Case, by: Actor) -> Contest | None:
    """The one of a case that this person may decide on now."""
    return next((row for row in open_for(case) if may_decide(row, by)), None)


def may_decide(row: Contest, by: Actor) -> bool:
    """Whether somebody oversees, does no work near the unit, and has not asked, made the call, or agreed already.

    The person is asked for, not the post: posts change while a contest waits.
    """
    if by.role not in OVERSIGHT or by.user is None or not oversees_freely(by, row.unit):
        return False
    said = {post.user_id for post in (row.asked_by, row.first_by) if post is not None}
    if by.user.pk in said:
        return False
    calls = Rating.objects.filter(case=row.case_id, round=row.round, by__user=by.user)
    return not calls.exists()


def called(row: Contest) -> list[Rating]:
    """The ratings that were taken down on the telephone: whom a contest about a person can be about.

    One in whose place another was given anew is among them, so that nobody who decides learns of that.
    """
    taken = Rating.objects.filter(FIRST, case=row.case_id, round=row.round, unit=row.unit_id)
    return list(taken.filter(how=Rating.How.CALL_BACK).select_related("party").order_by("pk"))


def visible(by: Actor) -> QuerySet[Contest]:
    """The contests that somebody who oversees may know of: of cases that they see. PermissionDenied for others."""
    if by.role not in OVERSIGHT:
        raise PermissionDenied(_("您的岗位不能看这一页。"))
    return Contest.objects.filter(case__in=access.visible(by).order_by().values("pk"))


def to_decide_on(by: Actor) -> QuerySet[Contest]:
    """The contests that wait for this person, who has not agreed already."""
    return _of_others(by).exclude(first_by__user=by.user)


def waiting(by: Actor) -> list[Waiting]:
    """The first of those that wait, the eldest at the top, without what the reader asked, took down or works near."""
    rows = _of_others(by).select_related("case", "unit", "first_by", "asked_by")
    own = by.user.pk if by.user else None
    return [
        Waiting(row, row.first_by is None or row.first_by.user_id != own)
        for row in rows.order_by("pk")[:PAGE]
    ]


def _of_others(by: Actor) -> QuerySet[Contest]:
    called_by_reader = Rating.objects.filter(case=OuterRef("case"), round=OuterRef("round"), by__user=by.user)
    rows = visible(by).filter(~Exists(called_by_reader), state=State.ASKED)
    return rows.exclude(barred_units(by, prefix="unit__")).exclude(asked_by__user=by.user)


def of_page(page: CasePage) -> list[Contest]:
    """The contests of a case that its reader may read: all who oversee, a unit its own. Free for a case without any."""
    if not any(event.kind == "contest_rating" for event in page.history):
        return []
    rows = Contest.objects.filter(case=page.case).select_related("unit", "asked_by__user").order_by("pk")
    if page.by.role in OVERSIGHT:
        return list(rows)
    if page.by.role in UNIT and page.by.post is not None:
        return list(rows.filter(unit__in=access.own_units(page.by)))
    return []
