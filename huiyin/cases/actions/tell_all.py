"""告知各方: record one way of telling for every party who is still owed the answer."""

from huiyin.cases import pens, petitions
from huiyin.cases.actions.record_told import record_told
from huiyin.cases.models import Case, Notice
from huiyin.organisation.actors import Actor


def tell_all(case: Case, *, by: Actor, how: str, said: str = "") -> None:
    """Record every notice of the answer that is still owed as told, one act each, in one transaction."""
    pen = pens.in_hand()
    with pen.atomic():
        for notice in pen.parts(case, Notice):
            if notice.about in petitions.ANSWERING and notice.told_at is None and notice.round == case.round:
                record_told(notice, by=by, how=how, said=said)
