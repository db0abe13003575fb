"""A large demonstration: what is cast from histories is such as the acts would have written it."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from huiyin.cases import batch
from huiyin.cases.models import Case
from huiyin.cases.tests.roads import everything
from huiyin.cases.tests.rules import Look
from huiyin.cli import main
from huiyin.cli.commands import demo
from huiyin.cli.demo import copies, moulds
from huiyin.cli.demo.elsewhere import laid_onto
from huiyin.deadlines import clocks
from huiyin.deadlines.models import Clock, Pause
from huiyin.deadlines.queries import work_calendar
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger.models import Event
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.verify import verify
from huiyin.people.models import Person

THURSDAY = datetime(2026, 11, 19, 6, 0, tzinfo=UTC)
PERMIT = Permit(holder="test", purpose=Purpose.VERIFY)


@pytest.fixture
def small(monkeypatch):
    """A demonstration whose every stage is small."""
    for name, value in {"WALKED": 24, "SEASONS": 2, "OF_A_SEASON": 4}.items():
        monkeypatch.setattr(demo, name, value)
    monkeypatch.setattr(copies, "CHUNK", 30)


@pytest.fixture
def planned(db, small, capsys):
    """What two dozen walked cases allow, on a Thursday afternoon."""
    with clock.frozen(THURSDAY):
        assert main(["profile", "load", "demo"]) == 0
        assert main(["demo", "--cases", "24", "--json"]) == 0
        capsys.readouterr()
        yield copies.plan(1)


def cast(plan, cases):
    """One chunk, written."""
    batch.write(copies.cast(plan, chunk=0, cases=cases))
    return Case.objects.filter(idempotency_key__contains=":copy:")


@pytest.mark.slow
def test_cast_cases_keep_every_rule_of_cases_and_of_the_ledger(planned):
    made = cast(planned, 40)
    assert made.count() in (40, 41)
    Look(everything()).require_sound()
    report = verify()
    assert not report.problems and not Event.objects.filter(position=None).exists()
    assert not Event.objects.filter(occurred_at__gt=THURSDAY).exists()
    for case in made:
        assert Event.objects.filter(subject=f"case:{case.number}").count() == case.version


@pytest.mark.slow
def test_every_deadline_of_a_cast_case_is_where_its_clock_would_set_it(planned):
    numbers = cast(planned, 40).values_list("number", flat=True)
    for each in Clock.objects.filter(subject__in=list(numbers)).select_related("policy"):
        pauses = list(Pause.objects.filter(clock=each))
        if each.due_at is not None:
            assert not clocks.restate(each, at=THURSDAY, pauses=pauses, calendar=work_calendar()), each


@pytest.mark.slow
def test_figures_of_cast_cases_are_those_of_the_cases_they_were_cast_from(planned):
    """Every settled history once more, on its own days: each figure of them is doubled, and no rate changes."""
    before = _counted(Case.objects.exclude(ended_at=None))
    planned.waiting, chosen = [], [mould for mould, _days, _weights in planned.settled]
    planned.pick = lambda _dice: (chosen.pop(), 0)
    alike = _counted(Case.objects.filter(pk__in=[case.pk for mould in chosen for case in mould.cases]))
    cast(planned, sum(len(mould.cases) for mould in chosen))
    assert _counted(Case.objects.filter(idempotency_key__contains=":copy:")) == alike
    assert _counted(Case.objects.exclude(ended_at=None)) == before + alike


def _counted(cases):
    """How many there are of each kind: day, state, nature, category, unit, round, and how soon they were answered."""
    return Counter(
        cases.values_list(
            "received_on", "state", "nature", "category", "region", "round", "version", "headcount"
        )
    )


@pytest.mark.slow
def test_nothing_of_a_cast_case_is_the_other_s_key_number_code_or_telephone(planned):
    made = cast(planned, 20)
    others = Case.objects.exclude(idempotency_key__contains=":copy:")
    assert not set(made.values_list("number", flat=True)) & set(others.values_list("number", flat=True))
    codes = [
        bytes(party.code_hash)
        for case in Case.objects.all()
        for party in case.parties.all()
        if party.code_hash
    ]
    assert len(codes) == len(set(codes))
    for person in Person.objects.exclude(phone=None):
        assert person.phone.open(PERMIT).startswith("+861380")


def test_a_span_moves_only_onto_days_that_work_alike(db):
    calendar = work_calendar()
    span = (date(2026, 11, 2), date(2026, 11, 13))
    found = moulds.twins(span, earliest=date(2025, 9, 1), works=calendar.is_working)
    assert 0 in found and -7 in found and -1 not in found
    assert all(span[0] + timedelta(days=each) >= date(2025, 9, 1) for each in found)
    assert (date(2026, 9, 28) - span[0]).days not in found, "the National Day week does not work"


def test_a_history_is_laid_onto_other_days_with_its_working_days_in_their_order(db):
    calendar, thursday = work_calendar(), date(2026, 11, 5)
    saturday, monday = date(2026, 11, 7), date(2026, 11, 9)
    onto = laid_onto({thursday, saturday, monday}, date(2026, 10, 15), works=calendar.is_working)
    assert onto is not None
    assert [onto[day] for day in (thursday, saturday, monday)] == [
        date(2026, 10, 15), date(2026, 10, 17), date(2026, 10, 19),
    ]  # fmt: skip
    for first in (date(2026, 10, 17), date(2026, 11, 3)):  # a day off; no day off where its Saturday was
        assert laid_onto({thursday, saturday, monday}, first, works=calendar.is_working) is None
    for first in (date(2026, 9, 24), date(2026, 9, 30), date(2026, 11, 3)):  # over the holidays too
        onto = laid_onto({thursday, monday}, first, works=calendar.is_working)
        assert onto is not None and onto[monday] == calendar.add_working_days(first, 2)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_cut_short_is_gone_on_with(small, capsys):
    assert main(["profile", "load", "demo"]) == 0
    assert main(["demo", "--cases", "70", "--json"]) == 0
    capsys.readouterr()
    first = Case.objects.count()
    assert main(["demo", "--cases", "120", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["known"] >= 70 and told["made"] + told["known"] >= 120
    assert Case.objects.count() == first + told["made"]
    while sequence():
        pass
    assert not verify().problems
