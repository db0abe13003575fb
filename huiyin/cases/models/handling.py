"""What is kept of handling a case: orders, objections, answers, talks, notices, notes and files."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.cases import states
from huiyin.cases.models.matter import Case, Party, Point, Reason
from huiyin.kernel.rows import Quick
from huiyin.kernel.sealing import SealedTextField


class Order(Quick):
    """A point handed to a unit: unit, person, deadline and legal basis, or it cannot leave the desk."""

    class State(models.TextChoices):
        SENT = states.Order.SENT, _("待签收")
        SIGNED = states.Order.SIGNED, _("办理中")
        OBJECTED = states.Order.OBJECTED, _("异议中")
        ANSWERED = states.Order.ANSWERED, _("已答复")
        APPROVED = states.Order.APPROVED, _("审核通过")
        RETURNED = states.Order.RETURNED, _("退回重办")
        REPLACED = states.Order.REPLACED, _("已改派")
        SUCCEEDED = states.Order.SUCCEEDED, _("已承继")
        CANCELLED = states.Order.CANCELLED, _("已撤销")

    class Part(models.TextChoices):
        LEAD = "lead", _("主办")
        ASSIST = "assist", _("协办")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="orders", db_index=False)
    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="orders")
    round = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=8, choices=Part, default=Part.LEAD)
    state = models.CharField(max_length=12, choices=State)
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey("organisation.Post", on_delete=models.PROTECT, related_name="+")
    clock = models.ForeignKey("deadlines.Clock", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    basis = models.CharField(_("依据"), max_length=200)
    binding = models.BooleanField(default=False, help_text="designated: no second objection")
    note = SealedTextField(null=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    objection_until = models.DateTimeField(help_text="silence until then accepts")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    contacted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "state", "due_at", "id"], name="order_desk"),
            models.Index(fields=["state", "objection_until"], name="order_silence"),
            models.Index(fields=["case", "unit"], name="order_of_unit"),  # whether a unit may see a case
            models.Index(fields=["unit", "id"], name="order_newest"),
            models.Index(
                fields=["unit", "due_at", "id"],
                condition=models.Q(state__in=states.Order.OPEN),
                name="order_in_hand",
            ),
            models.Index(fields=["case"], condition=models.Q(state="replaced"), name="order_replaced"),
        ]


class Objection(models.Model):
    """A unit's one objection to an order, with the clause it cites and what was decided."""

    class State(models.TextChoices):
        OPEN = "open", _("待裁定")
        REJECTED = "rejected", _("驳回")
        REDISPATCHED = "redispatched", _("改派")
        DESIGNATED = "designated", _("指定")
        LAPSED = "lapsed", _("随单失效")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="objections")
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="+")
    words = SealedTextField()
    suggested_unit = models.ForeignKey(
        "organisation.Unit", null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    clock = models.ForeignKey("deadlines.Clock", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    decision = SealedTextField(null=True)

    class Meta:
        indexes = [models.Index(fields=["order"], condition=models.Q(state="open"), name="objection_open")]


class Extension(models.Model):
    """A unit's request for more time, and the desk's yes or no."""

    class State(models.TextChoices):
        ASKED = "asked", _("待批")
        GRANTED = "granted", _("同意")
        REFUSED = "refused", _("不同意")
        LAPSED = "lapsed", _("随单失效")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="extensions")
    days = models.PositiveSmallIntegerField(help_text="working days asked for")
    reason = SealedTextField()
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    decision = SealedTextField(null=True)

    class Meta:
        indexes = [models.Index(fields=["order"], condition=models.Q(state="asked"), name="extension_asked")]


class Answer(Quick):
    """What a unit (or the desk, at once) says to one point in one round."""

    class State(models.TextChoices):
        GIVEN = "given", _("待审核")
        APPROVED = "approved", _("审核通过")
        RETURNED = "returned", _("退回")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="answers")
    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="answers")
    round = models.PositiveSmallIntegerField()
    order = models.ForeignKey(Order, null=True, on_delete=models.CASCADE, related_name="answers")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    text = SealedTextField()
    outcome = models.CharField(max_length=16, choices=Point.Outcome)
    state = models.CharField(max_length=10, choices=State, default=State.GIVEN)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")


