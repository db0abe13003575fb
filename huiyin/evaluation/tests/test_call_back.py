"""Calling back: who is called, by whom, how often, and what counts."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.cases import actions
from huiyin.cases.actions import Intake, PartyIn
from huiyin.cases.models import Case, Party
from huiyin.evaluation import calling, drawing, drawn, tasks
from huiyin.evaluation.access import disclosed
from huiyin.evaluation.actions import call_back, dial, rate
from huiyin.evaluation.models import CallBack, Draw, Rating, Try
from huiyin.evaluation.queries import call_backs_by_unit, call_backs_settled, valid_evaluations
from huiyin.evaluation.rules import CallBackRules
from huiyin.evaluation.sampling import commitment_to
from huiyin.evaluation.tests.road import MONDAY, NEIGHBOUR, petitioner, told
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import history, latest
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.writing import private_facts
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post

pytestmark = pytest.mark.django_db
HAPPY = {"contacted": True, "solved": "yes", "satisfied": 5}
UNHAPPY = {"contacted": True, "solved": "no", "satisfied": 1}
WEDNESDAY = MONDAY + timedelta(days=2)
REACHED, NO_ANSWER = Try.Result.REACHED, Try.Result.NO_ANSWER


@pytest.fixture(autouse=True)
def wednesday():
    with clock.frozen(WEDNESDAY):
        yield


@pytest.fixture(autouse=True)
def everybody(monkeypatch):
    """Everybody is called, at once; tests of the lot set their own rules."""
    rule(monkeypatch, share=100, wait_hours=0)


def rule(monkeypatch, **more):
    rules = CallBackRules(**more)
    for room in ("drawing", "settling", "calling", "actions.calling_back"):
        monkeypatch.setattr(f"huiyin.evaluation.{room}.call_back_rules", lambda: rules)


def looked_at() -> int:
    sequence()
    return tasks.draw_call_backs()


def taken(cast, **more) -> CallBack:
    """In the caller's hand, before the number is taken."""
    told(cast, **more)
    looked_at()
    return calling.take_next(cast.caller)


def dialled(cast, **more) -> CallBack:
    row = taken(cast, **more)
    dial(row, by=cast.caller)
    return row


# -- who is chosen -------------------------------------------------------------------------------------------
def test_whoever_was_told_is_looked_at_once_and_by_lot(cast):
    case = told(cast)
    assert looked_at() == 1 and looked_at() == 0
    row = CallBack.objects.get()
    assert (row.case, row.state, row.sampled, row.rules) == (case, CallBack.State.WAITING, True, [])


def test_a_share_of_nought_calls_only_whom_the_rules_name(cast, monkeypatch):
    rule(monkeypatch, share=0, always=("urgent",))
    told(cast)
    urgent = told(cast, urgency=Case.Urgency.PRESSING)
    looked_at()
    assert CallBack.objects.get(state=CallBack.State.WAITING).case == urgent
    assert CallBack.objects.get(case=urgent).rules == ["urgent"]
    assert CallBack.objects.filter(state=CallBack.State.PASSED).count() == 1


def test_the_lot_of_a_day_can_be_drawn_again_and_a_changed_row_is_found(cast, monkeypatch):
    rule(monkeypatch, share=40)
    for _each in range(12):
        told(cast)
    looked_at()
    draw = Draw.objects.get()
    assert 0 < CallBack.objects.filter(sampled=True).count() < 12, "the odds of all or none are 1 in 400"
    assert drawing.drawn_again(draw) == []
    row = CallBack.objects.first()
    CallBack.objects.filter(pk=row.pk).update(sampled=not row.sampled)
    assert drawing.drawn_again(draw) == [row]


def test_the_ledger_has_what_commits_to_the_seed_before_and_the_seed_after(cast):
    told(cast)
    looked_at()
    draw = Draw.objects.get()
    first = history(drawing.subject_of(draw.day)).get()
    assert first.facts["commitment"] == commitment_to(draw.seed) and draw.seed not in repr(first.facts)
    with clock.frozen(WEDNESDAY + timedelta(days=1)):
        assert drawing.reveal_yesterdays() == 1 and drawing.reveal_yesterdays() == 0
    shown = latest(drawing.subject_of(draw.day))
    assert (shown.facts["seed"], shown.facts["looked_at"], shown.facts["sampled"]) == (draw.seed, 1, 1)


@pytest.mark.parametrize(
    "more",
    [
        {"parties": [PartyIn()], "confidentiality": Case.Confidentiality.NONE},
        {"parties": [PartyIn(name="赵钱孙")]},
    ],
)
def test_whoever_left_no_number_is_not_drawn_for(cast, more):
    told(cast, **more)
    assert looked_at() == 0


