"""What a matter is: its kind, its case, the parties, the points asked and the rounds it goes through."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.accounts.roles import Role
from huiyin.cases import states
from huiyin.kernel.rows import Quick
from huiyin.kernel.sealing import SealedTextField
from huiyin.organisation.models import Dated, named

OPEN = models.Q(state__in=states.Case.OPEN)
UNTOLD = models.Q(state__in=states.Case.UNTOLD)


class Category(Dated):
    """A kind of matter, in a tree of dated rows; cases keep the row they were filed under."""

    code = models.CharField(_("编码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=100, db_index=True)
    facets = models.JSONField(default=list, help_text="spheres and tags of the profile")

    def __str__(self) -> str:
        return named(self.name, self.name_en)


class Reason(models.Model):
    """A citable ground (to decline, to object, to explain), with its legal basis and the right route."""

    class For(models.TextChoices):
        DECLINE = "decline", _("不予受理")
        OBJECTION = "objection", _("派单异议")
        EXPLAIN = "explain", _("解释办结")
        ROUTE = "route", _("法定途径")
        TERMINATE = "terminate", _("终止办理")
        MEASURE = "measure", _("联系方式约定")

    kind = models.CharField(max_length=12, choices=For)
    code = models.CharField(max_length=40, unique=True)
    text = models.CharField(_("理由"), max_length=200)
    basis = models.CharField(_("依据"), max_length=200)
    route = models.CharField(_("正确途径"), max_length=200, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.text


def where_set(name: str, *fields: str) -> list[models.Index]:
    """An index for each of these that holds only the rows where it is set: most rows of an intake have it empty."""
    return [
        models.Index(fields=[each], condition=models.Q((f"{each}__isnull", False)), name=f"{name}_{each}")
        for each in fields
    ]


class Case(Quick):
    """One matter: current state here, its history in the ledger; `version` counts its events."""

    class Nature(models.TextChoices):
        APPEAL = "appeal", _("求助诉求")
        SUGGESTION = "suggestion", _("建议")
        INQUIRY = "inquiry", _("咨询")
        COMPLAINT = "complaint", _("投诉")
        REPORT = "report", _("举报")
        PRAISE = "praise", _("表扬")

    class Channel(models.TextChoices):
        WEB = "web", _("网上")
        PHONE = "phone", _("电话")
        MAILBOX = "mailbox", _("信箱")
        LETTER = "letter", _("来信")
        VISIT = "visit", _("来访")
        REPRESENTATIVE = "representative", _("代表走访")
        MEDIA = "media", _("媒体")
        SWEEP = "sweep", _("排查")
        IMPORT = "import", _("导入")

    class Urgency(models.TextChoices):
        NORMAL = "normal", _("一般")
        PRESSING = "pressing", _("紧急")
        IMMEDIATE = "immediate", _("特急")

    class Confidentiality(models.TextChoices):
        OPEN = "open", _("承办单位可见")
        SEALED = "sealed", _("对承办单位保密")
        NONE = "none", _("不留身份")

    class State(models.TextChoices):
        REGISTERED = states.Case.REGISTERED, _("待甄别")
        ACCEPTED = states.Case.ACCEPTED, _("待派单")
        HANDLING = states.Case.HANDLING, _("办理中")
        REVIEWING = states.Case.REVIEWING, _("待审核")
        TELLING = states.Case.TELLING, _("待告知")
        TOLD = states.Case.TOLD, _("待评价")
        CLOSED = states.Case.CLOSED, _("办结")
        EXPLAINED = states.Case.EXPLAINED, _("解释办结")
        DECLINED = states.Case.DECLINED, _("不予受理")
        MERGED = states.Case.MERGED, _("已并入")
        WITHDRAWN = states.Case.WITHDRAWN, _("已撤回")
        ARCHIVED = states.Case.ARCHIVED, _("已归档")
        ADVISED = states.Case.ADVISED, _("已告知法定途径")
        FORWARDED = states.Case.FORWARDED, _("已转送")
        REFERRED = states.Case.REFERRED, _("另循程序")
        SUSPENDED = states.Case.SUSPENDED, _("挂账")
        HANDED_OVER = states.Case.HANDED_OVER, _("已移交应急")
        TERMINATED = states.Case.TERMINATED, _("终止办理")
        IN_REVIEW = states.Case.IN_REVIEW, _("复查复核中")

    number = models.CharField(_("编号"), max_length=14, unique=True)
    version = models.PositiveIntegerField(
        default=0, help_text="events written; the next act expects this number"
    )
    state = models.CharField(max_length=12, choices=State)
    nature = models.CharField(_("性质"), max_length=12, choices=Nature)
    track = models.CharField(_("轨道"), max_length=12, default="hotline")
    channel = models.CharField(_("渠道"), max_length=16, choices=Channel)
    category = models.ForeignKey(
        Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    region = models.ForeignKey(
        "organisation.Region", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    urgency = models.CharField(_("紧急程度"), max_length=12, choices=Urgency, default=Urgency.NORMAL)
    confidentiality = models.CharField(max_length=8, choices=Confidentiality, default=Confidentiality.SEALED)
    headcount = models.PositiveIntegerField(_("人次"), default=1)
    reply_required = models.BooleanField(_("要求回复"), default=True)

    title = models.CharField(_("标题"), max_length=120, help_text="redacted; safe for units")
    text = models.TextField(_("内容"), help_text="redacted; safe for units")
    place = models.CharField(_("地点"), max_length=120, blank=True, help_text="redacted; safe for units")
    redacted_by = models.ForeignKey(
        "organisation.Post",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="empty: only by rule",
    )
    original_title = SealedTextField()
    original_text = SealedTextField()
    original_place = SealedTextField(null=True)

    received_at = models.DateTimeField(_("收到"), help_text="claimed: when the citizen spoke")
    received_on = models.DateField(help_text="local date, for grouping")
    recorded_at = models.DateTimeField(help_text="real: when this row was written")
    first_answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, help_text="of the citizen's clock of the current round")

    reminded_until = models.DateField(
        null=True, help_text="by when the earliest reminder asks to act; empty: none waits"
    )

    hopped = models.BooleanField(default=False, help_text="an order of it went on to another unit 改派")

    round = models.PositiveSmallIntegerField(default=1)
    desk = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    holder_unit = models.ForeignKey(
        "organisation.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    holder_role = models.CharField(max_length=16, choices=Role, blank=True)
    holder_post = models.ForeignKey(
        "organisation.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    held_since = models.DateTimeField(null=True)
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="merged_children", db_index=False
    )
    split_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="split_children", db_index=False
    )
    incident = models.BooleanField(
        _("突发事件"), default=False, help_text="gathers many calls about one event"
    )
    door = models.CharField(
        _("窗口"), max_length=20, blank=True, help_text="a duty of the front desk, by its code"
    )
    coordinator = models.ForeignKey(
        "organisation.Post",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="the leader over several units",
    )
    finalised_at = models.DateTimeField(null=True, blank=True, help_text="终结: no instance is left")
    end_reason = models.ForeignKey(
        Reason, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    source = models.CharField(max_length=60, blank=True, help_text="where an imported row came from")
    source_number = models.CharField(max_length=80, blank=True)
    idempotency_key = models.CharField(max_length=64, null=True, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_number"], condition=~models.Q(source=""), name="case_source_once"
            )
        ]
        indexes = [  # every order of every list, with each of its filters: docs/decisions/0021-lists.md
            models.Index(fields=["holder_unit", "state", "due_at", "id"], name="case_desk"),
            models.Index(fields=["state", "due_at", "id"], name="case_by_due"),
            models.Index(fields=["received_on", "id"], name="case_by_day"),
            models.Index(
                fields=["category", "id"],
                condition=models.Q(category__isnull=False),
                name="case_by_category",
            ),
            *where_set(
                "case", "redacted_by", "holder_post", "parent", "split_from", "coordinator", "end_reason"
            ),
            models.Index(fields=["desk", "state", "due_at", "id"], name="case_at_desk"),
            models.Index(fields=["desk", "id"], name="case_at_desk_newest"),
            models.Index(fields=["region", "nature", "id"], name="case_in_place"),
            models.Index(fields=["nature", "urgency", "id"], name="case_of_nature"),
            models.Index(fields=["urgency", "id"], name="case_of_urgency"),
            models.Index(fields=["door", "id"], condition=~models.Q(door=""), name="case_by_door"),
            models.Index(fields=["desk", "due_at", "id"], condition=UNTOLD, name="case_waits_at_desk"),
            models.Index(fields=["due_at", "id"], condition=UNTOLD, name="case_waits"),
            models.Index(fields=["due_at", "id"], condition=OPEN, name="case_open"),
            models.Index(fields=["region", "due_at", "id"], condition=OPEN, name="case_open_in_place"),
            models.Index(fields=["nature", "due_at", "id"], condition=OPEN, name="case_open_of_nature"),
            models.Index(fields=["urgency", "due_at", "id"], condition=OPEN, name="case_open_of_urgency"),
            models.Index(
                fields=["category", "due_at", "id"],
                condition=OPEN
                & models.Q(category__isnull=False),  # nothing to write while nobody has filed it
                name="case_open_in_category",
            ),
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(reminded_until__isnull=False),
                name="case_reminded",
            ),
            models.Index(fields=["due_at", "id"], condition=OPEN & models.Q(hopped=True), name="case_hopped"),
            # what the figures of the last weeks begin with: docs/decisions/0022-figures.md
            models.Index(
                fields=["first_answered_at"],
                condition=models.Q(first_answered_at__isnull=False),
                name="case_by_answer",
            ),
            models.Index(fields=["ended_at"], condition=models.Q(ended_at__isnull=False), name="case_by_end"),
        ]

    def __str__(self) -> str:
        return self.number


class Party(Quick):
    """Somebody's part in a case, with a query code, notices and a rating right of their own."""

    class Role(models.TextChoices):
        PETITIONER = "petitioner", _("诉求人")
        MEMBER = "member", _("成员")
        SPOKESPERSON = "spokesperson", _("代表人")
        AGENT = "agent", _("代理人")
        BRINGER = "bringer", _("转达人")
        RESPONDENT = "respondent", _("被反映方")
        COPY = "copy", _("抄送")
        JOINED = "joined", _("附议人")

    PEOPLE = (Role.PETITIONER, Role.MEMBER, Role.SPOKESPERSON, Role.JOINED)
    TOLD = (*PEOPLE, Role.AGENT, Role.BRINGER)

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=12, choices=Role)
    person = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="parties")
    unit = models.ForeignKey(
        "organisation.Unit", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    post = models.ForeignKey(
        "organisation.Post", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    code_hash = models.BinaryField(max_length=32, null=True)
    private = SealedTextField(null=True)
    acts_for = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.PROTECT,
        related_name="agents",
        db_index=False,
        help_text="whom an agent speaks for",
    )
    authority = models.ForeignKey(
        "cases.Attachment",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="授权委托书",
    )
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [  # who is complained of without a name: few, and asked of every list of those who oversee
            models.Index(
                fields=["case"],
                condition=models.Q(role="respondent", unit=None, private__isnull=False),
                name="party_untold",
            ),
            *where_set("party", "unit", "post", "acts_for", "authority"),
        ]


class Exclusion(models.Model):
    """A unit or person complained of: nobody of theirs may register, see, find, count or export the case."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="exclusions")
    unit = models.ForeignKey("organisation.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.PROTECT, related_name="+")


class Point(Quick):
    """One thing asked 诉求点; most cases have a single one and pages then never speak of it."""

    class Outcome(models.TextChoices):
        SOLVED = "solved", _("已解决")
        PARTLY = "partly", _("部分解决")
        EXPLAINED = "explained", _("已解释说明")
        ADOPTED = "adopted", _("采纳")
        PARTLY_ADOPTED = "partly_adopted", _("部分采纳")
        KEPT = "kept", _("留作参考")
        NOT_ADOPTED = "not_adopted", _("不采纳")
        INFORMED = "informed", _("已答疑")
        REFUSED = "refused", _("依法不予支持")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="points", db_index=False)
    ordinal = models.PositiveSmallIntegerField()
    text = models.CharField(
        max_length=300, blank=True, help_text="redacted; empty when it is the whole matter"
    )
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    outcome_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "ordinal"], name="point_once")]

    def __str__(self) -> str:
        return self.text or str(self.ordinal)


class Round(Quick):
    """One passage from desk to told answer; redo and reopening begin the next, and earlier ones stay as they were."""

    class Cause(models.TextChoices):
        FIRST = "first", _("首次办理")
        REVIEW = "review", _("审核退回")
        UNSOLVED = "unsolved", _("未解决重办")
        CONTESTED = "contested", _("对决定有异议")
        REOPENED = "reopened", _("重启")
        APPEALED = "appealed", _("复查复核")
        REVOKED = "revoked", _("原处理意见被撤销")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="rounds", db_index=False)
    number = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=10, choices=Cause, default=Cause.FIRST)
    reason = SealedTextField(null=True)
    began_at = models.DateTimeField()
    clock = models.ForeignKey("deadlines.Clock", on_delete=models.PROTECT, related_name="rounds")
    rating_clock = models.ForeignKey(
        "deadlines.Clock", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_state = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="round_once")]
        indexes = [
            models.Index(
                fields=["told_at"], condition=models.Q(told_at__isnull=False), name="round_by_telling"
            ),
            *where_set("round", "rating_clock"),
        ]
