"""huiyin figures, and stats, its old name: every figure with n, interval and definition."""

import json
from datetime import timedelta

import pytest

from huiyin.analytics.catalogue import FIGURES
from huiyin.analytics.tests.test_figures import answered_after
from huiyin.cases.models import Case
from huiyin.cli import main
from huiyin.cli.histories.elsewhere import require_loaded
from huiyin.evaluation.tests.road import MONDAY, registered
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused

pytestmark = pytest.mark.django_db


def printed(capsys, *arguments):
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("name", ["figures", "stats"])
def test_the_command_prints_every_figure_as_json(cast, capsys, name):
    answered_after(cast, 2)
    with clock.frozen(MONDAY):
        registered(cast, nature=Case.Nature.SUGGESTION)
    with clock.frozen(MONDAY + timedelta(days=3)):
        found = printed(capsys, name, "--from", "2026-11-01", "--to", "2026-11-30")
    assert set(FIGURES) <= set(found)
    for each in (found[figure] for figure in FIGURES):
        assert {"value", "n", "interval", "definition", "denominator", "basis", "unit"} <= set(each)
    assert (found["received"]["value"], found["suggestions"]["value"], found["appeals"]["value"]) == (2, 1, 1)
    assert found["suggestions"]["share"] == 0.5 and found["suggestion_share"]["value"] == 0.5
    assert (found["median_days"]["value"], found["max_days"]["value"]) == (2.0, 2.0)
    assert (found["on_time_rate"]["value"], found["on_time_rate"]["n"]) == (1.0, 1)
    assert found["on_time_rate"]["interval"] == [0.2065, 1.0]
    assert (found["satisfaction_rate"]["value"], found["satisfaction_rate"]["n"]) == (None, 0)
    assert printed(capsys, name, "--to", "2026-10-31")["received"]["value"] == 0


def test_figures_are_cut_by_region_unit_category_and_month(cast, capsys):
    case = answered_after(cast, 2)
    names = {}
    for by in ("region", "unit", "category", "month", "region:community", "category:top", "door"):
        [row] = printed(capsys, "figures", "--by", by)["rows"]
        assert row["figures"]["received"]["value"] == 1
        names[by] = row["key"]
    assert (names["unit"], names["category"], names["month"]) == ("chengguan", case.category.code, "2026-11")
    assert names["region"] == names["region:community"] == case.region.code, "a region above stands by itself"


def test_the_command_shows_tables_and_refuses_a_period_that_ends_before_it_begins(cast, capsys):
    answered_after(cast, 2)
    assert main(["stats", "--by", "unit"]) == 0
    shown = "".join(capsys.readouterr().out.split())
    assert "城管局" in shown and "2.00" in shown and "不含举报" in shown
    assert main(["stats", "--from", "2026-11-30", "--to", "2026-11-01"]) == 3


def test_another_place_s_data_are_not_read_by_mistake(cast, capsys):
    assert main(["figures", "--profile", "yantian"]) == 3
    assert "没有换成它" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [(), ("--from", "9999-12-31"), ("--to", "0001-01-01"), ("--by", "unit")]
)
def test_of_nothing_there_are_noughts_and_a_sentence(cast, capsys, arguments):
    found = printed(capsys, "figures", *arguments)
    assert (found["received"]["value"], found["received"]["n"], found["median_days"]["value"]) == (0, 0, None)
    assert (
        found["satisfaction_rate"] | {"value": None, "n": 0, "interval": None} == found["satisfaction_rate"]
    )
    assert main(["figures", "--by", "month"]) == 0
    assert "没有收到诉求" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--from", "2026-13-01"), 2, "2026-11-05"),
        (("--from", "12026-11-01"), 2, "2026-11-05"),
        (("--to", ""), 2, "2026-11-05"),
        (("--by", "policy"), 2, "category:top"),
        (("--from", "2026-11-02", "--to", "2026-11-01"), 3, "开始日期晚于结束日期"),
        (("--profile", "../demo"), 3, "没有换成它"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(cast, capsys, arguments, code, said):
    try:
        ended = main(["figures", *arguments])
    except SystemExit as end:
        ended = end.code
    assert (ended, said in capsys.readouterr().err) == (code, True)


@pytest.mark.parametrize("name", ["nowhere", "../demo", "/"])
def test_a_profile_that_does_not_exist_is_named_beside_those_that_do(cast, name):
    with pytest.raises(Refused, match="没有名叫") as refused:
        require_loaded(name)
    assert "yantian" in refused.value.instead
