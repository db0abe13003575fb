"""Groups: joining, leaving, spokespersons; the headcount follows until the answer is out."""

import pytest

from huiyin.cases import access, actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Notice, Party
from huiyin.cases.tests.roads import (
    TWO,
    answered,
    approved,
    denied,
    fresh,
    merged,
    one_event,
    party_of,
    refused,
    registered,
    told,
)
from huiyin.kernel.identifiers import code_hash
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor

pytestmark = pytest.mark.django_db
THIRD = PartyIn(role=Party.Role.MEMBER, name="丙", phone="13800000003", private="被占地两亩")
WORK = Permit(holder="test", purpose=Purpose.WORK)


def member_of(case) -> Party:
    return Party.objects.filter(case=case, role=Party.Role.MEMBER).order_by("pk")[0]


def group(cast, n: int = 6, **more):
    """A case of one petitioner and n − 1 members."""
    members = [PartyIn(role=Party.Role.MEMBER, name=f"户{i}", phone=f"1390000{i:04}") for i in range(1, n)]
    return registered(cast, parties=[TWO[0], *members], **more)


# -- joining ---------------------------------------------------------------------------------------------------
def test_somebody_joins_with_a_code_and_a_private_part_of_their_own(cast):
    case = registered(cast)
    with one_event(case, "add_party", cast.clerk):
        joined = actions.add_party(case, by=cast.clerk, member=THIRD)
    party = fresh(joined.party)
    assert (party.role, party.case, party.left_at) == ("member", case, None)
    assert bytes(party.code_hash) == code_hash(joined.code)
    assert party.private.open(WORK) == "被占地两亩" and party.person.name.open(WORK) == "丙"
    facts = latest(f"case:{case.number}").facts
    assert (facts["role"], facts["headcount"], facts["from"], facts["to"]) == (
        "member", 2, "registered", "registered",
    )  # fmt: skip
    assert "丙" not in str(facts) and "两亩" not in str(facts)
    assert access.sees(Actor.citizen(party.pk), case)


def test_a_newcomer_is_one_of_those_counted_until_more_are_named(cast):
    case = registered(cast, headcount=3)
    for i, heads in ((1, 3), (2, 3), (3, 4)):
        actions.add_party(case, by=cast.clerk, member=PartyIn(role="member", name=f"户{i}"))
        assert fresh(case).headcount == heads


def test_whoever_joins_while_the_answer_is_told_is_owed_it_too(cast):
    case = approved(cast)
    joined = actions.add_party(case, by=cast.caller, member=THIRD)
    notice = Notice.objects.get(party=joined.party)
    assert (notice.about, notice.told_at, fresh(case).state) == ("answer", None, "telling")


def test_nobody_joins_what_is_told_already(cast):
    case = told(cast)
    with refused("待评价", code="state"):
        actions.add_party(case, by=cast.clerk, member=THIRD)


def test_without_a_kept_identity_a_newcomer_leaves_none_either(cast):
    case = registered(cast, confidentiality="none")
    assert actions.add_party(case, by=cast.clerk, member=THIRD).party.person is None


@pytest.mark.parametrize(
    ("member", "words", "code"),
    [
        (PartyIn(role="agent", name="丙"), "成员或代表人", "role"),
        (PartyIn(role="member", name=" "), "姓名或电话", "name"),
        (PartyIn(role="member", name="丙", phone="12"), "电话", "phone_form"),
        (PartyIn(role="member", name="同一个", phone="138 0000 0001"), "已经在这件诉求里", "phone"),
    ],
)
def test_who_cannot_join(cast, member, words, code):
    case = registered(cast)
    with refused(words, code=code):
        actions.add_party(case, by=cast.clerk, member=member)


@pytest.mark.parametrize("who", ["reviewer", "handler", "supervisor", "representative", "citizen"])
def test_others_add_nobody(cast, who):
    case = registered(cast)
    with denied():
        actions.add_party(case, by=getattr(cast, who), member=THIRD)


# -- leaving ---------------------------------------------------------------------------------------------------
def test_a_member_goes_and_later_answers_are_not_owed_to_them(cast):
    case = answered(cast, parties=TWO).case
    member = member_of(case)
    with one_event(case, "leave", Actor.citizen(member.pk)):
        actions.leave(case, by=Actor.citizen(member.pk), party=member, why="已经解决")
    assert fresh(member).left_at and fresh(case).headcount == 1
    actions.approve(case, by=cast.reviewer)
    assert [notice.party_id for notice in Notice.objects.filter(case=case)] == [party_of(case).party_id]
    assert not access.sees(Actor.citizen(member.pk), case)


def test_what_a_leaver_was_told_stays_and_what_was_owed_lapses(cast):
    case = approved(cast, parties=TWO)
    member, petitioner = member_of(case), party_of(case)
    actions.record_told(Notice.objects.get(party=member), by=Actor.citizen(member.pk), how="delivered")
    actions.leave(case, by=cast.clerk, party=member)
    assert Notice.objects.get(party=member).how == Notice.How.DELIVERED and fresh(case).state == "telling"
    actions.record_told(Notice.objects.get(party_id=petitioner.party_id), by=petitioner, how="delivered")
    assert fresh(case).state == "told"


