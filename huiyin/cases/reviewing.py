"""复查复核机关: which bodies may look at an opinion, in which order they are asked, and what waits for one of them.

信访工作条例 art. 35 names the body above the one that gave the opinion. For a department that is the government
of its level or its own superior, as the petitioner chooses; the profile says which superior (`units.csv`).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huiyin.accounts.roles import OVERSIGHT, UNIT, Role
from huiyin.cases import access, states
from huiyin.cases.casefile import CaseFile
from huiyin.cases.models import Case, Exclusion, Order, Review
from huiyin.cases.paging import PAGE
from huiyin.cases.queries import OF_LINE
from huiyin.kernel.composed import Head
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit
from huiyin.organisation.succession import line_of, with_lineage


def reviewing_body(file: CaseFile, level: int, named: Unit | None = None) -> Unit:
    """The body that decides: the one named, or the nearest above that has had no hand in the matter.

    Raises `Refused` for a body that may not, and when none is left here.
    """
    able = _of_file(file, level)
    if named is not None:
        if named not in able:
            raise Refused(
                _("“%(unit)s”不能复查复核这一件。请选择上一级机关。") % {"unit": named}, code="unit"
            )
        return named
    if not able:
        raise Refused(
            _("本系统里没有可以复查复核这一件的上级机关。"),
            code="no_body",
            instead=_("请向上一级机关、单位直接申请，并请受理中心记录。"),
        )
    return able[0]


def in_words(file: CaseFile, level: int) -> str:
    """The bodies among which the petitioner may choose, for a paper: 县政府或者市城管局."""
    able = petitioners_choice(file.case, level, _of_file(file, level))
    return pgettext("between bodies", "或者").join(map(str, able)) or _("上一级机关")


def bodies_for(case: Case, level: int) -> list[Unit]:
    """Every body that may look at what the case's present round answered, for a form to choose from."""
    orders = list(Order.objects.filter(case=case).select_related("unit__superior"))
    exclusions = list(Exclusion.objects.filter(case=case).select_related("unit"))
    reviews = list(Review.objects.filter(case=case).order_by("pk"))
    return _able(case, level, orders, reviews, exclusions)


def petitioners_choice(case: Case, level: int, able: Sequence[Unit]) -> list[Unit]:
    """Of the bodies above, the nearest over the place, and the superiors of whoever answered."""
    over = {unit.pk for unit in organisation.overseeing(case.region)}
    nearest = next((unit for unit in able if unit.pk in over), None)
    return [unit for unit in able if unit == nearest or unit.pk not in over]


def holder_role(body: Unit) -> str:
    """The role in which somebody of the body decides."""
    if body.kind == Unit.Kind.LEADERSHIP:
        return Role.LEADER
    return Role.SUPERVISOR if body.kind == Unit.Kind.SUPERVISION else Role.UNIT_LEADER


def waiting_for(by: Actor) -> list[Review]:
    """The reviews that the actor's own unit has to decide, what is due first standing first."""
    if by.post is None or by.role not in (*UNIT, *OVERSIGHT):
        return []
    if by.role in UNIT and organisation.superiors().isdisjoint(access.own_units(by)):
        return []  # such a unit sees no case by a review (`access.visible`): nothing to ask
    asked = Review.objects.filter(access.own_part(by), state=Review.State.ASKED)
    return WAITING(asked.filter(case__in=access.visible(by).exclude(access.had_a_hand(by))), most=PAGE)


def _waiting() -> QuerySet[Review]:
    rows = Review.objects.select_related("case", "clock")
    return rows.only("level", *OF_LINE).order_by("clock__due_at", "pk")


WAITING = Head(_waiting)


# -- the order in which they stand ---------------------------------------------------------------------------
def _of_file(file: CaseFile, level: int) -> list[Unit]:
    return _able(file.case, level, file.parts(Order), file.parts(Review), file.parts(Exclusion))


def _able(
    case: Case, level: int, orders: Sequence[Order], reviews: Iterable[Review], exclusions: Iterable[Any]
) -> list[Unit]:
    """Those over the place (supervision first, then leadership, then the region above), then the superiors.

    None that had a hand in the matter, nor one that followed it or was followed by it. The second instance lies above
    whoever decided the first.
    """
    over = organisation.overseeing(case.region)
    first = [row.unit for row in reviews if row.round == case.round and row.state == Review.State.DECIDED]
    if level == Review.Level.REREVIEW and first:
        ladder = _above(first[-1], over)
    else:
        led = [order for order in orders if order.part == Order.Part.LEAD]
        answered = [order.unit for order in led if order.state in states.Order.IN_HAND]
        ladder = [*over, *(unit.superior for unit in answered if unit.superior)]
    barred = with_lineage({case.desk_id, *(order.unit_id for order in orders), *(unit.pk for unit in first)})
    accused = line_of(row.unit.path for row in exclusions if row.unit is not None)
    apart = [unit for unit in dict.fromkeys(ladder) if not unit.path.startswith(accused)]
    return [unit for unit in apart if unit.pk not in barred and _stands(unit)]


def _stands(unit: Unit) -> bool:
    today = organisation.today()
    return (unit.valid_from or today) <= today <= (unit.valid_to or today)


def _above(body: Unit, over: Sequence[Unit]) -> list[Unit]:
    """Whoever stands above a body that has decided: what follows it in the ladder, or its own superiors."""
    if body in over:
        return list(over[over.index(body) + 1 :])
    higher = organisation.overseeing(body.region)
    return [*([body.superior] if body.superior else []), *higher]
