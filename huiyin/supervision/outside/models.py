"""The questions of outside supervisors, and what the units answered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.sealing import SealedTextField


class Inquiry(models.Model):
    """监督询问: what somebody from outside asks a unit about a matter, to be answered in writing by a day."""

    class State(models.TextChoices):
        ASKED = "asked", _("待答复")
        ANSWERED = "answered", _("已答复")
        WITHDRAWN = "withdrawn", _("已撤回")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+", db_index=False)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    question = SealedTextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("organisation.Post", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    answer = SealedTextField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        "organisation.Post", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "unit", "asked_by"], condition=Q(state="asked"), name="inquiry_once_open"
            )
        ]
        indexes = [
            models.Index(fields=["unit", "due_on", "id"], condition=Q(state="asked"), name="inquiry_of_unit"),
            models.Index(fields=["due_on", "id"], condition=Q(state="asked"), name="inquiry_waits"),
        ]
