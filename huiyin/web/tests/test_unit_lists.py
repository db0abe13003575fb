"""The orders of a unit, by time left; and what is in nobody else's list."""

import pytest
from django.urls import reverse

from huiyin.cases.queries import PAGE
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.web.tests.test_desk import shown

pytestmark = pytest.mark.django_db
ORDERS = "/work/unit/"


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.frozen(roads.MONDAY):
        yield


def test_tabs_hold_what_their_names_say(cast, sign_in):
    sent, signed, answered = roads.dispatched(cast), roads.signed(cast), roads.answered(cast)
    client = sign_in(cast.handler)
    assert shown(client.get(ORDERS)) == [sent.case.number, signed.case.number]
    assert shown(client.get(ORDERS, {"tab": "sent"})) == [sent.case.number]
    assert shown(client.get(ORDERS, {"tab": "signed"})) == [signed.case.number]
    assert shown(client.get(ORDERS, {"tab": "answered"})) == [answered.case.number]
    assert len(shown(client.get(ORDERS, {"tab": "all"}))) == 3
    counted = {str(tab["label"]): tab["count"] for tab in client.get(ORDERS).context["tabs"]}
    assert (counted["在办"], counted["待签收"], counted["办理中"], counted["异议中"]) == (2, 1, 1, 0)


def test_an_objection_has_its_tab(cast, sign_in):
    objection = roads.objected(cast)
    assert shown(sign_in(cast.outsider).get(ORDERS, {"tab": "objected"})) == [objection.order.case.number]


def test_another_unit_sees_nothing(cast, sign_in):
    roads.dispatched(cast)
    answer = sign_in(cast.outsider).get(ORDERS)
    assert shown(answer) == [] and "受理中心派来的工单会出现在这里" in answer.content.decode()


def test_a_row_tells_part_person_and_the_orders_own_clock(cast, sign_in):
    roads.dispatched(cast, assisting=[cast.zhujian])
    lead = sign_in(cast.handler).get(ORDERS).content.decode()
    assert "主办" in lead and "lu-zhishen" in lead and "还有 4 个工作日" in lead
    assert "协办" in sign_in(cast.zhujian_handler).get(ORDERS).content.decode()


def test_no_petitioner_stands_in_a_list(cast, sign_in):
    roads.dispatched(cast)
    page = sign_in(cast.handler).get(ORDERS).content.decode()
    assert "赵钱孙" not in page and "13800000001" not in page


def test_only_late_orders_on_request(cast, sign_in):
    late = roads.dispatched(cast)
    with clock.frozen(roads.MONDAY + 20 * roads.DAY):
        fresh = roads.dispatched(cast)
        client = sign_in(cast.handler)
        assert shown(client.get(ORDERS)) == [late.case.number, fresh.case.number]
        answer = client.get(ORDERS, {"late": "on"})
        assert shown(answer) == [late.case.number] and answer.context["late"]["count"] == 1


def test_pages_go_forward_and_back_in_a_fixed_number_of_questions(
    cast, sign_in, django_assert_max_num_queries
):
    made = [roads.dispatched(cast).case.number for _n in range(PAGE + 2)]
    client = sign_in(cast.handler)
    first = client.get(ORDERS)
    with django_assert_max_num_queries(12):
        second = client.get(ORDERS + first.context["next_url"])
    assert shown(first) + shown(second) == made
    assert shown(client.get(ORDERS + second.context["previous_url"])) == shown(first)


def test_urgent_orders_stand_first_on_request_for_unit_and_desk(cast, sign_in):
    plain, pressing = roads.dispatched(cast), roads.dispatched(cast, urgency="immediate")
    waiting, hurried = roads.registered(cast), roads.registered(cast, urgency="pressing")
    unit, desk = sign_in(cast.handler), sign_in(cast.clerk)
    assert shown(unit.get(ORDERS)) == [plain.case.number, pressing.case.number]
    answer = unit.get(ORDERS, {"urgent_first": "on"})
    assert shown(answer) == [pressing.case.number, plain.case.number] and answer.context["first"]["on"]
    assert "急件优先" in unit.get(ORDERS).content.decode()
    assert shown(desk.get("/work/desk/")) == [waiting.number, hurried.number]
    assert shown(desk.get("/work/desk/", {"urgent_first": "on"})) == [hurried.number, waiting.number]


def test_the_row_leads_to_the_case(cast, sign_in):
    order = roads.dispatched(cast)
    client = sign_in(cast.handler)
    assert reverse("cases:case", args=[order.case.number]) in client.get(ORDERS).content.decode()
    assert client.get(reverse("cases:case", args=[order.case.number])).status_code == 200
