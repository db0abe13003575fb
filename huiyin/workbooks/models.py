"""What this room keeps: the templates of an office, a row for each version."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Template(models.Model):
    """One version of an office's own workbook. Its file never changes; a better one is the next version.

    Of the versions of one name at most one is in use; it takes a test fill to get there.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("未启用")
        ACTIVE = "active", _("在用")
        RETIRED = "retired", _("已停用")

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("名称"), max_length=60)
    version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the file")
    content = models.BinaryField(help_text="the file; small, and kept as long as its row")
    size = models.PositiveIntegerField()
    about = models.JSONField(help_text="sheets, how much is filled in, and what is not carried over")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("organisation.Post", on_delete=models.PROTECT, related_name="+")
    tested_at = models.DateTimeField(null=True, help_text="when a test fill was written")
    activated_at = models.DateTimeField(null=True)
    activated_by = models.ForeignKey(
        "organisation.Post", null=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "name", "version"], name="template_version_once"),
            models.UniqueConstraint(
                fields=["unit", "name"], condition=models.Q(state="active"), name="template_active_once"
            ),
        ]
        indexes = [models.Index(fields=["state", "unit"], name="template_by_state")]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"
