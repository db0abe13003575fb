"""联系约定: bounded, by two people, told, open to objection, reviewed; and no matter is ever turned away for it."""

from datetime import date, timedelta

import pytest

from huiyin.accounts.roles import Role
from huiyin.cases import actions, measures
from huiyin.cases.tests.roads import (
    MONDAY,
    at,
    denied,
    everything,
    fresh,
    noise,
    party_of,
    refused,
    registered,
)
from huiyin.deadlines.models import Policy
from huiyin.kernel.sealing import blind_index
from huiyin.ledger.models import Event
from huiyin.ledger.queries import history
from huiyin.organisation import remembering
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.people.acts import erase, phone_of
from huiyin.people.models import ContactMeasure

pytestmark = pytest.mark.django_db
PHONE = "138 0000 0001"
LAST = date(2026, 12, 1)
GIVEN = {
    "phone": PHONE,
    "kind": "one_contact",
    "agreed": "由回访员花木兰一人接听和回复，工作日 9 点到 11 点。",
    "why": "同一事项一天来电十二次，每次都已答复。",
    "until": LAST,
}


@pytest.fixture
def case(cast):
    return registered(cast)


def proposed(cast, **more) -> ContactMeasure:
    return measures.propose(by=cast.clerk, **{**GIVEN, "reason": cast.too_often, **more})


def agreed(cast, **more) -> ContactMeasure:
    measure = proposed(cast, **more)
    measures.confirm(measure, by=cast.reviewer)
    return fresh(measure)


def telephone() -> bytes:
    """What is left of the code that was sent to the telephone and came back."""
    return blind_index("phone", phone_of(PHONE))


def kinds(measure) -> list[str]:
    return [event.kind for event in history(f"measure:{measure.pk}")]


def test_two_people_agree_it_for_a_bounded_time(cast, case):
    measure = proposed(cast)
    assert measures.holding(cast.clerk, PHONE) == [], "one person's word changes nothing"
    measures.confirm(measure, by=cast.reviewer, said="同意")
    measure = fresh(measure)
    assert (measure.state, measure.since, measure.until) == ("in_force", date(2026, 11, 2), LAST)
    assert measure.review_on == date(2026, 11, 16) and measure.reason_code == "measure-calls"
    assert measures.holding(cast.clerk, "+8613800000001") == [measure]
    assert kinds(measure) == ["measure_proposed", "measure_confirmed"]
    told = str([event.facts for event in Event.objects.filter(subject=f"measure:{measure.pk}")])
    assert "来电" not in told and "138" not in told and "花木兰" not in told


def test_it_ends_by_itself_on_its_last_day(cast, case):
    measure = agreed(cast)
    with at(MONDAY + timedelta(days=29)):
        assert measures.holding(cast.clerk, PHONE) == [measure]
    with at(MONDAY + timedelta(days=30)):
        assert measures.holding(cast.clerk, PHONE) == [] and measures.state_of(measure) == "已到期"
        with refused("已到期", code="state"):
            measures.review(measure, by=cast.reviewer, said="再看")
        proposed(cast, until=LAST + timedelta(days=10))


def test_while_it_holds_every_matter_is_registered_as_before(cast, case):
    agreed(cast)
    again = actions.register(noise(), by=cast.citizen).case
    by_phone = actions.register(noise(channel="phone"), by=cast.clerk).case
    assert {again.state, by_phone.state} == {"registered"} and again.due_at and by_phone.due_at


def test_the_same_person_does_not_confirm_it_under_another_post(cast, case):
    measure = proposed(cast)
    clerk = cast.clerk.post
    hat = Post.objects.create(code="second-hat", user=clerk.user, unit=clerk.unit, role=Role.REVIEWER)
    with refused("另一个人", code="same_person"):
        measures.confirm(measure, by=Actor.of(hat))
    with refused("另一个人", code="same_person"):
        measures.refuse(measure, by=Actor.of(hat), said="不用")


@pytest.mark.parametrize("until", [date(2026, 11, 2), date(2027, 1, 2), date(2026, 10, 1)])
def test_its_last_day_lies_within_what_the_policy_allows(cast, case, until):
    with refused("最长 60 天", code="until"):
        proposed(cast, until=until)


def test_a_proposal_that_lay_too_long_is_not_confirmed(cast, case):
    measure = proposed(cast)
    with at(MONDAY + timedelta(days=40)), refused("最长 60 天", code="until"):
        measures.confirm(measure, by=cast.reviewer)


def test_without_a_policy_there_is_none(cast, case):
    Policy.objects.filter(step="measure").delete()
    from huiyin.deadlines.policies import clear

    clear()
    with refused("联系约定"):
        proposed(cast)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "never"}, "kind"),
        ({"agreed": " "}, "missing"),
        ({"why": ""}, "missing"),
        ({"phone": "13900000000"}, "phone"),
    ],
)
def test_what_cannot_be_proposed(cast, case, change, code):
    with refused(code=code):
        proposed(cast, **change)


def test_its_reason_is_one_for_measures_and_there_is_one_at_a_time(cast, case):
    with refused("理由", code="reason"):
        proposed(cast, reason=cast.no_duty)
    agreed(cast)
    with refused("已有一项约定", code="again"):
        proposed(cast)


