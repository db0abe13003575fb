"""The forms that were sent, as they were, and each recipient's copy."""

from django.db import models
from django.db.models import Q

from huiyin.kernel.sealing import SealedTextField


class FeedbackForm(models.Model):
    """A form as it was sent: its lines are kept, whatever becomes of the case. Never the petitioner."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="feedback_forms")
    round = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(help_text="of the case, from 1")
    lines = SealedTextField(help_text="JSON: a list of [field, text]")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the lines")
    receipt_by = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="feedback_once")]


class FeedbackCopy(models.Model):
    """A recipient's copy: when it was first read, and when its receipt was given."""

    form = models.ForeignKey(FeedbackForm, on_delete=models.CASCADE, related_name="copies")
    post = models.ForeignKey("organisation.Post", on_delete=models.PROTECT, related_name="+", db_index=False)
    read_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "post"], name="feedback_copy_once")]
        indexes = [
            models.Index(fields=["post", "id"], name="feedback_of_post"),
            models.Index(fields=["post"], condition=Q(received_at=None), name="feedback_waits"),
        ]
