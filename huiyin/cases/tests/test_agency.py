"""诉求代理: with the authority on file an agent acts for a party; without it nobody does."""

import pytest

from huiyin.cases import access, actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Attachment, Notice, Party
from huiyin.cases.tests.attempts import FILE
from huiyin.cases.tests.roads import (
    TWO,
    approved,
    closed,
    declined,
    denied,
    fresh,
    one_event,
    party_of,
    refused,
    registered,
)
from huiyin.channels.web.reading import own_case
from huiyin.kernel.identifiers import code_hash
from huiyin.organisation.actors import Actor

pytestmark = pytest.mark.django_db
LAWYER = PartyIn(name="代一", phone="13700000001")


def petitioner(case) -> Party:
    return Party.objects.get(pk=party_of(case).party_id)


def appoint(cast, case, whom=None, agent=LAWYER, authority=FILE):
    return actions.appoint_agent(
        case, by=cast.clerk, agent=agent, acts_for=whom or petitioner(case), authority=authority
    )


def test_the_agent_has_a_code_and_the_letter_lies_with_the_desk(cast):
    case = registered(cast)
    with one_event(case, "appoint_agent", cast.clerk):
        joined = appoint(cast, case)
    agent = fresh(joined.party)
    assert (agent.role, agent.acts_for) == ("agent", petitioner(case)) and fresh(case).headcount == 1
    assert bytes(agent.code_hash) == code_hash(joined.code)
    letter = Attachment.objects.get(case=case)
    assert (agent.authority, letter.readers, letter.digest) == (letter, "desk", FILE.digest)


def test_without_the_letter_nobody_is_an_agent(cast):
    case = registered(cast)
    with refused("没有授权委托书", "请上传", code="authority"):
        appoint(cast, case, authority=None)


def test_the_agent_reads_and_is_told_what_the_petitioner_is_and_may_take_it_back(cast):
    case = registered(cast)
    agent = Actor.citizen(appoint(cast, case).party.pk)
    page = own_case(agent, case.number)
    assert "13800000001" in page.text and "withdraw" in page.possible and page.private == ""
    actions.withdraw(case, by=agent, why="和解了")
    assert fresh(case).state == "withdrawn"


def test_a_members_agent_has_a_members_rights(cast):
    case = registered(cast, parties=TWO)
    member = Party.objects.get(case=case, role="member")
    agent = Actor.citizen(appoint(cast, case, whom=member).party.pk)
    page = own_case(agent, case.number)
    assert "13800000001" not in page.text and "withdraw" not in page.possible
    with refused("只有提出诉求的人", code="owner"):
        actions.withdraw(case, by=agent)
    actions.leave(case, by=agent, party=member)
    assert fresh(member).left_at and not access.sees(agent, case), "the agent goes with whom they act for"


def test_an_agent_does_not_read_what_was_told_privately(cast):
    case = registered(cast, parties=TWO)
    actions.tell_privately(case, by=party_of(case), text="补偿三万元")
    agent = Actor.citizen(appoint(cast, case).party.pk)
    assert own_case(agent, case.number).private == ""


def test_agents_contest_and_ask_to_take_up_again(cast):
    case = declined(cast)
    actions.contest(case, by=Actor.citizen(appoint(cast, case).party.pk), why="正是你们管的")
    again = closed(cast)
    actions.reopen(again, by=Actor.citizen(appoint(cast, again).party.pk), reason="又开始了")
    assert (fresh(case).state, fresh(again).state) == ("registered", "registered")


def test_an_agent_appointed_while_the_answer_is_told_is_owed_it(cast):
    case = approved(cast)
    agent = appoint(cast, case).party
    assert Notice.objects.get(party=agent).about == "answer"
    actions.record_told(Notice.objects.get(party=petitioner(case)), by=party_of(case), how="delivered")
    actions.end_agency(case, by=party_of(case), agent=agent)
    assert fresh(case).state == "told" and not access.sees(Actor.citizen(agent.pk), case)


def test_either_side_ends_it_and_nobody_else(cast):
    case = registered(cast, parties=TWO)
    member = Party.objects.get(case=case, role="member")
    first, second, third = (
        appoint(cast, case, agent=PartyIn(name=f"代{i}", phone=f"1370000000{i}")).party for i in (1, 2, 3)
    )
    with refused("不是您委托的"):
        actions.end_agency(case, by=Actor.citizen(member.pk), agent=first)
    actions.end_agency(case, by=Actor.citizen(first.pk), agent=first)
    with one_event(case, "end_agency", party_of(case)):
        actions.end_agency(case, by=party_of(case), agent=second)
    actions.end_agency(case, by=cast.clerk, agent=third)
    with refused("已经结束", code="gone"):
        actions.end_agency(case, by=cast.clerk, agent=third)
    with refused("不是代理人", code="gone"):
        actions.end_agency(case, by=cast.clerk, agent=member)


def test_a_representative_acts_for_a_group_and_then_sees_it(cast):
    case = registered(cast, parties=TWO)
    by = cast.representative
    assert not access.sees(by, case)
    agent = appoint(cast, case, agent=PartyIn(post=by.post)).party
    assert access.sees(by, case)
    with refused("已经是代理人", code="again"):
        appoint(cast, case, agent=PartyIn(post=by.post))
    actions.decline(case, by=cast.clerk, reason=cast.no_duty)
    actions.contest(case, by=by, why="正是你们管的")
    actions.end_agency(case, by=cast.clerk, agent=agent)
    assert not access.sees(by, case)


def test_others_of_the_office_are_no_agents(cast):
    case = registered(cast)
    with refused("只有代表", code="post"):
        appoint(cast, case, agent=PartyIn(post=cast.handler.post))


def test_nobody_acts_for_whoever_has_left(cast):
    case = registered(cast, parties=TWO)
    member = Party.objects.get(case=case, role="member")
    actions.leave(case, by=cast.clerk, party=member)
    with refused("还在这件诉求里", code="gone"):
        appoint(cast, case, whom=member)


@pytest.mark.parametrize("who", ["reviewer", "handler", "supervisor", "citizen"])
def test_others_appoint_nobody(cast, who):
    case = registered(cast)
    with denied():
        actions.appoint_agent(
            case, by=getattr(cast, who), agent=LAWYER, acts_for=petitioner(case), authority=FILE
        )
