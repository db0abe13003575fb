"""单位复看 on the pages: asked on the case's page, given on the unit's own, weighed by who asked, told to the citizen."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from huiyin.cases import actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case, Exclusion, PeerView
from huiyin.cases.tests import roads
from huiyin.cases.tests.roads import DAY, MONDAY, at, fresh
from huiyin.ledger.models import Event
from huiyin.organisation import remembering
from huiyin.web.tests.citizens import answered, hand_in

pytestmark = pytest.mark.django_db
VIEW = {"verdict": "solvable", "opinion": "换低噪声排烟机", "basis": "《某规范》"}


@pytest.fixture(autouse=True)
def _on_monday():
    cache.clear()
    with at(MONDAY):
        yield


def act(case, name: str, *about: int) -> str:
    return reverse("cases:act", args=[case.number, name, *about])


def shown(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_from_asking_to_following_and_each_form_once(cast, sign_in):
    case = roads.answered(cast).case
    desk, head = sign_in(cast.reviewer), sign_in(cast.zhujian_leader)
    page = reverse("cases:case", args=[case.number])
    assert act(case, "ask_peer") in shown(desk, page)
    asked = {"unit": cast.zhujian.pk, "question": "还能不能再降噪"}
    assert [desk.post(act(case, "ask_peer"), asked).status_code for _twice in range(2)] == [302, 422]
    view = PeerView.objects.get()
    assert "请我们复看的" in shown(head, reverse("unit:orders")) and "夜间噪声" in shown(
        head, reverse("unit:peers")
    )
    assert "还有 " in shown(head, reverse("unit:peers")), "how long one has"
    own = reverse("unit:peer", args=[view.pk])
    said = shown(head, own)
    assert "已约谈店主" in said and "13800000001" not in said and case.number in said
    assert str(case.category) in said and str(case.region) not in said, "the trade, not the place"
    bad = head.post(own, {**VIEW, "basis": ""})
    assert (
        bad.status_code == 422
        and "请写依据。" in bad.content.decode()
        and "换低噪声排烟机" in bad.content.decode()
    )
    assert [head.post(own, VIEW).status_code for _twice in range(2)] == [302, 422]
    assert "已约谈店主" not in shown(head, own), "what the task needed is put away"
    assert head.get(page).status_code == 404, "by that the unit sees no case"
    assert "换低噪声排烟机" in shown(desk, page) and act(case, "weigh_view", view.pk) in shown(desk, page)
    approve = desk.post(act(case, "approve"))
    assert approve.status_code == 422 and "不采纳的理由" in approve.content.decode()
    weigh = act(case, "weigh_view", view.pk)
    assert "请写明不采纳的理由。" in desk.post(weigh, {"stands": "departed"}).content.decode()
    departed = {"stands": "departed", "reason": "房东不同意"}
    assert [desk.post(weigh, departed).status_code for _twice in range(2)] == [302, 422]
    assert "房东不同意" in shown(head, own) and desk.post(act(case, "approve")).status_code == 302


def test_the_head_entrusts_a_colleague_and_others_of_the_unit_find_nothing(cast, sign_in):
    view = roads.peer_asked(cast)
    own, entrust = (reverse(f"unit:{name}", args=[view.pk]) for name in ("peer", "entrust"))
    head, handler = sign_in(cast.zhujian_leader), sign_in(cast.zhujian_handler)
    assert handler.get(own).status_code == handler.post(own, VIEW).status_code == 404
    assert "夜间噪声" not in shown(handler, reverse("unit:peers"))
    assert head.post(entrust, {"person": ""}).status_code == 422
    assert head.post(entrust, {"person": cast.zhujian_handler.post.pk}).status_code == 302
    assert entrust not in shown(handler, own) and handler.get(entrust).status_code == 404
    assert handler.post(own, VIEW).status_code == 302


def test_nobody_of_a_unit_with_a_part_finds_it_by_its_key_nor_reads_that_it_was_asked(cast, sign_in):
    view = roads.peer_answered(cast)
    for who in (cast.handler, cast.unit_leader, cast.squad_handler, cast.outsider):
        client = sign_in(who)
        for name in ("peer", "entrust"):
            assert client.get(reverse(f"unit:{name}", args=[view.pk])).status_code == 404
    page = shown(sign_in(cast.handler), reverse("cases:case", args=[view.case.number]))
    assert "住建局" not in page and "复看" not in page.replace("请我们复看的", "")


def test_a_report_s_page_shuts_when_it_comes_to_accuse_the_unit(cast, sign_in):
    view = roads.peer_asked(cast)
    head, own = sign_in(cast.zhujian_leader), reverse("unit:peer", args=[view.pk])
    assert head.get(own).status_code == 200
    Exclusion.objects.create(case=view.case, unit=cast.zhujian)
    remembering.clear()
    before = Event.objects.count()
    assert head.get(own).status_code == head.post(own, VIEW).status_code == 404
    assert (
        "夜间噪声" not in shown(head, reverse("unit:peers") + "?tab=all") and Event.objects.count() == before
    )


def test_the_citizen_reads_which_unit_looked_and_none_of_its_words(cast):
    visitor = hand_in()
    answered(cast, visitor.case)
    visitor.client.get(visitor.page)
    view = actions.ask_peer(
        fresh(visitor.case), by=cast.supervisor, unit=cast.zhujian, question="看看能不能降噪"
    )
    actions.give_view(view, by=cast.zhujian_leader, **VIEW)
    actions.weigh_view(view, by=cast.supervisor, stands="departed", reason="房东不同意")
    page = shown(visitor.client, visitor.page)
    assert "请没有参与办理的住建局也来看一看" in page and "住建局看过了" in page
    for inner in ("换低噪声", "某规范", "看看能不能降噪", "房东不同意", "采纳", "禹"):
        assert inner not in page


def test_what_is_overdue_shows_to_the_supervisor_and_lists_page_by_key(cast, sign_in):
    views = [roads.peer_asked(cast) for _each in range(27)]
    client, listing = sign_in(cast.supervisor), reverse("desk:peers")
    assert "过期" not in shown(client, reverse("supervisor:overview")).split("单位复看")[1][:60]
    with at(MONDAY + 9 * DAY):
        assert "过期 27" in shown(client, reverse("supervisor:overview"))
        first = client.get(listing, {"tab": "overdue"})
        numbers = [each["row"].pk for each in first.context["rows"]]
        assert len(numbers) == 25 and "27 个单位过期没有回音" in first.content.decode()
        second = client.get(listing + first.context["next_url"])
        assert [each["row"].pk for each in second.context["rows"]] == [view.pk for view in views[25:]]
        with CaptureQueriesContext(connection) as seen:
            client.get(listing, {"tab": "all"})
        assert len(seen) <= 8
        unit = sign_in(cast.zhujian_leader)
        unit.get(reverse("unit:peers"))
        with CaptureQueriesContext(connection) as seen:
            unit.get(reverse("unit:peers"))
        assert len(seen) <= 8
    assert client.get(listing, {"tab": "weigh"}).context["rows"] == []
    assert sign_in(cast.caller).get(listing).status_code == 403


def test_the_orders_of_a_unit_tell_how_many_wait_and_cost_no_more_than_before(cast, sign_in):
    roads.peer_asked(cast)
    client = sign_in(cast.zhujian_leader)
    client.get(reverse("unit:orders"))
    with CaptureQueriesContext(connection) as seen:
        page = shown(client, reverse("unit:orders"))
    assert len(seen) <= 8 and '请我们复看的<span class="chip__count">1</span>' in page


def test_whoever_was_merged_in_is_not_named_to_the_unit_either(cast, sign_in):
    case = roads.answered(cast).case
    roads.merged(cast, into=case, parties=[PartyIn(name="裴小满", phone="13800000002")])
    Case.objects.filter(pk=case.pk).update(title="裴小满家楼下夜间噪声")
    view = actions.ask_peer(fresh(case), by=cast.reviewer, unit=cast.zhujian, question="还能不能再降噪")
    head = sign_in(cast.zhujian_leader)
    for address in (reverse("unit:peers"), reverse("unit:peer", args=[view.pk])):
        said = shown(head, address)
        assert "家楼下夜间噪声" in said and "裴小满" not in said, address
