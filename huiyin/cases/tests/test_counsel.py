"""人文疏导: brought to those who listen, looked after on a day, read by the desk alone."""

import pytest

from huiyin.cases import actions, asides
from huiyin.cases.models import Case, Notice, Referral
from huiyin.cases.pausing import end_of
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    accepted,
    at,
    closed,
    denied,
    explained,
    fresh,
    one_event,
    refused,
    signed,
    told,
)
from huiyin.cases.tests.test_forward import marked, read
from huiyin.kernel.clock import local_date
from huiyin.ledger.queries import latest

pytestmark = pytest.mark.django_db
DAY_OF_CALL = local_date(MONDAY) + 7 * DAY


def counsel(case, by, **more):
    return actions.counsel(
        case, by=by, **{"body": "县心理协会", "until": DAY_OF_CALL, "said": "半年睡不好", **more}
    )


@pytest.mark.parametrize("road", [signed, told, closed, explained])
def test_the_matter_stays_as_it_is(cast, road):
    thing = road(cast)
    case = fresh(getattr(thing, "case", thing))
    notices = Notice.objects.count()
    with one_event(case, "counsel", cast.caller):
        row = counsel(case, cast.caller)
    after = fresh(case)
    assert (after.state, after.holder_unit, after.due_at) == (case.state, case.holder_unit, case.due_at)
    assert (row.kind, row.body, read(row.words)) == ("counselling", "县心理协会", "半年睡不好")
    assert row.until == end_of(DAY_OF_CALL) and Notice.objects.count() == notices
    event = latest(f"case:{case.number}")
    assert "心理" not in str(event.facts) and "睡不好" not in str(event.facts)


def test_how_it_went_is_recorded_even_after_the_case_has_ended(cast):
    case = signed(cast).case
    row = counsel(case, cast.clerk)
    actions.withdraw(case, by=cast.clerk, why="本人要求")
    assert fresh(row).ended_at is None, "the promised look after the person stays promised"
    with at(MONDAY + 8 * DAY):
        assert marked() == [case]
        with one_event(case, "record_counselling", cast.caller):
            actions.record_counselling(row, by=cast.caller, said="谈过两次，好多了")
        assert marked() == []
    assert read(fresh(row).outcome) == "谈过两次，好多了"
    with refused("已经了结", code="state"):
        actions.record_counselling(row, by=cast.caller, said="又谈一次")


def test_units_do_not_read_it_and_the_desk_and_overseers_do(cast):
    case = signed(cast).case
    counsel(case, cast.clerk)
    read_by = {name for name, who in (("handler", cast.handler), ("clerk", cast.clerk), ("boss", cast.supervisor))
               if asides.of(case, who, {"counsel"}).get("referral")}  # fmt: skip
    assert read_by == {"clerk", "boss"}


def test_a_day_ahead_and_a_reason_are_needed(cast):
    case = told(cast)
    with refused("要晚于今天", code="until"):
        counsel(case, cast.clerk, until=local_date(MONDAY))
    with refused("请填写为什么转介", code="missing"):
        counsel(case, cast.clerk, said=" ")
    assert not Referral.objects.exists()


def test_not_before_anybody_works_on_it(cast):
    case = accepted(cast)
    with refused("待派单", code="state"):
        counsel(case, cast.clerk)


@pytest.mark.parametrize("who", ["handler", "supervisor", "citizen"])
def test_others_may_not(cast, who):
    case = told(cast)
    row = counsel(case, cast.clerk)
    with denied():
        counsel(case, getattr(cast, who))
    with denied():
        actions.record_counselling(row, by=getattr(cast, who), said="好了")
    assert Case.objects.get(pk=case.pk).state == "told"
