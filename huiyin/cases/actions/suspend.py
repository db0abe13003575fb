"""挂账: what cannot be solved now rests with a plan and a date, by two people's word; on the date it comes back."""

from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.cases import pausing, states, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Notice, Order, Suspension
from huiyin.cases.ordering import hold_by_lead, owe
from huiyin.deadlines.models import Pause, Policy
from huiyin.deadlines.policies import policy_for
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post

PLAN = gettext_lazy("打算怎么办")
WHY_NOT = gettext_lazy("不同意的理由")
State = Suspension.State


def propose_suspension(
    case: Case, *, by: Actor, plan: str, until: date, order: Order | None = None
) -> Suspension:
    """Propose to let the matter rest until a day, with a plan in words that the petitioner will read."""
    said = words.required(plan, PLAN)
    with opened(case, "propose_suspension", by=by, order=order) as file:
        file.require_in_hand(order)
        _require_one_at_a_time(file)
        _require_lawful_date(file, until)
        row = file.add(
            Suspension(
                case=file.case,
                round=file.case.round,
                order=file.part_or_none(order),
                plan=said,
                until=until,
                proposed_at=file.at,
                proposed_by=by.post,
            )
        )
        file.move(file.case.state)
        file.facts |= {"unit": by.unit.code if by.unit else "", "until": until.isoformat()}
        file.private["plan"] = words.digest(said)
    return row


def approve_suspension(suspension: Suspension, *, by: Actor) -> None:
    """Let it rest: every clock stands until the end of that day, and every party is owed the plan and the date."""
    with opened(suspension.case, "approve_suspension", by=by) as file:
        mine = _proposed(file, suspension)
        _require_another_person(mine, by)
        _require_lawful_date(file, mine.until)
        if any(order.state == states.Order.OBJECTED for order in file.orders):
            raise Refused(_("还有派单异议没有裁定，不能挂账。请先裁定。"), code="objected")
        file.change(mine, state=State.IN_FORCE, decided_at=file.at, decided_by=by.post)
        file.move(Case.State.SUSPENDED)
        pausing.pause(file, Pause.Reason.SUSPENDED, until=pausing.end_of(mine.until))
        owe(file, file.told_parties, Notice.About.SUSPENSION)
        file.facts["until"] = mine.until.isoformat()


def refuse_suspension(suspension: Suspension, *, by: Actor, reason: str) -> None:
    """Refuse it with reasons: the matter is handled on, in the time that it has."""
    said = words.required(reason, WHY_NOT)
    with opened(suspension.case, "refuse_suspension", by=by) as file:
        mine = _proposed(file, suspension)
        file.change(mine, state=State.REFUSED, decided_at=file.at, decided_by=by.post, decision=said)
        file.move(file.case.state)
        file.private["reason"] = words.digest(said)


def end_suspension(suspension: Suspension, *, by: Actor, order: Order | None = None) -> None:
    """Take the matter up again before its day, because the way is free; the clocks go on.

    The desk, or a unit that has an order of it in hand, whoever proposed the rest: going on takes nothing from
    anybody, and nobody has to be asked for leave to work. A unit that did not propose it names its `order`.
    """
    with opened(suspension.case, "end_suspension", by=by, order=order or suspension.order) as file:
        _take_up(file, suspension)


def suspension_due(suspension: Suspension, *, by: Actor) -> None:
    """Take the matter up again because its day is over; `Refused` before that."""
    with opened(suspension.case, "suspension_due", by=by) as file:
        if file.at < pausing.end_of(file.part(suspension).until):
            raise Refused(_("挂账的日期还没有到。"), code="too_early")
        _take_up(file, suspension)


def _take_up(file: CaseFile, suspension: Suspension) -> None:
    mine = file.part(suspension)
    if mine.state != State.IN_FORCE:
        raise file.refusal(_("这次挂账现在是“%(state)s”") % {"state": mine.get_state_display()})
    file.move(Case.State.HANDLING)
    hold_by_lead(file)
    file.facts["until"] = mine.until.isoformat()


def _proposed(file: CaseFile, suspension: Suspension) -> Suspension:
    mine = file.part(suspension)
    if mine.state != State.PROPOSED:
        raise file.refusal(_("这次挂账现在是“%(state)s”") % {"state": mine.get_state_display()})
    return mine


def _require_one_at_a_time(file: CaseFile) -> None:
    if any(each.state == State.PROPOSED for each in file.parts(Suspension)):
        raise Refused(_("已有人提出挂账，还在等审批。"), code="open")


def _require_lawful_date(file: CaseFile, until: date) -> None:
    """Refuse a past day, one too far away for the policy, and a matter whose rule allows no such rest."""
    case, today = file.case, wall.local_date(file.at)
    longest = policy_for(
        track=case.track, step=Policy.Step.SUSPENSION, on=today, nature=case.nature, urgency=case.urgency
    )
    if Pause.Reason.SUSPENDED not in file.round.clock.policy.pauses:
        raise Refused(
            _("按照“%(basis)s”，这件诉求不能挂账。") % {"basis": file.round.clock.policy.basis}, code="pause"
        )
    if not today < until <= today + timedelta(days=longest.amount):
        raise Refused(
            _("挂账的日期要在明天到 %(last)s 之间（最长 %(most)d 天），请改正。")
            % {
                "last": (today + timedelta(days=longest.amount)).isoformat(),
                "most": longest.amount,
            },
            code="until",
        )


def _require_another_person(suspension: Suspension, by: Actor) -> None:
    if by.user is not None and Post.objects.filter(pk=suspension.proposed_by_id, user=by.user).exists():
        raise Refused(_("挂账由您提出，要由另一位同事审批。"), code="same_person")
