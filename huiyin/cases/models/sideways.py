"""What is kept of the side roads: referrals, questions, calls for help, suspensions, terminations, words from above."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models.handling import Order
from huiyin.cases.models.matter import Case, Party, Reason
from huiyin.kernel.rows import Quick
from huiyin.kernel.sealing import SealedTextField

WORDS = 120  # characters of a body's name


def _post() -> models.ForeignKey:
    """Somebody of the office, under one of their posts."""
    return models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")


class Referral(Quick):
    """移送: the matter goes to somebody outside, with what they confirmed and what became of it there."""

    class Kind(models.TextChoices):
        ROUTE = "route", _("告知法定途径")
        OUTSIDE = "outside", _("转送外部")
        EMERGENCY = "emergency", _("移交应急")
        ELSEWHERE = "elsewhere", _("另循程序")
        COUNSELLING = "counselling", _("人文疏导")

    class Procedure(models.TextChoices):
        MEDIATION = "mediation", _("调解")
        HEARING = "hearing", _("听证")
        LITIGATION = "litigation", _("诉讼")
        ARBITRATION = "arbitration", _("仲裁")
        LEGAL_AID = "legal_aid", _("法律援助")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="referrals")
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.ForeignKey(Reason, null=True, on_delete=models.PROTECT, related_name="+")
    procedure = models.CharField(max_length=12, choices=Procedure, blank=True, help_text="of one elsewhere")
    body = models.CharField(_("去处"), max_length=WORDS, help_text="a body, never a private person")
    reference = models.CharField(_("文号或警情号"), max_length=60, blank=True)
    words = SealedTextField(null=True)
    sent_at = models.DateTimeField()
    sent_by = _post()
    clock = models.ForeignKey("deadlines.Clock", null=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True, help_text="when somebody looks again at the latest")
    chases = models.PositiveSmallIntegerField(_("催问次数"), default=0)
    chased_at = models.DateTimeField(null=True)
    receipt_number = models.CharField(_("回执号"), max_length=60, blank=True)
    receipt_at = models.DateTimeField(null=True)
    outcome = SealedTextField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = _post()

    class Meta:
        indexes = [
            models.Index(fields=["case"], condition=models.Q(ended_at=None), name="referral_waits"),
            models.Index(
                fields=["until"],
                condition=models.Q(ended_at=None, until__isnull=False),
                name="referral_until",
            ),
        ]


class Question(Quick):
    """A question that has to be answered before the matter goes on: to the petitioner, or upward."""

    class Kind(models.TextChoices):
        SUPPLEMENT = "supplement", _("请诉求人补充")
        UPWARD = "upward", _("请示")

    class State(models.TextChoices):
        OPEN = "open", _("待回复")
        ANSWERED = "answered", _("已回复")
        LAPSED = "lapsed", _("到期未回复")
        TAKEN_BACK = "taken_back", _("已撤回")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="questions")
    round = models.PositiveSmallIntegerField()
    order = models.ForeignKey(Order, null=True, on_delete=models.CASCADE, related_name="questions")
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    words = SealedTextField()
    asked_at = models.DateTimeField()
    asked_by = _post()
    until = models.DateTimeField(help_text="answered by then, or the matter goes on without")
    clock = models.ForeignKey("deadlines.Clock", null=True, on_delete=models.PROTECT, related_name="+")
    answer = SealedTextField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = _post()
    party = models.ForeignKey(
        Party, null=True, on_delete=models.CASCADE, related_name="+", help_text="who supplied it"
    )
    act_by = models.DateField(null=True, help_text="the date that an answer from above sets")

    class Meta:
        indexes = [models.Index(fields=["case"], condition=models.Q(state="open"), name="question_open")]


class Whistle(Quick):
    """吹哨: a street calls a department to the place; whether it came, and what both sides say of it."""

    class Came(models.TextChoices):
        CAME = "came", _("按时报到")
        LATE = "late", _("迟到")
        ABSENT = "absent", _("未到")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="whistles")
    round = models.PositiveSmallIntegerField()
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, related_name="whistles", help_text="of the caller"
    )
    called = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="+", help_text="of the called")
    words = SealedTextField(help_text="why, and where to meet")
    at = models.DateTimeField()
    by = _post()
    clock = models.ForeignKey("deadlines.Clock", on_delete=models.PROTECT, related_name="+")
    came_at = models.DateTimeField(null=True)
    came_by = _post()
    called_says = SealedTextField(null=True)
    came = models.CharField(max_length=8, choices=Came, blank=True)
    caller_says = SealedTextField(null=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case"], condition=models.Q(came_at=None), name="whistle_blown")]


class Suspension(Quick):
    """挂账: what cannot be solved now rests with a plan and a date, on which it comes back by itself."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待审批")
        IN_FORCE = "in_force", _("挂账中")
        REFUSED = "refused", _("不同意")
        ENDED = "ended", _("已销账")
        LAPSED = "lapsed", _("随单失效")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="suspensions")
    round = models.PositiveSmallIntegerField()
    order = models.ForeignKey(Order, null=True, on_delete=models.CASCADE, related_name="suspensions")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    plan = SealedTextField(help_text="in words that the petitioner may read")
    until = models.DateField()
    proposed_at = models.DateTimeField()
    proposed_by = _post()
    decided_at = models.DateTimeField(null=True)
    decided_by = _post()
    decision = SealedTextField(null=True)
    ended_at = models.DateTimeField(null=True)


