"""确认脱敏文本: a person confirms the text that units and the index may read."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from huiyin.cases import words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case
from huiyin.kernel import masking
from huiyin.organisation.actors import Actor


@dataclass(frozen=True)
class Redaction:
    """The readable title, text and place."""

    title: str
    text: str
    place: str = ""


def redact(case: Case, *, by: Actor, redaction: Redaction) -> None:
    """Set and confirm the text that units read; phones and identity numbers left in are masked all the same."""
    with opened(case, "redact", by=by) as file:
        file.move(file.case.state)
        apply_redaction(file, redaction)


def apply_redaction(file: CaseFile, redaction: Redaction) -> None:
    """Write the confirmed text; without a person (system) it stays marked as proposed by rule only."""
    file.set(
        title=masking.mask(words.required(redaction.title, _("标题"), most=120))[:120],
        text=masking.mask(words.required(redaction.text, _("内容"), most=words.LONGEST_TEXT)),
        place=masking.mask(words.optional(redaction.place, _("地点"), most=120))[:120],
        redacted_by=file.by.post,
    )
    file.facts["redacted"] = True
    file.private["redacted"] = words.digest(file.case.text)
