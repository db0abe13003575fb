"""处理意见书: on the petition track a unit answers in writing: request, facts, opinion, legal basis, conclusion."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import petitions, words
from huiyin.cases.actions.answer import give
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Opinion, Order, Review
from huiyin.cases.wording import act_name
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

LONGEST_REFERENCE = 60
LONGEST_PART = 20_000
PARTS = {
    "request": gettext_lazy("诉求"),
    "facts": gettext_lazy("查明的事实"),
    "opinion": gettext_lazy("处理意见"),
    "basis": gettext_lazy("依据"),
}


@dataclass(frozen=True)
class OpinionIn:
    """An opinion as the unit writes it; nothing of it may be left out (信访工作条例 art. 32)."""

    reference: str
    conclusion: str
    request: str
    facts: str
    opinion: str
    basis: str


def give_opinion(order: Order, *, by: Actor, written: OpinionIn) -> Opinion:
    """Answer the point of a lead order with an opinion; the answer that is told is its text, with the way on.

    Raises `Refused` where the matter is not on the petition track, and for whatever part is missing.
    """
    reference = words.required(written.reference, _("文号"), most=LONGEST_REFERENCE)
    said = {
        name: words.required(getattr(written, name), what, most=LONGEST_PART) for name, what in PARTS.items()
    }
    if written.conclusion not in Opinion.Conclusion.values:
        raise Refused(_("请选择结论：支持、解释或者不予支持。"), code="conclusion")
    conclusion = Opinion.Conclusion(written.conclusion)
    with opened(order.case, "give_opinion", by=by, order=order) as file:
        _require_petition(file)
        mine = file.part(order)
        text = _document(file, reference, conclusion, said)
        give(file, mine, text=text, outcome=petitions.OUTCOMES[conclusion])
        row = file.add(
            Opinion(
                case=file.case,
                round=file.case.round,
                order=mine,
                reference=reference,
                conclusion=conclusion,
                given_at=file.at,
                given_by=by.post,
                **said,
            )
        )
        file.facts["conclusion"] = conclusion
    return row


def _require_petition(file: CaseFile) -> None:
    if not petitions.needs_opinion(file.case):
        raise Refused(
            _("处理意见书只用于信访轨道上的求助和投诉，这一件请用一般答复。"),
            code="track",
            instead=act_name("answer"),
        )


def _document(file: CaseFile, reference: str, conclusion: Opinion.Conclusion, said: dict[str, str]) -> str:
    """The whole text that the petitioner gets."""
    with petitions.in_the_place_s_language():
        lines = [
            _("处理意见书（%(reference)s）") % {"reference": reference},
            _("结论：%(conclusion)s") % {"conclusion": conclusion.label},
            *(f"{what}\n{said[name]}" for name, what in PARTS.items()),
            petitions.right_to_ask(file, Review.Level.REVIEW),
        ]
        return "\n\n".join(str(line) for line in lines)
