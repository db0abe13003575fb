"""The text that the public reads of a case: a copy that a person has confirmed, without the petitioner."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models import Case
from huiyin.kernel.rows import Quick
from huiyin.kernel.sealing import SealedTextField
from huiyin.publication.bulletins.models import Bulletin, BulletinFile, BulletinWriter, Series

__all__ = ["Bulletin", "BulletinFile", "BulletinWriter", "Publication", "Series"]


class Publication(Quick):
    """One case as the public sees it. What is listed by is copied, so that lists never touch the case."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("拟公开")
        PUBLISHED = "published", _("已公开")
        WITHDRAWN = "withdrawn", _("已撤下")

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="publication")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("内容"))
    answer = models.TextField(_("答复"))
    nature = models.CharField(max_length=12, choices=Case.Nature)
    category = models.ForeignKey("cases.Category", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        "organisation.Unit", on_delete=models.PROTECT, related_name="+", help_text="that answered"
    )
    region = models.ForeignKey("organisation.Region", on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField()
    answered_on = models.DateField()
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(
        "organisation.Post", null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        "organisation.Post", null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        "organisation.Post", null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = SealedTextField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="published") | models.Q(confirmed_by__isnull=False),
                name="published_by_a_person",
            )
        ]
        indexes = [
            models.Index(
                fields=["confirmed_at", "id"],
                condition=models.Q(state="published"),
                name="publication_newest",
            ),
            models.Index(
                fields=["unit", "confirmed_at", "id"],
                condition=models.Q(state="published"),
                name="publication_by_unit",
            ),
            *(
                models.Index(
                    fields=[narrowed, "confirmed_at", "id"],
                    condition=models.Q(state="published"),
                    name=f"publication_by_{narrowed}",
                )
                for narrowed in ("nature", "category", "region")
            ),
        ]

    def __str__(self) -> str:
        return self.title
