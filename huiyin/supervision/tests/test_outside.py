"""外部监督: deputies and experts read redacted matters and ask; the unit answers in writing by a day."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from huiyin.accounts.models import User
from huiyin.accounts.roles import Role
from huiyin.cases import access, actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case
from huiyin.cases.tests.roads import DAY, MONDAY, accepted, at, closed, noise, registered, signed
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.models import Event
from huiyin.ledger.queries import latest
from huiyin.organisation import remembering
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.supervision.outside import queries
from huiyin.supervision.outside.actions import answer_inquiry, ask_unit, withdraw_inquiry
from huiyin.supervision.outside.models import Inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.frozen(MONDAY):
        yield


@pytest.fixture
def monitor(cast):
    """A deputy who watches over the county."""
    user = User.objects.create_user(username="wei-zheng", name="魏征")
    since = cast.leader.post.valid_from
    post = Post.objects.create(
        code="xianwei-monitor", user=user, unit=cast.leader.unit, role=Role.MONITOR, valid_from=since
    )
    remembering.clear()
    return Actor.of(post)


def asked(cast, monitor, case=None) -> Inquiry:
    case = case or signed(cast).case
    return ask_unit(case, by=monitor, unit=cast.chengguan, question="为什么两个月没有办完？")


# -- reading --------------------------------------------------------------------------------------------------
def test_a_monitor_reads_accepted_matters_without_their_people(cast, monitor):
    registered(cast)
    case = closed(cast)
    assert [row.number for row in queries.matters(monitor).rows] == [case.number]
    found = queries.find(monitor, case.number)
    said = found.text + "".join(text for _unit, _outcome, text in found.answers)
    assert "烧烤店" in said and "已约谈店主" in said
    for secret in ("赵钱孙", "13800000001", "石桥街道 1 号"):
        assert secret not in said


def test_a_name_that_stands_in_a_title_is_not_read_outside_nor_is_the_place(cast, monitor, sign_in):
    case = closed(cast)
    Case.objects.filter(pk=case.pk).update(title="赵钱孙家楼下夜间噪声", place="石桥路 1 号 2 栋 301 室")
    client = sign_in(monitor)
    for page in (reverse("monitor:matters") + "?tab=all", reverse("monitor:matter", args=[case.number])):
        shown = client.get(page).content.decode()
        assert "家楼下夜间噪声" in shown and "赵钱孙" not in shown and "301" not in shown


def test_nor_is_the_name_of_somebody_whose_matter_was_merged_into_it(cast, monitor, sign_in):
    case = closed(cast, parties=[PartyIn(name="赵钱孙", phone="13800000001")])
    child = closed(cast, parties=[PartyIn(name="裴小满", phone="13800000002")])
    Case.objects.filter(pk=child.pk).update(parent=case)
    Case.objects.filter(pk=case.pk).update(title="裴小满家楼下夜间噪声")
    client = sign_in(monitor)
    for page in (reverse("monitor:matters") + "?tab=all", reverse("monitor:matter", args=[case.number])):
        shown = client.get(page).content.decode()
        assert "家楼下夜间噪声" in shown and "裴小满" not in shown


def test_a_monitor_sees_no_report_and_nothing_they_are_complained_of_in(cast, monitor):
    report = actions.register(noise(nature=Case.Nature.REPORT), by=cast.citizen).case
    actions.accept(report, by=cast.clerk, category=cast.night_noise)
    own = accepted(cast, accused_units=[cast.leader.unit])
    assert queries.matters(monitor).rows == []
    for case in (report, own):
        assert queries.find(monitor, case.number) is None


def test_the_offices_own_pages_stay_shut(cast, monitor, sign_in):
    case = closed(cast)
    assert not access.visible(monitor).exists()
    client = sign_in(monitor)
    assert client.get(f"/work/cases/{case.number}/").status_code == 404
    for page in ("/work/desk/", "/work/unit/", "/work/supervision/", "/work/search/?q=噪声"):
        assert client.get(page).status_code == 403, page
    assert client.get("/work/").headers["Location"] == "/work/monitor/"


def test_nobody_else_reads_the_monitors_pages(cast, sign_in):
    case = closed(cast)
    for who in (cast.clerk, cast.handler, cast.supervisor, cast.representative):
        assert sign_in(who).get(f"/work/monitor/{case.number}/").status_code == 403
        assert not access.monitored(who).exists()


# -- asking ---------------------------------------------------------------------------------------------------
def test_a_question_waits_for_the_unit_that_leads(cast, monitor):
    row = asked(cast, monitor)
    assert (row.unit, row.state, row.due_on.isoformat()) == (cast.chengguan, "asked", "2026-11-16")
    event = latest(f"inquiry:{row.pk}")
    assert event.facts == {"case": row.case.number, "unit": "chengguan", "due_on": "2026-11-16"}
    assert not Event.objects.filter(subject=f"case:{row.case.number}", kind="ask_unit").exists()
    assert [each.pk for each in queries.listing(cast.handler, "waiting").rows] == [row.pk]
    assert queries.listing(cast.zhujian_handler, "waiting").rows == []


def test_one_question_at_a_time_to_the_same_unit(cast, monitor):
    row = asked(cast, monitor)
    with pytest.raises(Refused) as refused:
        asked(cast, monitor, row.case)
    assert refused.value.code == "again"
    withdraw_inquiry(row, by=monitor)
    assert asked(cast, monitor, row.case).pk != row.pk


def test_only_a_monitor_asks_and_only_a_unit_that_leads_is_asked(cast, monitor):
    case = signed(cast).case
    for by in (cast.supervisor, cast.handler, cast.clerk, cast.representative, cast.citizen):
        with pytest.raises(PermissionDenied):
            ask_unit(case, by=by, unit=cast.chengguan, question="为什么？")
    with pytest.raises(Refused) as refused:
        ask_unit(case, by=monitor, unit=cast.zhujian, question="为什么？")
    assert refused.value.code == "unit"
    with pytest.raises(PermissionDenied):
        ask_unit(registered(cast), by=monitor, unit=cast.chengguan, question="为什么？")


def test_the_unit_answers_once_in_writing(cast, monitor):
    row = asked(cast, monitor)
    for by in (cast.zhujian_handler, cast.supervisor, monitor):
        with pytest.raises(PermissionDenied):
            answer_inquiry(row, by=by, text="已办")
    answer_inquiry(row, by=cast.unit_leader, text="赵钱孙（13800000001）说已好")
    with pytest.raises(Refused) as refused:
        answer_inquiry(row, by=cast.handler, text="已办")
    assert refused.value.code == "state"
    row.refresh_from_db()
    [(_question, said)] = queries.words_of([row], monitor)
    assert "说已好" in said and "赵钱孙" not in said and "13800000001" not in said
    assert latest(f"inquiry:{row.pk}").facts == {"late": False}


def test_what_is_overdue_stands_before_those_who_oversee(cast, monitor, sign_in):
    row = asked(cast, monitor)
    with at(MONDAY + 20 * DAY):
        assert queries.overdue_count(cast.supervisor) == 1
        assert (
            "过期没有答复"
            in sign_in(cast.supervisor).get("/work/monitor/inquiries/?tab=overdue").content.decode()
        )
        answer_inquiry(row, by=cast.handler, text="已办")
        assert queries.overdue_count(cast.supervisor) == 0
    assert latest(f"inquiry:{row.pk}").facts == {"late": True}


def test_a_list_costs_no_more_statements_with_more_questions(cast, monitor, django_assert_max_num_queries):
    for _each in range(3):
        asked(cast, monitor)
    with django_assert_max_num_queries(4):
        assert len(queries.listing(cast.supervisor, "waiting").rows) == 3


# -- pages ----------------------------------------------------------------------------------------------------
def test_from_the_question_to_the_answer_on_the_pages(cast, monitor, sign_in):
    case = signed(cast).case
    outside = sign_in(monitor)
    page = f"/work/monitor/{case.number}/"
    assert case.number in outside.get("/work/monitor/").content.decode()
    assert outside.post(page, {"unit": cast.chengguan.pk, "question": ""}).status_code == 422
    assert outside.post(page, {"unit": cast.chengguan.pk, "question": "为什么？"}).status_code == 302
    again = outside.post(page, {"unit": cast.chengguan.pk, "question": "为什么？"})
    assert again.status_code == 422 and "还没有答复" in again.content.decode()
    row = Inquiry.objects.get()
    unit, address = sign_in(cast.handler), f"/work/monitor/inquiries/{row.pk}/"
    assert "为什么？" in unit.get("/work/monitor/inquiries/").content.decode()
    assert unit.post(address, {"text": ""}).status_code == 422
    assert unit.post(address, {"text": "在等检测"}).status_code == 302
    late = unit.post(address, {"text": "在等检测"})
    assert late.status_code == 422 and "已答复" in late.content.decode()
    assert "在等检测" in outside.get(page).content.decode()
    assert sign_in(cast.zhujian_handler).get(address).status_code == 404


def test_the_successor_answers_what_the_merged_unit_was_asked(cast, monitor):
    order = signed(cast)
    row = asked(cast, monitor, order.case)
    cast.chengguan.valid_to, cast.chengguan.successor = date(2026, 11, 2), cast.zhujian
    cast.chengguan.save()
    with at(MONDAY + 2 * DAY):
        actions.take_over(order, by=cast.dispatcher)
        assert queries.inquiries(cast.zhujian_handler).filter(pk=row.pk).exists()
        answer_inquiry(row, by=cast.zhujian_handler, text="三次")
    row.refresh_from_db()
    assert row.state == Inquiry.State.ANSWERED