def test_an_answer_told_long_ago_is_not_called_about(cast):
    told(cast)
    with clock.frozen(WEDNESDAY + timedelta(days=4)):
        assert looked_at() == 0


def test_whoever_rates_badly_by_themselves_is_called_and_their_own_rating_counts(cast, monkeypatch):
    rule(monkeypatch, share=0)
    case = told(cast)
    looked_at()
    own = rate(case, by=petitioner(case), **UNHAPPY)
    row = calling.take_next(cast.caller)
    assert row.rules == ["unsatisfied"] and row.round == case.round
    dial(row, by=cast.caller)
    second = call_back(row, by=cast.caller, result=REACHED, words="店还开着", solvable="yes", **HAPPY)
    assert (second.set_aside, own.set_aside) == (Rating.Aside.SECOND, "")
    case.refresh_from_db()
    assert case.state == Case.State.TOLD, "the second word moves nothing"
    assert [row["solved"] for row in evaluations()] == ["no"]
    assert [grade.set_aside for grade in disclosed(case, cast.reviewer).grades] == ["", "second"]


def test_whoever_rates_first_need_not_be_called(cast):
    case = told(cast)
    looked_at()
    rate(case, by=petitioner(case), **HAPPY)
    assert CallBack.objects.get().state == CallBack.State.BY_SELF
    assert calling.take_next(cast.caller) is None


# -- who calls -----------------------------------------------------------------------------------------------
def test_two_never_have_the_same_person_and_a_forgotten_one_comes_back(cast):
    other = Actor.of(
        Post.objects.create(code="caller-2", user=cast.two_hats.user, unit=cast.centre, role="caller")
    )
    row = taken(cast)
    assert calling.take_next(other) is None and calling.take_next(cast.caller) == row
    with clock.frozen(WEDNESDAY + timedelta(minutes=31)):
        assert calling.take_next(other) == row
        with pytest.raises(Refused, match="不在您手里"):
            call_back(row, by=cast.caller, result=REACHED, **HAPPY)
    assert not Rating.objects.exists()


def test_whoever_gives_one_back_leaves_it_to_the_others(cast):
    row = taken(cast)
    calling.let_go(row, by=cast.caller)
    assert calling.in_hand(cast.caller) is None and calling.take_next(cast.caller) == row


def test_a_caller_with_a_post_in_the_judged_unit_does_not_call(cast):
    told(cast)
    looked_at()
    Post.objects.create(code="second-hat", user=cast.caller.user, unit=cast.squad, role="handler")
    assert calling.take_next(Actor.of(cast.caller.post)) is None


def test_what_the_desk_answered_itself_is_called_by_the_supervisor(cast):
    intake = Intake(text="几点上班？", parties=[NEIGHBOUR])
    actions.register_and_answer(intake, by=cast.clerk, text="九点。")
    looked_at()
    assert calling.take_next(cast.caller) is None
    row = calling.take_next(cast.supervisor)
    dial(row, by=cast.supervisor)
    assert call_back(row, by=cast.supervisor, result=REACHED, **HAPPY).set_aside == ""


def test_a_supervisor_leaves_what_the_desk_may_call_to_the_desk(cast):
    told(cast)
    looked_at()
    assert calling.take_next(cast.supervisor) is None and calling.take_next(cast.caller) is not None


