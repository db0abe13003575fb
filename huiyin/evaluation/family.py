"""One answer, many judges: the ratings of a matter and of those merged into it, which share its answer."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from huiyin.cases.models import Case, Party, Round
from huiyin.evaluation.models import Pressure, Rating
from huiyin.evaluation.raters import judged_unit_ids, raters

# The states of a parent in which the answer is out, and its worth still decides what becomes of the matter.
RATEABLE = (Case.State.TELLING, Case.State.TOLD)


def head_of(case: Case) -> Case:
    """The matter whose answer the parties of this one judge: its parent's, while it is merged."""
    return case.parent if case.state == Case.State.MERGED and case.parent is not None else case


def may_be_rated(case: Case) -> bool:
    """Whether the answer of a case can be rated now: told, or shared with a merged matter that has been told."""
    if case.state == Case.State.TOLD:
        return True
    if case.state != Case.State.MERGED or head_of(case).state not in RATEABLE:
        return False
    return Round.objects.filter(case=case, number=case.round, told_at__isnull=False).exists()


def judges(head: Case, *, of: Case | None = None) -> list[Party]:
    """Everybody with a right to rate the answer of a matter: its parties, and those of what is merged into it."""
    family = (
        Party.objects.filter(Q(case=head) | Q(case__parent=head))
        .select_related("post", "person")
        .order_by("pk")
    )
    return raters(head, family, judged_unit_ids(of or head))


def given_in(head: Case, number: int) -> QuerySet[Rating]:
    """The ratings of one round, those that do not count among them.

    Of the present one also what parties of merged matters have said since it began.

    What they said before the round began they said of an earlier answer, and it counted then.
    """
    return given_since(head, number, _began(head) if number == head.round else None)


def given_since(head: Case, number: int, began: datetime | None) -> QuerySet[Rating]:
    """The same, for a present round that began then; None for an earlier one."""
    own = Q(case=head, round=number)
    if began is None:
        return Rating.objects.filter(own)
    return Rating.objects.filter(own | Q(case__parent=head, round=F("case__round"), at__gte=began))


def known() -> Q:
    """The ratings by which a matter goes on, one of a party and round: those that everybody knows of.

    One that was pressed out of somebody stays what a matter goes by: what they said anew is for supervision alone, and
    shows in no state. That holds too when a contest has made the first one void: then they have not spoken.
    """
    anew = Exists(Pressure.objects.filter(anew=OuterRef("pk")))
    return Q(~anew, set_aside__in=("", Rating.Aside.PRESSED))


def verdict(head: Case, entitled: Sequence[Party]) -> bool | None:
    """True when every judge said solved, False when one said otherwise, None while some have not spoken."""
    said = dict(given_in(head, head.round).filter(known()).values_list("party_id", "solved"))
    if any(solved != Rating.Solved.YES for solved in said.values()):
        return False
    return True if all(party.pk in said for party in entitled) else None


def unsolved() -> Q:
    """The condition on cases that somebody said of the present answer that it is not solved."""
    not_solved = Rating.objects.filter(known()).exclude(solved=Rating.Solved.YES)
    own = not_solved.filter(case=OuterRef("pk"), round=OuterRef("round"))
    parent_round = Round.objects.filter(case=OuterRef("case__parent"), number=OuterRef("case__parent__round"))
    since = Exists(parent_round.filter(began_at__lte=OuterRef("at")))
    merged = not_solved.filter(since, case__parent=OuterRef("pk"), round=F("case__round"))
    return Q(Exists(own)) | Q(Exists(merged))


def _began(head: Case) -> datetime | None:
    return Round.objects.filter(case=head, number=head.round).values_list("began_at", flat=True).first()
