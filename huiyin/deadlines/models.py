"""Deadline policies as dated data, and the clocks that run by them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarYear(models.Model):
    """One year's adjusted working-day table, from the operator's file (the State Council notice as data)."""

    year = models.PositiveSmallIntegerField(unique=True)
    holidays = models.JSONField(default=list, help_text="ISO dates off, weekends not counted")
    workdays = models.JSONField(default=list, help_text="ISO dates of weekends worked in exchange")
    basis = models.CharField(max_length=200, blank=True)


class Policy(models.Model):
    """How long a step may take, by which clock, from which event, paused by what, under which rule."""

    class Kind(models.TextChoices):
        HOURS = "hours", _("小时")
        WORKING_DAYS = "working_days", _("工作日")
        CALENDAR_DAYS = "calendar_days", _("自然日")

    class Track(models.TextChoices):
        HOTLINE = "hotline", _("热线")
        MAILBOX = "mailbox", _("信箱网络")
        PETITION = "petition", _("信访")
        URGENT = "urgent", _("紧急")

    code = models.CharField(max_length=60, unique=True)
    track = models.CharField(max_length=12, choices=Track)
    step = models.CharField(max_length=20, help_text="reply, order, objection, adjudication, rating, …")
    nature = models.CharField(max_length=12, blank=True)
    urgency = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=14, choices=Kind)
    amount = models.PositiveSmallIntegerField()
    counted_from = models.CharField(max_length=40, blank=True)
    pauses = models.JSONField(default=list, help_text="pause reasons that this policy allows")
    basis = models.CharField(_("依据"), max_length=200)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["track", "step"])]


class Clock(models.Model):
    """A running, paused or stopped deadline; `subject` is the case number it belongs to."""

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
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, help_text="exclusive instant; empty while paused")
    yellow_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    mark = models.PositiveSmallIntegerField(choices=Mark, default=Mark.NONE)
    stopped_at = models.DateTimeField(null=True)
    late = models.BooleanField(null=True, help_text="set when stopped: after due or not")

    class Meta:
        indexes = [
            models.Index(fields=["yellow_at"], condition=models.Q(state="running", mark=0), name="clock_to_yellow"),
            models.Index(fields=["due_at"], condition=models.Q(state="running", mark__lt=2), name="clock_to_red"),
            models.Index(fields=["subject"]),
        ]


class Pause(models.Model):
    """A lawful interruption of a clock; `until` bounds it, `ended_at` is when it was lifted."""

    class Reason(models.TextChoices):
        HEARING = "hearing", _("听证")
        AWAITING_PETITIONER = "awaiting_petitioner", _("等待诉求人补充")
        FORCE_MAJEURE = "force_majeure", _("不可抗力")
        SUSPENDED = "suspended", _("挂账")

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=20, choices=Reason)
    began_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
