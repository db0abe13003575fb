"""What assessment keeps: rules with their weights, targets, and the clauses by which a matter may be left out."""

from datetime import UTC
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.sealing import SealedTextField
from huiyin.ledger.months import FixedMonth


class Measure(models.TextChoices):
    """What units are measured by; how each is counted stands in `measures`."""

    COMPOSITE = "composite", _("综合评价")
    CONTACTED = "contacted", _("响应率")
    SOLVED = "solved", _("解决率")
    SATISFIED = "satisfied", _("满意率")
    FIRST_TIME = "first_time", _("一次解决率")
    ON_TIME = "on_time", _("按时办结率")
    SIGNED = "signed", _("按时签收率")
    RETURNED = "returned", _("退单率")
    REDONE = "redone", _("重办率")
    REPEATED = "repeated", _("再次反映率")


class Rule(models.Model):
    """One version of the rules: weights, k, what is shown, from how many cases units are compared, by which right.

    It never changes once it is in force; the next version is a row of its own. In force is, on any day, the one with
    the latest `valid_from` not after it.
    """

    code = models.CharField(_("编码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    contacted = models.PositiveSmallIntegerField(_("响应率的权重"))
    solved = models.PositiveSmallIntegerField(_("解决率的权重"))
    satisfied = models.PositiveSmallIntegerField(_("满意率的权重"))
    k = models.DecimalField(_("基本满意的折算"), max_digits=3, decimal_places=2)
    fewest = models.PositiveSmallIntegerField(_("参加比较的最少件数"))
    month_begins = models.PositiveSmallIntegerField(default=1, validators=[MaxValueValidator(28)])
    day_begins = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(23)])
    measures = models.JSONField(default=list, help_text="Measure values that are shown, in order")
    basis = models.CharField(_("依据"), max_length=200)
    valid_from = models.DateField(_("生效日期"), null=True, blank=True, unique=True)
    switched_on_by = models.ForeignKey(
        "organisation.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    switched_on_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def weights(self) -> dict[str, int]:
        """The weights of the three shares of a composite."""
        return {"contacted": self.contacted, "solved": self.solved, "satisfied": self.satisfied}


class Target(models.Model):
    """目标责任书: what a unit has promised to reach in a year, in per cent."""

    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=12, choices=Measure)
    percent = models.DecimalField(max_digits=4, decimal_places=1)
    basis = models.CharField(_("依据"), max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "year", "measure"], name="target_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year} {self.measure}"


class Clause(models.Model):
    """A ground on which a matter may be left out of a unit's figures 剔除, with its legal basis."""

    code = models.CharField(_("编码"), max_length=40, unique=True)
    text = models.CharField(_("条款"), max_length=200)
    basis = models.CharField(_("依据"), max_length=200)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.text


class Omission(models.Model):
    """剔除: a matter left out of one unit's figures, by a clause, with evidence, once two people have agreed to it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待两人核准")
        APPROVED = "approved", _("已剔除")
        REFUSED = "refused", _("不予剔除")

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="omissions")
    unit = models.ForeignKey("organisation.Unit", on_delete=models.PROTECT, related_name="+")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="+")
    evidence = SealedTextField()
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("organisation.Post", on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField(null=True)
    first_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, help_text="by the second who agreed, or who refused")
    decided_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")
    why_not = SealedTextField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "unit"], condition=~models.Q(state="refused"), name="omission_once"
            )
        ]
        indexes = [models.Index(fields=["state", "id"], name="omission_by_state")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.unit_id}"


class ClosedMonth(FixedMonth):
    """A month of assessment as it was closed 定稿: units and posts.

    `cells` are [unit, region, category, left out, matter, {figure: [good, n]}], `posts` are [post, unit, region,
    left out, matter, {figure: [good, n]}], by keys; the matter is nought but for those in which somebody is complained
    of by name, of which not everybody may know. `posts` is None in a month that was closed before posts were; their
    cells lack `left out` where it was closed before that stood apart.
    """

    SUBJECT = "assessment"
    KINDS = ("close_assessment", "revise_assessment")
    COUNTED = "cells"

    begins = models.DateTimeField()
    ends = models.DateTimeField()
    cells = models.JSONField()
    posts = models.JSONField(null=True)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey("organisation.Post", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["period", "revision"], name="closed_revision_once")]

    @property
    def numbers(self) -> Any:
        """Its cells; where posts were closed with it, theirs too, and from when to when it went."""
        if self.posts is None:
            return super().numbers
        bounds = [moment.astimezone(UTC).isoformat() for moment in (self.begins, self.ends)]
        return {"cells": self.cells, "posts": self.posts, "bounds": bounds}

    @property
    def earlier_numbers(self) -> list[Any]:
        """Before its bounds were in the fingerprint."""
        return [] if self.posts is None else [{"cells": self.cells, "posts": self.posts}]