def test_when_only_the_leaver_still_waited_the_case_is_told(cast):
    case = approved(cast, parties=TWO)
    petitioner = party_of(case)
    actions.record_told(Notice.objects.get(party_id=petitioner.party_id), by=petitioner, how="delivered")
    actions.leave(case, by=cast.caller, party=member_of(case))
    case = fresh(case)
    assert (case.state, case.holder_role) == ("told", "caller")
    assert Notice.objects.get(party=member_of(case)).how == Notice.How.LAPSED
    actions.close(case, by=cast.caller)


def test_the_last_of_a_merged_matter_who_waits_may_go_and_it_ends(cast):
    child = merged(cast, parties=TWO)
    parent = child.parent
    actions.accept(parent, by=cast.clerk, category=cast.night_noise)
    order = actions.dispatch(parent, by=cast.dispatcher, lead=cast.chengguan)
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.handler, text="已约谈", outcome="solved")
    actions.approve(parent, by=cast.reviewer)
    for notice in Notice.objects.filter(party_id=party_of(child).party_id, told_at=None):
        actions.record_told(notice, by=party_of(child), how="delivered")
    assert fresh(child).ended_at is None
    actions.leave(child, by=cast.clerk, party=member_of(child))
    assert fresh(child).ended_at is not None and fresh(child).state == "merged"


def test_the_headcount_is_settled_with_the_first_answer(cast):
    case = approved(cast, parties=TWO, headcount=9)
    actions.leave(case, by=cast.clerk, party=member_of(case))
    actions.add_party(case, by=cast.clerk, member=THIRD)
    assert fresh(case).headcount == 9


def test_a_leaver_is_one_fewer_and_never_fewer_than_are_named(cast):
    case = group(cast, 3, headcount=9)
    actions.leave(case, by=cast.clerk, party=member_of(case))
    assert fresh(case).headcount == 8


def test_the_last_petitioner_does_not_leave_but_withdraws(cast):
    case = registered(cast, parties=TWO)
    with refused("最后一位诉求人", "撤回", code="last"):
        actions.leave(case, by=party_of(case), party=fresh(Party(pk=party_of(case).party_id)))


def test_nobody_sends_others_away_or_goes_twice(cast):
    case = group(cast, 3)
    first, second = Party.objects.filter(case=case, role="member").order_by("pk")
    with refused("只能自己退出"):
        actions.leave(case, by=Actor.citizen(first.pk), party=second)
    actions.leave(case, by=Actor.citizen(first.pk), party=first)
    with denied():
        actions.leave(case, by=Actor.citizen(first.pk), party=first)
    with refused("已经退出", code="gone"):
        actions.leave(case, by=cast.clerk, party=first)


@pytest.mark.parametrize("who", ["reviewer", "handler", "supervisor"])
def test_others_send_nobody_away(cast, who):
    case = group(cast, 3)
    with denied():
        actions.leave(case, by=getattr(cast, who), party=member_of(case))


def test_nobody_leaves_what_has_ended(cast):
    case = approved(cast, parties=TWO)
    for notice in Notice.objects.filter(case=case):
        actions.record_told(notice, by=Actor.citizen(notice.party_id), how="delivered")
    actions.close(case, by=cast.caller)
    with refused("办结", code="state"):
        actions.leave(case, by=cast.clerk, party=member_of(case))


# -- spokespersons ---------------------------------------------------------------------------------------------
def test_the_group_chooses_and_who_is_not_chosen_again_is_a_member(cast):
    case = group(cast, 4)
    first, second, _third = Party.objects.filter(case=case, role="member").order_by("pk")
    actions.appoint_spokespersons(case, by=cast.clerk, parties=[first], said="开会举手")
    with one_event(case, "appoint_spokespersons", cast.clerk):
        actions.appoint_spokespersons(case, by=cast.clerk, parties=[second], said="改选")
    assert (fresh(first).role, fresh(second).role) == ("member", "spokesperson")
    assert latest(f"case:{case.number}").facts["parties"] == [second.pk]


def test_six_do_not_speak_for_a_group(cast):
    case = group(cast, 8)
    members = list(Party.objects.filter(case=case, role="member").order_by("pk"))
    with refused("最多 5 名", code="spokespersons"):
        actions.appoint_spokespersons(case, by=cast.clerk, parties=members[:6], said="开会")
    actions.appoint_spokespersons(case, by=cast.clerk, parties=members[:5], said="开会")
    with refused("最多 5 名", code="spokespersons"):
        actions.add_party(case, by=cast.clerk, member=PartyIn(role="spokesperson", name="第六位"))


def test_only_members_who_are_there_are_chosen_and_somebody_must_be(cast):
    case = group(cast, 3)
    first, second = Party.objects.filter(case=case, role="member").order_by("pk")
    actions.leave(case, by=cast.clerk, party=first)
    with refused("退出", code="gone"):
        actions.appoint_spokespersons(case, by=cast.clerk, parties=[first], said="开会")
    with refused("至少选一位", code="spokespersons"):
        actions.appoint_spokespersons(case, by=cast.clerk, parties=[], said="开会")
    with refused("怎么推选", code="missing"):
        actions.appoint_spokespersons(case, by=cast.clerk, parties=[second], said=" ")
    petitioner = Party.objects.get(pk=party_of(case).party_id)
    with refused("不用再推选", code="role"):
        actions.appoint_spokespersons(case, by=cast.clerk, parties=[petitioner], said="开会")


def test_joining_takes_few_statements_in_a_large_group(cast, django_assert_max_num_queries):
    case = group(cast, 30)
    with django_assert_max_num_queries(14):
        actions.add_party(case, by=cast.clerk, member=THIRD)
