"""A group's pages: each member their own part, the desk all of them by surname, a unit how many."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from huiyin.cases import actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.actions.attach import StoredFile
from huiyin.cases.models import Case, Notice, Party
from huiyin.cases.tests import roads
from huiyin.cases.tests.roads import TOLD_APART, fresh, grouped, party_of
from huiyin.evaluation.actions import rate
from huiyin.evaluation.models import Rating
from huiyin.organisation.actors import Actor
from huiyin.web.citizen import pocket
from tests.journeys.pages import photo

pytestmark = pytest.mark.django_db
REASON = "核对补偿金额"
LETTER = StoredFile("委托书.jpg", "jpg", 3, "0" * 64, "00/00/" + "0" * 64)


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def members(case: Case) -> list[Party]:
    return list(Party.objects.filter(case=case, role="member").order_by("pk"))


def browser_of(party: Party) -> Client:
    """A browser on which this party has opened the case by number and code."""
    from django.http import HttpResponse
    from django.test import RequestFactory

    client = Client()
    kept = pocket.read(RequestFactory().get("/"))
    kept.put(party.case.number, party.pk)
    for name, morsel in pocket.keep(HttpResponse(), kept).cookies.items():
        client.cookies[name] = morsel.value
    return client


def own_page(party: Party) -> str:
    answer = browser_of(party).get(f"/follow/{party.case.number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def office_page(client: Client, case: Case) -> str:
    return client.get(reverse("cases:case", args=[case.number])).content.decode()


def at_work(cast, n: int = 3) -> Case:
    """A group's matter in the hands of a unit, its identities open to units."""
    case = grouped(cast, n, confidentiality="open")
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    actions.sign(actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan), by=cast.handler)
    return fresh(case)


# -- who reads what --------------------------------------------------------------------------------------------
def test_the_desk_tells_members_apart_and_a_unit_only_counts_them(cast, sign_in):
    case = at_work(cast)
    page = office_page(sign_in(cast.clerk), case)
    assert "2. 成员 钱某 …0001" in page and "代理 2. 成员 钱某 …0001" in page and "有单独情况" in page
    assert "钱1户" not in page and "13900000001" not in page and TOLD_APART not in page
    for who in (cast.handler, cast.supervisor, cast.leader):
        page = office_page(sign_in(who), case)
        assert "3 人次，登记 3 人" in page and "钱某" not in page


@pytest.mark.parametrize(
    "who", ["clerk", "dispatcher", "reviewer", "caller", "handler", "unit_leader", "supervisor", "leader"]
)
def test_no_page_of_the_office_shows_what_was_told_apart(cast, sign_in, who):
    case, client = at_work(cast), sign_in(getattr(cast, who))
    seen = ["/", reverse("cases:original", args=[case.number]), reverse("cases:private", args=[case.number])]
    page = client.get(reverse("cases:case", args=[case.number]))
    seen += re.findall(rf'href="(/[^"]*{case.number}[^"]*)"', page.content.decode())
    assert len(seen) > 3
    pages = {address for address in seen if "/files/" not in address}  # the letter itself lies nowhere here
    for address in pages:
        told = client.get(address, follow=True).content.decode()
        assert TOLD_APART not in told and "三万六千" not in told, address
    opened = client.post(
        reverse("cases:original", args=[case.number]), {"reason": "核实情况要用"}, follow=True
    )
    assert TOLD_APART not in opened.content.decode()


def test_other_members_and_the_agent_never_read_it_and_the_member_does(cast):
    case = grouped(cast)
    first, second = members(case)
    agent = Party.objects.get(case=case, role="agent")
    assert TOLD_APART in own_page(first) and "补充了只和您有关的情况" in own_page(first)
    for other in (Party.objects.get(pk=party_of(case).party_id), second, agent):
        page = own_page(other)
        assert "三万六千" not in page and "补充了只和您有关的情况" not in page


def test_the_desk_opens_it_with_a_reason_that_the_member_alone_reads(cast, sign_in):
    case = grouped(cast)
    first, second = members(case)
    address = reverse("cases:private", args=[case.number])
    client = sign_in(cast.clerk)
    answer = client.post(address, {"party": first.pk, "reason": REASON})
    assert answer.status_code == 200 and TOLD_APART in answer.content.decode()
    assert answer["Cache-Control"] == "no-store" and TOLD_APART not in client.get(address).content.decode()
    assert REASON in own_page(first) and "查看了只和您有关的情况" in own_page(first)
    assert REASON not in own_page(second) and "查看了只和您有关" not in own_page(second)
    assert REASON not in office_page(sign_in(cast.dispatcher), case)
    assert client.post(address, {"party": first.pk, "reason": "看看"}).status_code == 422
    assert client.post(address, {"party": second.pk, "reason": REASON}).status_code == 422


@pytest.mark.parametrize("who", ["handler", "supervisor", "leader"])
def test_nobody_else_of_the_office_gets_to_the_form(cast, sign_in, who):
    case = at_work(cast)
    first = members(case)[0]
    client, address = sign_in(getattr(cast, who)), reverse("cases:private", args=[case.number])
    answer = client.post(address, {"party": first.pk, "reason": REASON})
    assert answer.status_code == 302 and "open_private" not in roads.events(case)


# -- joining, agents, leaving through the pages ----------------------------------------------------------------
def test_whoever_joins_gets_a_code_that_opens_the_case(cast, sign_in):
    case, client = roads.registered(cast), sign_in(cast.clerk)
    sent = {"role": "member", "name": "丙丁", "phone": "13800000009", "private": "两亩"}
    answer = client.post(reverse("cases:act", args=[case.number, "add_party"]), sent, follow=True)
    code = re.search(r"receipt__code\">([A-Z0-9-]{9})<", answer.content.decode())[1]
    visitor = Client()
    followed = visitor.post("/follow/", {"number": case.number, "code": code}, follow=True)
    assert "您加入了这件诉求" in followed.content.decode() and "两亩" in followed.content.decode()
    assert sign_in(cast.second_clerk).get(reverse("cases:joined", args=[case.number])).status_code == 302


