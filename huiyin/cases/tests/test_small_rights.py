"""Small rights, easily overlooked: of a successor, of a unit that can go on, of a place with its own numbers."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from huiyin.cases import actions, offering, oversight, queries
from huiyin.cases.actions.attach import StoredFile
from huiyin.cases.models import Case, Notice, Order, Party
from huiyin.cases.promising import Pledge
from huiyin.cases.tests import petitions, roads
from huiyin.cases.tests.roads import DAY, MONDAY, at, denied, fresh, merged, party_of, refused
from huiyin.deadlines.models import Policy
from huiyin.kernel import clock
from huiyin.kernel.identifiers import code_hash, query_code
from huiyin.organisation import place, remembering
from huiyin.organisation.models import DutyItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def limits(monkeypatch):
    """Lets the place set numbers of its own."""
    return lambda **numbers: monkeypatch.setattr(place, "_about", lambda folder: {"limits": numbers})


def test_after_a_redo_the_successor_by_law_is_not_asked_for_its_own_list(cast):
    order = roads.answered(cast)
    DutyItem.objects.filter(unit=cast.zhujian).delete()
    with at(MONDAY + DAY):
        cast.chengguan.valid_to = date(2026, 11, 2)
        cast.chengguan.successor = cast.zhujian
        cast.chengguan.save()
        remembering.clear()
        sent = actions.redo(fresh(order.case), by=cast.reviewer, reason="没有写明期限")
    assert [each.unit for each in sent] == [cast.zhujian]


def rests(cast):
    """A matter that the desk proposed to let rest."""
    order = roads.signed(cast)
    until = clock.local_date(clock.now() + 30 * DAY)
    row = actions.propose_suspension(order.case, by=cast.reviewer, plan="等改造", until=until)
    actions.approve_suspension(row, by=cast.supervisor)
    return fresh(row), order


def test_a_unit_goes_on_before_the_day_though_the_desk_had_proposed_to_wait(cast, sign_in):
    row, order = rests(cast)
    page = queries.page_of(fresh(order.case), cast.handler)
    assert ("end_suspension", row) in offering.offered(page)
    address = reverse("cases:act", args=[order.case.number, "end_suspension", row.pk])
    assert sign_in(cast.handler).post(address).status_code == 302
    assert fresh(order.case).state == "handling" and fresh(row).state == "ended"


def test_a_unit_without_an_order_does_not(cast):
    row, _order = rests(cast)
    with denied():
        actions.end_suspension(row, by=cast.outsider)


def asked_page(client, case: Case) -> str:
    code = query_code()
    Party.objects.filter(case=case).update(code_hash=code_hash(code))
    client.post(reverse("citizen:follow"), {"number": case.number, "code": code})
    return client.get(reverse("citizen:case", args=[case.number])).content.decode()


def test_the_panel_says_that_the_limit_stands_only_where_it_does(client, cast):
    assert "期限按规定暂停" in asked_page(client, roads.asked_petitioner(cast).case)
    Policy.objects.filter(track="petition").update(pauses=["hearing"])  # as 信访工作条例 has it
    with at(petitions.SPRING):
        order = petitions.signed(cast)
        actions.ask_petitioner(order.case, by=cast.handler, said="请写明地块", order=order)
        page = asked_page(client, order.case)
    assert "期限照常计算" in page and "等您的时候期限按规定暂停" not in page


def test_whoever_whistles_is_not_offered_the_centre(cast, sign_in):
    order = roads.called(cast).order
    address = reverse("cases:act", args=[order.case.number, "whistle", order.pk])
    page = sign_in(cast.community_handler).get(address).content.decode()
    assert f'value="{cast.chengguan.pk}"' in page and f'value="{cast.centre.pk}"' not in page


def test_units_at_work_do_not_read_why_a_review_was_asked(cast):
    with at(petitions.SPRING):
        review = petitions.asked(cast)
        for who, reads in (("handler", False), ("reviewer", True), ("supervisor", True)):
            page = queries.page_of(fresh(review.case), getattr(cast, who))
            assert bool(page.open_request(review)) == reads, who


def test_the_place_says_how_early_a_resting_matter_is_listed(cast, limits):
    suspension = roads.suspended(cast)
    listed = Case.objects.filter(oversight.marked("returning"), pk=suspension.case_id)
    with at(MONDAY + 20 * DAY):
        assert not listed.all().exists() or place.limit("returning_days") > 9
        limits(returning_days=15)
        assert Case.objects.filter(oversight.marked("returning"), pk=suspension.case_id).exists()


def test_the_place_says_how_far_ahead_a_promise_may_lie(cast, limits):
    order = roads.signed(cast, nature=Case.Nature.SUGGESTION)
    pledge = Pledge("建公园", clock.local_date(clock.now()) + timedelta(days=800))
    limits(promise_years=1)
    with refused("1 年以内"):
        actions.answer(order, by=cast.handler, text="采纳", outcome="adopted", pledge=pledge)


def test_the_place_says_how_many_files_one_party_hands_in(cast, limits):
    limits(files=1)
    case = roads.registered(cast)
    stored = StoredFile("a.jpg", "jpg", 3, "0" * 64, "00/00/a")
    actions.attach(case, by=party_of(case), stored=stored)
    with refused("最多传 1 个", code="files"):
        actions.attach(case, by=party_of(case), stored=stored)


@pytest.mark.parametrize("how", ["delivered", "spoken"])
def test_a_merged_matter_is_answered_when_its_people_are_told_however_that_is(cast, how):
    parent = roads.signed(cast).case
    child = merged(cast, into=parent)
    order = Order.objects.get(case=parent)
    actions.answer(order, by=cast.handler, text="已处理", outcome="solved")
    actions.approve(fresh(parent), by=cast.reviewer)
    notice = Notice.objects.get(case=child, about="answer")
    by = party_of(child) if how == "delivered" else cast.caller
    actions.record_told(notice, by=by, how=how, said="电话告知" if how == "spoken" else "")
    assert fresh(child).first_answered_at is not None and fresh(child).ended_at is not None
