"""评价: a party says for itself whether they were contacted, whether it is solved, and how satisfied they are."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from huiyin.cases import pens
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Party
from huiyin.evaluation import judging, settling
from huiyin.evaluation.models import COUNTS, Rating
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def rate(
    case: Case,
    *,
    by: Actor,
    contacted: bool,
    solved: str,
    satisfied: int,
    words: str = "",
) -> Rating:
    """Rate the answer of the present round, for oneself: as a party, or as the post that brought the matter in.

    Nobody rates for somebody else but at a call-back (`call_back`), whom a lot or a rule has chosen.
    `solved` is "yes", "partly" or "no"; `satisfied` 1 (非常不满意) to 5 (非常满意). The event says only that
    a rating was given; the grade lies in its sealed part. When every party has said that it is solved, the
    case closes in the same transaction; when one says that it is not, the reviewer holds it. The parties of a
    merged matter rate the answer that they share, and their word counts for its parent. An incident that the
    public is owed a statement on stays open until somebody makes it.
    """
    rating = judging.judgement(contacted=contacted, solved=solved, satisfied=satisfied, words=words)
    pen, seen = pens.in_hand(), case.parent
    with pen.lock(case, seen) if seen else pen.atomic():
        with opened(case, "rate", by=by) as file:
            judging.require_rateable(file, seen)
            head, entitled = judging.entitled_in(file)
            whose = _rater([each for each in entitled if each.case_id == file.case.pk], by)
            if Rating.objects.filter(COUNTS, party=whose, round=file.case.round).exists():
                raise Refused(
                    _("这一轮已经评价过了，评价不能修改。情况有变化可以补充说明，由受理中心处理。"),
                    code="rated",
                )
            judging.keep(file, rating, words=words, party=whose, how=Rating.How.SELF)
            file.facts["how"] = Rating.How.SELF
            settling.settle_by(rating)
            solved_by_all = judging.heed(file, head, entitled)
        if solved_by_all:
            judging.close_solved(case, head, by=by)
    return rating


def _rater(entitled: Sequence[Party], by: Actor) -> Party:
    """Whose judgement this is: a citizen's own, or that of the post that brought the matter in."""
    if by.kind == "system":
        raise PermissionDenied(_("评价只能由诉求人作出。"))
    if by.kind == "citizen":
        found = [party for party in entitled if party.pk == by.party_id]
    else:
        found = [party for party in entitled if party.post_id is not None and party.post == by.post]
    if not found:
        raise Refused(_("这一方不参加评价：评价由诉求人和不经办本件的转达人作出。"), code="rater")
    return found[0]
