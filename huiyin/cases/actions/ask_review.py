"""申请复查、复核: a party asks the body above to look at the opinion; a new round, so that the first stays as it was."""

from django.utils.translation import gettext as _

from huiyin.cases import petitions, reviewing, words
from huiyin.cases.actions.take_review_back import before_asking
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Party, Review, Round
from huiyin.cases.ordering import begin_round, stop_clock
from huiyin.cases.wording import act_name
from huiyin.deadlines.arithmetic import last_day
from huiyin.kernel import clock as wall
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit


def ask_review(
    case: Case, *, by: Actor, reason: str, party: Party | None = None, unit: Unit | None = None
) -> Review:
    """Ask 复查 (信访工作条例 art. 35) of what a unit's opinion said, in time, once; the desk for a party it names.

    The body is the nearest one above, or the one that is named among those that may decide (`reviewing`). Its clock
    runs from the asking.
    """
    return _ask(case, Review.Level.REVIEW, by=by, reason=reason, party=party, unit=unit)


def ask_rereview(
    case: Case, *, by: Actor, reason: str, party: Party | None = None, unit: Unit | None = None
) -> Review:
    """Ask 复核 (art. 36) of what the 复查 decided; the last instance."""
    return _ask(case, Review.Level.REREVIEW, by=by, reason=reason, party=party, unit=unit)


ACTS = {Review.Level.REVIEW: "ask_review", Review.Level.REREVIEW: "ask_rereview"}


def _ask(
    case: Case, level: Review.Level, *, by: Actor, reason: str, party: Party | None, unit: Unit | None
) -> Review:
    said = words.required(reason, _("申请的理由"))
    with opened(case, ACTS[level], by=by) as file:
        asker = _asker(file, party)
        _require_instance(file, level)
        _require_in_time(file, asker, level)
        body = reviewing.reviewing_body(file, level, unit)
        before = before_asking(file)
        stop_clock(file, file.round.clock)
        begun = begin_round(
            file, Round.Cause.APPEALED, reason=said, carry_clock=False, step=petitions.DECIDING[level]
        )
        row = file.add(
            Review(
                case=file.case,
                round=begun.number,
                level=level,
                party=asker,
                reason=said,
                asked_at=file.at,
                unit=body,
                clock=begun.clock,
                before=before,
            )
        )
        file.move(Case.State.IN_REVIEW)
        file.hold(body, reviewing.holder_role(body))
        file.facts |= {"unit": body.code, "due": begun.clock.due_at.isoformat()}
        file.private["reason"] = words.digest(said)
    return row


def _asker(file: CaseFile, party: Party | None) -> Party:
    """The party who asks: the reader of the page, or whom the desk names; never somebody in copy."""
    wanted = file.by.party_id or (party.pk if party is not None else None)
    found = next((each for each in file.told_parties if each.pk == wanted), None)
    if found is None:
        raise Refused(_("请选择是哪位诉求人申请。"), code="party")
    return found


def _require_instance(file: CaseFile, level: Review.Level) -> None:
    possible = petitions.level_of(file)
    if possible == level:
        return
    if file.case.finalised_at is not None:
        raise Refused(
            _("这件信访事项已经终结。有新的事实或者理由，可以另行提出。"),
            code="final",
            instead=act_name("reopen"),
        )
    if possible is None:
        raise Refused(
            _("这一轮没有处理意见书，或者已经复核过，不能再%(act)s。") % {"act": act_name(file.act)},
            code="instance",
        )
    raise Refused(
        _("现在应当先%(act)s。") % {"act": act_name(ACTS[Review.Level(possible)])},
        code="instance",
        instead=act_name(ACTS[Review.Level(possible)]),
    )


def _require_in_time(file: CaseFile, asker: Party, level: Review.Level) -> None:
    until = petitions.ask_until(file, level, asker)
    if file.at > until:
        raise Refused(
            _("%(act)s的期限到 %(day)s 为止，已经过了。有新的事实或者理由，可以申请重启。")
            % {"act": act_name(file.act), "day": last_day(until, wall.zone()).isoformat()},
            code="too_late",
            instead=act_name("reopen"),
        )
