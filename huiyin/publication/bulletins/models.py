"""What is kept of bulletins: the text, the figures bound to it, who wrote, approved and issued it, and its files."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.sealing import SealedTextField


class Series(models.Model):
    """The issues of one series in one year: under its lock the next number is given, without a gap."""

    name = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "year"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.year}"


class Bulletin(models.Model):
    """One issue, from its draft to its end. Once issued only its withdrawal is written to it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待核准")
        APPROVED = "approved", _("待签发")
        ISSUED = "issued", _("已签发")
        WITHDRAWN = "withdrawn", _("已撤回")
        DISCARDED = "discarded", _("已作废")

    class Audience(models.TextChoices):
        PUBLIC = "public", _("公开")
        INTERNAL = "internal", _("内部")

    template = models.CharField(max_length=40, help_text="code of the template")
    template_digest = models.CharField(max_length=64)
    series = models.CharField(_("刊名"), max_length=60)
    audience = models.CharField(max_length=8, choices=Audience)
    form = models.CharField(max_length=8, default="plain", help_text="plain, red or notice")
    mark = models.CharField(max_length=20, blank=True, help_text="发文机关代字 of a red-headed paper")
    every = models.CharField(max_length=6, help_text="week, month, year or days")
    since = models.DateField()
    until = models.DateField()
    scope_kind = models.CharField(max_length=8, blank=True, help_text="category, region or unit")
    scope = models.CharField(max_length=40, blank=True, help_text="its code")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField(_("标题"), max_length=120)
    body = SealedTextField()
    bound = models.JSONField(help_text="the figures as counted, with as_of and the place in the ledger")
    version = models.PositiveIntegerField(default=1, help_text="goes up with each change of the text")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    edited_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    remark = SealedTextField(null=True)
    sent_back_by = models.ForeignKey(
        "organisation.Post", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        "organisation.Post", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True)
    issued_on = models.DateField(null=True)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True, help_text="of all that was issued")
    withdrawn_by = models.ForeignKey(
        "organisation.Post", null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True, help_text="public: why withdrawn, or why corrected")
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by", help_text="which it corrects"
    )
    once = models.CharField(
        max_length=140, unique=True, help_text="one at a time for each template and period"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "number"], name="bulletin_number_once"),
            models.CheckConstraint(
                condition=~models.Q(state="issued")
                | models.Q(approved_by__isnull=False, number__isnull=False),
                name="bulletin_issued_by_people",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="bulletin_by_state"),
            models.Index(fields=["audience", "issued_on", "id"], name="bulletin_issued"),
        ]

    def __str__(self) -> str:
        return self.title


class BulletinWriter(models.Model):
    """Who has put a hand to the text: nobody of these may approve it."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="writers")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulletin", "user"], name="bulletin_writer_once")]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.user_id}"


class BulletinFile(models.Model):
    """An issue as a file: asked for when it is issued, made by the worker, kept for good."""

    class State(models.TextChoices):
        ASKED = "asked", _("等待生成")
        MAKING = "making", _("正在生成")
        READY = "ready", _("可以下载")
        FAILED = "failed", _("没有生成")

    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=4, choices=[("pdf", "PDF"), ("docx", "Word")])
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    stored_as = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    touched_at = models.DateTimeField()
    fault = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulletin", "kind"], name="bulletin_file_once")]
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["asked", "making"]),
                name="bulletin_file_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id}.{self.kind}"
