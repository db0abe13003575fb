"""Plans of sweeps, the sheets of their rounds, and what was found."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.sealing import SealedTextField


class Sweep(models.Model):
    """排查计划: what is looked for in a place, from a day to a day, every so many days, and by whose order."""

    title = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(max_length=20, help_text="a kind of the profile, by its code")
    region = models.ForeignKey("organisation.Region", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    what = models.TextField(_("查什么"), max_length=500)
    since = models.DateField()
    until = models.DateField()
    every = models.PositiveSmallIntegerField(help_text="days of a round")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("organisation.Post", on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, help_text="why it was stopped")
    once = models.CharField(max_length=36, null=True, unique=True, help_text="the form that it came from")

    def __str__(self) -> str:
        return self.title


class Sheet(models.Model):
    """排查单: one grid in one round: who goes, by when, and whether they have."""

    class State(models.TextChoices):
        DUE = "due", _("待排查")
        DONE = "done", _("已排查")
        CANCELLED = "cancelled", _("已取消")

    sweep = models.ForeignKey(Sweep, on_delete=models.CASCADE, related_name="sheets", db_index=False)
    round = models.PositiveSmallIntegerField()
    region = models.ForeignKey(
        "organisation.Region", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("organisation.Post", on_delete=models.PROTECT, related_name="+")
    begins_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=9, choices=State, default=State.DUE)
    found = models.PositiveSmallIntegerField(default=0)
    words = SealedTextField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sweep", "round", "region"], name="sheet_once")]
        indexes = [
            models.Index(fields=["unit", "due_on", "id"], condition=Q(state="due"), name="sheet_of_unit"),
            models.Index(fields=["sweep", "due_on", "id"], name="sheet_of_sweep"),
        ]


class Finding(models.Model):
    """What a sheet found, as the case that it became."""

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="findings")
    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey("organisation.Post", on_delete=models.PROTECT, related_name="+")
