"""复看: another reviewer, or supervision, looks once more at what the petitioner calls unsolved."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import access
from huiyin.cases.models import Case
from huiyin.cases.queries import EVENT_PREFIX
from huiyin.evaluation.independence import concerns, judges_own
from huiyin.evaluation.models import SecondOpinion
from huiyin.evaluation.raters import judged_unit_ids
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger import queries as ledger
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post

READERS = frozenset({Role.REVIEWER, Role.SUPERVISOR})
DECIDING = (
    "approve",
    "explain_and_close",
    "redo",
    "ask_second_opinion",
)  # whoever did one of these has had a look
VERDICTS = SecondOpinion.Verdict.choices  # as forms offer them
PAGE = 25


@dataclass(frozen=True)
class Waiting:
    """One that is asked for, and whether the reader is somebody else than those who have looked already."""

    row: SecondOpinion
    number: str
    title: str
    why: str
    at: datetime
    may: bool


def open_for(case: Case) -> SecondOpinion | None:
    """The second opinion that is asked for in the present round, and not given."""
    return SecondOpinion.objects.filter(case=case, round=case.round, given_at=None).first()


def may_be_asked_for(case: Case) -> bool:
    """Whether nobody has asked for one in the present round."""
    return not SecondOpinion.objects.filter(case=case, round=case.round).exists()


def may_be_given(case: Case, by: Actor) -> bool:
    """Whether one is asked for that this person may give."""
    return open_for(case) is not None and is_another(case, by)


def visible(by: Actor) -> QuerySet[SecondOpinion]:
    """Those that a reviewer of the desk or a supervisor may know of, but for what a unit of their own did."""
    if by.role not in READERS:
        raise PermissionDenied(_("您的岗位不能看这一页。"))
    return SecondOpinion.objects.filter(~judges_own(by), case__in=access.visible(by).values("pk"))


def is_open() -> Q:
    """The condition that one is asked for in the present round, and not given."""
    return Q(given_at=None, round=F("case__round"))


def to_give(by: Actor) -> QuerySet[SecondOpinion]:
    """Those of which the reader has not looked at the matter: `is_another` as a condition on rows."""
    own = Post.objects.filter(user=by.user).values(name=Concat(Value("post:"), "code"))
    subject = Concat(Value(EVENT_PREFIX), OuterRef("case__number"), output_field=CharField())
    acted = ledger.history(subject).filter(kind__in=DECIDING, actor__in=own)
    return visible(by).filter(~Exists(acted))


def waiting(by: Actor) -> list[Waiting]:
    """The first of those that wait, the eldest at the top."""
    rows = visible(by).filter(is_open()).select_related("case").order_by("pk")[:PAGE]
    permit = Permit(holder=by.name, purpose=Purpose.WORK)
    return [
        Waiting(
            row, row.case.number, row.case.title, row.why.open(permit), row.asked_at, is_another(row.case, by)
        )
        for row in rows
    ]


def is_another(case: Case, by: Actor) -> bool:
    """Whether somebody has not looked at the matter themselves, under whichever post, and no unit of theirs did it."""
    if by.user is None or concerns(by, judged_unit_ids(case)):
        return False
    acted = ledger.history(f"{EVENT_PREFIX}{case.number}").filter(
        kind__in=DECIDING, actor__startswith="post:"
    )
    codes = [actor.removeprefix("post:") for actor in acted.values_list("actor", flat=True)]
    return not Post.objects.filter(code__in=codes, user=by.user).exists()
