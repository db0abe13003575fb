"""A matter beside its list: the neighbours, what happens when it has left the list, and the way back after an act."""

import pytest
from django.urls import reverse

from huiyin.cases.models import Order
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from tools.browser import DESK

LIST = "tab=accepted"
PLACE = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.frozen(roads.MONDAY):
        yield


def beside(case, filters=LIST):
    return f"{reverse('desk:matter', args=[case.number])}?{filters}"


def three(cast):
    return [roads.accepted(cast) for _n in range(3)]


@PLACE
def test_the_inbox_opens_a_matter_beside_it(cast, sign_in):
    first, second, third = three(cast)
    client = sign_in(cast.dispatcher)
    assert beside(second).replace("&", "&amp;") in client.get(f"/work/desk/?{LIST}").content.decode()
    answer = client.get(beside(second))
    assert [row.number for row in answer.context["rows"]] == [first.number, second.number, third.number]
    assert [row.selected for row in answer.context["rows"]] == [False, True, False]
    assert (answer.context["before_url"], answer.context["after_url"]) == (beside(first), beside(third))
    assert answer.context["list_url"] == f"/work/desk/?{LIST}"


@PLACE
def test_after_an_act_the_matter_stays_open_and_the_next_one_is_known(cast, sign_in):
    first, second, third = three(cast)
    client = sign_in(cast.dispatcher)
    [suggested] = client.get(beside(second)).context["suggested"]
    done = client.post(suggested.url, {"lead": suggested.lead})
    assert done["Location"] == beside(second) and Order.objects.get().case == second
    answer = client.get(done["Location"])
    assert answer.context["place"].gone and answer.context["after_url"] == beside(third)
    assert [row.number for row in answer.context["rows"]] == [first.number, third.number]
    recall = next(act for act in answer.context["acts"].shown if act["name"] == "recall_order")
    assert client.post(recall["url"])["Location"] == beside(second)
    assert not client.get(beside(second)).context["place"].gone


@PLACE
def test_a_refusal_keeps_the_way_back_to_the_list(cast, sign_in):
    case, _second, _third = three(cast)
    client = sign_in(cast.dispatcher)
    dispatch = next(
        act for act in client.get(beside(case)).context["acts"].shown if act["name"] == "dispatch"
    )
    answer = client.post(dispatch["url"], {"lead": ""})
    assert answer.status_code == 422 and answer.context["back"] == beside(case)


@PLACE
def test_the_last_of_a_page_is_followed_by_the_first_of_the_next(cast, sign_in, monkeypatch):
    monkeypatch.setattr("huiyin.cases.paging.PAGE", 2)
    first, second, third = three(cast)
    client = sign_in(cast.dispatcher)
    answer = client.get(beside(second))
    assert len(answer.context["rows"]) == 2 and answer.context["after_url"] == beside(third)
    assert client.get(beside(third, f"{LIST}&urgent_first=on")).context["place"].before == ""
    assert client.get(beside(first)).context["before_url"] == ""


@PLACE
def test_only_the_desk_has_such_a_page_and_only_of_what_it_may_see(cast, sign_in):
    case = roads.accepted(cast)
    assert sign_in(cast.handler).get(beside(case)).status_code == 403
    report = roads.registered(cast, nature="report")
    assert sign_in(cast.caller).get(beside(report)).status_code == 404


@PLACE
@pytest.mark.parametrize("filters", ["", "tab=nowhere", "after=x", "tab=all&late=on&nature=%00"])
def test_an_address_typed_by_hand_does_no_harm(cast, sign_in, filters):
    assert sign_in(cast.dispatcher).get(beside(roads.accepted(cast), filters)).status_code == 200


@PLACE
def test_it_costs_a_fixed_number_of_statements(cast, sign_in, django_assert_max_num_queries):
    cases, client = three(cast), sign_in(cast.dispatcher)
    client.get(beside(cases[1]))
    with django_assert_max_num_queries(19):
        client.get(beside(cases[1]))
    for _n in range(5):
        roads.accepted(cast)
    with django_assert_max_num_queries(19):
        client.get(beside(cases[1]))


@pytest.mark.django_db(transaction=True)
def test_the_list_is_worked_through_by_keyboard(new_page, cast, sign_in, live_server, settings):
    first, second, third = three(cast)
    page = new_page(DESK)
    session = sign_in(cast.dispatcher).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page.goto(f"/work/desk/?{LIST}")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{beside(first)}")
    page.keyboard.press("]")
    page.wait_for_url(f"**{beside(second)}")
    assert page.locator("#list .is-selected").inner_text().startswith(second.number)
    page.keyboard.press("1")
    page.get_by_text("以前可以撤回").wait_for()
    page.keyboard.press("]")
    page.wait_for_url(f"**{beside(third)}")
    page.keyboard.press("l")
    page.wait_for_url(f"**/work/desk/?{LIST}")
    assert Order.objects.get().case == second
