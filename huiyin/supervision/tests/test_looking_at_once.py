"""Two people at the same moment, on either database: one acts, the other is told."""

import pytest

from huiyin.cases.models import Order
from huiyin.cases.tests import roads
from huiyin.cases.tests.roads import DAY, MONDAY, at, party_of
from huiyin.cases.tests.test_concurrency import at_once, winner_and_loser
from huiyin.kernel import clock
from huiyin.supervision.entries.actions import accept_entry, refuse_entry, submit_entry
from huiyin.supervision.entries.models import Inspection, LedgerEntry
from huiyin.supervision.entries.rules import AcceptanceRule
from huiyin.supervision.recurrence import tasks
from huiyin.supervision.recurrence.actions import tell_recurrence
from huiyin.supervision.recurrence.models import Recheck
from huiyin.supervision.recurrence.rules import RecheckRule
from huiyin.supervision.sweeps.actions import finish_sheet, plan_sweep
from huiyin.supervision.sweeps.rules import SweepKind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _rules(monkeypatch):
    monkeypatch.setattr("huiyin.supervision.entries.rules.acceptance_rules", lambda: [AcceptanceRule()])
    monkeypatch.setattr("huiyin.supervision.recurrence.tasks.recheck_rules", lambda: [RecheckRule(30, 100)])
    with clock.frozen(MONDAY):
        yield


def led(cast):
    return Order.objects.get(case=roads.closed(cast), part="lead")


def test_an_entry_is_handed_in_once(cast):
    order = led(cast)
    _first, refused = winner_and_loser(
        at_once(
            lambda: submit_entry(order, by=cast.handler), lambda: submit_entry(order, by=cast.unit_leader)
        )
    )
    assert "待验收" in str(refused) and LedgerEntry.objects.count() == 1


def test_two_inspectors_do_not_both_decide(cast):
    entry = submit_entry(led(cast), by=cast.handler)
    winner_and_loser(
        at_once(
            lambda: accept_entry(entry, by=cast.supervisor, text="看过"),
            lambda: refuse_entry(entry, by=cast.leader, reason="不对"),
        )
    )
    entry.refresh_from_db()
    assert Inspection.objects.get().accepted == (entry.state == "accepted")


def test_a_petitioner_and_a_caller_do_not_both_answer(cast):
    case = roads.closed(cast)
    with at(MONDAY + 30 * DAY):
        tasks.draw()
        row = Recheck.objects.get()
        first, refused = winner_and_loser(
            at_once(
                lambda: tell_recurrence(row, by=party_of(case), came_back=True),
                lambda: tell_recurrence(row, by=cast.caller, came_back=False),
            )
        )
    case.refresh_from_db()
    assert case.state == ("registered" if first == 0 else "closed")
    assert Recheck.objects.get().came_back is (first == 0) and refused.code in ("answered", "state")


def test_two_workers_draw_once(cast):
    roads.closed(cast)
    with at(MONDAY + 30 * DAY):
        made = at_once(tasks.draw, tasks.draw)
    assert sorted(made)[-1] >= 1 and Recheck.objects.count() == 1


def test_a_sheet_is_finished_once(cast):
    day = clock.local_date(MONDAY)
    kind = SweepKind("winter", "冬季", "看炉子")
    sweep = plan_sweep(
        by=cast.supervisor,
        kind=kind,
        title="冬季",
        what="看",
        region=cast.town,
        since=day,
        until=day,
        every=7,
    )
    sheet = sweep.sheets.get()
    winner_and_loser(
        at_once(*[lambda: finish_sheet(sheet, by=cast.community_handler, nothing=True) for _each in range(2)])
    )
