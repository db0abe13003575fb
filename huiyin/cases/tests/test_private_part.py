"""单独情况: one member's own amounts and addresses, for that member and the desk with a reason, and for nobody else."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Party
from huiyin.cases.tests.roads import TWO, denied, fresh, one_event, party_of, refused, registered, signed
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger.queries import latest
from huiyin.ledger.writing import private_facts
from huiyin.organisation.actors import Actor

pytestmark = pytest.mark.django_db
OWN = Permit(holder="test", purpose=Purpose.OWN)
SECRET = "我家两亩地，补偿三万元"


@pytest.fixture
def case(cast):
    return registered(cast, parties=TWO)


@pytest.fixture
def member(case) -> Party:
    return Party.objects.get(case=case, role="member")


def test_a_member_tells_and_the_event_says_nothing_of_it(cast, case, member):
    by = Actor.citizen(member.pk)
    with one_event(case, "tell_privately", by):
        actions.tell_privately(case, by=by, text=SECRET)
    assert fresh(member).private.open(OWN) == SECRET
    facts = latest(f"case:{case.number}").facts
    assert facts["party"] == member.pk and "三万" not in str(facts)
    assert fresh(Party(pk=party_of(case).party_id)).private is None


def test_what_stood_there_stays_when_the_desk_adds_to_it(cast, case, member):
    actions.tell_privately(case, by=Actor.citizen(member.pk), text=SECRET)
    actions.tell_privately(case, by=cast.clerk, party=member, text="身份证已核对")
    assert fresh(member).private.open(OWN) == f"{SECRET}\n身份证已核对"


def test_nobody_tells_for_another(cast, case, member):
    with refused("自己的", code="party"):
        actions.tell_privately(case, by=party_of(case), party=member, text="他家三亩")
    with refused("自己的", code="party"):
        actions.tell_privately(case, by=cast.clerk, text="没有选人")
    with refused("请填写单独情况", code="missing"):
        actions.tell_privately(case, by=Actor.citizen(member.pk), text=" ")


def test_whoever_has_left_tells_no_more(cast, case, member):
    actions.leave(case, by=cast.clerk, party=member)
    with refused("已经退出", code="gone"):
        actions.tell_privately(case, by=cast.clerk, party=member, text="还有")


def test_the_desk_opens_it_with_a_reason_that_is_kept(cast, case, member):
    actions.tell_privately(case, by=Actor.citizen(member.pk), text=SECRET)
    with one_event(case, "open_private", cast.reviewer):
        read = actions.open_private(case, by=cast.reviewer, party=member, reason="核对补偿金额")
    event = latest(f"case:{case.number}")
    assert read == SECRET and event.facts["party"] == member.pk
    assert private_facts(event, OWN)["reason"] == "核对补偿金额"


def test_without_a_reason_or_without_anything_there_it_stays_shut(cast, case, member):
    with refused("没有单独说明", code="empty"):
        actions.open_private(case, by=cast.clerk, party=member, reason="核对补偿金额")
    actions.tell_privately(case, by=Actor.citizen(member.pk), text=SECRET)
    with refused("4 个字", code="reason"):
        actions.open_private(case, by=cast.clerk, party=member, reason="看看")


def test_a_respondents_side_is_not_a_members_private_part(cast):
    from huiyin.cases.actions import PartyIn

    said = [*TWO, PartyIn(role="respondent", private="某店")]
    case = registered(cast, parties=said)  # untold who that is, so the supervisors have it
    with refused("没有单独说明", code="empty"):
        actions.open_private(
            case, by=cast.supervisor, party=Party.objects.get(case=case, role="respondent"), reason="核对一下"
        )


@pytest.mark.parametrize(
    "who", ["handler", "unit_leader", "supervisor", "leader", "administrator", "auditor"]
)
def test_units_and_overseers_never_open_it(cast, who):
    case = signed(cast, parties=TWO, confidentiality="open").case
    member = Party.objects.get(case=case, role="member")
    actions.tell_privately(case, by=Actor.citizen(member.pk), text=SECRET)
    with denied():
        actions.open_private(case, by=getattr(cast, who), party=member, reason="核对补偿金额")


def test_no_citizen_opens_anybodys_nor_their_own_by_this_door(cast, case, member):
    actions.tell_privately(case, by=Actor.citizen(member.pk), text=SECRET)
    for by in (party_of(case), Actor.citizen(member.pk)):
        with denied():
            actions.open_private(case, by=by, party=member, reason="核对补偿金额")
