"""A list that somebody wants as a file: the row is the queue, the progress and, when it is written, the receipt."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Export(models.Model):
    """One list, as one post saw it when the file was written; the file lies in the home's folder for a day."""

    class Of(models.TextChoices):
        CASES = "cases", _("诉求")
        ORDERS = "orders", _("工单")
        WORKBOOK = "workbook", _("报表")

    class Kind(models.TextChoices):
        XLSX = "xlsx", "Excel"
        CSV = "csv", "CSV"

    class State(models.TextChoices):
        ASKED = "asked", _("排队中")
        WRITING = "writing", _("正在写")
        READY = "ready", _("可以下载")
        FAILED = "failed", _("没有写成")
        GONE = "gone", _("已过期")

    asked_by = models.ForeignKey("organisation.Post", on_delete=models.CASCADE, related_name="+")
    of = models.CharField(max_length=8, choices=Of)
    title = models.CharField(
        max_length=100, blank=True
    )  # of a workbook; a list is called after what it lists
    wanted = models.JSONField()  # the fields of queries.Wanted, or what the writer of a workbook asks for
    kind = models.CharField(max_length=4, choices=Kind)
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    total = models.PositiveIntegerField(null=True)  # rows, counted when writing begins
    written = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)  # how often writing was begun
    stored_as = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField()
    touched_at = models.DateTimeField()  # the last sign of life of whoever writes
    ended_at = models.DateTimeField(null=True)
    said = models.CharField(
        max_length=400, blank=True
    )  # why it could not be written, in words for whoever asked

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], name="cases_export_waiting", condition=models.Q(state__in=("asked", "writing"))
            ),
            models.Index(fields=["asked_by", "-id"], name="cases_export_mine"),
            models.Index(fields=["ended_at"], name="cases_export_ready", condition=models.Q(state="ready")),
        ]

    @property
    def name(self) -> str:
        """What is in it."""
        return self.title or self.get_of_display()

    @property
    def waits(self) -> bool:
        """Whether there is still something to wait for."""
        return self.state in (self.State.ASKED, self.State.WRITING)
