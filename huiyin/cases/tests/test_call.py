"""A number is opened for a call: by whom, on what record, and never where the petitioner is sealed from units."""

import pytest

from huiyin.cases import actions, offering, queries
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case
from huiyin.cases.tests.roads import denied, one_event, refused, registered, signed
from huiyin.ledger.queries import latest

pytestmark = pytest.mark.django_db
PHONE = "+8613800000001"
OPEN = {"confidentiality": Case.Confidentiality.OPEN}


def offered(case, by):
    return [act for act, _target in offering.offered(queries.page_of(case, by))]


def test_the_number_is_on_record_and_the_record_holds_no_number(cast):
    case = registered(cast)
    with one_event(case, "call", cast.caller):
        found = actions.call(case, by=cast.caller)
    assert found == [{"name": "赵钱孙", "phone": PHONE, "email": ""}]
    facts = latest(f"case:{case.number}").facts
    assert facts["purpose"] == "contact" and PHONE[3:] not in str(facts)


def test_a_unit_calls_only_whom_the_petitioner_left_open_to_units(cast):
    sealed, left_open = signed(cast), signed(cast, **OPEN)
    with denied():
        actions.call(sealed.case, by=cast.handler, order=sealed)
    assert "call" not in offered(sealed.case, cast.handler)
    assert "call" in offered(left_open.case, cast.handler)
    with one_event(left_open.case, "call", cast.handler):
        assert actions.call(left_open.case, by=cast.handler, order=left_open)[0]["phone"] == PHONE


def test_a_unit_without_the_order_calls_nobody(cast):
    left_open = signed(cast, **OPEN)
    with denied():
        actions.call(left_open.case, by=cast.handler)
    with denied():
        actions.call(left_open.case, by=cast.outsider, order=left_open)


@pytest.mark.parametrize("who", ["supervisor", "leader", "citizen", "representative", "auditor"])
def test_others_may_not(cast, who):
    case = registered(cast)
    with denied():
        actions.call(case, by=getattr(cast, who))


def test_where_nobody_left_a_number_nothing_is_recorded(cast):
    case = registered(cast, parties=[PartyIn()])
    before = case.version
    with refused("没有留下电话", code="no_phone"):
        actions.call(case, by=cast.clerk)
    case.refresh_from_db()
    assert case.version == before
    assert "call" not in offered(case, cast.clerk)
