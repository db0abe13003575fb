"""What a new rung must bring, kind by kind, before somebody signs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import access as cases
from huiyin.cases import reminding
from huiyin.cases.casefile import CaseFile
from huiyin.cases.kin import told_among_kin
from huiyin.cases.models import Case, Order, Promise
from huiyin.deadlines.queries import work_calendar
from huiyin.deadlines.refusals import UnknownYear
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.independence import oversees_freely
from huiyin.organisation.models import Post, Unit
from huiyin.organisation.succession import answering_for
from huiyin.people import identity
from huiyin.people import queries as people
from huiyin.supervision.access import answerers
from huiyin.supervision.models import OPEN, Rung
from huiyin.supervision.rules import clauses, rung_rule

if TYPE_CHECKING:
    from huiyin.supervision.models import Proposal

Kind = Rung.Kind
ABOUT_A_CASE = (Kind.ORDER, Kind.LISTING, Kind.CHARGE)  # the others may be about a unit alone
ONE_AT_A_TIME = (Kind.ORDER, Kind.LISTING, Kind.CHARGE)
LONGEST_TITLE = 120


@dataclass(frozen=True)
class RungIn:
    """What somebody signs: to whom, why, by when. `once` names the form, so that sent twice it is one rung."""

    kind: str
    words: str
    unit: Unit | None = None
    post: Post | None = None
    due_on: date | None = None
    title: str = ""
    public: bool = False
    clause: str = ""
    units: tuple[Unit, ...] = ()  # to which a circular goes
    about: tuple[Case, ...] = ()  # what a circular names
    proposal: Proposal | None = None
    once: str = ""


def last_day(kind: str, on: date) -> date:
    """The farthest day that a rung of this kind may name when it is signed on a day."""
    return _working_days_on(on, rung_rule(kind).most)


def proposed_day(kind: str, on: date) -> date:
    """The day that the place's rule proposes."""
    return _working_days_on(on, rung_rule(kind).days)


