"""群众评议台账: what representatives brought in, and how they and the residents grade what came of it."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from huiyin import ledger
from huiyin.accounts.roles import Role
from huiyin.cases import access
from huiyin.cases.models import Party, Round
from huiyin.cases.paging import moment_of, number_of
from huiyin.evaluation.family import known
from huiyin.evaluation.independence import judges_own
from huiyin.evaluation.models import Rating
from huiyin.evaluation.raters import leading_unit
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit

READERS = frozenset({Role.REVIEWER, Role.SUPERVISOR})
PAGE = 25
MOST_TAKEN_OUT = 5_000


@dataclass(frozen=True)
class Line:
    """One round of one matter. Each grade is (solved in words, 1 to 5); none where nobody has rated."""

    key: str
    number: str
    title: str
    round: int
    told_at: datetime
    unit: str
    representative: str
    studio: str
    of_representative: tuple[tuple[str, int], ...]
    of_residents: tuple[tuple[str, int], ...]


def page(by: Actor, *, month: date, before: str = "") -> tuple[list[Line], str]:
    """The rounds told in a month, the newest first, and the key before which the next page begins ("" at the end).

    For the body that coordinates: reviewers of the desk, and supervisors; without what a unit of their own did. Raises
    PermissionDenied for everybody else.
    """
    rows = _rounds(by, month)
    if key := _key(before):
        rows = rows.filter(Q(told_at__lt=key[0]) | Q(told_at=key[0], pk__lt=key[1]))
    found = list(rows[: PAGE + 1])
    return _lines(found[:PAGE]), _written(found[PAGE - 1]) if len(found) > PAGE else ""


def take_out(by: Actor, *, month: date) -> list[Line]:
    """The whole month, for a file; on record. Raises Refused where it is too much for one file."""
    rows = list(_rounds(by, month)[: MOST_TAKEN_OUT + 1])
    if len(rows) > MOST_TAKEN_OUT:
        raise Refused(_("这个月太多了，一份写不下。请和管理员联系。"), code="too_long")
    with transaction.atomic():
        facts = {"month": f"{month:%Y-%m}", "rows": len(rows)}
        ledger.record(
            f"book:{secrets.token_hex(12)}",
            "book_taken",
            actor=by.name,
            occurred_at=clock.now(),
            facts=facts,
            first=True,
        )
    return _lines(rows)


def _rounds(by: Actor, month: date) -> QuerySet[Round]:
    if by.role not in READERS:
        raise PermissionDenied(_("您的岗位不能看这一页。"))
    first = month.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    begins, ends = (datetime.combine(day, time.min, tzinfo=clock.zone()) for day in (first, after))
    brought = Party.objects.filter(
        case=OuterRef("case"), role=Party.Role.BRINGER, post__role=Role.REPRESENTATIVE
    )
    told = Round.objects.filter(Exists(brought), told_at__gte=begins, told_at__lt=ends)
    mine = told.filter(~judges_own(by), case__in=access.visible(by).values("pk"))
    rows = mine.annotate(led=leading_unit(number="number")).select_related("case")
    return rows.order_by("-told_at", "-pk")


def _lines(rounds: Sequence[Round]) -> list[Line]:
    cases = [row.case_id for row in rounds]
    given: dict[tuple[int, int], list[Rating]] = defaultdict(list)
    # Only the supervisor's own list tells what was said anew; here it stays unseen.
    ratings = Rating.objects.filter(known(), case__in=cases)
    for rating in ratings.select_related("party").order_by("pk"):
        given[rating.case_id, rating.round].append(rating)
    brought: dict[int, Party] = {}
    bringers = Party.objects.filter(case__in=cases, role=Party.Role.BRINGER, post__role=Role.REPRESENTATIVE)
    for party in bringers.select_related("post__user", "post__unit").order_by("-pk"):
        brought[party.case_id] = party
    units = Unit.objects.in_bulk([row.led for row in rounds if row.led])  # type: ignore[attr-defined]
    return [_line(row, brought[row.case_id], given[row.case_id, row.number], units) for row in rounds]


def _line(row: Round, brought: Party, given: Sequence[Rating], units: dict[int, Unit]) -> Line:
    by_post = [rating for rating in given if rating.party.post_id is not None]
    by_people = [rating for rating in given if rating.party.post_id is None]
    return Line(
        key=_written(row),
        number=row.case.number,
        title=row.case.title,
        round=row.number,
        told_at=row.told_at or row.began_at,
        unit=str(units.get(row.led, "")),  # type: ignore[attr-defined]
        representative=str(brought.post.user),
        studio=str(brought.post.unit),
        of_representative=tuple((each.get_solved_display(), each.satisfied) for each in by_post),
        of_residents=tuple((each.get_solved_display(), each.satisfied) for each in by_people),
    )


def _written(row: Round) -> str:
    return f"{(row.told_at or row.began_at).isoformat()}~{row.pk}"


def _key(text: str) -> tuple[datetime, int] | None:
    """A key as it was written; anything else begins at the first page."""
    at, _tilde, row = text.partition("~")
    moment, number = moment_of(at), number_of(row)
    return None if moment is None or number is None else (moment, number)
