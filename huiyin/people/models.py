"""A person outside the office, sealed; found again only through keyed blind indexes."""

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
    language = models.CharField(_("语言"), max_length=12, default="zh-hans")
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["phone_index"], name="person_by_phone"),
            models.Index(fields=["identity_index"], name="person_by_identity"),
        ]
