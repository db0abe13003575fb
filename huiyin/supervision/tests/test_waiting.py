"""What waits for whoever oversees is counted for them alone, in one statement, and so is what others owe them."""

import pytest

from huiyin.cases.models import Case, Exclusion, Promise
from huiyin.cases.tests import roads
from huiyin.cases.tests.roads import DAY, MONDAY, at
from huiyin.evaluation import contests
from huiyin.evaluation.actions import ask_second_opinion, contest_rating, rate
from huiyin.evaluation.models import Rating
from huiyin.evaluation.rules import Ground
from huiyin.evaluation.tests.road import petitioner
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.supervision import access, actions, waiting
from huiyin.supervision.entries.actions import submit_entry
from huiyin.supervision.entries.models import LedgerEntry
from huiyin.supervision.entries.rules import AcceptanceRule
from huiyin.supervision.models import Proposal, Rung
from huiyin.supervision.tests.road import appealed, issued
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


def test_nobody_is_counted_a_reply_that_another_has_to_look_at(cast):
    rung, appeal = issued(cast), appealed(cast)
    with at(MONDAY + DAY):
        actions.reply(rung, by=cast.unit_leader, text="已落实")
        assert waiting.to_act_on(cast.supervisor)["replied"] == 1, "the appeal is against their own word"
        assert waiting.to_act_on(cast.leader)["replied"] == 2
        Rung.objects.filter(pk=appeal.pk).update(unit=None)
        assert waiting.to_act_on(cast.leader)["replied"] == 2
        Post.objects.create(code="hat", user=cast.leader.user, unit=cast.chengguan, role="handler")
        by = Actor.of(Post.objects.get(pk=cast.leader.post.pk))
        assert not access.may(by, "accept", rung) and waiting.to_act_on(by)["replied"] == 1
        Post.objects.filter(pk=rung.post_id).update(user=cast.supervisor.user)
        assert waiting.to_act_on(cast.supervisor)["replied"] == 0, "it is to them, and they answered it"


def test_nobody_is_counted_a_second_opinion_on_what_they_decided_or_asked(cast):
    with at(MONDAY):
        case = roads.told(cast)
        rate(case, by=petitioner(case), contacted=True, solved="no", satisfied=1)
        ask_second_opinion(case, by=cast.supervisor, why="再看一次")
        assert waiting.to_act_on(cast.supervisor)["second"] == 0
        other = Post.objects.create(
            code="duban-2", user=cast.outsider.user, unit=cast.duban, role="supervisor"
        )
        assert waiting.to_act_on(Actor.of(other))["second"] == 1
        hat = Post.objects.create(code="hat", user=cast.reviewer.user, unit=cast.duban, role="supervisor")
        assert waiting.to_act_on(Actor.of(hat))["second"] == 0, "they approved the answer"


def test_nobody_is_counted_a_contest_of_a_call_that_they_made(cast, monkeypatch):
    wrong = Ground("wrong_unit", "不是本单位承办的", "《某规定》第六条", "unit")
    monkeypatch.setattr("huiyin.evaluation.contests.grounds", lambda _on: [wrong])
    with at(MONDAY):
        case = roads.told(cast)
        rate(case, by=petitioner(case), contacted=True, solved="no", satisfied=1)
        contest_rating(case, by=cast.handler, ground="wrong_unit", why="职责清单")
        assert waiting.to_act_on(cast.supervisor)["contests"] == len(contests.waiting(cast.supervisor)) == 1
        Rating.objects.update(by=cast.supervisor.post, how="call_back")
        assert waiting.to_act_on(cast.supervisor)["contests"] == len(contests.waiting(cast.supervisor)) == 0
        assert waiting.to_act_on(cast.leader)["contests"] == 1


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