class Termination(Quick):
    """终止: handling ends for a coded reason by two people's word; the petitioner may contest it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待复核")
        CONFIRMED = "confirmed", _("已终止")
        REFUSED = "refused", _("不同意")
        LAPSED = "lapsed", _("失效")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="terminations")
    round = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="+")
    words = SealedTextField()
    proposed_at = models.DateTimeField()
    proposed_by = _post()
    decided_at = models.DateTimeField(null=True)
    decided_by = _post()
    decision = SealedTextField(null=True)


class Instruction(Quick):
    """批示: a leader's note on a case that becomes a tracked order to a unit, reported on in writing."""

    class State(models.TextChoices):
        GIVEN = "given", _("待回报")
        REPORTED = "reported", _("已回报")
        SETTLED = "settled", _("已落实")
        RETURNED = "returned", _("要求重报")
        LAPSED = "lapsed", _("随案结束")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="instructions")
    round = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.GIVEN)
    words = SealedTextField()
    given_at = models.DateTimeField()
    given_by = _post()
    clock = models.ForeignKey("deadlines.Clock", on_delete=models.PROTECT, related_name="+")
    report = SealedTextField(null=True)
    reported_at = models.DateTimeField(null=True)
    reported_by = _post()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["case"],
                condition=models.Q(state__in=("given", "reported")),
                name="instruction_waits",
            )
        ]


class Progress(Quick):
    """进展: how an instruction stands before it is reported on, as often as there is something to say."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="progress")
    instruction = models.ForeignKey(Instruction, on_delete=models.CASCADE, related_name="progress")
    words = SealedTextField()
    noted_at = models.DateTimeField()
    noted_by = _post()


class Promise(Quick):
    """承诺: an adopted suggestion closes with what will be done by when; its author is told when it is."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("随答复待审核")
        MADE = "made", _("待兑现")
        FULFILLED = "fulfilled", _("已兑现")
        CHANGED = "changed", _("已调整")
        LAPSED = "lapsed", _("随答复退回")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="promises")
    round = models.PositiveSmallIntegerField()
    order = models.ForeignKey(
        Order, null=True, on_delete=models.CASCADE, related_name="promises", help_text="answered with it"
    )
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    text = models.TextField(help_text="in words that the author reads")
    due_on = models.DateField()
    reason = models.TextField(blank=True, help_text="why the date before this one was given up")
    made_at = models.DateTimeField()
    made_by = _post()
    fulfilled_at = models.DateTimeField(null=True)
    fulfilled_by = _post()
    fulfilment = models.TextField(blank=True)
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["due_on", "id"], condition=models.Q(state="made"), name="promise_due")
        ]


class Reminder(Quick):
    """催办: whoever oversees asks the unit whose turn it is to act by a day; it ends by itself when they do."""

    class State(models.TextChoices):
        GIVEN = "given", _("催办中")
        HEEDED = "heeded", _("已有行动")
        LAPSED = "lapsed", _("不再需要")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reminders")
    round = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=State, default=State.GIVEN)
    rule = models.CharField(
        max_length=20, blank=True, help_text="the mark that raised it; empty: a person did"
    )
    promise = models.ForeignKey(
        Promise, null=True, on_delete=models.CASCADE, related_name="+", db_index=False,
        help_text="past its day, of which a rule reminds; waits until it is kept or moved",
    )  # fmt: skip
    times = models.PositiveSmallIntegerField(help_text="the how-manieth of the case, whatever the round")
    words = SealedTextField()
    act_by = models.DateField()
    given_at = models.DateTimeField()
    given_by = _post()
    act = models.CharField(max_length=32, blank=True, help_text="what the unit did")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["unit", "act_by", "id"], condition=models.Q(state="given"), name="reminder_waits"
            ),
            models.Index(
                fields=["promise"], condition=models.Q(promise__isnull=False), name="reminder_of_promise"
            ),
        ]


class Statement(Quick):
    """公开说明: what is said in public at the first moment, owed under a clock of its own."""

    class State(models.TextChoices):
        OWED = "owed", _("待说明")
        MADE = "made", _("已说明")
        LAPSED = "lapsed", _("不再需要")
        CORRECTED = "corrected", _("已更正")
        WITHDRAWN = "withdrawn", _("已收回")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="statements")
    round = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.OWED)
    clock = models.ForeignKey("deadlines.Clock", on_delete=models.PROTECT, related_name="+")
    owed_at = models.DateTimeField()
    owed_by = _post()
    text = models.TextField(blank=True, help_text="public: without any person")
    made_at = models.DateTimeField(null=True)
    made_by = _post()
    replaces = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="corrections", help_text="what it corrects"
    )
    reason = models.TextField(blank=True, help_text="public: why it was corrected, or taken back")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = _post()
