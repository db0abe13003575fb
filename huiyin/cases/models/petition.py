"""What the petition track keeps beside a case: earlier steps, the written opinion, and its instances of review."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models.handling import Order
from huiyin.cases.models.matter import Case, Party
from huiyin.kernel.rows import Quick
from huiyin.kernel.sealing import SealedTextField


def _post() -> models.ForeignKey:
    return models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")


class PriorStep(Quick):
    """A step taken elsewhere before the matter came in: which body, its number, its date and its result."""

    class Kind(models.TextChoices):
        HANDLING = "handling", _("办理")
        REVIEW = "review", _("复查")
        REREVIEW = "rereview", _("复核")
        COURT = "court", _("诉讼")
        ARBITRATION = "arbitration", _("仲裁")
        RECONSIDERATION = "reconsider", _("行政复议")
        OTHER = "other", _("其他")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="prior_steps")
    kind = models.CharField(max_length=12, choices=Kind)
    body = models.CharField(_("机关"), max_length=120)
    reference = models.CharField(_("文号"), max_length=60, blank=True)
    on = models.DateField(_("日期"), null=True)
    result = SealedTextField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by = _post()


class Opinion(Quick):
    """处理意见书 (信访工作条例 art. 32): request, facts, opinion and legal basis, in one of three conclusions."""

    class Conclusion(models.TextChoices):
        SUPPORT = "support", _("予以支持")
        EXPLAIN = "explain", _("做好解释")
        REJECT = "reject", _("不予支持")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="opinions")
    round = models.PositiveSmallIntegerField()
    order = models.ForeignKey(Order, null=True, on_delete=models.CASCADE, related_name="opinions")
    reference = models.CharField(_("文号"), max_length=60)
    conclusion = models.CharField(max_length=8, choices=Conclusion)
    request = SealedTextField()
    facts = SealedTextField()
    opinion = SealedTextField()
    basis = SealedTextField()
    given_at = models.DateTimeField()
    given_by = _post()


class Review(Quick):
    """复查 or 复核: an instance above looks at the opinion; a hearing's time does not count."""

    class Level(models.IntegerChoices):
        REVIEW = 1, _("复查")
        REREVIEW = 2, _("复核")

    class State(models.TextChoices):
        ASKED = "asked", _("待决定")
        DECIDED = "decided", _("已决定")
        TAKEN_BACK = "taken_back", _("已撤回")

    class Decision(models.TextChoices):
        UPHOLD = "uphold", _("维持")
        CHANGE = "change", _("变更")
        REVOKE = "revoke", _("撤销，责令重新办理")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="reviews")
    round = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField(choices=Level)
    state = models.CharField(max_length=12, choices=State, default=State.ASKED)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", help_text="who asks")
    reason = SealedTextField()
    asked_at = models.DateTimeField()
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    clock = models.ForeignKey("deadlines.Clock", on_delete=models.PROTECT, related_name="+")
    hearing_until = models.DateTimeField(null=True)
    before = models.JSONField(null=True, help_text="how the case stood when it was asked")
    decision = models.CharField(max_length=8, choices=Decision, blank=True)
    words = SealedTextField(null=True)
    reference = models.CharField(_("文号"), max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = _post()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "level"], condition=models.Q(state="asked"), name="review_once_open"
            )
        ]
