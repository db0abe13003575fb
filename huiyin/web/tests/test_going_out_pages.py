"""Pages of the roads out: what the office is offered and shown, and what the petitioner reads of it."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from huiyin.cases import actions
from huiyin.cases.models import Case, Referral
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.web.tests.citizens import hand_in

pytestmark = pytest.mark.django_db
COURT = "听风县人民法院"


@pytest.fixture(autouse=True)
def _on_monday():
    cache.clear()
    with clock.frozen(roads.MONDAY):
        yield


def read(client, case):
    return client.get(reverse("cases:case", args=[case.number])).content.decode()


def act(client, case, name, target=None, **sent):
    where = reverse("cases:act", args=[case.number, name, *([target.pk] if target else [])])
    return client.post(where, sent, follow=True)


def own(visitor):
    return visitor.client.get(visitor.page).content.decode()


# -- the legal route -----------------------------------------------------------------------------------------
def test_the_petitioner_gets_a_receipt_of_the_legal_route_and_may_contest_it(cast, sign_in):
    visitor = hand_in()
    reason = str(cast.to_court.pk)
    answer = act(
        sign_in(cast.clerk), visitor.case, "advise_route", reason=reason, to=COURT, said="立案庭在一楼"
    )
    assert "诉求人可以打印回执" in answer.content.decode()
    told = own(visitor)
    for words in (
        "法定途径告知回执",
        visitor.number,
        COURT,
        cast.to_court.basis,
        "立案庭在一楼",
        "data-print",
    ):
        assert words in told, words
    assert "告知您应当走的法定途径" in told and "对这个决定有异议" in told
    sent = visitor.client.post(reverse("citizen:act", args=[visitor.number, "contest"]), {"why": "法院不收"})
    assert sent.status_code == 302
    assert Case.objects.get(pk=visitor.case.pk).state == "registered"
    assert "法定途径告知回执" in own(visitor), "the receipt stays"


def test_other_parties_names_are_taken_out_of_the_words(cast):
    case = roads.registered(cast, parties=roads.TWO)
    actions.advise_route(
        case, by=cast.clerk, reason=cast.to_court, body=COURT, words_to_citizen="13800000002 也来过"
    )
    from huiyin.channels.web.reading import own_case

    member, petitioner = roads.party_of(case, "member"), roads.party_of(case)
    assert "13800000002" in own_case(member, case.number).referrals[0].text
    assert "13800000002" not in own_case(petitioner, case.number).referrals[0].text


# -- forwarded -----------------------------------------------------------------------------------------------
def test_a_forwarded_matter_shows_its_receipts_clock_and_what_can_be_done(cast, sign_in):
    visitor = hand_in()
    clerk = sign_in(cast.clerk)
    act(clerk, visitor.case, "forward", to="青山县信访局", reference="听转 3 号", said="事发地在该县")
    page = read(clerk, visitor.case)
    for words in (
        "转出",
        "青山县信访局",
        "听转 3 号",
        "催问外部单位",
        "登记回执",
        "登记外部结果",
        "收回转送",
    ):
        assert words in page, words
    told = own(visitor)
    for words in ("青山县信访局", "听转 3 号", "事发地在该县", "对方还没有回执", "等外部单位的回执和结果"):
        assert words in told, words
    assert visitor.number in clerk.get("/work/desk/?tab=outside").content.decode()
    assert visitor.number not in clerk.get("/work/desk/?tab=awaited").content.decode()
    with clock.frozen(roads.MONDAY + timedelta(days=9)):
        assert visitor.number in clerk.get("/work/desk/?tab=awaited").content.decode()
        found = sign_in(cast.supervisor).get("/work/supervision/matters/?tab=awaited")
        assert visitor.number in found.content.decode()


def test_a_receipt_is_dated_by_the_day_it_came(cast, sign_in):
    row = roads.forwarded(cast)
    with clock.frozen(roads.MONDAY + timedelta(days=9)):
        act(
            sign_in(cast.caller),
            row.case,
            "record_receipt",
            row,
            receipt="青信收 7 号",
            received="2026-11-03",
        )
    row = roads.fresh(row)
    assert (clock.local_date(row.receipt_at).isoformat(), row.clock.late) == ("2026-11-03", False)


def test_on_the_day_of_sending_it_is_dated_by_the_sending_and_never_tomorrow(cast, sign_in):
    row = roads.forwarded(cast)
    with clock.frozen(roads.MONDAY + timedelta(days=1)):
        wrong = act(sign_in(cast.clerk), row.case, "record_receipt", row, received="2026-11-20")
        assert wrong.status_code == 422 and "晚于现在" in wrong.content.decode()
        act(sign_in(cast.clerk), row.case, "record_receipt", row, received="2026-11-02")
    assert clock.local_date(roads.fresh(row).receipt_at).isoformat() == "2026-11-02"


# -- emergencies ---------------------------------------------------------------------------------------------
def test_the_minute_of_registering_counts_as_the_minute_of_handing_over(cast, sign_in):
    with clock.frozen(roads.MONDAY + timedelta(seconds=40)):
        case = roads.registered(cast)
    with clock.frozen(roads.MONDAY + timedelta(minutes=20)):
        act(sign_in(cast.clerk), case, "hand_over", service="119", minute="2026-11-02T09:00", reference="7")
    row = Referral.objects.get(case=case)
    assert (row.sent_at, row.body) == (case.received_at, "119")


def test_what_was_handed_over_is_read_by_the_petitioner_and_the_unit(cast, sign_in):
    visitor = hand_in()
    order = roads.dispatched(cast)
    actions.hand_over(order.case, by=cast.clerk, service="119", reference="119-7")
    assert "消防救援 119" in read(sign_in(cast.handler), order.case)
    clerk = sign_in(cast.clerk)
    act(clerk, visitor.case, "hand_over_and_end", service="110", minute="2026-11-02T09:00")
    told = own(visitor)
    assert "公安 110" in told and "已移交应急力量" in told and "重启" in told


# -- another procedure ---------------------------------------------------------------------------------------
def test_a_resting_matter_says_until_when_and_the_unit_reads_why(cast, sign_in):
    row = roads.referred(cast)
    page = read(sign_in(cast.handler), row.case)
    assert "银杏社区调解委员会" in page and "调解" in page
    desk = read(sign_in(cast.clerk), row.case)
    assert "恢复办理" in desk and "另循程序已解决" in desk and "11 月 9 日" in desk


# -- counselling ---------------------------------------------------------------------------------------------
def test_counselling_is_read_by_the_desk_alone(cast, sign_in):
    case = roads.signed(cast).case
    row = roads.fresh(roads.counselled(cast))
    actions.counsel(
        case, by=cast.clerk, body="县心理协会", until=clock.local_date(row.until), said="半年睡不好"
    )
    assert "半年睡不好" in read(sign_in(cast.clerk), case)
    unit = read(sign_in(cast.handler), case)
    assert "半年睡不好" not in unit and "心理协会" not in unit and "疏导" not in unit


# -- terminating ---------------------------------------------------------------------------------------------
def test_two_people_terminate_and_the_petitioner_reads_ground_words_and_appeal(cast, sign_in):
    visitor = hand_in()
    actions.accept(visitor.case, by=cast.clerk, category=cast.night_noise)
    act(
        sign_in(cast.dispatcher),
        visitor.case,
        "propose_termination",
        reason=str(cast.dead_end.pk),
        said="店已搬走",
    )
    assert "店已搬走" not in own(visitor), "a proposal is not told"
    supervisor = sign_in(cast.supervisor)
    page = read(supervisor, visitor.case)
    assert "同意终止" in page and "店已搬走" in page
    row = visitor.case.terminations.get()
    act(supervisor, visitor.case, "confirm_termination", row, said="现场看过")
    told = own(visitor)
    for words in ("为什么终止办理", cast.dead_end.text, cast.dead_end.basis, "店已搬走", "对这个决定有异议"):
        assert words in told, words
    assert "现场看过" not in told
    actions.archive(visitor.case, by=cast.reviewer)
    put_away = own(visitor)
    assert "已归档" in put_away and "为什么终止办理" in put_away and "店已搬走" in put_away


def test_why_a_matter_was_declined_stays_on_the_page_of_an_archived_one(cast):
    visitor = hand_in()
    actions.decline(visitor.case, by=cast.clerk, reason=cast.no_duty)
    assert "为什么不能受理" in own(visitor)
    actions.archive(visitor.case, by=cast.reviewer)
    assert "为什么不能受理" in own(visitor) and cast.no_duty.basis in own(visitor)


def test_a_units_page_says_nothing_of_a_proposal(cast, sign_in):
    row = roads.to_terminate(cast)
    page = read(sign_in(cast.handler), row.case)
    assert "终止" not in page and "店已搬走" not in page
