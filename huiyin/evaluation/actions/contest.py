"""回访异议: a unit contests a rating, by a ground and with evidence; two who oversee agree, or one refuses, in words."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from huiyin.cases import words as texts
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Case, Party
from huiyin.evaluation import contests
from huiyin.evaluation.models import CallBack, Contest, Rating
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

State = Contest.State


def contest_rating(case: Case, *, by: Actor, ground: str, why: str) -> Contest:
    """Say that the ratings of the present round should not count against one's unit, by a ground of the place; once.

    Raises `Refused` for a unit that was not rated lately or has contested before, and for a ground not in force.
    """
    said = texts.required(why, _("理由和证据"))
    with opened(case, "contest_rating", by=by) as file:
        cited = {each.code: each for each in contests.grounds_now(by)}.get(ground)
        if cited is None:
            raise Refused(_("这条理由现在不能用。请选择现行的理由。"), code="ground")
        if not contests.may_contest(file.case, by):
            raise Refused(
                _("现在不能提异议：还没有评价，或者过了期限、已经提过、不是您单位答复的。"), code="contest"
            )
        row = Contest(
            case=file.case, round=file.case.round, unit=contests.rated_unit(file.case, by), ground=cited.code,
            clause=str(cited), about=cited.about, why=said, asked_at=file.at, asked_by=by.post,
        )  # fmt: skip
        file.add(row)
        file.move(file.case.state)
        file.facts |= {"unit": row.unit.code, "ground": cited.code}
        file.private["why"] = texts.digest(said)
    return row


def uphold_contest(case: Case, *, by: Actor, party: Party | None = None) -> Contest:
    """Agree; the first of two, or the second, by whom it comes into force.

    The unit was wrong: the ratings of the round stay, and count for no unit. The person was: what `party` is said to
    have said is void, an invalid call-back, and the party can rate. Blocks that were told stay as they are. Raises
    `Refused` when nothing waits, or nobody was named of those called.
    """
    with opened(case, "uphold_contest", by=by) as file:
        row = _open(file, by)
        if row.about == "person" and row.first_by is None:
            row.party = _called(row, party)
        if row.first_by is None:
            row.first_by, row.first_at = by.post, file.at
        else:
            row.decided_by, row.decided_at, row.state = by.post, file.at, State.UPHELD
            _set_aside(row)
        row.save()
        file.move(file.case.state)
        file.facts |= {"unit": row.unit.code, "ground": row.ground, "stands": row.state}
        if row.party_id is not None:
            file.private["party"] = str(row.party_id)
    return row


def refuse_contest(case: Case, *, by: Actor, why: str) -> Contest:
    """Refuse, in words that the unit reads; the ratings count as they did."""
    said = texts.required(why, _("不成立的理由"))
    with opened(case, "refuse_contest", by=by) as file:
        row = _open(file, by)
        row.decided_by, row.decided_at, row.state, row.why_not = by.post, file.at, State.REFUSED, said
        row.save()
        file.move(file.case.state)
        file.facts |= {"unit": row.unit.code, "ground": row.ground, "stands": row.state}
        file.private["why"] = texts.digest(said)
    return row


def _open(file: CaseFile, by: Actor) -> Contest:
    """The contest that waits and that this person may decide on; the case is locked."""
    if not contests.open_for(file.case):
        raise Refused(_("这件诉求现在没有等着决定的回访异议。"), code="gone")
    row = contests.to_decide(file.case, by)
    if row is None:
        raise PermissionDenied(
            _(
                "回访异议要由两个人核准：不能是同一个人、提出异议的人、打回访电话的人，也不能在被评价的单位任职。"
            )
        )
    return row


def _called(row: Contest, party: Party | None) -> Party:
    found = {each.party_id: each.party for each in contests.called(row)}
    if party is None or party.pk not in found:
        raise Refused(_("请选择哪一次回访打错了人。没有电话回访过的，请不予认可。"), code="party")
    return found[party.pk]


def _set_aside(row: Contest) -> None:
    if row.about == "unit":
        contests.ratings_of(row.case_id, row.round, row.unit_id).update(unit=None)
        return
    taken = [each.pk for each in contests.called(row) if each.party_id == row.party_id]
    Rating.objects.filter(pk__in=taken).update(set_aside=Rating.Aside.VOID)
    CallBack.objects.filter(rating__in=taken).update(state=CallBack.State.VOID)
