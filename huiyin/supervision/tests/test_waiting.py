"""What waits for whoever oversees is counted for them alone, in one statement, and so is what others owe them."""

import pytest

from huiyin.cases.models import Case, Exclusion, Promise
from huiyin.cases.tests import roads
from huiyin.cases.tests.roads import DAY, MONDAY, at
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.supervision import actions, waiting
from huiyin.supervision.entries.actions import submit_entry
from huiyin.supervision.entries.models import LedgerEntry
from huiyin.supervision.entries.rules import AcceptanceRule
from huiyin.supervision.models import Proposal
from huiyin.supervision.tests.road import issued
from huiyin.supervision.tests.road import rules as town
from huiyin.supervision.waiting import Owed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
__all__ = ["town"]


@pytest.fixture(autouse=True)
def _everything_is_accepted(monkeypatch):
    monkeypatch.setattr("huiyin.supervision.entries.rules.acceptance_rules", lambda: [AcceptanceRule()])


def proposed(case: Case) -> Proposal:
    return Proposal.objects.create(case=case, round=case.round, kind="order", rule="late", proposed_at=MONDAY)


def handed_in(cast) -> LedgerEntry:
    case = roads.closed(cast)
    return submit_entry(case.orders.latest("pk"), by=cast.handler)


def test_what_is_to_be_signed_looked_at_and_decided_is_counted_in_one_statement(
    cast, django_assert_num_queries
):
    rung = issued(cast)
    with at(MONDAY + DAY):
        proposed(roads.signed(cast).case)
        handed_in(cast)
        actions.reply(rung, by=cast.unit_leader, text="已落实")
        by = cast.supervisor
        assert by.barred_unit_ids and by.posts_today
        waiting.to_act_on(by)  # what is remembered of places
        with django_assert_num_queries(1):
            found = waiting.to_act_on(by)
        assert {name: n for name, n in found.items() if n} == {"replied": 1, "proposals": 1, "entries": 1}
        assert not {"second", "pressed"} & set(waiting.to_act_on(cast.leader))


def test_nobody_learns_by_a_number_of_what_they_may_not_read(cast):
    with at(MONDAY):
        hidden = roads.signed(cast).case
        proposed(hidden)
        entry = handed_in(cast)
        Exclusion.objects.create(case=hidden, unit=cast.duban)
        hat = Post.objects.create(
            code="hat", user=entry.submitted_by.user, unit=cast.duban, role="supervisor"
        )
        assert waiting.to_act_on(cast.supervisor)["proposals"] == 0
        assert waiting.to_act_on(cast.supervisor)["entries"] == 1
        assert waiting.to_act_on(Actor.of(hat))["entries"] == 0, "they handed it in themselves"


def test_what_others_owe_is_counted_with_what_is_past_its_day(cast, django_assert_num_queries):
    rung = issued(cast)
    with at(MONDAY):
        case = roads.signed(cast).case
        Promise.objects.create(
            case=case, round=1, state="made", text="补种", due_on=MONDAY.date(), made_at=MONDAY,
            unit=cast.chengguan,
        )  # fmt: skip
        waiting.owed(cast.leader)  # what is remembered of places
        with django_assert_num_queries(1):
            found = waiting.owed(cast.leader)
        assert (found["rungs"], found["promises"]) == (Owed(1, 0), Owed(1, 0))
        assert "views" not in found and waiting.owed(cast.supervisor)["views"] == Owed(0, 0)
    with at(MONDAY + 30 * DAY):
        actions.withdraw(rung, by=cast.supervisor, text="另行处理")
        found = waiting.owed(cast.supervisor)
        assert (found["rungs"], found["promises"]) == (Owed(0, 0), Owed(1, 1))
