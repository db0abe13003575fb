"""督办批注: a remark by whoever oversees, for those who handle the matter; it changes nothing, nobody owes a reply."""

from django.utils.translation import gettext_lazy

from huiyin.cases import words
from huiyin.cases.casefile import opened
from huiyin.cases.models import Case, Note
from huiyin.organisation.actors import Actor

WORDS = gettext_lazy("批注内容")


def comment(case: Case, *, by: Actor, text: str) -> Note:
    """Write a remark for the desk, the units at work and those who oversee; never for the petitioner."""
    said = words.required(text, WORDS)
    with opened(case, "comment", by=by) as file:
        row = file.add(
            Note(
                case=file.case,
                readers=Note.Readers.OFFICE,
                comment=True,
                text=said,
                at=file.at,
                by=by.post,
            )
        )
        file.move(file.case.state)
        file.private["text"] = words.digest(said)
    return row
