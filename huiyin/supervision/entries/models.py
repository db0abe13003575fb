"""What is kept of a unit's ledger beyond the cases themselves: that it was handed in for acceptance, and who looked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.sealing import SealedTextField


class LedgerEntry(models.Model):
    """A matter in a unit's ledger 民情台账, from the day on which the unit hands it in 报验; before, its order is enough."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("待验收")
        REFUSED = "refused", _("验收退回")
        ACCEPTED = "accepted", _("已销账")
        STRUCK = "struck", _("已划出")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="ledger_entries")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField(help_text="of the case, when it was last handed in")
    state = models.CharField(max_length=10, choices=State)
    words = SealedTextField(null=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        "organisation.Post", null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "unit"], name="entry_once")]
        indexes = [
            models.Index(fields=["unit", "state", "id"], name="entry_of_unit"),
            models.Index(fields=["state", "id"], name="entry_by_state"),
        ]


class Inspection(models.Model):
    """验收: who looked at an entry, what they saw, and whether they accepted it. Written once."""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.CASCADE, related_name="inspections")
    round = models.PositiveSmallIntegerField()
    accepted = models.BooleanField()
    words = SealedTextField(null=True)
    photo = models.ForeignKey("cases.Attachment", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
