"""单独答复: an amount for one member is read by that member, the desk and the unit that wrote it alone."""

import pytest
from django.urls import reverse

from huiyin.cases import actions, asides, queries
from huiyin.cases.models import Notice, Party, PrivateAnswer
from huiyin.cases.tests.roads import TWO, denied, events, fresh, one_event, refused, signed
from huiyin.channels.web.reading import own_case
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor

pytestmark = pytest.mark.django_db
AMOUNT = "您家应补三万六千元"


@pytest.fixture
def order(cast):
    return signed(cast, parties=TWO)


@pytest.fixture
def member(order) -> Party:
    return Party.objects.get(case=order.case, role="member")


def answered(cast, order):
    actions.answer(order, by=cast.handler, text="各家的金额单独告知", outcome="solved")


def let_out(cast, order, member):
    actions.answer_privately(order, by=cast.handler, party=member, text=AMOUNT)
    answered(cast, fresh(order))
    actions.approve(fresh(order.case), by=cast.reviewer)


def read_by(party: Party) -> list[str]:
    page = own_case(Actor.citizen(party.pk), party.case.number)
    return [each.text for each in page.private_answers]


def test_the_unit_writes_one_member_s_part_and_the_ledger_says_nothing_of_it(cast, order, member):
    with one_event(order.case, "answer_privately", cast.handler):
        actions.answer_privately(order, by=cast.handler, party=member, text=AMOUNT)
    facts = latest(f"case:{order.case.number}").facts
    assert facts["party"] == member.pk and "三万" not in str(facts)
    assert read_by(member) == []  # nobody has reviewed it


def test_with_the_answer_that_member_reads_it_and_no_other(cast, order, member):
    let_out(cast, order, member)
    petitioner = Party.objects.get(case=order.case, role="petitioner")
    assert (read_by(member), read_by(petitioner)) == ([AMOUNT], [])


def test_not_even_the_member_s_own_agent_reads_it(cast, order, member):
    from huiyin.cases.actions import PartyIn
    from huiyin.cases.tests.attempts import FILE

    agent = PartyIn(name="代一", phone="13700000001")
    actions.appoint_agent(order.case, by=cast.clerk, agent=agent, acts_for=member, authority=FILE)
    let_out(cast, order, member)
    assert read_by(Party.objects.get(case=order.case, role="agent")) == []


def test_the_page_shows_it_to_that_member_only(client, cast, order, member):
    from huiyin.kernel.identifiers import code_hash, query_code

    let_out(cast, order, member)
    petitioner = Party.objects.get(case=order.case, role="petitioner")
    seen = {}
    for party in (member, petitioner):
        code = query_code()
        Party.objects.filter(pk=party.pk).update(code_hash=code_hash(code))
        client.post(reverse("citizen:follow"), {"number": order.case.number, "code": code})
        seen[party.pk] = client.get(reverse("citizen:case", args=[order.case.number])).content.decode()
    assert "只答复您一个人的" in seen[member.pk] and AMOUNT in seen[member.pk]
    assert "只答复您一个人的" not in seen[petitioner.pk] and AMOUNT not in seen[petitioner.pk]


def test_it_can_be_added_while_the_reviewer_reads_the_answer(cast, order, member):
    answered(cast, order)
    actions.answer_privately(fresh(order), by=cast.handler, party=member, text=AMOUNT)
    actions.approve(fresh(order.case), by=cast.reviewer)
    assert read_by(member) == [AMOUNT]


def test_after_the_answer_is_out_it_is_too_late(cast, order, member):
    answered(cast, order)
    actions.approve(fresh(order.case), by=cast.reviewer)
    with refused("待告知", code="state"):
        actions.answer_privately(fresh(order), by=cast.handler, party=member, text=AMOUNT)


def test_what_was_written_before_gives_way(cast, order, member):
    actions.answer_privately(order, by=cast.handler, party=member, text="写错了")
    let_out(cast, order, member)
    assert read_by(member) == [AMOUNT]
    assert sorted(row.state for row in PrivateAnswer.objects.all()) == ["approved", "returned"]


