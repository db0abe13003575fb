"""审核通过: the reviewer lets the answer out; every party is owed it, the merged matters' parties too."""

from huiyin.accounts.roles import Role
from huiyin.cases import peers, private_answers, states
from huiyin.cases.kin import opened_with_children, share_answer
from huiyin.cases.models import Answer, Case, Notice, Order, Promise
from huiyin.cases.ordering import owe
from huiyin.cases.promising import settle_proposed
from huiyin.organisation.actors import Actor


def approve(case: Case, *, by: Actor) -> None:
    """Approve the round's answers: each point gets its outcome, each party a notice on their query page.

    Only now is the case answered: what a reviewer sent back has reached nobody and shortens no figure. Raises
    `Refused` while another unit has said that more can be done, and nobody has said why that is not followed.
    """
    with opened_with_children(case, "approve", by=by) as (file, children):
        peers.require_weighed(file)
        for each in file.parts(Answer):
            if each.round == file.case.round and each.state == Answer.State.GIVEN:
                file.change(each, state=Answer.State.APPROVED)
                point = next(p for p in file.points if p.pk == each.point_id)
                file.change(point, outcome=each.outcome, outcome_at=file.at)
        for order in file.orders:
            if order.part == Order.Part.LEAD and order.state == states.Order.ANSWERED:
                file.move_order(order, states.Order.APPROVED)
        private_answers.settle(file, Answer.State.APPROVED)
        settle_proposed(file, Promise.State.MADE)
        if file.case.first_answered_at is None:
            file.set(first_answered_at=file.at)
        file.move(Case.State.TELLING)
        file.hold(file.case.desk, Role.CALLER)
        owe(file, file.told_parties, Notice.About.ANSWER)
        share_answer(children, by=by)
