"""Months whose numbers stand fixed 定稿, whatever they count: written once, told by the ledger, corrected by rows."""

import json
from hashlib import sha256
from typing import Any, ClassVar, Self

from django.db import models, transaction

from huiyin.ledger.queries import history
from huiyin.ledger.writing import record


class FixedMonth(models.Model):
    """A month as it was told. Written once; a later correction is a further row with its day and reason.

    `position` and `running` say up to which event of the ledger its inputs went; an event of the month's own holds the
    fingerprint of all that the row says.
    """

    SUBJECT: ClassVar[str]  # before the month, in the ledger
    KINDS: ClassVar[tuple[str, str]]  # of the events of the first row and of a correction
    COUNTED: ClassVar[str]  # the column with what was counted

    period = models.CharField(max_length=7, help_text="2026-10")
    revision = models.PositiveSmallIntegerField(help_text="1 is the first")
    position = models.BigIntegerField()
    running = models.CharField(max_length=64, blank=True)
    as_of = models.DateTimeField(help_text="when its inputs were read")
    reason = models.CharField(max_length=200, blank=True, help_text="why it was corrected")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.period} #{self.revision}"

    @property
    def subject(self) -> str:
        """What its events are about."""
        return f"{self.SUBJECT}:{self.period}"

    @property
    def numbers(self) -> Any:
        """All that was counted, as JSON has it."""
        return getattr(self, self.COUNTED)

    @property
    def digest(self) -> str:
        """A fingerprint of all that the row says."""
        return self._digest(self.numbers)

    @property
    def earlier_numbers(self) -> list[Any]:
        """The same as earlier versions of the program had them, whose fingerprints still hold."""
        return []

    def _digest(self, numbers: Any) -> str:
        said = [self.period, self.revision, numbers, self.position, self.running, self.reason]
        return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def _is_as(self, told: str | None) -> bool:
        """Whether a fingerprint is of this row, in this form of it or in one before."""
        return told in (self.digest, *(self._digest(numbers) for numbers in self.earlier_numbers))

    @classmethod
    def holding(cls, period: str) -> Self | None:
        """The revision of a month that holds; None for one that is not fixed."""
        return cls._default_manager.filter(period=period).order_by("-revision").first()

    @classmethod
    def tampered(cls) -> list[Self]:
        """Rows that do not say what their event in the ledger says, the oldest first."""
        rows = list(cls._default_manager.order_by("period", "revision"))
        said = {
            (event.facts["period"], event.facts["revision"]): event.facts["digest"]
            for subject in {row.subject for row in rows}
            for event in history(subject)
        }
        return [row for row in rows if not row._is_as(said.get((row.period, row.revision)))]

    def keep(self, *, actor: str, at: Any) -> None:
        """Write it with its event, together. Raises IntegrityError where another has written this revision."""
        facts = {
            "period": self.period,
            "revision": self.revision,
            "position": self.position,
            "digest": self.digest,
        }
        with transaction.atomic():
            self.save(force_insert=True)
            record(self.subject, self.KINDS[self.revision > 1], actor=actor, occurred_at=at, facts=facts)