def test_it_goes_back_with_an_answer_that_is_not_good_enough(cast, order, member):
    actions.answer_privately(order, by=cast.handler, party=member, text=AMOUNT)
    answered(cast, fresh(order))
    sent = actions.redo(fresh(order.case), by=cast.reviewer, reason="没有写明依据")
    actions.sign(sent[0], by=cast.handler)
    answered(cast, fresh(sent[0]))
    actions.approve(fresh(order.case), by=cast.reviewer)
    assert read_by(member) == []


def test_when_the_work_goes_to_another_unit_it_is_dropped(cast, order, member):
    actions.answer_privately(order, by=cast.handler, party=member, text=AMOUNT)
    actions.withdraw(fresh(order.case), by=cast.clerk)
    assert PrivateAnswer.objects.get().state == "returned"


def test_an_earlier_round_s_part_stays_readable(cast, order, member):
    let_out(cast, order, member)
    for notice in Notice.objects.filter(case=order.case, told_at=None):
        actions.record_told(notice, by=Actor.citizen(notice.party_id), how="delivered")
    actions.redo(fresh(order.case), by=cast.caller, reason="金额没有到账")
    page = own_case(Actor.citizen(member.pk), order.case.number)
    assert [(each.text, each.current) for each in page.private_answers] == [(AMOUNT, False)]


@pytest.mark.parametrize("who", ["clerk", "reviewer", "supervisor", "leader", "outsider", "administrator"])
def test_only_the_unit_that_has_the_order_writes_it(cast, order, member, who):
    with denied():
        actions.answer_privately(order, by=getattr(cast, who), party=member, text=AMOUNT)


def test_refusals_in_words(cast, order, member):
    with refused("请填写单独答复", code="missing"):
        actions.answer_privately(order, by=cast.handler, party=member, text=" ")
    other = Party.objects.get(case=signed(cast).case, role="petitioner")
    with refused("已不在这件诉求里", code="gone"):
        actions.answer_privately(order, by=cast.handler, party=other, text=AMOUNT)
    actions.leave(order.case, by=cast.clerk, party=member)
    with refused("已经退出", code="gone"):
        actions.answer_privately(fresh(order), by=cast.handler, party=member, text=AMOUNT)


def test_one_alone_is_answered_in_the_answer(cast):
    order = signed(cast)
    with refused("直接写在答复里", code="single"):
        party = Party.objects.get(case=order.case)
        actions.answer_privately(order, by=cast.handler, party=party, text=AMOUNT)


def test_who_assists_tells_the_lead(cast):
    lead = signed(cast, parties=TWO, assisting=[cast.zhujian])
    helping = lead.case.orders.get(part="assist")
    actions.sign(helping, by=cast.zhujian_handler)
    with refused("主办单位", code="lead"):
        party = Party.objects.get(case=lead.case, role="member")
        actions.answer_privately(fresh(helping), by=cast.zhujian_handler, party=party, text=AMOUNT)


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        *(("handler", True), ("reviewer", True), ("caller", True)),
        *(("zhujian_handler", False), ("supervisor", False), ("leader", False)),
    ],
)  # fmt: skip
def test_of_the_office_the_desk_and_the_writing_unit_read_it(cast, member, order, who, reads):
    let_out(cast, order, member)
    by = getattr(cast, who)
    case = fresh(order.case)
    rows = asides.of(case, by, set(events(case)))
    assert ("private_answer" in rows) == reads


def test_each_member_is_told_and_asked_to_rate_on_their_own(cast, order, member):
    let_out(cast, order, member)
    told = Notice.objects.filter(case=order.case, about="answer")
    assert sorted(notice.party_id for notice in told) == sorted(
        Party.objects.filter(case=order.case).values_list("pk", flat=True)
    )
    actions.record_told(told.get(party=member), by=Actor.citizen(member.pk), how="delivered")
    assert fresh(order.case).state == "telling"  # the petitioner still waits
    assert told.get(party=member).told_at and not told.exclude(party=member).get().told_at


def test_a_member_is_named_to_the_unit_by_place_only(cast, order, member):
    from huiyin.web.cases.besides import panels

    let_out(cast, order, member)
    shown = panels(queries.page_of(fresh(order.case), cast.handler))
    (panel,) = next(group for group in shown if group.title == "单独答复").panels
    assert "成员" in panel.name and "2" in panel.name and "乙" not in panel.name
