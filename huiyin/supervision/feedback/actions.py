"""报送、签收: a feedback form goes to whom the place names, and each recipient gives receipt of their own copy."""

import hashlib
import json
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import access, states, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Order
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.supervision.feedback.drawing import lines_of
from huiyin.supervision.feedback.models import FeedbackCopy, FeedbackForm
from huiyin.supervision.feedback.queries import is_own
from huiyin.supervision.feedback.rules import LEAD, FeedbackRule, feedback_rule

SUGGESTION = gettext_lazy("拟办意见")


def send_feedback(case: Case, *, by: Actor, suggestion: str) -> FeedbackForm:
    """Draw the form up from the case as it stands, and send it to every recipient who may know of the case.

    Raises `Refused` where the place has no such form, when nobody may receive it (a report goes to no leader), and
    when the last form said the very same.
    """
    said = words.required(suggestion, SUGGESTION)
    rule = feedback_rule()
    if rule is None:
        raise Refused(_("资料里没有反馈表的规定（[feedback]），不能报送。"), code="no_form")
    with opened(case, "send_feedback", by=by) as file:
        posts = _recipients(file, rule)
        lines = lines_of(file.case, rule, suggestion=said, posts=posts)
        written = json.dumps(lines, ensure_ascii=False)
        earlier = FeedbackForm.objects.filter(case=file.case).order_by("-number").first()
        digest = hashlib.sha256(written.encode()).hexdigest()
        if earlier is not None and earlier.digest == digest:
            raise Refused(_("和上一份一字不差，没有再报送。有新的情况再报。"), code="same")
        form = file.add(
            FeedbackForm(
                case=file.case,
                round=file.case.round,
                number=earlier.number + 1 if earlier else 1,
                lines=written,
                digest=digest,
                receipt_by=wall.local_date(file.at) + timedelta(days=rule.days),
                made_at=file.at,
                made_by=by.post,
            )
        )
        for post in posts:
            file.add(FeedbackCopy(form=form, post=post))
        file.move(file.case.state)
        file.facts |= {"number": form.number, "posts": [post.code for post in posts]}
        file.private["lines"] = digest
    return form


def _recipients(file: CaseFile, rule: FeedbackRule) -> list[Post]:
    """Who gets it: the posts that the place names and the lead's person, as far as they may know of the case."""
    named = [code for code in rule.recipients if code != LEAD]
    today = wall.local_date(file.at)
    rows = Post.objects.filter(code__in=named, user__is_active=True).select_related("unit__region", "user")
    by_code = {post.code: post for post in organisation.valid_on(rows, today)}
    posts = [by_code[code] for code in named if code in by_code]
    if LEAD in rule.recipients:
        leads = (each for each in file.orders if each.part == Order.Part.LEAD)
        posts += [each.person for each in leads if each.state in states.Order.IN_HAND]
    once = list({post.pk: post for post in posts}.values())
    known = [post for post in once if access.sees(Actor.of(post), file.case)]
    if not known:
        raise Refused(_("规定的收件人都看不到这件诉求，不能报送。"), code="nobody")
    return known


def receive_feedback(copy: FeedbackCopy, *, by: Actor) -> FeedbackCopy:
    """签收: the recipient gives receipt of their own copy, once; in a successor, whoever has it now (`is_own`)."""
    with opened(copy.form.case, "receive_feedback", by=by) as file:
        row = FeedbackCopy.objects.select_related("form", "post").get(pk=copy.pk)
        if not is_own(by, row):
            raise PermissionDenied(_("这一份不是送给您的。"))
        if row.received_at is not None:
            raise Refused(_("这一份已经签收过了。"), code="received")
        file.change(row, received_at=file.at, read_at=row.read_at or file.at)
        file.move(file.case.state)
        file.facts["number"] = row.form.number
    return row


def note_reading(copy: FeedbackCopy, *, by: Actor) -> None:
    """Keep when the recipient first opened their copy; read by anybody else it stays unread."""
    if is_own(by, copy) and copy.read_at is None:
        copy.read_at = by.when()
        FeedbackCopy.objects.filter(pk=copy.pk, read_at=None).update(read_at=copy.read_at)
