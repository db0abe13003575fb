"""受理: the desk takes the matter on."""

import pytest

from huiyin.cases import actions
from huiyin.cases.actions.redact import Redaction
from huiyin.cases.models import Case, Round
from huiyin.cases.tests.roads import accepted, closed, denied, fresh, one_event, refused, registered
from huiyin.deadlines.models import Clock

pytestmark = pytest.mark.django_db


def test_it_files_the_matter_and_hands_it_to_the_dispatcher(cast):
    case = registered(cast)
    due = case.due_at
    with one_event(case, "accept", cast.clerk):
        actions.accept(case, by=cast.clerk, category=cast.night_noise, urgency=Case.Urgency.PRESSING)
    case = fresh(case)
    assert (case.state, case.category, case.urgency) == ("accepted", cast.night_noise, "pressing")
    assert (case.holder_unit, case.holder_role) == (cast.centre, "dispatcher")
    assert case.due_at == due and Round.objects.get(case=case).clock.state == Clock.State.RUNNING


def test_the_clerk_confirms_the_text_that_units_will_read(cast):
    case = registered(cast)
    confirmed = Redaction(title="夜间噪声", text="烧烤店每晚到两点，13800000001。", place="石桥")
    actions.accept(case, by=cast.clerk, redaction=confirmed)
    case = fresh(case)
    assert (
        case.redacted_by == cast.clerk.post and "烧烤店每晚" in case.text and "13800000001" not in case.text
    )


def test_a_colleague_who_comes_second_reads_who_did_it_and_when(cast):
    case = accepted(cast)
    with refused("待派单", "受理中心 su-dongpo", "11-02 09:00", "受理", code="state") as late:
        actions.accept(case, by=cast.second_clerk)
    assert "不予受理" not in late.value.instead


def test_a_closed_case_is_not_accepted(cast):
    case = closed(cast)
    with refused("办结"):
        actions.accept(case, by=cast.clerk)


@pytest.mark.parametrize("who", ["handler", "outsider", "reviewer", "caller", "leader", "auditor", "citizen"])
def test_others_may_not(cast, who):
    case = registered(cast)
    with denied():
        actions.accept(case, by=getattr(cast, who))


def test_an_unknown_urgency_is_refused(cast):
    case = registered(cast)
    with refused("紧急程度", code="urgency"):
        actions.accept(case, by=cast.clerk, urgency="yesterday")


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    case = registered(cast)
    with django_assert_max_num_queries(9):
        actions.accept(case, by=cast.clerk, category=cast.night_noise)


def test_whoever_holds_the_case_reads_on_it_what_was_written_and_the_rows_behind_it(cast):
    case = registered(cast)
    assert (case.category, case.holder_unit) == (None, cast.centre)
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    assert case.category == cast.night_noise
    actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
    assert case.holder_unit == cast.chengguan
