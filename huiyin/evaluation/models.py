"""What a party said of one round's answer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.sealing import SealedTextField


class Rating(models.Model):
    """A party's judgement of one round: contacted, solved, satisfied. Written once, never changed.

    Read it through `evaluation.access` only: the grade and the words are for nobody whom they judge.
    """

    class Solved(models.TextChoices):
        YES = "yes", _("已解决")
        PARTLY = "partly", _("部分解决")
        NO = "no", _("未解决")

    class Satisfied(models.IntegerChoices):
        """The five grades 五档 of the good-and-bad-review rules 好差评 (DOMAIN §8)."""

        VERY_DISSATISFIED = 1, _("非常不满意")
        DISSATISFIED = 2, _("不满意")
        FAIR = 3, _("基本满意")
        SATISFIED = 4, _("满意")
        VERY_SATISFIED = 5, _("非常满意")

    class How(models.TextChoices):
        SELF = "self", _("本人评价")
        CALL_BACK = "call_back", _("电话回访")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="ratings")
    party = models.ForeignKey("cases.Party", on_delete=models.CASCADE, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    contacted = models.BooleanField(_("是否联系"))
    solved = models.CharField(_("是否解决"), max_length=6, choices=Solved)
    satisfied = models.PositiveSmallIntegerField(_("是否满意"), choices=Satisfied)
    words = SealedTextField(null=True)
    how = models.CharField(max_length=9, choices=How)
    at = models.DateTimeField()
    by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "round"], name="rating_once"),
            models.CheckConstraint(condition=models.Q(satisfied__range=(1, 5)), name="rating_of_five"),
        ]
        indexes = [
            models.Index(fields=["case", "round"], name="rating_of_round"),
            models.Index(fields=["at"], name="rating_by_time"),
        ]

    def __str__(self) -> str:
        return f"rating of round {self.round}"
