"""Questions about ratings: whose turn it is to rate, and the rows of which every figure about ratings is made."""

from datetime import date
from typing import Any

from django.db.models import Case as Chosen
from django.db.models import CharField, Count, Exists, F, OuterRef, QuerySet, Value, When

from huiyin.cases.models import Case, Party
from huiyin.evaluation.calling import Numbers, numbers
from huiyin.evaluation.family import may_be_rated
from huiyin.evaluation.models import COUNTS, CallBack, Rating
from huiyin.evaluation.raters import judged_unit_ids, leading_unit, raters
from huiyin.evaluation.rules import ASK_WHY
from huiyin.organisation.actors import Actor

__all__ = ["call_backs_by_unit", "call_backs_settled", "may_be_rated", "may_rate_now", "still_to_rate",
           "valid_evaluations"]  # fmt: skip


def still_to_rate(case: Case) -> list[Party]:
    """The parties who may rate the present answer and have not: whom to call back, in the order they joined."""
    if not may_be_rated(case):
        return []
    parties = Party.objects.filter(case=case).select_related("post", "person").order_by("pk")
    given = Rating.objects.filter(COUNTS, case=case, round=case.round)
    done = set(given.values_list("party_id", flat=True))
    return [party for party in raters(case, parties, judged_unit_ids(case)) if party.pk not in done]


def may_rate_now(case: Case, by: Actor) -> bool:
    """Whether a citizen, or the post that brought the matter in, has a rating of their own to give now."""
    return any(
        party.pk == by.party_id or (party.post_id is not None and party.post == by.post)
        for party in still_to_rate(case)
    )


def valid_evaluations(*, since: date, until: date) -> QuerySet[Any, Any]:
    """One row for each valid evaluation given on these local days, both included: the N of every rate about ratings.

    Valid is one of a party and round (`Rating.set_aside` is empty). Each row has:

    | name | what |
    |---|---|
    | `case_id`, `round` | the matter and its round |
    | `unit_id` | the unit that led and answered (the first point's; a merged matter's parent's), None when none did |
    | `region_id`, `category_id`, `nature` | of the matter, as it is filed now; the category None when unfiled |
    | `on` | local day on which it was given; nothing comes in later for a day that is over, but see below |
    | `source` | "self", "call_back" or "representative" (whoever brought the matter in by their post) |
    | `chosen` | "rule", "sample" or "": why the party was to be called before they rated, whichever way they then did |
    | `contacted` | bool | `solved` | "yes", "partly", "no" | `satisfied` | 1 (worst) to 5 |

    A call-back of somebody who has rated by themselves is not among them, nor a rating that its giver says was pressed
    out of them: the one given anew takes its place, on the day on which it is given. So an earlier period can lose
    rows; whoever publishes a period freezes it. This is for counting inside the house: it asks nobody who they are,
    and what is shown to anybody must pass `evaluation.groups` or a hiding of the same strength.
    """
    theirs = CallBack.objects.filter(party=OuterRef("party"), round=OuterRef("round"))
    bringer = When(party__role=Party.Role.BRINGER, party__post__isnull=False, then=Value("representative"))
    by_rule = When(Exists(theirs.exclude(rules=[]).exclude(rules=[ASK_WHY])), then=Value("rule"))
    by_lot = When(Exists(theirs.filter(sampled=True)), then=Value("sample"))
    rows = Rating.objects.filter(COUNTS, on__gte=since, on__lte=until)
    return rows.annotate(
        region_id=F("case__region"),
        category_id=F("case__category"),
        nature=F("case__nature"),
        source=Chosen(bringer, default=F("how"), output_field=CharField()),
        chosen=Chosen(by_rule, by_lot, default=Value(""), output_field=CharField()),
    ).values(
        "case_id", "round", "unit_id", "region_id", "category_id", "nature", "on", "source", "chosen",
        "contacted", "solved", "satisfied",
    )  # fmt: skip


def call_backs_settled(*, since: date, until: date) -> Numbers:
    """What came of all call-backs settled on these local days: the valid ones and, counted apart, the invalid ones."""
    return numbers(CallBack.objects.all(), since=since, until=until)


def call_backs_by_unit(*, since: date, until: date) -> QuerySet[Any, Any]:
    """The same by unit and state: rows of `unit_id` (that led the first point), `state` and `n`.

    `state` is of `CallBack.State`: valid, by_self, refused, unreached, lapsed. Invalid 无效回访 are refused and
    unreached; they are no part of N. A single invalid one says nothing of what anybody thinks, so these may be small.
    """
    settled = CallBack.objects.filter(settled_on__gte=since, settled_on__lte=until)
    keyed = settled.order_by().annotate(unit_id=leading_unit()).values("unit_id", "state")
    return keyed.annotate(n=Count("pk"))
