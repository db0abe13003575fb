"""评价代表: somebody says how the representative who brought their matter in has done."""

from django.utils.translation import gettext as _

from huiyin.cases import words as texts
from huiyin.cases.casefile import opened
from huiyin.cases.groups import is_representative
from huiyin.cases.models import Case, Party
from huiyin.evaluation.judging import GRADES
from huiyin.evaluation.models import RepresentativeRating
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def rate_bringer(case: Case, *, by: Actor, satisfied: int, words: str = "") -> RepresentativeRating:
    """Rate the representative who brought the matter in, from 1 (非常不满意) to 5 (非常满意); once.

    The grade is told with those of a full batch (`spans.FULL`) alone, the words (`remarks`) to nobody but supervision.
    """
    said = texts.optional(words, _("评价意见"))
    if satisfied not in GRADES:
        raise Refused(_("请从五档里选一档满意程度。"), code="satisfied")
    with opened(case, "rate_bringer", by=by) as file:
        found = next((each for each in file.parts(Party) if is_representative(each)), None)
        if found is None or found.post is None:
            raise Refused(_("这件诉求不是代表转达的。"), code="bringer")
        if RepresentativeRating.objects.filter(party=by.party_id, post=found.post).exists():
            raise Refused(_("您已经评价过这位代表了。"), code="rated")
        row = RepresentativeRating(
            case=file.case, party_id=by.party_id, post=found.post, unit=found.post.unit, satisfied=satisfied,
            words=said or None, at=file.at,
        )  # fmt: skip
        file.add(row)
        file.move(file.case.state)
        file.facts["party"] = by.party_id
        file.private = {"satisfied": str(satisfied), "words": texts.digest(said)}
    return row
