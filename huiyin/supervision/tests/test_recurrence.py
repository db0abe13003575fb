"""回头看: a repeatable draw of what was closed, a question to the petitioner, and what came back is reopened."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.cases import actions
from huiyin.cases.models import Case
from huiyin.cases.tests.roads import DAY, MONDAY, at, closed, fresh, party_of
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.models import Event
from huiyin.ledger.queries import latest
from huiyin.supervision.recurrence import queries, tasks
from huiyin.supervision.recurrence.actions import tell_recurrence
from huiyin.supervision.recurrence.drawing import drawn
from huiyin.supervision.recurrence.models import Draw, Recheck
from huiyin.supervision.recurrence.rules import RULE, RecheckRule, rule_of
from huiyin.web.tests.citizens import answered, hand_in

pytestmark = pytest.mark.django_db
MONTH = MONDAY + 30 * DAY
ALL = RecheckRule(days=30, share=100)
NUMBERS = [f"2648-0000-{n:04d}" for n in range(50)]


@pytest.fixture(autouse=True)
def _everybody_is_asked_after_thirty_days(monkeypatch):
    monkeypatch.setattr("huiyin.supervision.recurrence.tasks.recheck_rules", lambda: [ALL])
    with clock.frozen(MONDAY):
        yield


def asked(cast, **more) -> Recheck:
    """A case closed on Monday, drawn thirty days later; the clock stands where the test has it."""
    case = closed(cast, **more)
    with at(MONTH):
        tasks.draw()
    return Recheck.objects.get(case=case)


# -- the draw -------------------------------------------------------------------------------------------------
def test_a_draw_can_be_repeated_and_does_not_depend_on_the_order_of_the_numbers():
    first = drawn(NUMBERS, seed="a", share=20, least=1)
    assert first == drawn(list(reversed(NUMBERS)), seed="a", share=20, least=1)
    assert len(first) == 10 and first != drawn(NUMBERS, seed="b", share=20, least=1)


def test_a_share_is_rounded_up_and_never_more_than_there_are():
    assert len(drawn(NUMBERS[:3], seed="a", share=10, least=1)) == 1
    assert len(drawn(NUMBERS[:3], seed="a", share=10, least=9)) == 3
    assert drawn([], seed="a", share=10, least=9) == []


def test_every_number_is_drawn_about_as_often_as_any_other():
    times = dict.fromkeys(NUMBERS, 0)
    for seed in range(400):
        for number in drawn(NUMBERS, seed=str(seed), share=20, least=1):
            times[number] += 1
    assert all(40 <= n <= 125 for n in times.values()), times  # 80 each, and four standard errors around it


def test_what_was_closed_thirty_days_ago_is_drawn_once_and_written_down(cast):
    case = closed(cast)
    with at(MONTH - DAY):
        tasks.draw()
        assert not Recheck.objects.exists()
    with at(MONTH):
        tasks.draw()
        tasks.draw()
    row, draw = Recheck.objects.get(), Draw.objects.get(day=clock.local_date(MONDAY))
    assert (row.case, row.days, row.state, row.unit) == (case, 30, "asked", cast.chengguan)
    facts = latest(f"recheck:30:{draw.day}").facts
    assert (facts["seed"], facts["rule"], facts["population"], facts["drawn"]) == (draw.seed, RULE, 1, 1)
    assert facts["population_digest"] == hashlib.sha256(case.number.encode()).hexdigest()
    assert fresh(case).state == "closed"


def test_a_worker_that_stood_still_catches_up_for_a_week(cast):
    closed(cast)
    with at(MONTH + 6 * DAY):
        tasks.draw()
    assert Recheck.objects.count() == 1


def test_reports_withdrawn_matters_and_what_was_reopened_are_left_in_peace(cast):
    closed(cast, nature=Case.Nature.INQUIRY)
    again = closed(cast)
    actions.reopen(again, by=party_of(again), reason="又吵了")
    report = closed(cast)
    Case.objects.filter(pk=report.pk).update(nature=Case.Nature.REPORT)
    with at(MONTH):
        tasks.draw()
    assert Draw.objects.get(day=clock.local_date(MONDAY)).population == 1


@pytest.mark.parametrize("row", [{}, {"days": 30}, {"days": 30, "share": 0}, {"days": "30", "share": 5},
                                 {"days": 30, "share": 5, "least": -1}])  # fmt: skip
def test_a_rule_that_cannot_be_meant_is_none(row):
    assert rule_of(row) is None and rule_of({"days": 30, "share": 5}) == RecheckRule(30, 5)


# -- the answer -----------------------------------------------------------------------------------------------
def test_what_came_back_is_reopened_in_the_same_breath(cast):
    row = asked(cast)
    with at(MONTH + DAY):
        tell_recurrence(row, by=party_of(row.case), came_back=True, text="上周又开始了")
    case = fresh(row.case)
    assert (case.state, case.round) == ("registered", 2)
    row.refresh_from_db()
    assert (row.state, row.came_back, row.how) == ("answered", True, "self")
    told = Event.objects.get(subject=f"case:{case.number}", kind="tell_recurrence")
    assert told.facts["how"] == "self" and "came_back" not in told.facts
    assert latest(f"case:{case.number}").actor == "system:recheck"


def test_what_did_not_come_back_stays_closed(cast):
    row = asked(cast)
    with at(MONTH):
        tell_recurrence(row, by=cast.caller, came_back=False)
    assert fresh(row.case).state == "closed"
    assert Recheck.objects.get().how == "phone"


def test_it_is_answered_once(cast):
    row = asked(cast)
    with at(MONTH):
        tell_recurrence(row, by=cast.caller, came_back=False)
        with pytest.raises(Refused) as refused:
            tell_recurrence(row, by=party_of(row.case), came_back=True)
    assert refused.value.code == "answered" and fresh(row.case).state == "closed"


def test_only_those_whose_matter_it_is_and_the_callers_answer(cast):
    row = asked(cast)
    with at(MONTH):
        for by in (cast.handler, cast.clerk, cast.supervisor, cast.system, cast.citizen):
            with pytest.raises(PermissionDenied):
                tell_recurrence(row, by=by, came_back=False)


def test_what_nobody_answers_in_time_is_asked_no_longer(cast):
    row = asked(cast)
    with at(MONTH + 14 * DAY):
        assert tasks.lapse() == 0 and queries.open_for(row.case) == row
    with at(MONTH + 15 * DAY):
        assert queries.open_for(row.case) is None
        assert tasks.lapse() == 1
        with pytest.raises(Refused) as refused:
            tell_recurrence(row, by=cast.caller, came_back=True)
    assert refused.value.code == "over"


# -- lists and figures ----------------------------------------------------------------------------------------
def test_the_figures_count_who_was_asked_who_answered_and_where_it_came_back(cast):
    for _each in range(3):
        closed(cast)
    with at(MONTH):
        tasks.draw()
        rows = list(Recheck.objects.order_by("pk"))
        tell_recurrence(rows[0], by=cast.caller, came_back=True)
        tell_recurrence(rows[1], by=cast.caller, came_back=False)
        [found] = queries.recurrence(cast.supervisor)
        assert (found.days, found.asked, found.n, found.came_back, found.rate) == (30, 3, 2, 1, 0.5)
        [of_unit] = queries.by_unit(cast.supervisor)
        assert of_unit.unit == cast.chengguan
        assert queries.recurrence(cast.supervisor, until=clock.local_date(MONTH)) == []
        assert queries.recurrence(cast.handler) == [], "the judged unit reads no rates here"
        assert [row.pk for row in queries.to_ask(cast.caller).rows] == [rows[2].pk]
        assert queries.to_ask(cast.handler).rows == []


# -- pages ----------------------------------------------------------------------------------------------------
def test_the_petitioner_answers_on_the_follow_up_page(cast):
    visitor = hand_in(key="k" * 32)
    answered(cast, visitor.case)
    visitor.client.get(visitor.page)
    actions.close(visitor.case, by=cast.caller)
    assert "办结以后，问题又出现过吗" not in visitor.client.get(visitor.page).content.decode()
    with at(MONTH):
        tasks.draw()
        visitor.client.post("/follow/", {"number": visitor.number, "code": visitor.code})
        assert "办结以后，问题又出现过吗" in visitor.client.get(visitor.page).content.decode()
        form = f"{visitor.page}recurrence/"
        assert visitor.client.post(form, {}).status_code == 422
        assert visitor.client.post(form, {"back": "yes", "words": "又来了"}).status_code == 302
        assert fresh(visitor.case).state == "registered"
        page = visitor.client.get(visitor.page).content.decode()
        assert "办结以后，问题又出现过吗" not in page and "回答了问题有没有再出现" in page


def test_a_caller_finds_it_in_the_list_and_writes_the_answer_down(cast, sign_in):
    row = asked(cast)
    with at(MONTH):
        caller = sign_in(cast.caller)
        assert row.case.number in caller.get("/work/desk/rechecks/").content.decode()
        address = f"/work/cases/{row.case.number}/tell_recurrence/"
        assert caller.post(address, {"back": "no", "said": "没有了"}).status_code == 302
        assert address not in caller.get("/work/desk/rechecks/").content.decode()
        again = caller.post(address, {"back": "yes", "said": ""})
        assert again.status_code == 422 and "已经有人回答过" in again.content.decode()
        figures = sign_in(cast.supervisor).get("/work/supervision/recurrence/").content.decode()
        assert "0.0 %" in figures
        assert sign_in(cast.handler).get("/work/desk/rechecks/").status_code == 403
