"""上传材料: a checked file is kept with the case, for download only."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Answer, Attachment, Case, Note, Point
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.place import limit


@dataclass(frozen=True)
class StoredFile:
    """A file that `cases.files.check_and_store` has checked and put away."""

    name: str
    kind: str
    size: int
    digest: str
    stored_as: str


def attach(
    case: Case,
    *,
    by: Actor,
    stored: StoredFile,
    readers: str = Note.Readers.DESK,
    answer: Answer | None = None,
    point: Point | None = None,
) -> Attachment:
    """Join a stored file to the case, or to one point of it.

    A citizen's goes to the desk, which decides whether units may see it.
    """
    if readers not in Note.Readers.values:
        raise Refused(_("请选择谁可以看这个文件。"), code="readers")
    with opened(case, "attach", by=by) as file:
        _require_room(file)
        if answer is not None:
            answer = file.part(answer)
        row = keep(
            file,
            stored,
            readers=Note.Readers.DESK if by.kind == "citizen" else readers,
            answer=answer,
        )
        if point is not None:
            file.change(row, point=file.part(point))
        file.move(file.case.state)
        file.facts |= {"kind": stored.kind, "size": stored.size}
        file.private["file"] = stored.digest
    return row


def keep(
    file: CaseFile, stored: StoredFile, *, readers: str, answer: Answer | None = None, shows: str = ""
) -> Attachment:
    """The row of a file that was checked and stored, as whoever acts has brought it."""
    return file.add(
        Attachment(
            case=file.case,
            answer=answer,
            shows=shows,
            readers=readers,
            name=stored.name,
            kind=stored.kind,
            size=stored.size,
            digest=stored.digest,
            stored_as=stored.stored_as,
            at=file.at,
            by=file.by.post,
            party_id=file.by.party_id,
        )
    )


def _require_room(file: CaseFile) -> None:
    own, most = Attachment.objects.filter(case=file.case, party=file.by.party_id), limit("files")
    if file.by.kind == "citizen" and own.count() >= most:
        raise Refused(
            _("每件诉求最多传 %(most)d 个文件，已经传满了。要补充的话，可以写留言，或交给办理人员。")
            % {"most": most},
            code="files",
        )
