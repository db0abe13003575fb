"""What a party said of one round's answer, and the calls by which those who were chosen are asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.sealing import SealedTextField


class Block(models.Model):
    """Ratings of one unit that are told to it together, and never otherwise: ten and more, whatever they say.

    Every figure of ratings that a judged unit reads is made of what `evaluation.spans` tells of whole blocks; the
    numbers here are exact, and for nobody who is judged. A block is never changed: what comes in later goes into a
    later one, and what is given in another's place into none.
    """

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    since = models.DateField(help_text="the first month in it, by its first day")
    until = models.DateField(help_text="the end of the month in which it was full")
    n = models.PositiveIntegerField()
    contacted = models.PositiveIntegerField()
    solved = models.PositiveIntegerField()
    content = models.PositiveIntegerField(help_text="satisfied and very satisfied")
    grades = models.PositiveIntegerField(help_text="the sum of the grades, 1 to 5 each")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["unit", "until"], name="block_of_unit")]

    def __str__(self) -> str:
        return f"{self.n} ratings to {self.until}"


COUNTS = models.Q(set_aside="")  # the ratings that count: one of a party and round


class Rating(models.Model):
    """A party's judgement of one round: contacted, solved, satisfied. Written once, never changed.

    Of what a party says of one round more than once, one counts (`set_aside` is empty): the first, until its giver
    says that it was pressed out of them and gives another. Read it through `evaluation.access` only: the grade
    and the words are for nobody whom they judge.
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

    class Aside(models.TextChoices):
        """Why a rating does not count."""

        SECOND = "second", _("本人已经评过，回访另记")
        PRESSED = "pressed", _("本人说是被要求评的，已重新评价")
        VOID = "void", _("回访有误，核实后作废")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="ratings")
    party = models.ForeignKey("cases.Party", on_delete=models.CASCADE, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    contacted = models.BooleanField(_("是否联系"))
    solved = models.CharField(_("是否解决"), max_length=6, choices=Solved)
    satisfied = models.PositiveSmallIntegerField(_("是否满意"), choices=Satisfied)
    words = SealedTextField(null=True)
    how = models.CharField(max_length=9, choices=How)
    at = models.DateTimeField()
    on = models.DateField(help_text="local day, for grouping")
    by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        "organisation.Unit",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="which led and answered: the first point's, a merged matter's parent's",
    )
    # Of a rating given anew it is the block of the first one, which is counted there; it itself is in none.
    block = models.ForeignKey(
        Block, null=True, on_delete=models.PROTECT, related_name="ratings", db_index=False
    )
    set_aside = models.CharField(max_length=8, choices=Aside, blank=True, help_text="empty: it counts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "round"], condition=models.Q(set_aside=""), name="rating_counts_once"
            ),
            models.CheckConstraint(condition=models.Q(satisfied__range=(1, 5)), name="rating_of_five"),
        ]
        indexes = [
            models.Index(fields=["case", "round"], name="rating_of_round"),
            models.Index(fields=["at"], name="rating_by_time"),
            models.Index(fields=["on", "unit"], condition=models.Q(set_aside=""), name="rating_by_day"),
            models.Index(
                fields=["on", "unit"],
                condition=models.Q(set_aside="", block=None, unit__isnull=False),
                name="rating_in_no_block",
            ),
        ]

    def __str__(self) -> str:
        return f"rating of round {self.round}"


class Draw(models.Model):
    """One local day's drawing of lots: with seed and share anybody can draw it again.

    What commits to the seed is in the ledger before the first lot is drawn, the seed itself when the day is over.
    """

    day = models.DateField(unique=True)
    seed = models.CharField(max_length=64)
    share = models.PositiveSmallIntegerField(help_text="in a thousand")
    rules = models.JSONField(default=list, help_text="whom the place has always called, by code")
    began_at = models.DateTimeField()
    revealed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.day.isoformat()


class Following(models.Model):
    """How far this room has read in the ledger's order."""

    name = models.CharField(max_length=20, primary_key=True)
    position = models.BigIntegerField()


