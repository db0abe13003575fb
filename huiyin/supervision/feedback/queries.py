"""Copies of feedback forms for whom they were sent to, and who has read and received them."""

import json
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from huiyin.accounts.roles import DESK, OVERSIGHT
from huiyin.cases import access
from huiyin.cases.models import Case
from huiyin.cases.paging import Listing
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.organisation.succession import units_of_post
from huiyin.supervision.access import leads
from huiyin.supervision.feedback.models import FeedbackCopy, FeedbackForm
from huiyin.supervision.feedback.rules import FIELDS
from huiyin.supervision.keyed import newest


@dataclass(frozen=True)
class FormRead:
    """A form as a reader sees it: its lines in words, their own copy, and everybody's where they may follow it."""

    form: FeedbackForm
    lines: list[tuple[str, str]]
    own: FeedbackCopy | None
    copies: list[FeedbackCopy]


def own_copies(by: Actor) -> QuerySet[FeedbackCopy]:
    """The copies that are the actor's (`is_own`), of cases that they (still) may know of."""
    return FeedbackCopy.objects.filter(_own(by), form__case__in=access.visible(by))


def is_own(by: Actor, copy: FeedbackCopy) -> bool:
    """Whether a copy was sent to the actor's post, or to one of a unit that was merged into the actor's.

    The latter is for the same person, and for whoever answers for the successor.
    """
    if by.post is None or copy.post_id == by.post.pk:
        return by.post is not None
    left = copy.post.unit_id in _merged_into(by.post)
    return left and (copy.post.user_id == by.post.user_id or leads(by.post))


def _own(by: Actor) -> Q:
    """The same as a condition on copies."""
    if by.post is None:
        return Q(pk__in=[])
    own, merged = Q(post=by.post.pk), _merged_into(by.post)
    if not merged:
        return own
    left = Q(post__unit__in=merged)
    return own | (left if leads(by.post) else left & Q(post__user=by.post.user_id))


def _merged_into(post: Post) -> set[int]:
    return set(units_of_post(post)) - {post.unit_id}


def listing(by: Actor, *, waiting: bool, after: str = "", before: str = "") -> Listing:
    """A page of them, the newest first: those without a receipt, or all."""
    rows = own_copies(by).select_related("form__case", "form__made_by__unit")
    return newest(rows.filter(received_at=None) if waiting else rows, after=after, before=before)


def waiting_count(by: Actor) -> int:
    """How many copies wait for the actor's receipt."""
    return own_copies(by).filter(received_at=None).count()


def follows(by: Actor, case: Case) -> bool:
    """Whether the actor follows who has read a form: those at the case's desk, and those who oversee."""
    return by.role in OVERSIGHT or (
        by.role in DESK and by.post is not None and by.post.unit_id == case.desk_id
    )


def find(by: Actor, key: int) -> FormRead | None:
    """A form that the actor got, or follows; None for any other, and for none."""
    form = FeedbackForm.objects.select_related("case__region", "made_by__unit").filter(pk=key).first()
    if form is None or not access.sees(by, form.case):
        return None
    copies = list(form.copies.select_related("post__unit", "post__user").order_by("pk"))
    mine = [copy for copy in copies if is_own(by, copy)]
    own = next((copy for copy in mine if copy.received_at is None), mine[0] if mine else None)
    if own is None and not follows(by, form.case):
        return None
    written = form.lines.open(Permit(holder=by.name, purpose=Purpose.WORK))
    lines = [(str(FIELDS.get(name, name)), text) for name, text in json.loads(written)]
    return FormRead(form, lines, own, copies if follows(by, form.case) else [])


def of_case(case: Case, by: Actor) -> list[FeedbackForm]:
    """The forms of a visible case that the actor got, or follows, the newest first."""
    rows = FeedbackForm.objects.filter(case=case).select_related("made_by__unit").order_by("-number")
    if not follows(by, case):
        rows = rows.filter(pk__in=FeedbackCopy.objects.filter(_own(by)).values("form"))
    return list(rows[:50])
