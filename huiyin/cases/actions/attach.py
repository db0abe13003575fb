"""上传材料: a checked file is kept with the case, for download only."""

from dataclasses import dataclass

from huiyin.cases.casefile import opened
from huiyin.cases.models import Answer, Attachment, Case, Note
from huiyin.organisation.actors import Actor


@dataclass(frozen=True)
class StoredFile:
    """A file that `cases.files.store` has checked and put away."""

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
) -> Attachment:
    """Join a stored file to the case. A citizen's goes to the desk, which decides whether units may see it."""
    with opened(case, "attach", by=by) as file:
        row = file.add(
            Attachment(
                case=file.case,
                answer=answer,
                readers=Note.Readers.DESK if by.kind == "citizen" else readers,
                name=stored.name,
                kind=stored.kind,
                size=stored.size,
                digest=stored.digest,
                stored_as=stored.stored_as,
                at=file.at,
                by=by.post,
                party_id=by.party_id,
            )
        )
        file.move(file.case.state)
        file.facts |= {"kind": stored.kind, "size": stored.size}
        file.private["file"] = stored.digest
    return row
