"""What a unit that had no part in a matter was asked to look at, and what it said."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.cases.models.matter import Case
from huiyin.kernel.rows import Quick
from huiyin.kernel.sealing import SealedTextField


def _post() -> models.ForeignKey:
    """Somebody of the office, under one of their posts."""
    return models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")


class PeerView(Quick):
    """单位复看: a unit that had no part in a matter says whether it could be solved, how, and on what basis.

    Its word binds nobody; whoever decides against it says why (`reason`).
    """

    class State(models.TextChoices):
        ASKED = "asked", _("待复看")
        GIVEN = "given", _("已复看，待决定")
        FOLLOWED = "followed", _("已采纳")
        DEPARTED = "departed", _("未采纳")
        TAKEN_BACK = "taken_back", _("已撤回")
        LAPSED = "lapsed", _("不再需要")

    class Verdict(models.TextChoices):
        SOLVABLE = "solvable", _("能解决")
        PARTLY = "partly", _("能解决一部分")
        UNSOLVABLE = "unsolvable", _("依法依规解决不了")
        UNSURE = "unsure", _("不在我们的专业里，说不准")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="peer_views")
    round = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    question = SealedTextField(help_text="what it is asked to look at, and why")
    due_on = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = _post()
    person = models.ForeignKey(
        "organisation.Post",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="whom the unit's leader has let look at it",
    )
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True)
    opinion = SealedTextField(null=True, help_text="how it could be solved, or why not")
    basis = SealedTextField(null=True, help_text="on which law, rule or practice")
    given_at = models.DateTimeField(null=True)
    given_by = _post()
    reason = SealedTextField(null=True, help_text="why it was not followed")
    weighed_at = models.DateTimeField(null=True, help_text="when it was followed, or not")
    weighed_by = _post()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "round", "unit"], name="peer_view_once"),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(state="asked"), name="peer_view_one_waits"
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit", "due_on", "id"],
                condition=models.Q(state="asked"),
                name="peer_view_of_unit",
            ),
            models.Index(fields=["due_on", "id"], condition=models.Q(state="asked"), name="peer_view_waits"),
            models.Index(
                fields=["due_on", "id"], condition=models.Q(state="given"), name="peer_view_to_weigh"
            ),
        ]
