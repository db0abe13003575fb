"""What this room keeps: the figures of a period as they were published."""

from django.db import models


class FrozenPeriod(models.Model):
    """A month's figures as published. Written once; a later correction is a further row with its day and reason.

    `position` and `running` say up to which event of the ledger its inputs went.
    """

    period = models.CharField(max_length=7, help_text="2026-10, by local date of receipt")
    revision = models.PositiveSmallIntegerField(help_text="1 is the first")
    figures = models.JSONField(help_text="by name: what was counted, and n")
    position = models.BigIntegerField()
    running = models.CharField(max_length=64, blank=True)
    as_of = models.DateTimeField(help_text="when its inputs were read")
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200, blank=True, help_text="public: why it was corrected")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "revision"], name="period_revision_once")]

    def __str__(self) -> str:
        return f"{self.period} #{self.revision}"
