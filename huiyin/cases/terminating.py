"""Proposals to terminate: which one waits, and who has decided against the petitioner before."""

from django.utils.translation import gettext as _

from huiyin.cases import pens
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Termination
from huiyin.kernel.refusals import Refused
from huiyin.ledger import queries as ledger
from huiyin.organisation.models import Post

AGAINST = ("decline", "advise_route", "confirm_termination")  # ends that the petitioner may contest


def proposed(row: Termination) -> bool:
    """Whether a proposal waits for the second person."""
    return row.state == Termination.State.PROPOSED


def lapse_terminations(file: CaseFile) -> None:
    """Let proposals lapse that nobody has decided, because the matter went another way."""
    for row in file.parts(Termination):
        if proposed(row):
            file.change(row, state=Termination.State.LAPSED, decided_at=file.at)


def require_fresh_eyes(file: CaseFile) -> None:
    """Refuse somebody who has ended the matter against the petitioner's wish before."""
    if _decided_against_before(file):
        raise Refused(_("诉求人对您上次的决定有异议，这次请由另一位同事来看。"), code="same_person")


def _decided_against_before(file: CaseFile) -> bool:
    """Whether this person, under whichever post, has ended it so; two have terminated a matter."""
    if file.by.user is None or file.happened.isdisjoint(AGAINST):
        return False
    names = ledger.actors_of(pens.subject_of(file.case), *AGAINST)
    codes = [name.removeprefix("post:") for name in names]
    if Post.objects.filter(code__in=codes, user=file.by.user).exists():
        return True
    confirmed = [row.proposed_by_id for row in file.parts(Termination) if row.state == row.State.CONFIRMED]
    return bool(confirmed) and Post.objects.filter(pk__in=confirmed, user=file.by.user).exists()
