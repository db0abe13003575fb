"""What was drawn by which rule and seed, and what the petitioners said."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.sealing import SealedTextField


class Draw(models.Model):
    """One draw: of what was closed on a day, so many days ago. Seed and rule let anybody repeat it."""

    days = models.PositiveSmallIntegerField(help_text="after closing")
    day = models.DateField(help_text="local day of closing")
    seed = models.CharField(max_length=64)
    share = models.PositiveSmallIntegerField(help_text="per cent")
    least = models.PositiveSmallIntegerField()
    population = models.PositiveIntegerField()
    population_digest = models.CharField(max_length=64, help_text="SHA-256 of the numbers, sorted")
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["days", "day"], name="draw_once")]


class Recheck(models.Model):
    """A drawn case: its petitioner is asked, on the follow-up page or by telephone, until a day."""

    class State(models.TextChoices):
        ASKED = "asked", _("等回音")
        ANSWERED = "answered", _("已回音")
        LAPSED = "lapsed", _("没有回音")

    class How(models.TextChoices):
        SELF = "self", _("本人回答")
        PHONE = "phone", _("电话回访")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="rechecks")
    round = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="rechecks")
    unit = models.ForeignKey(
        "organisation.Unit", null=True, on_delete=models.PROTECT, related_name="+", help_text="that led it"
    )
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    until = models.DateField()
    came_back = models.BooleanField(null=True)
    how = models.CharField(max_length=5, choices=How, blank=True)
    words = SealedTextField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        "organisation.Post", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "round", "days"], name="recheck_once")]
        indexes = [
            models.Index(fields=["state", "until", "id"], name="recheck_waiting"),
            models.Index(fields=["asked_at"], name="recheck_by_time"),
        ]