class PrivateAnswer(Quick):
    """单独答复: what a unit answers to one of a group alone (an amount, an address); it goes with the round's answer."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="private_answers")
    round = models.PositiveSmallIntegerField()
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="private_answers")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="private_answers")
    text = SealedTextField()
    state = models.CharField(max_length=10, choices=Answer.State, default=Answer.State.GIVEN)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")


class Contact(models.Model):
    """A talk with the petitioner, tried or held."""

    class How(models.TextChoices):
        PHONE = "phone", _("电话")
        VISIT = "visit", _("上门")
        MESSAGE = "message", _("短信")
        COUNTER = "counter", _("当面")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="contacts")
    order = models.ForeignKey(Order, null=True, on_delete=models.CASCADE, related_name="contacts")
    round = models.PositiveSmallIntegerField()
    how = models.CharField(max_length=8, choices=How)
    reached = models.BooleanField()
    words = SealedTextField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")


class Notice(Quick):
    """Something a party has to be told; the row is the queue until `told_at` is set."""

    class About(models.TextChoices):
        ANSWER = "answer", _("答复")
        DECLINE = "decline", _("不予受理告知")
        EXTENSION = "extension", _("延期告知")
        MERGE = "merge", _("并案告知")
        SPLIT = "split", _("分案告知")
        EXPLANATION = "explanation", _("解释办结告知")
        ROUTE = "route", _("法定途径告知")
        RECEIPT = "receipt", _("受理告知")
        FORWARDING = "forwarding", _("转送告知")
        TAKEN_BACK = "taken_back", _("收回转送告知")
        HANDOVER = "handover", _("移交告知")
        REFERRAL = "referral", _("另循程序告知")
        QUESTION = "question", _("请补充材料")
        SUSPENSION = "suspension", _("挂账告知")
        TERMINATION = "termination", _("终止告知")
        STATEMENT = "statement", _("情况说明")
        PROMISE = "promise", _("承诺调整告知")
        FULFILLED = "fulfilled", _("承诺兑现告知")
        REVIEW = "review", _("复查复核告知")

    class How(models.TextChoices):
        DELIVERED = "delivered", _("本人已阅")
        SPOKEN = "spoken", _("口头告知")
        POSTED = "posted", _("留在查询页，多次联系未果")
        LAPSED = "lapsed", _("不再需要告知")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notices")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="notices")
    round = models.PositiveSmallIntegerField()
    about = models.CharField(max_length=12, choices=About)
    posted_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    how = models.CharField(max_length=10, choices=How, blank=True)
    told_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    words = SealedTextField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(told_at=None), name="notice_owed"),
            models.Index(fields=["case"], condition=models.Q(told_at=None), name="notice_owed_in_case"),
        ]


class Note(models.Model):
    """A remark on the case: by the office (internal or not) or by a party."""

    class Readers(models.TextChoices):
        DESK = "desk", _("仅受理中心与督办")
        OFFICE = "office", _("经办各方")
        ALL = "all", _("也给诉求人")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    readers = models.CharField(max_length=8, choices=Readers, default=Readers.OFFICE)
    comment = models.BooleanField(default=False, help_text="督办批注: by whoever oversees")
    shared = models.BooleanField(default=False, help_text="for the parties of the merged matters too")
    text = SealedTextField()
    at = models.DateTimeField()
    by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, null=True, on_delete=models.CASCADE, related_name="notes")


class Attachment(models.Model):
    """A checked file; served only as a download, to those who may read it."""

    class Shows(models.TextChoices):
        BEFORE = "before", _("办理前")
        AFTER = "after", _("办理后")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="attachments")
    answer = models.ForeignKey(Answer, null=True, on_delete=models.CASCADE, related_name="attachments")
    point = models.ForeignKey(
        Point,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="what it belongs to; null: all",
    )
    shows = models.CharField(max_length=6, choices=Shows, blank=True, default="")  # of a photo with an answer
    readers = models.CharField(max_length=8, choices=Note.Readers, default=Note.Readers.DESK)
    name = SealedTextField()
    kind = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256, hex")
    stored_as = models.CharField(max_length=100)
    at = models.DateTimeField()
    by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, null=True, on_delete=models.CASCADE, related_name="attachments")

    class Meta:
        indexes = [models.Index(fields=["stored_as"], name="attachment_by_file")]
