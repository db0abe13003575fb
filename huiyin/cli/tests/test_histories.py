"""A history of a given shape: its figures come out exactly, whatever stands there before, and acts move them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.cli.histories import shape
from huiyin.cli.histories.shape import Shape
from huiyin.kernel.refusals import Refused

ROOT = Path(__file__).resolve().parents[3]
PUBLISHED = {
    "received": 1945,
    "concluded": 1883,
    "conclusion_rate": 0.968,
    "suggestions": 574,
    "suggestion_share": 0.295,
    "appeals": 1371,
    "appeal_share": 0.705,
    "satisfaction_rate": 0.921,
}
# Ten open matters are brought to their end in earnest: answered, let out, told, and rated 不满意 by who brought them.
TEN = """
from huiyin.cases import actions
from huiyin.cases.models import Case, Notice
from huiyin.cli.demo.stage import Stage
from huiyin.evaluation.actions import rate
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor
reviewer = Stage(clock.now()).posts["reviewer"][0]
for case in Case.objects.filter(ended_at=None).order_by("pk")[:10]:
    order, party = case.orders.get(state="signed"), Actor.citizen(case.parties.get().pk)
    actions.answer(order, by=Actor.of(order.person), text="已办。", outcome="solved")
    actions.approve(Case.objects.get(pk=case.pk), by=Actor.of(reviewer))
    for notice in Notice.objects.filter(case=case, told_at=None):
        actions.record_told(notice, by=party, how="delivered", said="")
    rate(Case.objects.get(pk=case.pk), by=party, contacted=True, solved="yes", satisfied=2)
"""


@given(st.tuples(*[st.integers(0, 60)] * 5))
def test_every_shape_that_does_not_contradict_itself_is_dealt_exactly(counts):
    received, suggestions, concluded, ratings, satisfied = counts
    asked = Shape(received, suggestions, concluded, ratings, satisfied)
    if not (satisfied <= ratings <= concluded <= received and suggestions <= received):
        with pytest.raises(Refused):
            shape.kinds(asked, seed=1)
        return
    dealt = shape.kinds(asked, seed=1)
    counted = Shape(
        len(dealt),
        sum(kind.suggestion for kind in dealt),
        sum(kind.ended for kind in dealt),
        sum(kind.rated != "" for kind in dealt),
        sum(kind.rated == "good" for kind in dealt),
    )
    assert counted == asked
    assert all(kind.ended for kind in dealt if kind.rated)


def test_what_stands_is_taken_off_and_too_much_is_refused():
    asked, there = Shape(10, 4, 8, 5, 4), Shape(3, 1, 2, 1, 1)
    assert shape.left(asked, there) == Shape(7, 3, 6, 4, 3)
    with pytest.raises(Refused):
        shape.left(asked, Shape(11, 4, 8, 5, 4))


@pytest.mark.slow
@pytest.mark.embedded
def test_the_published_figures_of_yantian_come_out_and_ten_cases_move_them(tmp_path):
    first = json.loads(huiyin(tmp_path, "demo", "--profile", "yantian", "--json"))
    assert first == {"made": 1945}
    before = figures(tmp_path)
    assert {name: round(before[name]["value"], 3) for name in PUBLISHED} == PUBLISHED
    assert before["satisfaction_rate"]["n"] == 1520 and before["satisfaction_rate"]["denominator"]
    for each in (before[name] for name in PUBLISHED):
        assert each["n"] and len(each["interval"]) == 2 and each["definition"]
    assert json.loads(huiyin(tmp_path, "demo", "--profile", "yantian", "--json")) == {"made": 0}
    huiyin(tmp_path, "manage", "shell", "-c", TEN, profile="yantian")
    after = figures(tmp_path)
    assert (after["received"]["value"], after["concluded"]["value"]) == (1945, 1893)
    assert after["conclusion_rate"]["value"] == pytest.approx(1893 / 1945, abs=1e-4)
    assert after["satisfaction_rate"]["value"] == pytest.approx(1400 / 1530, abs=1e-4)
    assert after["satisfaction_rate"]["n"] == 1530


def figures(home: Path) -> dict:
    return json.loads(huiyin(home, "figures", "--profile", "yantian", "--json"))


def huiyin(home: Path, *arguments: str, profile: str = "") -> str:
    """What a command prints in a home of its own; fails the test where it does."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HUIYIN_")}
    environment = {**inherited, "HUIYIN_HOME": str(home), **({"HUIYIN_PROFILE": profile} if profile else {})}
    done = subprocess.run(
        [sys.executable, "-m", "huiyin.cli", *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
