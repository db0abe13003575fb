"""Events, and the head of their order."""

from django.db import models
from django.db.models import Q

from huiyin.kernel.sealing import SealedTextField
from huiyin.ledger.canonical import canonical_bytes


class Event(models.Model):
    """Something that happened to a subject. Written once; only its place in the order is filled in later.

    `facts` may be read by anyone. What is personal lies sealed in `private` with its salt, can be erased,
    and is bound to the event by `commitment`.
    """

    subject = models.CharField(max_length=40)
    subject_seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)
    actor = models.CharField(max_length=80)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    facts = models.JSONField()
    commitment = models.BinaryField(max_length=32, null=True)
    private = SealedTextField(null=True)
    prev = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    mac = models.BinaryField(max_length=32)
    position = models.BigIntegerField(null=True, unique=True)
    running = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "subject_seq"], name="ledger_event_subject_once"),
            models.CheckConstraint(
                condition=Q(position__isnull=True, running__isnull=True)
                | Q(position__isnull=False, running__isnull=False),
                name="ledger_event_position_with_running",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(position__isnull=True), name="ledger_event_pending"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} #{self.subject_seq} {self.kind}"

    def canonical(self) -> bytes:
        """The bytes that are hashed, made anew from the columns."""
        return canonical_bytes(**{name: getattr(self, name) for name in CONTENT_COLUMNS})


class LedgerHead(models.Model):
    """How far the order goes: one row, kept beside a copy outside the database."""

    count = models.BigIntegerField(default=0)
    running = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    mac = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"head at {self.count}"


CONTENT_COLUMNS = (
    "subject",
    "subject_seq",
    "kind",
    "actor",
    "occurred_at",
    "recorded_at",
    "facts",
    "commitment",
    "prev",
)
