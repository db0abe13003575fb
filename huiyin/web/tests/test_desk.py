"""The desk's inbox: who sees it, what its tabs hold, how it narrows, pages and finds."""

import re

import pytest
from django.urls import reverse

from huiyin.cases import actions, paging
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case
from huiyin.cases.queries import PAGE
from huiyin.cases.tests import roads
from huiyin.kernel import clock

pytestmark = pytest.mark.django_db
INBOX = "/work/desk/"
NUMBER = re.compile(r'class="number"[^>]*>(\d{4}-\d{4}-\d{4})<')


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.frozen(roads.MONDAY):
        yield


def shown(answer):
    """The numbers on a page, in its order."""
    return NUMBER.findall(answer.content.decode())


def test_each_role_begins_at_its_own_page(cast, sign_in):
    homes = {
        "clerk": "desk:inbox",
        "reviewer": "desk:inbox",
        "handler": "unit:orders",
        "unit_leader": "unit:orders",
        "supervisor": "supervisor:overview",
        "leader": "cockpit:figures",
        "representative": "desk:brought",
        "administrator": "keeping:office",
        "auditor": "keeping:ledger",
    }
    for name, home in homes.items():
        client = sign_in(getattr(cast, name))
        answer = client.get("/work/")
        assert (answer.status_code, answer["Location"]) == (302, reverse(home)), name
        assert client.get(answer["Location"]).status_code == 200, name


