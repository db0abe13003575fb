"""huiyin calendar: a year is loaded from a file, open clocks and their cases follow, and a slip changes nothing."""

import json
from datetime import UTC, datetime

import pytest

from huiyin.cases import actions, due
from huiyin.cases.actions import Intake, PartyIn
from huiyin.cases.models import Case, Order
from huiyin.cli.commands import calendar
from huiyin.cli.frame import main
from huiyin.deadlines import queries
from huiyin.deadlines.models import CalendarYear, Clock
from huiyin.kernel import clock

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def notice(tmp_path):
    def write(text: str):
        path = tmp_path / "year.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_loading_a_year_prints_what_it_did_and_makes_it_known(notice, capsys):
    file = notice('[2027]\nholidays = ["2027-01-01/2027-01-03"]\nworkdays = ["2027-02-07"]\nbasis = "演示"')
    assert calendar.load(file, machine=True) == 0
    [told] = json.loads(capsys.readouterr().out)
    assert (told["year"], told["loaded"], told["working"]) == (2027, True, 261)
    assert calendar.show(2027, machine=False) == 0
    assert "2027-01-01 – 2027-01-03" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["calendar", "show", "2030"], ["calendar", "load", "nowhere.toml"]])
def test_an_unknown_year_or_file_ends_with_three_and_says_what_to_type(words, capsys):
    assert main(words) == 3
    said = capsys.readouterr()
    assert not said.out
    assert "calendar" in said.err or "nowhere.toml" in said.err
    assert not CalendarYear.objects.exists()


def test_orders_and_cases_follow_a_changed_calendar(cast, notice, capsys):
    with clock.frozen(MONDAY):
        words = Intake(text="路灯不亮。", title="路灯", parties=[PartyIn(name="赵钱孙", phone="13800000001")])
        case = actions.register(words, by=cast.citizen).case
        actions.accept(case, by=cast.clerk, category=cast.night_noise)
        order = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
        before = (Case.objects.get().due_at, Order.objects.get().due_at)
        calendar.load(notice('[2026]\nholidays = ["2026-11-04", "2026-11-05"]'), machine=True)
    case, order = Case.objects.get(), Order.objects.get()
    assert case.due_at > before[0] and order.due_at > before[1]
    assert order.due_at == order.clock.due_at
    assert case.due_at == case.rounds.get().clock.due_at
    assert queries.last_day(order.clock).isoformat() == "2026-11-10"
    assert due.follow(list(Clock.objects.all())) <= 1  # the case's own row is written again, nothing moves
    assert Case.objects.get().due_at == case.due_at
