"""Beside the matter: units with a key each, matters like it, what is agreed with its people; and taking back a slip."""

from datetime import timedelta

import pytest
from django.urls import reverse

from huiyin.cases.models import Case, Order
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.ledger.sequencer import sequence
from huiyin.organisation.models import DutyItem
from huiyin.search.tasks import keep_up

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.frozen(roads.MONDAY):
        yield


def page(case, name="case"):
    return reverse(f"cases:{name}", args=[case.number])


def told(client, address, **more):
    return client.get(address, **more).content.decode()


def test_the_unit_of_the_duty_list_has_key_1_and_gets_the_case_by_it(cast, sign_in):
    DutyItem.objects.filter(unit=cast.chengguan).update(basis="三定方案第四条")
    case, client = roads.accepted(cast), sign_in(cast.dispatcher)
    answer = client.get(page(case))
    [suggested] = answer.context["suggested"]
    assert (suggested.key, suggested.lead, suggested.basis) == ("1", str(cast.chengguan.pk), "三定方案第四条")
    assert 'data-key="1"' in answer.content.decode() and "职责清单" in answer.content.decode()
    done = client.post(suggested.url, {"lead": suggested.lead}, follow=True)
    assert Order.objects.get(case=case).unit == cast.chengguan
    assert "10 分钟内、单位签收以前可以撤回（按 u）" in done.content.decode()
    assert 'data-key="u"' in done.content.decode() and done.context["suggested"] == []


def test_a_slip_is_taken_back_from_the_page(cast, sign_in):
    order, client = roads.dispatched(cast), sign_in(cast.dispatcher)
    where = reverse("cases:act", args=[order.case.number, "recall_order", order.pk])
    assert where in told(client, page(order.case))
    assert "已撤回派单" in client.post(where, follow=True).content.decode()
    assert Case.objects.get(pk=order.case_id).state == "accepted"
    with clock.frozen(roads.MONDAY + timedelta(minutes=11)):
        assert where not in told(client, page(order.case))


def test_units_are_suggested_to_nobody_who_cannot_dispatch(cast, sign_in):
    case = roads.accepted(cast)
    for who in (cast.clerk, cast.reviewer, cast.supervisor):
        assert sign_in(who).get(page(case)).context["suggested"] == []
    assert sign_in(cast.dispatcher).get(page(roads.registered(cast))).context["suggested"] == []


def test_a_unit_that_the_report_is_about_is_not_suggested(cast, sign_in):
    report = roads.accepted(cast, nature="report", accused_units=[cast.chengguan])
    assert sign_in(cast.dispatcher).get(page(report)).context["suggested"] == []


def test_matters_like_it_are_shown_with_a_way_to_merge(cast, sign_in):
    like = roads.registered(cast, title="烧烤店油烟扰民", text="楼下烧烤店油烟很大。")
    other = roads.registered(cast, title="路灯不亮", text="银杏路路灯坏了。")
    case = roads.registered(cast, title="烧烤店夜里吵", text="楼下烧烤店油烟和噪声。")
    sequence()
    keep_up()
    client = sign_in(cast.clerk)
    piece = told(client, page(case, "aids"), headers={"HX-Request": "true"})
    assert like.number in piece and other.number not in piece and f'{page(case)}"' not in piece
    assert "<html" not in piece and f"merge/?number={like.number}" in piece
    merge = f"{reverse('cases:act', args=[case.number, 'merge'])}?number={like.number}"
    assert f'value="{like.number}"' in told(client, merge)
    assert "<html" in told(client, page(case, "aids"))


def test_whoever_may_not_see_a_matter_is_not_shown_it_as_like_another(cast, sign_in):
    report = roads.registered(cast, nature="report", title="烧烤店送礼", accused_units=[cast.chengguan])
    order = roads.signed(cast, title="烧烤店送礼")
    sequence()
    keep_up()
    shown = told(sign_in(cast.handler), page(order.case, "aids"))
    assert report.number not in shown and sign_in(cast.clerk).get(page(order.case, "aids")).status_code == 200


def test_the_page_itself_asks_for_no_aids_and_they_cost_a_fixed_number(
    cast, sign_in, django_assert_max_num_queries
):
    for _n in range(4):
        roads.registered(cast)
    case, client = roads.accepted(cast), sign_in(cast.dispatcher)
    sequence()
    keep_up()
    client.get(page(case)), client.get(page(case, "aids"))
    with django_assert_max_num_queries(15):
        client.get(page(case))
    with django_assert_max_num_queries(20):
        client.get(page(case, "aids"))
