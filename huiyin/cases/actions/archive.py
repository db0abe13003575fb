"""归档: an ended matter is put away; it can still be read and reopened."""

from django.utils.translation import gettext as _

from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Notice
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def archive(case: Case, *, by: Actor) -> None:
    """Archive an ended case once nothing is owed to anyone."""
    with opened(case, "archive", by=by) as file:
        if any(notice.told_at is None for notice in file.parts(Notice)):
            raise Refused(_("还有告知没有送达，不能归档。请先告知并记录。"), code="owed")
        file.move(Case.State.ARCHIVED)
