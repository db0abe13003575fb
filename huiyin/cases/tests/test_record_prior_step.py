"""以前的办理: what other bodies did is on the record, at any time, for whoever handles the matter now."""

from datetime import date

import pytest

from huiyin.cases import actions, asides
from huiyin.cases.models import PriorStep
from huiyin.cases.tests import petitions, roads
from huiyin.cases.tests.roads import denied, fresh, one_event, party_of, refused
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger.models import Event

pytestmark = pytest.mark.django_db
READ = Permit(holder="test", purpose=Purpose.WORK)


@pytest.fixture(autouse=True)
def _in_spring(_on_monday):
    """Everything ends in a year whose calendar is known."""
    with roads.at(petitions.SPRING):
        yield


def record(case, by, **more):
    step = {
        "kind": "handling",
        "body": "市自然资源局",
        "reference": "自信〔2024〕7号",
        "on": date(2024, 5, 6),
    }
    return actions.record_prior_step(case, by=by, **{**step, "result": "不予支持", **more})


def test_it_writes_the_step_and_moves_nothing(cast):
    case = roads.registered(cast, **petitions.PETITION)
    with one_event(case, "record_prior_step", cast.clerk):
        row = record(case, cast.clerk)
    assert (row.body, row.reference, row.on) == ("市自然资源局", "自信〔2024〕7号", date(2024, 5, 6))
    assert row.result.open(READ) == "不予支持" and fresh(case).state == "registered"
    facts = Event.objects.get(subject=f"case:{case.number}", kind="record_prior_step").facts
    assert facts["kind"] == "handling" and "自然资源" not in str(facts)


@pytest.mark.parametrize("road", [petitions.told, petitions.rereviewed, roads.archived])
def test_it_can_be_done_at_any_time(cast, road):
    assert record(road(cast), cast.dispatcher).pk


def test_each_refusal_says_what_to_mend(cast):
    case = roads.registered(cast)
    with refused("哪一种办理", code="kind"):
        record(case, cast.clerk, kind="gossip")
    with refused("请填写机关", code="missing"):
        record(case, cast.clerk, body=" ")
    with refused("晚于今天", code="on"):
        record(case, cast.clerk, on=date(2027, 1, 1))
    assert not PriorStep.objects.exists()


def test_only_the_desk_records_it(cast):
    order = petitions.signed(cast)
    for who in (cast.handler, cast.supervisor, cast.caller, party_of(order.case)):
        with denied():
            record(order.case, who)


def test_the_unit_that_handles_the_matter_reads_it(cast):
    order = petitions.signed(cast)
    record(order.case, cast.clerk)
    found = asides.of(order.case, cast.handler, {"record_prior_step"})
    assert [row.body for row in found["prior_step"]] == ["市自然资源局"]