class CallBack(models.Model):
    """A party who was told an answer and can be called: chosen or not, by which rules, and what came of it."""

    class State(models.TextChoices):
        PASSED = "passed", _("没有抽中")
        WAITING = "waiting", _("待回访")
        VALID = "valid", _("有效回访")
        BY_SELF = "by_self", _("本人已评价")
        REFUSED = "refused", _("不愿受访，无效回访")
        UNREACHED = "unreached", _("联系不上，无效回访")
        LAPSED = "lapsed", _("过期没有回访")
        VOID = "void", _("核实有误，无效回访")

    class Solvable(models.TextChoices):
        YES = "yes", _("还能解决")
        NO = "no", _("依法依规解决不了")
        UNKNOWN = "unknown", _("说不准")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="call_backs")
    party = models.ForeignKey("cases.Party", on_delete=models.CASCADE, related_name="call_backs")
    round = models.PositiveSmallIntegerField()
    draw = models.ForeignKey(Draw, null=True, on_delete=models.PROTECT, related_name="call_backs")
    sampled = models.BooleanField(default=False, help_text="the lot fell on them")
    rules = models.JSONField(default=list, help_text="the rules that name them")
    state = models.CharField(max_length=9, choices=State)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    until = models.DateTimeField()
    claimed_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    claimed_until = models.DateTimeField(null=True)
    dialled_at = models.DateTimeField(
        null=True, help_text="when whoever has it took the number, for this try"
    )
    invited_at = models.DateTimeField(null=True, help_text="a short message asked them to rate themselves")
    settled_at = models.DateTimeField(null=True)
    settled_on = models.DateField(null=True, help_text="local day, for grouping")
    rating = models.ForeignKey(Rating, null=True, on_delete=models.PROTECT, related_name="+")
    solvable = models.CharField(max_length=7, choices=Solvable, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "round"], name="call_back_once")]
        indexes = [
            models.Index(
                fields=["until", "id"], condition=models.Q(state="waiting"), name="call_back_waiting"
            ),
            models.Index(
                fields=["settled_on"], condition=models.Q(settled_on__isnull=False), name="call_back_settled"
            ),
        ]


class Try(models.Model):
    """One try to reach somebody on the telephone."""

    class Result(models.TextChoices):
        REACHED = "reached", _("接通了，愿意说")
        NO_ANSWER = "no_answer", _("没有接通")
        REFUSED = "refused", _("接通了，不愿意说")
        WRONG_NUMBER = "wrong_number", _("号码不对")

    call_back = models.ForeignKey(CallBack, on_delete=models.CASCADE, related_name="made")
    at = models.DateTimeField()
    by = models.ForeignKey("organisation.Post", on_delete=models.PROTECT, related_name="+")
    result = models.CharField(_("这一次怎么样"), max_length=12, choices=Result)


class Pressure(models.Model):
    """Somebody says that they were pressed to rate well: for supervision alone, never for the unit or the desk."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="pressures")
    party = models.ForeignKey("cases.Party", on_delete=models.CASCADE, related_name="pressures")
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    words = SealedTextField(null=True)
    anew = models.ForeignKey(Rating, null=True, on_delete=models.PROTECT, related_name="+")
    looked_into_at = models.DateTimeField(null=True)
    looked_into_by = models.ForeignKey(
        "organisation.Post", null=True, on_delete=models.PROTECT, related_name="+"
    )
    finding = SealedTextField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "round"], name="pressure_once")]
        indexes = [
            models.Index(fields=["-id"], condition=models.Q(looked_into_at=None), name="pressure_waiting")
        ]


class RepresentativeRating(models.Model):
    """What somebody says of the representative who brought their matter in: told in full batches alone (`spans.FULL`).

    Written once, never changed or deleted, so that the batches that were shown stay as they were.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    party = models.ForeignKey("cases.Party", on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey("organisation.Post", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(
        "organisation.Unit",
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the studio, or where they sat",
    )
    satisfied = models.PositiveSmallIntegerField(choices=Rating.Satisfied)
    words = SealedTextField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "post"], name="representative_rated_once"),
            models.CheckConstraint(
                condition=models.Q(satisfied__range=(1, 5)), name="representative_of_five"
            ),
        ]
        indexes = [models.Index(fields=["post", "id"], name="representative_rated")]


class SecondOpinion(models.Model):
    """Somebody else is to look at a matter that is called unsolved, and says what they find; once a round."""

    class Verdict(models.TextChoices):
        SOLVABLE = "solvable", _("还能解决，应当重办")
        STANDS = "stands", _("已经按规定办到位")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="second_opinions")
    round = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey("cases.Party", null=True, on_delete=models.CASCADE, related_name="+")
    why = SealedTextField()
    given_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    text = SealedTextField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="second_opinion_once")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(given_at=None), name="second_opinion_waiting")
        ]


class Contest(models.Model):
    """回访异议: a unit says that a call-back should not count against it; two who oversee decide, without the grade."""

    class State(models.TextChoices):
        ASKED = "asked", _("等两人核准")
        UPHELD = "upheld", _("成立，不计入")
        REFUSED = "refused", _("不成立")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="contests")
    round = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=40, help_text="the code of the ground in the place's rules")
    clause = models.CharField(max_length=300, help_text="the ground in words with its basis, as it was then")
    about = models.CharField(
        max_length=6, help_text="whether the unit was wrong, or the person who was called"
    )
    why = SealedTextField()
    state = models.CharField(max_length=7, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("organisation.Post", on_delete=models.PROTECT, related_name="+")
    party = models.ForeignKey(
        "cases.Party",
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="who was called in error",
    )
    first_at = models.DateTimeField(null=True)
    first_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, help_text="by the second who agreed, or who refused")
    decided_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    why_not = SealedTextField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "round", "unit"], name="contest_once")]
        indexes = [models.Index(fields=["id"], condition=models.Q(state="asked"), name="contest_waiting")]

    def __str__(self) -> str:
        return f"contest of round {self.round}"
