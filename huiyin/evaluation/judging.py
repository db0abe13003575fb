"""What every rating does, whoever took it down: it is kept, it counts once, and the matter follows what it says."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases.actions import close
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Party, Round
from huiyin.cases.statements import unexplained
from huiyin.cases.words import digest, optional
from huiyin.evaluation.family import head_of, judges, may_be_rated, verdict
from huiyin.evaluation.models import Contest, Rating
from huiyin.evaluation.raters import leading_unit
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

# Answers as forms send them, in a fixed order.
SOLVED, GRADES = Rating.Solved.values, Rating.Satisfied.values


def judgement(*, contacted: bool, solved: str, satisfied: int, words: str) -> Rating:
    """A rating in the making. Raises `Refused` for an answer off the form."""
    spoken = optional(words, _("评价意见"))
    if solved not in SOLVED:
        raise Refused(_("请选择问题是否解决：已解决、部分解决或未解决。"), code="solved")
    if satisfied not in GRADES:
        raise Refused(_("请从五档里选一档满意程度。"), code="satisfied")
    return Rating(contacted=contacted, solved=solved, satisfied=satisfied, words=spoken or None)


def entitled_in(file: CaseFile) -> tuple[Case, list[Party]]:
    """The matter whose answer is judged, and everybody with a right to judge it."""
    head = head_of(file.case)
    return head, judges(head, of=file.case)


def keep(file: CaseFile, rating: Rating, *, words: str, party: Party, how: str) -> Rating:
    """Write the rating of a party; what it says goes only into the sealed part of the event."""
    rating.case, rating.party, rating.round, rating.how = file.case, party, file.case.round, how
    rating.at, rating.on, rating.by = file.at, clock.local_date(file.at), file.by.post
    rating.unit_id = _counted_unit_id(file.case)
    file.add(rating)
    file.move(file.case.state)
    file.private |= {
        "contacted": str(rating.contacted),
        "solved": rating.solved,
        "satisfied": str(rating.satisfied),
        "words": digest(optional(words, _("评价意见"))),
    }
    return rating


def _counted_unit_id(case: Case) -> int | None:
    """The unit that a rating of the present round counts for: none where its contest (回访异议) was upheld."""
    upheld = Contest.objects.filter(
        case=OuterRef("case"),
        round=OuterRef("number"),
        unit=OuterRef("led"),
        about="unit",
        state=Contest.State.UPHELD,
    )
    led = Round.objects.filter(case=case, number=case.round).annotate(led=leading_unit(number="number"))
    return led.exclude(Exists(upheld)).values_list("led", flat=True).first()


def heed(file: CaseFile, head: Case, entitled: Sequence[Party]) -> bool:
    """Pass a matter that somebody calls unsolved to the reviewer; whether everybody has now called it solved."""
    said = verdict(head, entitled)
    if said is False:
        _pass_to_reviewer(file, head)
    return bool(said) and head.state == Case.State.TOLD and not _unexplained(head)


def close_solved(seen: Case, head: Case, *, by: Actor) -> None:
    """Close the matter that everybody has called solved, in the transaction of the last who did."""
    whole = seen if head.pk == seen.pk else head
    close(whole, by=Actor.system("rating").claiming(by.at), because="rated")


def require_rateable(file: CaseFile, seen: Case | None) -> None:
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
