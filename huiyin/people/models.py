"""A person outside the office, sealed, found again through blind indexes; and how to talk to them."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.rows import Quick
from huiyin.kernel.sealing import SealedTextField


class Person(Quick):
    """A petitioner, representative's resident or organisation: every identifying field is sealed."""

    class Kind(models.TextChoices):
        NATURAL = "natural", _("个人")
        LEGAL = "legal", _("企业或其他法人")
        ORGANISATION = "organisation", _("其他组织")

    kind = models.CharField(max_length=12, choices=Kind, default=Kind.NATURAL)
    name = SealedTextField(null=True)
    phone = SealedTextField(null=True)
    address = SealedTextField(null=True)
    identity_number = SealedTextField(null=True)
    email = SealedTextField(null=True)
    phone_index = models.BinaryField(max_length=16, null=True)
    identity_index = models.BinaryField(max_length=16, null=True)
    email_index = models.BinaryField(max_length=16, null=True)
    language = models.CharField(_("语言"), max_length=12, default="zh-hans")
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["phone_index"], condition=models.Q(phone_index__isnull=False), name="person_by_phone"
            ),
            models.Index(
                fields=["identity_index"],
                condition=models.Q(identity_index__isnull=False),
                name="person_by_identity",
            ),
            models.Index(
                fields=["email_index"], condition=models.Q(email_index__isnull=False), name="person_by_email"
            ),
        ]


class ContactMeasure(Quick):
    """联系约定: how the office and one person keep in touch for a time. It never stops a matter from being taken in.

    Decided by two people, bounded, told, open to objection, reviewed before half of its time is over.
    """

    class Kind(models.TextChoices):
        WRITTEN = "written", _("书面联系")
        ONE_CONTACT = "one_contact", _("固定联系人")
        HOURS = "hours", _("固定时段")
        LENGTH = "length", _("限定通话时长")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待另一人确认")
        IN_FORCE = "in_force", _("执行中")
        REFUSED = "refused", _("不同意")
        LIFTED = "lifted", _("已解除")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="measures")
    phone_index = models.BinaryField(max_length=16)
    desk = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("方式"), max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    reason_code = models.CharField(max_length=40, help_text="of a coded reason, kept as it was then")
    reason = models.CharField(_("理由"), max_length=200)
    basis = models.CharField(_("依据"), max_length=200)
    words = SealedTextField(help_text="what is agreed, as the person reads it")
    why = SealedTextField(help_text="what happened, for the office")
    since = models.DateField(null=True)
    until = models.DateField(help_text="the last day; it ends by itself")
    review_on = models.DateField(null=True, help_text="looked at again by then")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("organisation.Post", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    decision = SealedTextField(null=True)
    told_at = models.DateTimeField(null=True)
    objected_at = models.DateTimeField(null=True)
    objection = SealedTextField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(
        "organisation.Post", null=True, on_delete=models.PROTECT, related_name="+"
    )
    review = SealedTextField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["phone_index", "state"], name="measure_by_phone")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}（{self.until}）"

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a local day."""
        started = self.since is not None and self.since <= day
        return self.state == self.State.IN_FORCE and started and day <= self.until

    def objected(self) -> bool:
        """Whether the person's objection still waits for somebody to look at it."""
        return self.objected_at is not None and (
            self.reviewed_at is None or self.reviewed_at < self.objected_at
        )
