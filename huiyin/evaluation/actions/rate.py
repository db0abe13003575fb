"""评价: a party says whether they were contacted, whether it is solved, and how satisfied they are."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import pens
from huiyin.cases.actions import close
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Party
from huiyin.cases.statements import unexplained
from huiyin.cases.words import digest, optional
from huiyin.evaluation.family import head_of, judges, may_be_rated, verdict
from huiyin.evaluation.models import Rating
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

# Answers as forms send them, in a fixed order.
SOLVED, GRADES = Rating.Solved.values, Rating.Satisfied.values


def rate(
    case: Case,
    *,
    by: Actor,
    contacted: bool,
    solved: str,
    satisfied: int,
    words: str = "",
    party: Party | None = None,
) -> Rating:
    """Rate the answer of the present round: by a party itself, or taken down at a call-back for `party`.

    `solved` is "yes", "partly" or "no"; `satisfied` 1 (非常不满意) to 5 (非常满意). The event says only that
    a rating was given; the grade lies in its sealed part. When every party has said that it is solved, the
    case closes in the same transaction; when one says that it is not, the reviewer holds it. The parties of a
    merged matter rate the answer that they share, and their word counts for its parent. An incident that the
    public is owed a statement on stays open until somebody makes it.
    """
    spoken = optional(words, _("评价意见"))
    _require_answered(solved, satisfied)
    pen, seen = pens.in_hand(), case.parent
    with pen.lock(case, seen) if seen else pen.atomic():
        with opened(case, "rate", by=by) as file:
            _require_rateable(file, seen)
            head = head_of(file.case)
            entitled = judges(head, of=file.case)
            rating = Rating(
                case=file.case,
                party=_rater([each for each in entitled if each.case_id == file.case.pk], by, party),
                round=file.case.round,
                contacted=contacted,
                solved=solved,
                satisfied=satisfied,
                words=spoken or None,
                at=file.at,
                by=by.post,
            )
            _write(file, rating, spoken)
            said = verdict(head, entitled)
            if said is False:
                _pass_to_reviewer(file, head)
        if said and head.state == Case.State.TOLD and not _unexplained(head):
            whole = case if head.pk == case.pk else head
            close(whole, by=Actor.system("rating").claiming(by.at), because="rated")
    return rating


def _require_rateable(file: CaseFile, seen: Case | None) -> None:
    """Refuse a merged matter whose shared answer was not told yet, or is not for judging any more."""
    if (seen.pk if seen else None) != file.case.parent_id:
        raise Refused(_("并案情况刚刚有变动，您的操作没有执行。请刷新页面后再试。"), code="conflict")
    if not may_be_rated(file.case):
        raise Refused(
            _("主案的答复还没有告知，或者评价的时间已过，现在不能评价。没有解决的，可以重启本件。"),
            code="not_told",
            instead=_("重启"),
        )


def _unexplained(head: Case) -> bool:
    return head.incident and Case.objects.filter(unexplained(), pk=head.pk).exists()


def _pass_to_reviewer(file: CaseFile, head: Case) -> None:
    """Somebody says that it is not solved: the reviewer decides what becomes of the matter that was answered."""
    if head.pk == file.case.pk:
        file.hold(file.case.desk, Role.REVIEWER)
        return
    with opened(head, "hear_merged", by=Actor.system("rating").claiming(file.by.at)) as parent:
        parent.move(parent.case.state)
        parent.hold(parent.case.desk, Role.REVIEWER)
        parent.facts["child"] = file.case.number


def _write(file: CaseFile, rating: Rating, spoken: str) -> None:
    """Keep the rating, once a party and round; what it says goes only into the sealed part of the event."""
    if Rating.objects.filter(party=rating.party, round=rating.round).exists():
        raise Refused(
            _("这一轮已经评价过了，评价不能修改。情况有变化可以补充说明，由受理中心处理。"), code="rated"
        )
    by_office = rating.by is not None and rating.party.post != rating.by
    rating.how = Rating.How.CALL_BACK if by_office else Rating.How.SELF
    file.add(rating)
    file.move(file.case.state)
    file.facts["how"] = rating.how
    file.private = {
        "contacted": str(rating.contacted),
        "solved": rating.solved,
        "satisfied": str(rating.satisfied),
        "words": digest(spoken),
    }


def _require_answered(solved: str, satisfied: int) -> None:
    if solved not in SOLVED:
        raise Refused(_("请选择问题是否解决：已解决、部分解决或未解决。"), code="solved")
    if satisfied not in GRADES:
        raise Refused(_("请从五档里选一档满意程度。"), code="satisfied")


def _rater(entitled: Sequence[Party], by: Actor, named: Party | None) -> Party:
    """Whose judgement this is: a citizen's own, a bringer's own, or the one named at a call-back."""
    if by.kind == "system":
        raise PermissionDenied(_("评价只能由诉求人作出。"))
    if by.kind == "citizen":
        found = [party for party in entitled if party.pk == by.party_id]
    elif by.role == Role.CALLER:
        found = [party for party in entitled if named is None or party.pk == named.pk]
    else:
        found = [party for party in entitled if party.post_id is not None and party.post == by.post]
    if not found:
        raise Refused(_("这一方不参加评价：评价由诉求人和不经办本件的转达人作出。"), code="rater")
    if len(found) > 1:
        raise Refused(_("这件诉求有几位诉求人，请选择这次回访的是哪一位。"), code="which")
    return found[0]
