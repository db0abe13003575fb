"""Two people on one rung at the same moment, over connections of their own: one wins, the other is told."""

import pytest

from huiyin.cases.models import Case
from huiyin.cases.tests import roads
from huiyin.cases.tests.roads import DAY, MONDAY, at
from huiyin.cases.tests.test_concurrency import at_once, winner_and_loser
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import history
from huiyin.supervision import actions
from huiyin.supervision.models import Proposal, Receipt, Rung
from huiyin.supervision.tests.road import fresh, intake, issued, rules

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("rules")]
__all__ = ["rules"]


@pytest.fixture(autouse=True)
def _on_tuesday():
    with at(MONDAY + DAY):
        yield


def steps(subject: str) -> list[str]:
    return [event.facts["step"] for event in history(subject) if event.kind == "supervise"]


def test_two_supervisors_sign_an_order_about_one_case(cast):
    case = roads.signed(cast).case
    signing = [
        lambda by=by: actions.issue(intake(cast), by=by, case=Case.objects.get(pk=case.pk))
        for by in (cast.supervisor, cast.leader)
    ]
    _winner, told = winner_and_loser(at_once(*signing))
    assert told.code in ("already", "conflict") and Rung.objects.count() == 1
    assert steps(f"case:{case.number}") == ["issue"]


def test_one_form_sent_twice_at_once_is_one_rung(cast):
    case = roads.signed(cast).case
    told = intake(cast, "advice", once="d" * 32)
    found = at_once(
        *[
            lambda: actions.issue(told, by=cast.supervisor, case=Case.objects.get(pk=case.pk))
            for _twice in range(2)
        ]
    )
    assert Rung.objects.count() == 1
    assert len({each.pk for each in found if isinstance(each, Rung)}) == 1


def test_two_circulars_at_once_have_two_numbers(cast):
    at_once(
        *[
            lambda by=by: actions.issue(intake(cast, "circular"), by=by)
            for by in (cast.supervisor, cast.leader)
        ]
    )
    assert sorted(Rung.objects.values_list("serial", flat=True)) == [1, 2]


def test_a_reply_and_a_withdrawal_meet(cast):
    rung = issued(cast)
    _winner, told = winner_and_loser(
        at_once(
            lambda: actions.reply(fresh(rung), by=cast.unit_leader, text="已办"),
            lambda: actions.withdraw(fresh(rung), by=cast.supervisor, text="不再需要"),
        )
    )
    assert told.code in ("state", "conflict")
    assert len(steps(f"case:{rung.case.number}")) == 2 and rung.entries.count() == 1


def test_a_talk_of_no_case_is_recorded_once(cast):
    rung = issued(cast, "talk")
    told = {"held_on": MONDAY.date(), "text": "谈过"}
    _winner, said = winner_and_loser(
        at_once(
            *[lambda by=by: actions.hold(fresh(rung), by=by, **told) for by in (cast.supervisor, cast.leader)]
        )
    )
    assert said.code == "state" and "最近一步" in str(said)
    assert steps(f"rung:{rung.number}") == ["issue", "hold"]


def test_a_proposal_is_signed_or_set_aside_never_both(cast):
    case = roads.signed(cast).case
    row = Proposal.objects.create(case=case, round=1, kind="order", rule="late", proposed_at=MONDAY)
    found = at_once(
        lambda: actions.issue(
            intake(cast, proposal=row), by=cast.supervisor, case=Case.objects.get(pk=case.pk)
        ),
        lambda: actions.dismiss(Proposal.objects.get(pk=row.pk), by=cast.leader, reason="已办"),
    )
    assert sum(isinstance(each, Refused) for each in found) == 1
    assert (Proposal.objects.get().state, Rung.objects.count()) in (("signed", 1), ("dismissed", 0))


def test_two_of_a_unit_open_a_circular_and_one_is_the_first(cast):
    rung = issued(cast, "circular")
    found = at_once(
        *[lambda by=by: actions.read(fresh(rung), by=by) for by in (cast.handler, cast.unit_leader)]
    )
    assert sorted(found) == [False, True] and Receipt.objects.filter(read_at=None).count() == 1
    assert steps(f"rung:{rung.number}") == ["issue", "read"]
