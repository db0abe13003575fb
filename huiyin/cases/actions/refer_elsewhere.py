"""另循程序: mediation, a hearing, a court or arbitration is under way; the matter rests until a day."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import words
from huiyin.cases.answering import answer_from_outside, require_outcome
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.kin import opened_with_children
from huiyin.cases.models import Case, Notice, Objection, Referral
from huiyin.cases.ordering import cancel_orders, hold_by_lead, owe
from huiyin.cases.pausing import end_of, give_back_time_to_object, pause, resume
from huiyin.cases.promising import Pledge
from huiyin.cases.referring import end_referral, in_hand, refer
from huiyin.deadlines.models import Pause, Policy
from huiyin.deadlines.policies import policy_for
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor


def refer_elsewhere(
    case: Case, *, by: Actor, procedure: str, body: str, until: date, said: str = ""
) -> Referral:
    """Let the matter rest while another procedure runs, until a day on which it goes on by itself.

    Every clock stands still: for a hearing as a hearing, which more policies allow (信访工作条例 art. 36 does not
    count its time), else as another procedure. Raises `Refused` when a deadline's policy does not allow that.
    """
    if procedure not in Referral.Procedure.values:
        raise Refused(_("请选择另循的程序。"), code="procedure")
    with opened(case, "refer_elsewhere", by=by) as file:
        _require_day(file, until)
        if any(row.state == Objection.State.OPEN for row in file.parts(Objection)):
            raise Refused(_("还有派单异议没有裁定。请先裁定，再另循程序。"), code="objected")
        heard = procedure == Referral.Procedure.HEARING
        pause(file, Pause.Reason.HEARING if heard else Pause.Reason.ELSEWHERE, until=end_of(until))
        file.move(Case.State.REFERRED)
        file.hold(file.case.desk, Role.CLERK)
        row = refer(
            file,
            Referral.Kind.ELSEWHERE,
            body=body,
            said=said,
            procedure=procedure,
            until=end_of(until),
        )
        owe(file, file.told_parties, Notice.About.REFERRAL)
        file.facts |= {"procedure": procedure, "until": until.isoformat()}
    return row


def resume_from(referral: Referral, *, by: Actor, said: str = "") -> None:
    """Go on with handling, with what became of it elsewhere; the program does it without a word on the day set."""
    told = words.optional(said, _("结果")) if by.kind == "system" else words.required(said, _("结果"))
    with opened(referral.case, "resume_from", by=by) as file:
        mine = in_hand(file, referral, Referral.Kind.ELSEWHERE)
        if by.kind == "system" and mine.until is not None and file.at <= mine.until:
            raise Refused(_("约定的日期还没有到。"), code="too_early")
        resume(file)
        give_back_time_to_object(file, mine.sent_at, min(file.at, mine.until or file.at))
        end_referral(file, mine, outcome=told)
        _go_on(file)
        if told:
            file.private["words"] = words.digest(told)


def settled_elsewhere(
    referral: Referral, *, by: Actor, text: str, outcome: str, pledge: Pledge | None = None
) -> None:
    """The other procedure has settled it: what came of it is the answer, and the orders end."""
    said = words.required(text, _("结果"), most=words.LONGEST_TEXT)
    require_outcome(outcome)
    with opened_with_children(referral.case, "settled_elsewhere", by=by) as (file, children):
        end_referral(file, in_hand(file, referral, Referral.Kind.ELSEWHERE))
        resume(file)
        cancel_orders(file)
        answer_from_outside(file, children, said, outcome, pledge)


def _require_day(file: CaseFile, until: date) -> None:
    """Refuse a past day, and one further away than the place allows (policy of the step `elsewhere`, in days)."""
    case, today = file.case, wall.local_date(file.at)
    longest = policy_for(
        track=case.track, step=Policy.Step.ELSEWHERE, on=today, nature=case.nature, urgency=case.urgency
    ).amount
    if not today < until <= today + timedelta(days=longest):
        raise Refused(
            _("恢复办理的日期要在明天到 %(last)s 之间（最长 %(most)d 天），请改正。")
            % {"last": (today + timedelta(days=longest)).isoformat(), "most": longest},
            code="until",
        )


def _go_on(file: CaseFile) -> None:
    """Back to where it rested from: with the units when every point is led, else with the dispatcher."""
    if file.points_without_unit:
        file.move(Case.State.ACCEPTED)
        file.hold(file.case.desk, Role.DISPATCHER)
    else:
        file.move(Case.State.HANDLING)
        hold_by_lead(file)
