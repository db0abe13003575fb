"""确认脱敏文本 and 查看原文: what units read, and who opens what they do not."""

import pytest

from huiyin.cases import actions
from huiyin.cases.actions.redact import Redaction
from huiyin.cases.models import Case
from huiyin.cases.tests.roads import (
    closed,
    denied,
    dispatched,
    fresh,
    objected,
    one_event,
    refused,
    registered,
    signed,
)
from huiyin.ledger.queries import latest

pytestmark = pytest.mark.django_db
OPEN = {"confidentiality": Case.Confidentiality.OPEN}
READABLE = Redaction(
    title="夜间噪声", text="烧烤店每晚到两点，电话 13800000001", place="石桥街道 13800000001"
)


def test_a_person_confirms_the_text_and_numbers_left_in_are_masked_all_the_same(cast):
    case = registered(cast)
    with one_event(case, "redact", cast.clerk):
        actions.redact(case, by=cast.clerk, redaction=READABLE)
    case = fresh(case)
    assert case.redacted_by == cast.clerk.post and case.state == "registered"
    assert "13800000001" not in case.text + case.place and "烧烤店" in case.text


def test_it_can_be_mended_after_the_end(cast):
    case = closed(cast)
    actions.redact(case, by=cast.reviewer, redaction=READABLE)
    assert fresh(case).state == "closed"


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (Redaction(title="", text="有"), "missing"),
        (Redaction(title="有", text=""), "missing"),
        (Redaction(title="长" * 121, text="有"), "too_long"),
        (Redaction(title="有", text="有", place="长" * 121), "too_long"),
    ],
)
def test_bad_input_is_refused(cast, bad, code):
    case = registered(cast)
    with refused(code=code):
        actions.redact(case, by=cast.clerk, redaction=bad)


@pytest.mark.parametrize("length", [109, 115, 120])
def test_a_mask_longer_than_what_it_hides_still_fits(cast, length):
    case = registered(cast)
    number = "13800000001"
    title = number * 2 + "长" * (length - 2 * len(number))
    actions.redact(case, by=cast.clerk, redaction=Redaction(title=title, text="有", place=title))
    assert len(fresh(case).title) <= 120 and len(fresh(case).place) <= 120


@pytest.mark.parametrize("who", ["handler", "caller", "supervisor", "citizen"])
def test_others_may_not_redact(cast, who):
    case = dispatched(cast).case
    with denied():
        actions.redact(case, by=getattr(cast, who), redaction=READABLE)


# -- opening the original -------------------------------------------------------------------------------------
def test_opening_takes_a_reason_and_writes_an_event(cast):
    case = registered(cast)
    with one_event(case, "open_original", cast.clerk):
        original = actions.open_original(case, by=cast.clerk, reason="核对门牌号")
    assert "13800000001" in original.text and original.people[0]["name"] == "赵钱孙"
    facts = latest(f"case:{case.number}").facts
    assert facts["unit"] == "centre" and "赵钱孙" not in str(facts)


@pytest.mark.parametrize("reason", ["", "看看", "   "])
def test_without_a_real_reason_nothing_opens(cast, reason):
    case = registered(cast)
    with refused("理由" if not reason.strip() else "为什么"):
        actions.open_original(case, by=cast.clerk, reason=reason)


def test_a_unit_opens_only_what_was_left_open_to_units_and_only_with_the_order_in_hand(cast):
    sealed, open_to_units = signed(cast), signed(cast, **OPEN)
    with denied():
        actions.open_original(sealed.case, by=cast.handler, reason="联系上门", order=sealed)
    with denied():
        actions.open_original(open_to_units.case, by=cast.handler, reason="联系上门")
    with denied():
        actions.open_original(open_to_units.case, by=cast.outsider, reason="联系上门", order=open_to_units)
    with one_event(open_to_units.case, "open_original", cast.handler):
        actions.open_original(open_to_units.case, by=cast.handler, reason="联系上门", order=open_to_units)


def test_a_unit_that_lost_the_order_reads_no_more(cast):
    lost = objected(cast, **OPEN)
    actions.redispatch(lost, by=cast.dispatcher, unit=cast.chengguan, reason="归城管")
    with refused("已改派", code="state"):
        actions.open_original(lost.order.case, by=cast.outsider, reason="想再看看", order=lost.order)


@pytest.mark.parametrize("who", ["citizen", "representative", "administrator", "auditor"])
def test_others_may_not_open_it(cast, who):
    case = registered(cast)
    with denied():
        actions.open_original(case, by=getattr(cast, who), reason="核对门牌号")


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    case = registered(cast)
    with django_assert_max_num_queries(10):
        actions.open_original(case, by=cast.clerk, reason="核对门牌号")