def test_it_can_be_refused_reviewed_shortened_and_lifted_but_not_prolonged(cast, case):
    first = proposed(cast)
    measures.refuse(first, by=cast.supervisor, said="来电都有新情况")
    assert fresh(first).state == "refused"
    measure = agreed(cast)
    with refused("不能延长", code="until"):
        measures.review(measure, by=cast.reviewer, said="延长", until=LAST + timedelta(days=1))
    measures.review(measure, by=cast.reviewer, said="已缓和", until=date(2026, 11, 10))
    assert (fresh(measure).until, fresh(measure).review_on) == (date(2026, 11, 10), date(2026, 11, 10))
    measures.lift(measure, by=cast.caller, said="已经不需要")
    assert measures.holding(cast.clerk, PHONE) == []
    with refused("已解除", code="state"):
        measures.lift(measure, by=cast.caller, said="再解除")
    assert kinds(measure)[-2:] == ["measure_reviewed", "measure_lifted"]


def test_the_person_is_told_and_objects_and_somebody_has_to_look_again(cast, case):
    measure, by = agreed(cast), party_of(case)
    with denied():
        measures.tell(measure, by=by)
    proved = telephone()
    measures.tell(measure, by=by, proved=proved)
    measures.tell(measure, by=by, proved=proved)
    assert fresh(measure).told_at and kinds(measure).count("measure_told") == 1
    with denied():
        measures.object_to_measure(measure, by=by, proved=None, why="别人的码")
    measures.object_to_measure(measure, by=by, proved=proved, why="我每次说的都是新情况")
    measure = fresh(measure)
    assert measure.objected() and measure.review_on == date(2026, 11, 2)
    with refused("正在复核", code="again"):
        measures.object_to_measure(measure, by=by, proved=proved, why="再说一次")
    with at(MONDAY + timedelta(hours=2)):
        measures.review(measure, by=cast.supervisor, said="确有新情况，缩短一半", until=date(2026, 11, 15))
        assert not fresh(measure).objected()


def test_others_neither_see_nor_touch_it(cast, case):
    measure = agreed(cast)
    other = registered(cast, parties=[actions.PartyIn(phone="13900000002")])
    with denied():
        measures.object_to_measure(measure, by=party_of(other), proved=telephone(), why="不同意")
    for who in ("handler", "unit_leader", "leader", "representative", "administrator", "auditor"):
        by = getattr(cast, who)
        assert measures.listing(by) == [] and measures.holding(by, PHONE) == []
        with denied():
            measures.lift(measure, by=by, said="解除")
        with denied():
            measures.propose(by=by, **{**GIVEN, "reason": cast.too_often})
    for who in ("clerk", "caller", "dispatcher"):
        with denied():
            measures.review(measure, by=getattr(cast, who), said="再看")


def test_whoever_is_erased_is_erased_from_it_too(cast, case):
    measure = agreed(cast)
    erase(measure.person, by=cast.administrator)
    assert not everything()["ContactMeasure"] and measures.holding(cast.clerk, PHONE) == []


def test_what_can_be_done_about_a_measure_depends_on_who_reads_and_how_it_stands(cast, case):
    row = proposed(cast)
    for by, acts in (
        (cast.reviewer, ["confirm", "refuse", "lift"]),
        (cast.supervisor, ["confirm", "refuse", "lift"]),
        (cast.clerk, ["lift"]),
        (cast.second_clerk, ["lift"]),
    ):
        assert measures.possible(row, by) == acts, by.name
    measures.confirm(row, by=cast.reviewer)
    row = fresh(row)
    assert measures.possible(row, cast.reviewer) == ["tell", "review", "lift"]
    assert measures.possible(row, cast.clerk) == ["tell", "lift"]
    row.told_at = MONDAY
    assert measures.possible(row, cast.reviewer) == ["review", "lift"]
    assert measures.possible(row, cast.clerk) == ["lift"]
    with at(MONDAY + timedelta(days=400)):
        assert measures.possible(row, cast.reviewer) == [], "its time is over"


def test_whoever_proposed_it_under_another_post_does_not_confirm_it(cast, case):
    row = proposed(cast)
    post = Post.objects.create(
        code="duban-again", user=cast.clerk.user, unit=cast.duban, role=Role.SUPERVISOR
    )
    assert measures.possible(row, Actor.of(post)) == ["lift"]


def test_a_limit_that_is_not_in_calendar_days_is_for_the_administrator_to_mend(cast, case):
    Policy.objects.filter(step="measure").update(kind="working_days")
    remembering.clear()
    with refused("自然日", code="policy"):
        proposed(cast)


def test_what_is_agreed_with_the_people_of_a_case_is_shown_once(cast, case):
    row = agreed(cast)
    people = list(case.parties.all())
    assert measures.agreed_with(cast.clerk, [*people, *people]) == [row]
    assert measures.agreed_with(cast.handler, people) == []
    assert measures.agreed_with(cast.clerk, []) == []
    silent = registered(cast, parties=[actions.PartyIn()]).parties.get()
    assert measures.of_party(silent) == [] and measures.agreed_with(cast.clerk, [silent]) == []
