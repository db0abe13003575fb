"""公开标题: an open matter is found by its title, and joined instead of being written again."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Exclusion, ReleasedTitle
from huiyin.cases.nameless import require_nameless
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.people import identity

LONGEST = 120
TITLE = gettext_lazy("公开的标题")
NAMED = gettext_lazy("标题里还有诉求人的%(what)s，没有公开。请删去或改写后再提交；您改好的内容还在。")


def release_title(case: Case, *, by: Actor, title: str) -> ReleasedTitle:
    """Let out the title of an open matter as a person has read and confirmed it; nothing else of it is public.

    Numbers in it are masked. Raises `Refused` for a report or a matter in which somebody is complained of, and while
    a petitioner's own name, telephone, address or e-mail stands in it (个人信息保护法 art. 25).
    """
    said = identity.masked(words.required(title, TITLE, most=LONGEST))[:LONGEST]
    if not by.is_staff or by.post is None:
        raise PermissionDenied(_("公开前要由工作人员逐字确认。"))
    with opened(case, "release_title", by=by) as file:
        _require_open_to_all(file)
        require_nameless(file, said, sentence=str(NAMED))
        row = next(iter(file.parts(ReleasedTitle)), None)
        if row is not None and row.taken_back_at is None:
            raise file.refusal(_("标题已经公开"))
        let_out = {"title": said, "released_at": file.at, "released_by": by.post}
        if row is None:
            row = file.add(ReleasedTitle(case=file.case, **let_out))
        else:
            file.change(row, **let_out, taken_back_at=None, taken_back_by=None)
        file.move(file.case.state)
        file.private = {"title": words.digest(said)}
    return row


def take_title_back(released: ReleasedTitle, *, by: Actor, reason: str) -> None:
    """Take the title off the public pages at once, with a reason for the record; who has joined stays in."""
    said = words.required(reason, _("收回的理由"))
    with opened(released.case, "take_title_back", by=by) as file:
        mine = file.part(released)
        if mine.taken_back_at is not None:
            raise file.refusal(_("标题已经收回"))
        file.change(mine, taken_back_at=file.at, taken_back_by=by.post)
        file.move(file.case.state)
        file.private = {"reason": words.digest(said)}


def _require_open_to_all(file: CaseFile) -> None:
    if file.case.nature == Case.Nature.REPORT or file.parts(Exclusion):
        raise Refused(_("举报不公开，涉及被举报方的也不公开。"), code="report")