def test_an_agent_is_entered_with_the_letter_and_not_without(cast, sign_in):
    case, client = grouped(cast), sign_in(cast.clerk)
    address = reverse("cases:act", args=[case.number, "appoint_agent"])
    sent = {"acts_for": party_of(case).party_id, "name": "代二", "phone": "13700000002"}
    assert "请选择：授权委托书" in client.post(address, sent).content.decode()
    letter = SimpleUploadedFile("委托书.png", photo(), content_type="image/png")
    answer = client.post(address, {**sent, "authority": letter}, follow=True)
    assert "receipt__code" in answer.content.decode()
    agent = Party.objects.filter(case=case, role="agent").latest("pk")
    assert agent.acts_for_id == party_of(case).party_id and "登记了代理人" in own_page(agent)


def test_a_member_leaves_and_the_page_is_closed_to_them(cast):
    case = grouped(cast)
    second = members(case)[1]
    client = browser_of(second)
    assert "退出这件诉求" in client.get(f"/follow/{case.number}/").content.decode()
    answer = client.post(f"/follow/{case.number}/leave/", {"why": "已经谈好"}, follow=True)
    assert "您已经退出" in answer.content.decode()
    assert client.get(f"/follow/{case.number}/").status_code == 302
    assert "有一人退出" in own_page(members(case)[0])


def test_whoever_is_alone_is_offered_none_of_it(cast):
    case = roads.registered(cast)
    page = own_page(Party.objects.get(case=case))
    assert "退出这件诉求" not in page and "只和您有关" not in page and "结束代理" not in page


# -- thirty families -------------------------------------------------------------------------------------------
def test_thirty_are_each_told_and_each_rate(cast):
    case = at_work(cast, 30)
    order = case.orders.get()
    actions.answer(order, by=cast.handler, text="每亩补一万八千元", outcome="solved")
    actions.approve(case, by=cast.reviewer)
    everybody = Party.objects.filter(case=case)
    assert Notice.objects.filter(case=case).count() == everybody.count() == 31, "thirty, and one agent"
    for party in everybody:
        assert "每亩补一万八千元" in own_page(party)
        assert Notice.objects.get(party=party).how == Notice.How.DELIVERED
    for party in list(everybody):
        case = fresh(case)
        assert case.state == "told"
        rate(case, by=Actor.citizen(party.pk), contacted=True, solved="yes", satisfied=5)
    assert Rating.objects.filter(case=case).count() == 31 and fresh(case).state == "closed"


@pytest.mark.parametrize("state", ["handling", "telling"])
def test_a_large_group_asks_the_database_no_more_than_a_small_one(cast, sign_in, state):
    counted = []
    for n in (3, 30):
        case = at_work(cast, n)
        if state == "telling":
            actions.answer(case.orders.get(), by=cast.handler, text="已办", outcome="solved")
            actions.approve(case, by=cast.reviewer)
        told = [queries_of(sign_in(by), reverse("cases:case", args=[case.number])) for by in
                (cast.clerk, cast.caller, cast.handler, cast.supervisor)]  # fmt: skip
        last = members(case)[-1]
        client = browser_of(last)
        client.get(f"/follow/{case.number}/")  # the first reading tells
        counted.append([*told, queries_of(client, f"/follow/{case.number}/")])
    assert counted[0] == counted[1]


def queries_of(client: Client, address: str) -> int:
    """How many statements a page takes."""
    from django.db import connection

    client.get(address)  # what is remembered between requests is remembered now
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_thirty_tellings_are_no_thirty_buttons(cast, sign_in):
    case = at_work(cast, 30)
    actions.answer(case.orders.get(), by=cast.handler, text="已办", outcome="solved")
    actions.approve(case, by=cast.reviewer)
    page = office_page(sign_in(cast.caller), case)
    assert page.count("/record_told/") == 31 and "31 份" in page and "30. 成员 钱某 …0029 · 答复" in page
    group = page[page.index("现在可以做的") : page.index("</div>", page.index("现在可以做的"))]
    assert "record_told" not in group


def test_lists_and_the_cockpit_say_how_many_people_stand_behind_a_matter(cast, sign_in):
    grouped(cast, 3, headcount=9)
    alone = roads.registered(cast)
    page = sign_in(cast.clerk).get(reverse("desk:inbox")).content.decode()
    assert "9 人次" in page and "1 人次" not in page and alone.number in page
    figures = sign_in(cast.leader).get(reverse("cockpit:figures")).content.decode()
    assert figures.count("件 · 10 人次") == 2


@pytest.mark.parametrize("who", ["handler", "unit_leader", "leader", "caller", "representative"])
def test_forms_that_name_the_people_of_a_group_are_for_those_who_may_use_them(cast, sign_in, who):
    case = at_work(cast)
    agent = PartyIn(post=cast.representative.post)
    actions.appoint_agent(case, by=cast.clerk, agent=agent, acts_for=members(case)[0], authority=LETTER)
    client = sign_in(getattr(cast, who))
    for act in ("leave", "appoint_spokespersons", "appoint_agent", "end_agency", "tell_privately"):
        address = reverse("cases:act", args=[case.number, act])
        for answer in (client.get(address), client.post(address, {})):
            body = answer.content.decode()
            assert (answer.status_code == 403) == (who != "caller"), (who, act)
            assert who == "caller" or "…0001" not in body
