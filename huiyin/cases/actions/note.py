"""备注: a remark by the office or by a party; it changes nothing and two of them both stand."""

from django.utils.translation import gettext as _

from huiyin.cases import words
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Note
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def note(case: Case, *, by: Actor, text: str, readers: str = Note.Readers.OFFICE) -> Note:
    """Write a remark for the named readers; a party's own is for the desk alone (and for themselves).

    People name themselves and others in what they add. The desk passes on what a unit needs, in its words.
    """
    said = words.required(text, _("备注内容"), most=words.LONGEST_TEXT)
    if readers not in Note.Readers.values:
        raise Refused(_("请选择谁可以看这条备注。"), code="readers")
    with opened(case, "note", by=by) as file:
        chosen = Note.Readers.DESK if by.kind == "citizen" else readers
        row = file.add(
            Note(case=file.case, readers=chosen, text=said, at=file.at, by=by.post, party_id=by.party_id)
        )
        file.move(file.case.state)
        file.facts["readers"] = chosen
        file.private["text"] = words.digest(said)
    return row