PAGES = {
    "desk:inbox": {"clerk", "second_clerk", "dispatcher", "reviewer", "caller", "two_hats"},
    "unit:orders": {
        *("handler", "unit_leader", "squad_handler", "zhujian_handler", "zhujian_leader"),
        *("community_handler", "outsider", "two_hats_at_weijian"),
    },
    "supervisor:overview": {"supervisor", "leader"},
    "supervisor:matters": {"supervisor", "leader"},
    "cockpit:figures": {"supervisor", "leader"},
    "desk:brought": {"representative"},
    "keeping:office": {"administrator"},
    "keeping:ledger": {"auditor"},
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_for_its_own_roles_and_for_nobody_else(cast, sign_in, page):
    for name, who in cast.staff().items():
        status = sign_in(who).get(reverse(page)).status_code
        assert status == (200 if name in PAGES[page] else 403), name


def test_entry_is_for_everybody_whom_citizens_meet(cast, sign_in):
    for name, who in cast.staff().items():
        status = sign_in(who).get(reverse("desk:entry")).status_code
        assert status == (403 if name in ("leader", "administrator", "auditor") else 200), name


@pytest.mark.parametrize("page", [*PAGES, "desk:entry", "desk:find", "work"])
def test_a_stranger_is_led_to_the_sign_in_page_and_back(client, page):
    answer = client.get(reverse(page))
    assert answer["Location"] == f"/accounts/login/?next={reverse(page)}"


def test_somebody_without_a_post_reads_what_to_do(cast, sign_in):
    client = sign_in(cast.caller)
    cast.caller.post.delete()
    answer = client.get("/work/")
    assert answer.status_code == 403 and "您还没有岗位" in answer.content.decode()


def test_no_page_of_the_office_stays_in_a_browser(cast, sign_in):
    assert "no-store" in sign_in(cast.clerk).get(INBOX)["Cache-Control"]


def test_the_tab_of_ones_own_role_opens_first(cast, sign_in):
    waiting, ready = roads.registered(cast), roads.accepted(cast)
    answered = roads.answered(cast).case
    assert shown(sign_in(cast.clerk).get(INBOX)) == [waiting.number]
    assert shown(sign_in(cast.dispatcher).get(INBOX)) == [ready.number]
    assert shown(sign_in(cast.reviewer).get(INBOX)) == [answered.number]


def test_objections_and_extensions_have_tabs_with_counts(cast, sign_in):
    objection, extension = roads.objected(cast), roads.extension_asked(cast)
    client = sign_in(cast.dispatcher)
    assert shown(client.get(INBOX, {"tab": "objected"})) == [objection.order.case.number]
    answer = client.get(INBOX, {"tab": "extension"})
    assert shown(answer) == [extension.order.case.number]
    counted = {str(tab["label"]): tab["count"] for tab in answer.context["tabs"]}
    assert (counted["待裁定"], counted["待批延期"], counted["办理中"], counted["待甄别"]) == (1, 1, 2, 0)


def test_another_desk_sees_nothing_of_this_one_and_units_see_no_desk(cast, sign_in):
    roads.registered(cast)
    assert shown(sign_in(cast.representative).get(reverse("desk:brought"))) == []


def test_filters_stand_in_the_address_and_narrow_together(cast, sign_in):
    plain = roads.registered(cast)
    urgent = roads.registered(cast, urgency="immediate", region=cast.street, nature="complaint")
    below = roads.registered(cast, region=cast.community_region)
    client = sign_in(cast.clerk)
    assert set(shown(client.get(INBOX))) == {plain.number, urgent.number, below.number}
    assert shown(client.get(INBOX, {"urgency": "immediate"})) == [urgent.number]
    assert set(shown(client.get(INBOX, {"region": cast.street.code}))) == {urgent.number, below.number}
    assert shown(client.get(INBOX, {"region": cast.street.code, "nature": "appeal"})) == [below.number]
    none = client.get(INBOX, {"nature": "praise"}).content.decode()
    assert "没有符合这些条件的" in none


def test_only_late_ones_on_request(cast, sign_in):
    late = roads.registered(cast)
    with clock.frozen(roads.MONDAY + 20 * roads.DAY):
        fresh = roads.registered(cast)
        client = sign_in(cast.clerk)
        assert set(shown(client.get(INBOX))) == {late.number, fresh.number}
        answer = client.get(INBOX, {"late": "on"})
        assert shown(answer) == [late.number] and answer.context["late_count"] == 1


@pytest.mark.parametrize(
    "asked", [{"tab": "x"}, {"region": "x"}, {"after": "x"}, {"before": "9~x"}, {"late": "x"}]
)
def test_an_address_typed_by_hand_does_no_harm(cast, sign_in, asked):
    case = roads.registered(cast)
    assert shown(sign_in(cast.clerk).get(INBOX, asked)) == [case.number] or asked == {"late": "x"}


NO_KEYS = [
    "5",
    "-1",
    "~5",
    "２",
    "9" * 400,
    "2026-01-05T09:00:00~1",
    f"2026-01-05T09:00:00+00:00~{2**63}",
    "2026-01-05T09:00:00+00:00~-1",
    "0001-01-01T00:00:00+14:00~1",
    "9999-12-31T23:59:59-14:00~1",
]


@pytest.mark.parametrize("side", ["after", "before"])
@pytest.mark.parametrize("key", NO_KEYS)
def test_what_is_no_key_begins_at_the_first_page(cast, sign_in, side, key, monkeypatch):
    monkeypatch.setattr(paging, "PAGE", 1)
    first, last = (roads.registered(cast).number for _n in range(2))
    assert shown(sign_in(cast.clerk).get(INBOX, {side: key})) == [first]
    if key != "5":  # which is a key there
        assert shown(sign_in(cast.clerk).get(INBOX, {"tab": "all", side: key})) == [last]


def test_pages_go_forward_and_back_without_loss_when_all_are_due_at_once(cast, sign_in):
    made = [roads.registered(cast, nature="inquiry").number for _n in range(2 * PAGE + 3)]
    client = sign_in(cast.clerk)
    first = client.get(INBOX, {"nature": "inquiry"})
    second = client.get(INBOX + first.context["next_url"])
    third = client.get(INBOX + second.context["next_url"])
    assert shown(first) + shown(second) + shown(third) == made
    assert (first.context["previous_url"], third.context["next_url"]) == ("", "")
    back = client.get(INBOX + third.context["previous_url"])
    again = client.get(INBOX + back.context["previous_url"])
    assert shown(back) == shown(second) and shown(again) == shown(first)
    assert "nature=inquiry" in again.context["next_url"]


def test_the_newest_stand_first_among_all(cast, sign_in):
    made = [roads.registered(cast).number for _n in range(3)]
    assert shown(sign_in(cast.clerk).get(INBOX, {"tab": "all"})) == made[::-1]


@pytest.mark.parametrize("rows", [2, 25])
def test_the_inbox_asks_the_same_few_questions_however_long_it_is(
    cast, sign_in, rows, django_assert_max_num_queries
):
    for _n in range(rows):
        roads.registered(cast)
    client = sign_in(cast.clerk)
    client.get(INBOX)
    with django_assert_max_num_queries(12):
        assert len(shown(client.get(INBOX))) == rows


def test_a_number_in_any_spelling_leads_straight_to_its_case(cast, sign_in):
    case = roads.registered(cast)
    typed = case.number.replace("-", "")
    answer = sign_in(cast.clerk).post(reverse("desk:find"), {"q": f" {typed} "})
    assert answer["Location"] == reverse("cases:case", args=[case.number])


def test_a_telephone_lists_the_persons_matters_and_is_nowhere_in_an_address(cast, sign_in):
    mine = [roads.registered(cast), roads.registered(cast)]
    roads.registered(cast, parties=[PartyIn(name="钱孙李", phone="13800000009")])
    answer = sign_in(cast.clerk).post(reverse("desk:find"), {"q": "138 0000 0001"})
    assert set(shown(answer)) == {case.number for case in mine}
    assert not re.search(r'href="[^"]*13800000001', answer.content.decode())


def test_overseers_find_by_number_and_never_by_telephone(cast, sign_in):
    case = roads.registered(cast)
    client = sign_in(cast.supervisor)
    answer = client.post(reverse("desk:find"), {"q": "13800000001"})
    assert answer.status_code == 422 and "不按电话查找" in answer.content.decode()
    assert client.post(reverse("desk:find"), {"q": case.number})["Location"].endswith(f"{case.number}/")
    report = roads.registered(cast, nature="report")
    lost = sign_in(cast.leader).post(reverse("desk:find"), {"q": report.number}).content.decode()
    assert "没有查到" in lost and reverse("desk:entry") not in lost


@pytest.mark.parametrize("asked", ["13800", "2648-3917-5063", "13800000001 路灯"])
def test_a_number_that_is_none_is_said_so(cast, sign_in, asked):
    answer = sign_in(cast.clerk).post(reverse("desk:find"), {"q": asked})
    assert answer.status_code == 422 and "这不是编号，也不是电话" in answer.content.decode()


def test_a_case_that_one_may_not_know_of_is_not_found(cast, sign_in):
    hidden = roads.registered(cast, nature="report", accused_units=[cast.weijian])
    answer = sign_in(cast.two_hats).post(reverse("desk:find"), {"q": hidden.number})
    assert answer.status_code == 200 and "没有查到" in answer.content.decode()
    phone = sign_in(cast.two_hats).post(reverse("desk:find"), {"q": "13800000001"})
    assert shown(phone) == []


def test_a_report_about_ones_own_unit_is_in_no_list_and_no_count(cast, sign_in):
    roads.registered(cast, nature="report", accused_units=[cast.weijian])
    answer = sign_in(cast.two_hats).get(INBOX)  # a clerk who also holds a post in the accused unit
    assert shown(answer) == []
    assert {tab["count"] for tab in answer.context["tabs"]} <= {0, None}
    assert len(shown(sign_in(cast.clerk).get(INBOX))) == 1


def test_a_row_tells_place_holder_state_and_time_left(cast, sign_in):
    roads.dispatched(cast, urgency="pressing", region=cast.street, place="石桥街道一号")
    page = sign_in(cast.clerk).get(INBOX, {"tab": "handling"}).content.decode()
    for word in ("夜间噪声", "石桥街道一号", "城管局", "办理中", "紧急", "还有 5 个工作日"):
        assert word in page, word
    assert "石桥街道 石桥街道一号" not in page


def test_changing_posts_begins_the_day_of_the_other_post(cast, sign_in):
    client = sign_in(cast.two_hats)
    assert "卫健局" in client.get(INBOX).content.decode()  # offered in the menu
    moved = client.post(
        reverse("take_post"), {"post": cast.two_hats_at_weijian.post.pk, "next": reverse("work")}
    )
    assert moved["Location"] == reverse("work")
    assert client.get("/work/")["Location"] == reverse("unit:orders")


def test_after_signing_in_one_is_led_to_work(client, settings):
    assert reverse("work") == settings.LOGIN_REDIRECT_URL


def test_what_is_merged_leaves_the_open_tabs(cast, sign_in):
    first, second = roads.registered(cast), roads.registered(cast)
    actions.merge(second, into=first, by=cast.clerk)
    assert shown(sign_in(cast.clerk).get(INBOX)) == [first.number]
    assert Case.objects.get(pk=second.pk).state == "merged"
