"""What goes out of the house, and the codes by which somebody shows that a telephone or mailbox is theirs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.sealing import SealedTextField


class Channel(models.TextChoices):
    """Ways out."""

    MAIL = "mail", _("邮件")
    SMS = "sms", _("短信")


class Sending(models.Model):
    """One message on its way out; the row is the queue. What it says is forgotten when its fate is known."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("待发送")
        UNCERTAIN = "uncertain", _("不知是否送到")
        SENT = "sent", _("已发出")
        FAILED = "failed", _("没有发出")

    key = models.CharField(max_length=64, unique=True, help_text="the message's own, for ever")
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.CharField(max_length=10, choices=State, default=State.PREPARED)
    to = SealedTextField(null=True)
    subject = models.CharField(max_length=120, blank=True)
    text = SealedTextField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    prepared_at = models.DateTimeField()
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="of no use to the reader after that")
    tried_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    trace = models.CharField(max_length=200, blank=True, help_text="what the other side calls it")
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["not_before", "id"], condition=models.Q(settled_at=None), name="sending_open"
            )
        ]

    def __str__(self) -> str:
        return self.key


class SignInCode(models.Model):
    """A code that somebody asked for, by which they show that a telephone or mailbox is theirs.

    Written whether or not anybody is known by it, so that asking tells nothing. `code` and `contact`
    are forgotten as soon as the worker has looked.
    """

    channel = models.CharField(max_length=8, choices=Channel)
    contact = SealedTextField(null=True)
    contact_index = models.BinaryField(max_length=16)
    code = SealedTextField(null=True)
    code_hash = models.BinaryField(max_length=32)
    language = models.CharField(max_length=12)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    looked_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(looked_at=None), name="sign_in_asked")]

    def __str__(self) -> str:
        return f"{self.channel} {self.pk}"