def _working_days_on(day: date, count: int) -> date:
    """So many working days on; where next year's calendar is not known yet, five of them are a week.

    A rung's day is no clock: nobody loses a right by it, and signing must not wait for a calendar.
    """
    try:
        return work_calendar().add_working_days(day, count)
    except UnknownYear:
        return day + timedelta(days=-(-count * 7 // 5))


def addressable(case: Case, kind: str) -> list[Unit]:
    """The units that a rung about a case may be addressed to: whose turn it is; for some kinds whoever had a part.

    Of a matter that has ended, it is the turn of who has not kept a promise. Instead of a unit that is no more, it is
    the one that followed it.
    """
    orders = list(Order.objects.filter(case=case).select_related("unit").order_by("pk"))
    promises = (
        Promise.objects.filter(case=case, state=Promise.State.MADE).select_related("unit").order_by("pk")
    )
    turn = reminding.awaited(case, orders, promises if case.nature == Case.Nature.SUGGESTION else ())
    if kind == Kind.ORDER:
        return _standing(turn)
    return _standing([*turn, *(order.unit for order in orders), case.desk])


def _standing(units: Sequence[Unit]) -> list[Unit]:
    """These units, each once; for one that was merged, the last that followed it."""
    known = {unit.pk: unit for unit in units}
    keys = dict.fromkeys(answering_for(key, day=organisation.today()) for key in known)
    known |= Unit.objects.in_bulk([key for key in keys if key not in known])
    return [known[key] for key in keys]


def require_place(intake: RungIn, by: Actor) -> None:
    """Refuse units beyond the overseer's own place, and a unit of the overseer's own."""
    here = by.unit.region.path if by.unit else ""
    for unit in (each for each in (intake.unit, *intake.units) if each is not None):
        if not unit.region.path.startswith(here):
            raise PermissionDenied(_("“%(unit)s”不在您督办的地方。") % {"unit": unit})
        if intake.kind != Kind.CHARGE and not oversees_freely(by, unit):
            raise Refused(
                _("“%(unit)s”就是您的单位，或者它的上下级，要由别的单位的人来做。") % {"unit": unit},
                code="itself",
            )


def require_about(intake: RungIn, file: CaseFile | None) -> None:
    """Refuse what does not fit the case: a unit that it does not wait for, a second rung, somebody without sight."""
    if file is None:
        if intake.kind in ABOUT_A_CASE:
            raise Refused(_("请从一件诉求的页面开始。"), code="no_case")
        return
    unit = intake.unit
    if unit is not None and intake.kind != Kind.CHARGE and unit not in addressable(file.case, intake.kind):
        raise Refused(_("这件诉求现在轮不到“%(unit)s”，请看轮到哪个单位。") % {"unit": unit}, code="no_turn")
    again = Rung.objects.filter(case=file.case, kind=intake.kind, state__in=OPEN)
    if intake.kind != Kind.CHARGE:
        again = again.filter(unit=unit)
    if intake.kind in ONE_AT_A_TIME and again.exists():
        raise Refused(
            _("这件诉求已经有一份没有结束的%(kind)s，请在那一份上继续。") % {"kind": Kind(intake.kind).label},
            code="already",
        )
    _require_sight(intake, file.case)


def _require_sight(intake: RungIn, case: Case) -> None:
    """Nobody hears through a rung of a case that they may not see: of a report, nobody whom it accuses."""
    if intake.kind == Kind.CHARGE or intake.unit is None:
        return
    heard = [intake.post] if intake.post else answerers(intake.unit)
    if not any(cases.sees(Actor.of(post), case) for post in heard):
        raise Refused(
            _("“%(unit)s”的人不能看这件诉求，文书送不到。请选别的单位或别的人。") % {"unit": intake.unit},
            code="no_sight",
        )


def require_post(intake: RungIn) -> None:
    """Refuse a leader who does not answer for the unit, and a person at fault of another unit."""
    unit, post = intake.unit, intake.post
    if intake.kind in (Kind.ORDER, Kind.TALK) and (
        unit is None or post is None or post.pk not in {each.pk for each in answerers(unit)}
    ):
        raise Refused(_("请选一名在任的负责人。"), code="post")
    if intake.kind == Kind.FAULT and post is not None and (unit is None or post.unit_id != unit.pk):
        raise Refused(_("这个人不在这个单位，请改正。"), code="post")
    if intake.kind in (Kind.ADVICE, Kind.FAULT, Kind.LISTING) and unit is None:
        raise Refused(_("请选一个单位。"), code="unit")


def require_day(intake: RungIn, today: date) -> None:
    """Refuse a day that is over, or farther off than the place's rule allows; a circular has none."""
    if intake.kind != Kind.CIRCULAR:
        require_day_of(intake.kind, intake.due_on, today)


def require_day_of(kind: str, day: date | None, today: date) -> None:
    """The same for a rung of this kind that is there already."""
    last = last_day(kind, today)
    if day is None or not today <= day <= last:
        raise Refused(_("请选今天到 %(last)s 之间的一天。") % {"last": last.isoformat()}, code="due_on")


def basis_of(intake: RungIn, today: date) -> str:
    """What the rung rests on: the clause that was broken, else the place's rule. Raises `Refused` without a clause."""
    if intake.kind != Kind.FAULT:
        return rung_rule(intake.kind).basis
    found = next((each for each in clauses(today) if each.code == intake.clause), None)
    if found is None:
        raise Refused(_("请选一条现行的规定。"), code="clause")
    return str(found)


def titled(intake: RungIn, case: Case | None, by: Actor) -> str:
    """The title, numbers masked; refused while a petitioner's own particulars stand in what the public may read.

    Source: Personal Information Protection Law 个人信息保护法 art. 25.
    """
    title = identity.masked(" ".join(intake.title.split()))[:LONGEST_TITLE]
    if not title:
        if intake.public or intake.kind == Kind.CIRCULAR:
            raise Refused(_("请填写标题，不要写人的姓名。"), code="title")
        return ""
    if intake.public and case is not None:
        if case.nature == Case.Nature.REPORT:
            raise Refused(_("举报不公开，请改成内部挂牌。"), code="report")
        permit = Permit(holder=by.name, purpose=Purpose.MATCH)
        known = [people.particulars(party.person, permit) for party in told_among_kin(case) if party.person]
        if found := identity.still_named(title, known):
            raise Refused(
                _("标题里还有诉求人的%(what)s，没有挂牌。请删去后再提交。") % {"what": "、".join(found)},
                code="identity",
            )
    return title


def require_circular(intake: RungIn, by: Actor) -> None:
    """Refuse a circular to nobody, and one that names a report or a case that its writer may not see."""
    if not intake.units:
        raise Refused(_("请选至少一个单位。"), code="units")
    for case in intake.about:
        if not cases.sees(by, case) or case.nature == Case.Nature.REPORT:
            raise Refused(_("%(number)s 不能写进通报。") % {"number": case.number}, code="about")


def require_leader(intake: RungIn, by: Actor) -> None:
    """Only a leader takes a case, and for themselves."""
    if by.role != Role.LEADER or by.post is None or intake.post is None or by.post.pk != intake.post.pk:
        raise PermissionDenied(_("包案由领导本人作出。"))