@pytest.mark.parametrize("who", ["handler", "unit_leader", "clerk", "reviewer", "leader", "representative"])
def test_nobody_else_takes_dials_or_writes_down(cast, who):
    row, by = taken(cast), getattr(cast, who)
    for attempt in (
        lambda: calling.take_next(by),
        lambda: dial(row, by=by),
        lambda: call_back(row, by=by, result=REACHED, **HAPPY),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_reports_are_left_out(cast):
    case = told(cast)
    Case.objects.filter(pk=case.pk).update(nature=Case.Nature.REPORT)
    assert looked_at() == 0


# -- the call ------------------------------------------------------------------------------------------------
def test_dialling_opens_one_number_and_is_on_record(cast):
    row = taken(
        cast, parties=[NEIGHBOUR, PartyIn(role=Party.Role.MEMBER, name="周吴郑", phone="13800000002")]
    )
    assert dial(row, by=cast.caller)["phone"] in ("+8613800000001", "+8613800000002")
    event = latest(f"case:{row.case.number}")
    assert (event.kind, event.facts["party"], event.facts["purpose"]) == ("dial", row.party_id, "contact")
    assert "1380" not in repr(event.facts)


def test_what_is_said_closes_a_solved_matter(cast):
    row = dialled(cast)
    rating = call_back(row, by=cast.caller, result=REACHED, words="谢谢", **HAPPY)
    case = Case.objects.get(pk=row.case_id)
    assert (rating.how, rating.by, case.state) == (Rating.How.CALL_BACK, cast.caller.post, Case.State.CLOSED)
    assert (row.state, row.rating, row.claimed_by) == (CallBack.State.VALID, rating, None)


def test_an_unsolved_matter_goes_to_the_reviewer_with_the_callers_proposal(cast):
    row = dialled(cast)
    call_back(row, by=cast.caller, result=REACHED, solvable="yes", **UNHAPPY)
    case = Case.objects.get(pk=row.case_id)
    assert (case.state, case.holder_role, row.solvable) == (Case.State.TOLD, "reviewer", "yes")


def test_reached_and_not_reached_leave_public_facts_that_cannot_be_told_apart(cast):
    facts = []
    for said in (HAPPY | {"result": REACHED}, UNHAPPY | {"result": REACHED}, {"result": NO_ANSWER}):
        row = dialled(cast)
        call_back(row, by=cast.caller, **said)
        event = history(f"case:{row.case.number}").get(kind="call_back")
        facts.append({k: v for k, v in event.facts.items() if k != "party"})
        assert private_facts(event, Permit("test", Purpose.VERIFY))["result"] == said["result"]
        CallBack.objects.all().delete()
    assert facts[0] == facts[1] == facts[2]


def test_three_tries_without_an_answer_are_an_invalid_call_back(cast):
    row = taken(cast)
    for number in (1, 2, 3):
        with clock.frozen(WEDNESDAY + timedelta(hours=4 * number)):
            assert calling.take_next(cast.caller) == row
            dial(row, by=cast.caller)
            assert call_back(row, by=cast.caller, result=NO_ANSWER) is None
            assert calling.take_next(cast.caller) is None, "not again at once"
    assert (row.state, row.tries, Try.objects.count()) == (CallBack.State.UNREACHED, 3, 3)
    today = clock.local_date(WEDNESDAY)
    found = call_backs_settled(since=today, until=today)
    assert (found.invalid, found.valid) == (1, 0) and not evaluations()
    assert list(call_backs_by_unit(since=today, until=today)) == [
        {"unit_id": cast.chengguan.pk, "state": "unreached", "n": 1}
    ]


def test_whoever_does_not_want_to_talk_is_not_called_again(cast):
    row = dialled(cast)
    call_back(row, by=cast.caller, result=Try.Result.REFUSED)
    assert row.state == CallBack.State.REFUSED and calling.take_next(cast.caller) is None


@pytest.mark.parametrize("said", [{"result": "asleep"}, {"result": REACHED, "solved": "maybe", "satisfied": 3},
                                  {"result": REACHED, "solved": "no", "satisfied": 9},
                                  {"result": NO_ANSWER, "solvable": "perhaps"}])  # fmt: skip
def test_an_answer_off_the_form_leaves_nothing(cast, said):
    row = dialled(cast)
    with pytest.raises(Refused):
        call_back(row, by=cast.caller, **said)
    assert not Try.objects.exists() and CallBack.objects.get().tries == 0


def test_a_call_that_ends_after_the_person_rated_by_themselves_finds_it_settled(cast):
    row = taken(cast)
    rate(row.case, by=petitioner(row.case), **HAPPY)
    with pytest.raises(Refused, match="不在您手里"):
        call_back(row, by=cast.caller, result=REACHED, **UNHAPPY)
    assert Rating.objects.count() == 1


def test_it_costs_no_more_than_its_queries(cast, django_assert_max_num_queries):
    row = dialled(cast)
    with django_assert_max_num_queries(26):
        call_back(row, by=cast.caller, result=REACHED, **UNHAPPY)


@pytest.mark.parametrize("said", [HAPPY | {"result": REACHED}, {"result": NO_ANSWER}, {"result": "refused"}])
def test_nothing_is_written_down_of_a_call_whose_number_was_not_taken(cast, said):
    row = taken(cast)
    with pytest.raises(Refused, match="还没有取电话"):
        call_back(row, by=cast.caller, **said)
    dial(row, by=cast.caller)
    calling.let_go(row, by=cast.caller)
    assert calling.take_next(cast.caller) == row
    with pytest.raises(Refused, match="还没有取电话"):
        call_back(row, by=cast.caller, **said)
    assert not Rating.objects.exists() and not Try.objects.exists()


def test_each_try_needs_its_own_dialling_and_another_hand_too(cast):
    other = Actor.of(
        Post.objects.create(code="caller-2", user=cast.two_hats.user, unit=cast.centre, role="caller")
    )
    row = dialled(cast)
    call_back(row, by=cast.caller, result=NO_ANSWER)
    with clock.frozen(WEDNESDAY + timedelta(hours=4)):
        assert calling.take_next(cast.caller) == row
        with pytest.raises(Refused, match="还没有取电话"):
            call_back(row, by=cast.caller, result=REACHED, **HAPPY)
        dial(row, by=cast.caller)
    with clock.frozen(WEDNESDAY + timedelta(hours=5)):
        assert calling.take_next(other) == row
        with pytest.raises(Refused, match="还没有取电话"):
            call_back(row, by=other, result=REACHED, **HAPPY)
    assert not Rating.objects.exists()


# -- time ----------------------------------------------------------------------------------------------------
def test_a_matter_waits_for_its_call_back_and_then_closes(cast):
    case = told(cast)
    with clock.frozen(WEDNESDAY):
        looked_at()
    CallBack.objects.update(until=MONDAY + timedelta(days=30))
    with clock.frozen(MONDAY + timedelta(days=20)):
        assert tasks.close_unrated() == 0
    CallBack.objects.update(until=MONDAY + timedelta(days=19))
    with clock.frozen(MONDAY + timedelta(days=20)):
        assert tasks.lapse_call_backs() == 1 and tasks.close_unrated() == 1
    case.refresh_from_db()
    assert case.state == Case.State.CLOSED and CallBack.objects.get().state == CallBack.State.LAPSED


def test_no_count_of_whom_the_rules_name_moves_with_a_bad_grade(cast, monkeypatch):
    rule(monkeypatch, share=0, always=("unsatisfied", "urgent"))
    case = told(cast)
    told(cast, urgency=Case.Urgency.PRESSING)
    looked_at()
    rate(case, by=petitioner(case), contacted=True, solved="yes", satisfied=1)
    assert CallBack.objects.get(case=case).rules == ["unsatisfied"]
    [[day], _older] = drawn.days()
    assert (day.looked_at, day.sampled, day.named) == (2, 0, 1)
    assert [row["chosen"] for row in evaluations()] == [""]


def test_a_bad_grade_for_what_is_solved_keeps_nothing_open_and_is_still_asked_about(cast, monkeypatch):
    rule(monkeypatch, share=0, wait_hours=24, always=("unsatisfied",))
    cases = {grade: told(cast, parties=[NEIGHBOUR, PartyIn(name="孙李周")]) for grade in (5, 1)}
    looked_at()
    with clock.frozen(MONDAY + timedelta(days=11)):
        for grade, case in cases.items():
            rate(case, by=petitioner(case), contacted=True, solved="yes", satisfied=grade)
    with clock.frozen(MONDAY + timedelta(days=20)):
        assert CallBack.objects.get(state=CallBack.State.WAITING).case == cases[1]
        assert tasks.close_unrated() == 2
        assert calling.take_next(cast.caller).case == cases[1]


def test_a_new_round_ends_the_call_back_of_the_old_one(cast):
    case = told(cast)
    looked_at()
    actions.redo(case, by=cast.reviewer, reason="再看看")
    assert calling.take_next(cast.caller) is None and tasks.lapse_call_backs() == 1


def test_what_was_explained_and_closed_is_still_asked_about_and_counts(cast):
    case = told(cast)
    looked_at()
    row = calling.take_next(cast.caller)
    dial(row, by=cast.caller)
    actions.close(case, by=cast.reviewer)
    assert call_back(row, by=cast.caller, result=REACHED, **UNHAPPY).set_aside == ""
    case.refresh_from_db()
    assert case.state == Case.State.CLOSED and len(evaluations()) == 1


# -- the rows of every figure --------------------------------------------------------------------------------
def evaluations():
    today = clock.local_date(clock.now())
    return list(valid_evaluations(since=today - timedelta(days=30), until=today))


def test_a_valid_evaluation_is_one_row_with_its_source(cast):
    brought = PartyIn(role=Party.Role.BRINGER, post=cast.representative.post)
    row = dialled(cast, parties=[NEIGHBOUR, brought], category=None)
    rate(row.case, by=cast.representative, **UNHAPPY)
    call_back(row, by=cast.caller, result=REACHED, **HAPPY)
    theirs, own = sorted(evaluations(), key=lambda each: each["source"], reverse=True)
    assert (theirs["source"], theirs["chosen"], theirs["solved"]) == ("representative", "", "no")
    assert own == {
        "case_id": row.case_id, "round": 1, "unit_id": cast.chengguan.pk, "region_id": row.case.region_id,
        "category_id": cast.night_noise.pk, "nature": row.case.nature, "on": clock.local_date(WEDNESDAY),
        "source": "call_back", "chosen": "rule", "contacted": True, "solved": "yes", "satisfied": 5,
    }  # fmt: skip
