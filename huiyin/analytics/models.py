"""What this room keeps: the figures of a period as they were published."""

from django.db import models

from huiyin.ledger.months import FixedMonth


class FrozenPeriod(FixedMonth):
    """A month's figures as published, of the matters received in it by local date. The reason is public too."""

    SUBJECT = "figures"
    KINDS = ("freeze_figures", "revise_figures")
    COUNTED = "figures"

    figures = models.JSONField(help_text="by name: what was counted, and n")
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "revision"], name="period_revision_once")]
