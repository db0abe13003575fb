"""Deadline policies as dated data, and the clocks that run by them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.rows import Quick


class CalendarYear(models.Model):
    """One year's adjusted working-day table, from the operator's file (the State Council notice as data)."""

    year = models.PositiveSmallIntegerField(unique=True)
    holidays = models.JSONField(default=list, help_text="ISO dates off, as the notice names them")
    workdays = models.JSONField(default=list, help_text="ISO dates of weekends worked in exchange")
    basis = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return str(self.year)


class Policy(models.Model):
    """How long a step may take, by which clock, from which event, paused by what, under which rule."""

    class Kind(models.TextChoices):
        HOURS = "hours", _("小时")
        WORKING_DAYS = "working_days", _("工作日")
        CALENDAR_DAYS = "calendar_days", _("自然日")

    class Step(models.TextChoices):
        """The steps that the program times; a profile may add steps of its own."""

        ACCEPT = "accept", _("受理")
        REPLY = "reply", _("答复")
        ORDER = "order", _("办理")
        EXTENSION = "extension", _("延期")
        OBJECTION = "objection", _("异议")
        ADJUDICATION = "adjudication", _("异议裁定")
        RATING = "rating", _("评价")
        RECEIPT = "receipt", _("转送回执")
        SUPPLEMENT = "supplement", _("诉求人补充")
        SUPPLEMENT_TIMES = "supplement_times", _("请诉求人补充的次数")
        CONTACT_TRIES = "contact_tries", _("留在查询页以前联系的次数")
        SUSPENSION = "suspension", _("挂账")
        ELSEWHERE = "elsewhere", _("另循程序")
        UPWARD = "upward", _("请示答复")
        WHISTLE = "whistle", _("吹哨报到")
        INSTRUCTION = "instruction", _("批示回报")
        STATEMENT = "statement", _("公开说明")
        NOTIFY = "notify", _("受理告知")
        REVIEW_REQUEST = "review_request", _("申请复查")
        REVIEW = "review", _("复查")
        REREVIEW_REQUEST = "rereview_request", _("申请复核")
        REREVIEW = "rereview", _("复核")
        MEASURE = "measure", _("联系约定")

    class Track(models.TextChoices):
        HOTLINE = "hotline", _("热线")
        MAILBOX = "mailbox", _("信箱网络")
        PETITION = "petition", _("信访")
        URGENT = "urgent", _("紧急")

    code = models.CharField(max_length=60, unique=True)
    track = models.CharField(max_length=12, choices=Track, blank=True, help_text="empty: every track")
    step = models.CharField(max_length=20, help_text="a Step, or one of the profile's own")
    nature = models.CharField(max_length=12, blank=True, help_text="empty: every nature")
    urgency = models.CharField(max_length=12, blank=True, help_text="empty: every urgency")
    kind = models.CharField(max_length=14, choices=Kind)
    amount = models.PositiveSmallIntegerField()
    counted_from = models.CharField(
        max_length=40, blank=True, help_text="the event: registered, dispatched, …"
    )
    pauses = models.JSONField(default=list, blank=True, help_text="pause reasons that this policy allows")
    basis = models.CharField(_("依据"), max_length=200)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text=_("含当日"))

    class Meta:
        indexes = [models.Index(fields=["track", "step"])]

    def __str__(self) -> str:
        return self.code


class Clock(Quick):
    """A running, paused or stopped deadline; `subject` is the case number it belongs to.

    It keeps the kind and the amount under which it runs: a policy changed later does not change it. An
    extension adds to `amount`, or fixes a last day in `until`, counted from `until_set_at`.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("计时中")
        PAUSED = "paused", _("暂停")
        STOPPED = "stopped", _("已停止")

    class Mark(models.IntegerChoices):
        NONE = 0, _("正常")
        YELLOW = 1, _("将到期")
        RED = 2, _("已超期")

    subject = models.CharField(max_length=40)
    step = models.CharField(max_length=20)
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=14, choices=Policy.Kind)
    amount = models.PositiveSmallIntegerField(help_text="the policy's, and what extensions added")
    until = models.DateField(null=True, blank=True, help_text="last day fixed by an extension")
    until_set_at = models.DateTimeField(null=True, blank=True)
    prolonged = models.CharField(max_length=200, blank=True, help_text="basis of the latest extension")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text="the last instant in time; empty while paused")
    yellow_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    mark = models.PositiveSmallIntegerField(choices=Mark, default=Mark.NONE)
    stopped_at = models.DateTimeField(null=True)
    late = models.BooleanField(null=True, help_text="set when stopped: after due or not")

    class Meta:
        indexes = [
            models.Index(
                fields=["yellow_at"], condition=models.Q(state="running", mark=0), name="clock_to_yellow"
            ),
            models.Index(
                fields=["due_at"], condition=models.Q(state="running", mark__lt=2), name="clock_to_red"
            ),
            models.Index(  # receipts from outside that did not come: few, and asked with every list of the desk
                fields=["due_at"],
                condition=models.Q(state="running", step="receipt"),
                name="clock_of_receipt",
            ),
            models.Index(fields=["subject"]),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.step}"


class Pause(models.Model):
    """A lawful interruption of a clock; `until` bounds it, `ended_at` is when it was lifted.

    A pause whose bound has passed is lifted by the sweep, as of its bound.
    """

    class Reason(models.TextChoices):
        HEARING = "hearing", _("听证")
        AWAITING_PETITIONER = "awaiting_petitioner", _("等待诉求人补充")
        FORCE_MAJEURE = "force_majeure", _("不可抗力")
        SUSPENDED = "suspended", _("挂账")
        ELSEWHERE = "elsewhere", _("另循程序")

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=20, choices=Reason)
    began_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["until"], condition=models.Q(ended_at=None), name="pause_to_lift"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=models.Q(ended_at=None), name="pause_once_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.reason}"
