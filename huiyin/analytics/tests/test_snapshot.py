"""The copy that is counted: no page waits for another one, and what does not fit into memory stays in the home."""

import fcntl
import json
from dataclasses import asdict, replace
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from huiyin.analytics import asking, building, engine, own, reading, snapshot
from huiyin.analytics.asking import Question
from huiyin.analytics.star import TABLES
from huiyin.assessment.tests import town
from huiyin.evaluation import actions as evaluation
from huiyin.evaluation.tests.road import MONDAY, petitioner, registered, told
from huiyin.kernel import clock
from huiyin.ledger.sequencer import sequence
from huiyin.web.words import moment

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()
    (snapshot.home() / snapshot.CURRENT).unlink(missing_ok=True)


def received(**more):
    with snapshot.recent(**more) as (star, checkpoint):
        [line] = asking.ask(star, ["received"], Question(checkpoint.moment))
        return line.figures["received"].value, checkpoint.moment


def test_a_page_is_counted_over_the_copy_there_is_however_old_and_says_of_when(cast, sign_in, monkeypatch):
    with clock.frozen(MONDAY):
        registered(cast)
        while sequence():
            pass
        assert received() == (1, MONDAY), "the first copy of all is written by whoever asks"
        registered(cast)
    with clock.frozen(MONDAY + 3 * DAY), monkeypatch.context() as patch:
        patch.setattr(snapshot, "_written", lambda: pytest.fail("a page wrote a copy"))
        assert received() == (1, MONDAY)
        assert own.of_unit(cast.chengguan).as_of == MONDAY
        page = sign_in(cast.handler).get(reverse("unit:figures")).content.decode()
        assert moment(MONDAY) in page
        with pytest.raises(snapshot.NotCounted, match="还没有算完") as refused:
            received(after=MONDAY + DAY)
        assert "huiyin doctor" in refused.value.instead
    with clock.frozen(MONDAY + 3 * DAY):
        snapshot.brought_up_to_date()
        assert received(after=MONDAY + DAY) == (2, MONDAY + 3 * DAY)


def test_before_any_event_has_a_place_the_first_copy_is_read_again_and_not_written_anew(cast, monkeypatch):
    with clock.frozen(MONDAY):
        assert received() == (0, MONDAY)
        nothing = snapshot.current()
        registered(cast)
        assert snapshot.current() is None, "a copy of a ledger in which there was nothing"
        assert received() == (1, MONDAY) and snapshot.current().position == 0
        registered(cast)
        with monkeypatch.context() as patch:
            patch.setattr(snapshot, "_written", lambda: pytest.fail("a page wrote a copy"))
            assert received() == received() == (1, MONDAY)
            sequence()
            assert received() == (1, MONDAY), "nor when the worker comes at last"
        assert snapshot.brought_up_to_date().position > nothing.position == 0
        assert received() == (2, MONDAY)


def every_row():
    """All that a copy says, by table."""
    with snapshot.recent() as (star, _checkpoint):
        names = {name: ", ".join(columns) for name, columns in TABLES.items()}
        return {
            name: star.rows(f"SELECT {listed} FROM {name} ORDER BY ALL") for name, listed in names.items()
        }


def concluded(cast, day):
    with clock.frozen(day):
        case = told(cast)
        evaluation.rate(case, by=petitioner(case), contacted=True, solved="yes", satisfied=5)
    while sequence():
        pass
    return case


def test_a_copy_that_is_carried_on_says_what_one_that_is_written_anew_says(cast, monkeypatch):
    town.rule()
    monkeypatch.setattr(
        building, "PART", 2
    )  # keys to a part, so that some are carried over and some made again
    for day in range(5):
        concluded(cast, MONDAY + day * DAY)
    snapshot.brought_up_to_date()
    for day in range(5, 8):
        with clock.frozen(MONDAY + day * DAY):
            registered(cast)
        concluded(cast, MONDAY + day * DAY)
        snapshot.brought_up_to_date()
        carried_on = every_row()
        (snapshot.home() / snapshot.CURRENT).unlink()
        snapshot.brought_up_to_date()
        anew = every_row()
        for name in TABLES:
            assert carried_on[name] == anew[name], name
    assert len(anew["orders"]) >= 8 and len(anew["evaluations"]) == 8 and len(anew["answers"]) == 8


def test_the_names_of_the_folders_above_a_copy_are_no_columns_of_it(cast, tmp_path, settings):
    with clock.frozen(MONDAY):
        registered(cast)
    snapshot.brought_up_to_date()
    here = every_row()
    settings.HUIYIN_HOME = tmp_path / "key=7" / "code=x" / "id=9"
    snapshot.brought_up_to_date()
    assert every_row() == here
    with clock.frozen(MONDAY + DAY):
        registered(cast)
    while sequence():
        pass
    snapshot.brought_up_to_date()
    carried_on = every_row()
    settings.HUIYIN_HOME = tmp_path / "plain"
    snapshot.brought_up_to_date()
    assert carried_on == every_row() != here


def test_no_table_has_a_column_of_the_name_by_which_files_are_laid_into_folders():
    raw = {name: source.columns for name, source in reading.OF_CASES.items()}
    assert not [name for name, columns in {**TABLES, **raw}.items() if building.LAID in columns]


def test_a_copy_of_another_ledger_without_places_is_not_read(cast):
    with clock.frozen(MONDAY):
        registered(cast)
        found = snapshot.brought_up_to_date()
    assert snapshot.current() == found
    other = json.dumps(asdict(replace(found, first="0" * 64)))
    (snapshot.home() / snapshot.CURRENT).write_text(other)
    assert snapshot.current() is None


def test_while_the_first_copy_is_written_whoever_comes_is_told_to_come_back(cast, sign_in):
    snapshot.home().mkdir(parents=True, exist_ok=True)
    with clock.frozen(MONDAY), (snapshot.home() / "writing.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        answered = sign_in(cast.handler).get(reverse("unit:figures"))
        assert answered.status_code == 422 and "数字正在第一次计算" in answered.content.decode()
        fcntl.flock(lock, fcntl.LOCK_UN)
        assert sign_in(cast.handler).get(reverse("unit:figures")).status_code == 200


def test_what_does_not_fit_into_memory_is_put_into_the_home_and_taken_away(tmp_path, monkeypatch, settings):
    settings.HUIYIN_HOME = tmp_path / "it's home"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(engine, "MEMORY", "25MB")
    with engine.duck() as connection:
        connection.execute("CREATE TABLE wide AS SELECT i, md5(i::VARCHAR) a FROM range(600000) s(i)")
        spill = engine.home() / engine.SPILL
        assert any(file.stat().st_size for file in spill.iterdir()), "it was too small for this test"
    assert not list(spill.iterdir())
    assert [each.name for each in tmp_path.iterdir()] == ["it's home"]
