"""huiyin unit take-over: a closed unit's open orders go on, one by one, and what stays says why."""

import json

import pytest

from huiyin.cases import tasks
from huiyin.cases.models import Order
from huiyin.cases.tests.roads import DAY, MONDAY, answered, at, dispatched, fresh, signed
from huiyin.cases.tests.test_take_over import dissolve
from huiyin.cli import main

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with at(MONDAY):
        yield


def test_every_open_order_goes_on_and_a_second_run_finds_nothing(cast, capsys):
    orders, done = [signed(cast), dispatched(cast)], answered(cast)
    dissolve(cast.chengguan, into=cast.zhujian)
    with at(MONDAY + 2 * DAY):
        assert main(["unit", "take-over", "chengguan", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"moved": 2, "stayed": []}
        assert main(["unit", "take-over", "chengguan", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["moved"] == 0
    assert {fresh(order).state for order in orders} == {"succeeded"} and fresh(done).state == "answered"
    assert Order.objects.filter(unit=cast.zhujian, state="sent").count() == 2


def test_what_stays_is_named_with_its_reason(cast, capsys):
    order = signed(cast)
    dissolve(cast.chengguan)
    with at(MONDAY + 2 * DAY):
        assert main(["unit", "take-over", "chengguan"]) == 1
        shown = capsys.readouterr().out
        assert order.case.number in shown and "后继单位" in shown
        assert main(["unit", "take-over", "chengguan", "--to", "weijian"]) == 0
    assert Order.objects.get(case=order.case, state="sent").unit == cast.weijian


def test_an_unknown_unit_is_refused(cast, capsys):
    assert main(["unit", "take-over", "nowhere"]) == 3
    assert "nowhere" in capsys.readouterr().err


def test_the_worker_does_it_by_itself_where_the_successor_is_known(cast):
    known, split = signed(cast), dispatched(cast, lead=cast.weijian)
    dissolve(cast.chengguan, into=cast.zhujian)
    dissolve(cast.weijian)
    with at(MONDAY + 2 * DAY):
        assert (tasks.take_over_left_behind(), tasks.take_over_left_behind()) == (1, 0)
    assert (fresh(known).state, fresh(split).state) == ("succeeded", "sent")
