"""退回重办: the answer is not good enough, or the matter is not solved though solvable: a new round, new work."""

from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases import peers, petitions, private_answers, states, words
from huiyin.cases.casefile import CaseFile, opened
from huiyin.cases.models import Answer, Case, Order, Promise, Round
from huiyin.cases.ordering import again, begin_round, hold_by_lead, send_order
from huiyin.cases.promising import settle_proposed
from huiyin.organisation.actors import Actor


def redo(case: Case, *, by: Actor, reason: str) -> list[Order]:
    """Send the case back to the units that answered, in a new round; the rounds before stay as they were.

    What the desk answered itself (at once, or from outside) goes back to the desk, which looks again: it can
    dispatch it now. Before the citizen was told, their clock runs on; afterwards a new one begins.
    """
    said = words.required(reason, _("退回的理由"))
    with opened(case, "redo", by=by) as file:
        petitions.require_no_decision(file)
        told = file.case.state == Case.State.TOLD
        answered = _answered_orders(file)
        for order in answered:
            file.move_order(order, states.Order.RETURNED)
        for each in file.parts(Answer):
            if each.round == file.case.round and each.state == Answer.State.GIVEN:
                file.change(each, state=Answer.State.RETURNED)
        private_answers.settle(file, Answer.State.RETURNED)
        settle_proposed(file, Promise.State.LAPSED)
        peers.take_up(file, reason=said)
        cause = Round.Cause.UNSOLVED if told else Round.Cause.REVIEW
        begin_round(file, cause, reason=said, carry_clock=not told)
        sent = [send_order(file, old.point, again(file, old, note=said)) for old in answered]
        _go_back(file, sent)
        file.facts |= {"cause": cause, "units": [order.unit.code for order in sent]}
        file.private["reason"] = words.digest(said)
    return sent


def _answered_orders(file: CaseFile) -> list[Order]:
    done = (states.Order.ANSWERED, states.Order.APPROVED)
    return [order for order in file.orders if order.part == Order.Part.LEAD and order.state in done]


def _go_back(file: CaseFile, sent: list[Order]) -> None:
    """To the units, or to the desk when it was the desk that had answered."""
    if sent:
        file.move(Case.State.HANDLING)
        hold_by_lead(file)
    else:
        file.move(Case.State.REGISTERED)
        file.hold(file.case.desk, Role.CLERK)
