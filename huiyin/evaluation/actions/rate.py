"""评价: a party says whether they were contacted, whether it is solved, and how satisfied they are."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import pens
from huiyin.cases.actions import close
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Party
from huiyin.cases.words import digest, optional
from huiyin.evaluation.models import Rating
from huiyin.evaluation.raters import judged_unit_ids, raters
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
    case closes in the same transaction; when one says that it is not, the reviewer holds it.
    """
    spoken = optional(words, _("评价意见"))
    _require_answered(solved, satisfied)
    with pens.in_hand().atomic():
        with opened(case, "rate", by=by) as file:
            entitled = _entitled(file)
            rating = Rating(
                case=file.case,
                party=_rater(entitled, by, party),
                round=file.case.round,
                contacted=contacted,
                solved=solved,
                satisfied=satisfied,
                words=spoken or None,
                at=file.at,
                by=by.post,
            )
            _write(file, rating, spoken)
            verdict = _verdict(file, entitled)
            if verdict is False:
                file.hold(file.case.desk, Role.REVIEWER)
        if verdict:
            close(case, by=Actor.system("rating").claiming(by.at), because="rated")
    return rating


def _write(file: CaseFile, rating: Rating, spoken: str) -> None:
    """Keep the rating, once a party and round; what it says goes only into the sealed part of the event."""
    if Rating.objects.filter(party=rating.party, round=rating.round).exists():
        raise Refused(
            _("这一轮已经评价过了，评价不能修改。情况有变化可以补充说明，由受理中心处理。"), code="rated"
        )
    by_office = rating.by is not None and rating.party.post != rating.by
    rating.how = Rating.How.CALL_BACK if by_office else Rating.How.SELF
    file.add(rating)
    file.move(Case.State.TOLD)
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


def _entitled(file: CaseFile) -> list[Party]:
    parties = Party.objects.filter(case=file.case).select_related("post").order_by("pk")
    return raters(file.case, parties, judged_unit_ids(file.case))


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


def _verdict(file: CaseFile, entitled: Sequence[Party]) -> bool | None:
    """True when every party said solved, False when one said otherwise, None while some have not spoken."""
    given = Rating.objects.filter(case=file.case, round=file.case.round)
    said = dict(given.values_list("party_id", "solved"))
    if any(solved != Rating.Solved.YES for solved in said.values()):
        return False
    return True if all(party.pk in said for party in entitled) else None
