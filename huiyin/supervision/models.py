"""The rungs of the ladder of supervision that a named person signs, what is said on them, and what is proposed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.sealing import SealedTextField
from huiyin.supervision.entries.models import Inspection, LedgerEntry
from huiyin.supervision.feedback.models import FeedbackCopy, FeedbackForm
from huiyin.supervision.outside.models import Inquiry
from huiyin.supervision.recurrence.models import Draw, Recheck
from huiyin.supervision.sweeps.models import Finding, Sheet, Sweep

# The models of the folders, where Django looks for them.
FOLDERS = (LedgerEntry, Inspection, Draw, Recheck, Sweep, Sheet, Finding, FeedbackForm, FeedbackCopy, Inquiry)

# A rung in one of these states waits for somebody.
OPEN = ("waiting", "replied", "held", "appealed")


def _post() -> models.ForeignKey:
    return models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")


class Rung(models.Model):
    """One step of the ladder: against a unit, or a leader's own; about a case, or about no single one.

    Read it through `supervision.access` only: it names who is at fault, and may be about a report.
    """

    class Kind(models.TextChoices):
        ORDER = "order", _("督办单")
        LISTING = "listing", _("挂牌")
        TALK = "talk", _("约谈")
        CIRCULAR = "circular", _("通报")
        ADVICE = "advice", _("问责建议")
        CHARGE = "charge", _("包案")
        FAULT = "fault", _("过错记录")

    class State(models.TextChoices):
        """How it stands; `supervision.wording.state_name` says it in the words of each kind."""

        WAITING = "waiting", _("待办")
        REPLIED = "replied", _("已回复")
        HELD = "held", _("已谈，待落实")
        APPEALED = "appealed", _("申诉中")
        DONE = "done", _("已完成")
        UPHELD = "upheld", _("维持")
        REVOKED = "revoked", _("撤销")
        EXEMPTED = "exempted", _("容错免责")
        WITHDRAWN = "withdrawn", _("已撤回")

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.CASCADE, related_name="rungs")
    round = models.PositiveSmallIntegerField(default=0, help_text="of the case; 0 without one")
    unit = models.ForeignKey(
        "organisation.Unit",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="whom it is about; none for a circular, which has receipts",
    )
    post = models.ForeignKey(
        "organisation.Post",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the leader who answers, is called, or takes the case; the person at fault",
    )
    region = models.ForeignKey("organisation.Region", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(
        max_length=20, blank=True, help_text="the mark that raised it; empty: a person did"
    )
    clause = models.CharField(
        max_length=40, blank=True, help_text="the code of the place's rule that was broken"
    )
    basis = models.CharField(
        max_length=200, blank=True, help_text="what it rests on, as the profile said then"
    )
    title = models.CharField(
        _("标题"), max_length=120, blank=True, help_text="nameless; the public may read it"
    )
    public = models.BooleanField(default=False, help_text="a listing that anybody may read")
    words = SealedTextField()
    due_on = models.DateField(null=True)
    issued_at = models.DateTimeField()
    issued_by = _post()
    ended_at = models.DateTimeField(null=True)
    ended_by = _post()
    year = models.PositiveSmallIntegerField(null=True, help_text="of a circular, which are numbered")
    serial = models.PositiveIntegerField(null=True)
    about = models.ManyToManyField(
        "cases.Case", related_name="+", help_text="matters that a circular names; never a report"
    )
    once = models.CharField(max_length=36, null=True, unique=True, help_text="the form that it came from")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="rung_numbered_once"),
            models.CheckConstraint(
                condition=models.Q(public=False) | models.Q(kind="listing") & ~models.Q(title=""),
                name="rung_public_is_a_titled_listing",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "id"], condition=models.Q(state__in=OPEN), name="rung_open"),
            models.Index(fields=["unit", "id"], name="rung_of_unit"),
            models.Index(fields=["kind", "id"], name="rung_of_kind"),
            models.Index(
                fields=["issued_at", "id"],
                condition=models.Q(public=True, state="waiting"),
                name="rung_public",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Entry(models.Model):
    """What was said or done on a rung: a reply, an inspection, a record, a note of progress. Written once."""

    rung = models.ForeignKey(Rung, on_delete=models.CASCADE, related_name="entries")
    act = models.CharField(max_length=12)
    words = SealedTextField(null=True)
    verdict = models.CharField(
        max_length=10, blank=True, help_text="passed or not, adopted or not, upheld or not"
    )
    day = models.DateField(null=True, help_text="of the inspection or talk, or by when something is promised")
    at = models.DateTimeField()
    by = _post()

    def __str__(self) -> str:
        return self.act


class Receipt(models.Model):
    """A unit to which a circular went, and when somebody of it read it first."""

    rung = models.ForeignKey(Rung, on_delete=models.CASCADE, related_name="receipts")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True)
    read_by = _post()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rung", "unit"], name="receipt_once")]

    def __str__(self) -> str:
        return f"receipt of {self.unit_id}"


class Proposal(models.Model):
    """What the place's rules propose about a case; a named person signs it or sets it aside with a reason."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待定")
        SIGNED = "signed", _("已签发")
        DISMISSED = "dismissed", _("不采用")
        LAPSED = "lapsed", _("不再需要")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Rung.Kind)
    rule = models.CharField(max_length=20)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    proposed_at = models.DateTimeField()
    reason = SealedTextField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = _post()
    rung = models.ForeignKey(Rung, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "kind", "rule"], name="proposed_once"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state="waiting"), name="proposal_waits"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} because of {self.rule}"
