"""协办答复: for the lead and the desk, never for the petitioner as it is."""

import pytest

from huiyin.cases import actions, offering, queries
from huiyin.cases.models import Answer, Note, Notice, Order
from huiyin.cases.tests.roads import denied, fresh, one_event, party_of, refused, signed
from huiyin.deadlines.models import Clock

pytestmark = pytest.mark.django_db


def helping(cast) -> Order:
    lead = signed(cast, assisting=[cast.zhujian])
    order = Order.objects.get(case=lead.case, part="assist")
    actions.sign(order, by=cast.zhujian_handler)
    return fresh(order)


def test_its_order_is_answered_and_the_lead_and_the_desk_read_it(cast):
    order = helping(cast)
    with one_event(order.case, "contribute", cast.zhujian_handler):
        actions.contribute(order, by=cast.zhujian_handler, text="隔声检测不达标")
    order = fresh(order)
    assert (order.state, order.clock.state) == ("answered", Clock.State.STOPPED) and order.answered_at
    for reader in (cast.handler, cast.dispatcher, cast.supervisor):
        page = queries.page_of(fresh(order.case), reader)
        assert [page.open(note.text) for note in page.notes] == ["隔声检测不达标"]
    assert Note.objects.get().readers == Note.Readers.OFFICE


def test_the_petitioner_is_owed_and_shown_nothing(cast):
    order = helping(cast)
    actions.contribute(order, by=cast.zhujian_handler, text="隔声检测不达标")
    page = queries.page_of(fresh(order.case), party_of(order.case))
    assert page.notes == [] and not Notice.objects.exists() and not Answer.objects.exists()
    assert fresh(order.case).state == "handling"


def test_the_lead_answers_afterwards_and_the_contribution_stays(cast):
    order = helping(cast)
    actions.contribute(order, by=cast.zhujian_handler, text="隔声检测不达标")
    lead = Order.objects.get(case=order.case, part="lead")
    actions.answer(lead, by=cast.handler, text="限期整改", outcome="solved")
    actions.approve(lead.case, by=cast.reviewer)
    assert (fresh(order).state, fresh(lead).state) == ("answered", "approved")
    assert Answer.objects.get().order == lead


def test_the_lead_does_not_contribute(cast):
    lead = Order.objects.get(case=helping(cast).case, part="lead")
    with refused("主办", code="lead"):
        actions.contribute(lead, by=cast.handler, text="我们看过了")


def test_each_is_offered_what_belongs_to_its_part(cast):
    order = helping(cast)
    mine = {act for act, _row in offering.offered(queries.page_of(fresh(order.case), cast.zhujian_handler))}
    lead = {act for act, _row in offering.offered(queries.page_of(fresh(order.case), cast.handler))}
    assert "contribute" in mine and "answer" not in mine
    assert "answer" in lead and "contribute" not in lead


@pytest.mark.parametrize("who", ["handler", "dispatcher", "outsider", "citizen"])
def test_others_may_not(cast, who):
    order = helping(cast)
    with denied():
        actions.contribute(order, by=getattr(cast, who), text="看过了")


def test_not_before_signing_nor_twice_nor_empty(cast):
    lead = signed(cast, assisting=[cast.zhujian])
    order = Order.objects.get(case=lead.case, part="assist")
    with refused("待签收", code="state"):
        actions.contribute(order, by=cast.zhujian_handler, text="看过了")
    actions.sign(order, by=cast.zhujian_handler)
    with refused("协办情况", code="missing"):
        actions.contribute(order, by=cast.zhujian_handler, text="")
    actions.contribute(order, by=cast.zhujian_handler, text="看过了")
    with refused("已答复", code="state"):
        actions.contribute(order, by=cast.zhujian_handler, text="看过了")


def test_the_lead_reads_who_has_not_contributed_before_answering(cast, sign_in):
    order = helping(cast)
    lead = Order.objects.get(case=order.case, part="lead")
    where = f"/work/cases/{order.case.number}/answer/{lead.pk}/"
    assert "协办还没有答复：住建局" in sign_in(cast.handler).get(where).content.decode()
    actions.contribute(order, by=cast.zhujian_handler, text="隔声检测不达标")
    assert "协办还没有答复" not in sign_in(cast.handler).get(where).content.decode()
