"""The shelf keeps up with the ledger, is built from nothing, and is whole wherever it is killed."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from huiyin.cases import actions
from huiyin.cases.models import Case
from huiyin.cases.tests import roads
from huiyin.ledger.models import Event
from huiyin.ledger.sequencer import sequence
from huiyin.search import following, index, queries
from huiyin.search.models import OfficeEntry, Reading
from huiyin.search.office import OFFICE
from huiyin.search.queries import Asked
from huiyin.search.words import of_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


class Killed(BaseException):
    """What `kill -9` is to a transaction: nothing after it runs, and nothing of it stays."""


def titles(cast, text: str) -> list[str]:
    return [case.title for case in queries.cases(cast.clerk, Asked(of_question(text))).rows]


def entries() -> dict[int, bytes]:
    return {case: bytes(digest) for case, digest in OfficeEntry.objects.values_list("case_id", "digest")}


def test_what_was_there_before_the_shelf_is_put_up_step_by_step(cast, monkeypatch):
    for _n in range(5):
        roads.registered(cast)
    sequence()
    monkeypatch.setattr(following, "STEP", 2)
    seen = []
    for _second in range(6):
        following.keep_up(OFFICE)
        seen.append(OfficeEntry.objects.count())
    assert seen[:3] == [2, 4, 5] and seen[-1] == 5
    assert following.behind(OFFICE) == (0, False)


def test_an_idle_second_takes_no_lock_and_writes_nothing(cast, kept_up):
    roads.registered(cast)
    kept_up()
    kept_up()
    with CaptureQueriesContext(connection) as asked:
        following.keep_up(OFFICE)
    assert len(asked) <= 5
    assert all(each["sql"].startswith("SELECT") and "FOR UPDATE" not in each["sql"] for each in asked)


@pytest.mark.parametrize("where", ["remove", "insert"])
@pytest.mark.parametrize("after", [False, True])
def test_killed_anywhere_it_begins_again_where_it_stopped(cast, kept_up, monkeypatch, where, after):
    first = roads.registered(cast)
    kept_up()
    actions.accept(first, by=cast.clerk, category=cast.night_noise)
    roads.registered(cast, title="路灯不亮")
    sequence()
    before, reading = entries(), Reading.objects.get(pk="office").position
    whole = getattr(index, where)

    def killed(*given):
        if after:
            whole(*given)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(index, where, killed)
        with pytest.raises(Killed), transaction.atomic():
            following.keep_up(OFFICE)
    assert entries() == before and Reading.objects.get(pk="office").position == reading
    assert titles(cast, "路灯") == []
    following.keep_up(OFFICE)
    assert titles(cast, "路灯") == ["路灯不亮"] and titles(cast, "噪声") == ["夜间噪声"]
    assert following.behind(OFFICE) == (0, False)


def test_putting_up_twice_is_putting_up_once(cast, kept_up):
    case = roads.registered(cast)
    kept_up()
    before = entries()
    with transaction.atomic():
        following.prepared(OFFICE, [case.pk, case.pk]).make()
    Reading.objects.update(position=0)
    following.keep_up(OFFICE)
    assert entries() == before and titles(cast, "噪声") == ["夜间噪声"]


@pytest.mark.parametrize("moved", [{"position": 0}, {"built_to": 0}])
def test_what_was_read_before_another_moved_the_shelf_is_not_written(cast, kept_up, monkeypatch, moved):
    roads.registered(cast)
    kept_up()
    roads.registered(cast, title="路灯不亮")
    sequence()
    before = entries()

    def overtaken(*given):
        Reading.objects.update(**moved)
        return prepared(*given)

    prepared = following.prepared
    with monkeypatch.context() as patched:
        patched.setattr(following, "prepared", overtaken)
        assert following.follow_once(OFFICE) == 0
    assert entries() == before
    kept_up()
    assert titles(cast, "路灯") == ["路灯不亮"] and following.behind(OFFICE) == (0, False)


def test_rebuilding_mends_what_was_damaged_and_tells_how_far_it_is(cast, kept_up, monkeypatch):
    for _n in range(3):
        roads.registered(cast)
    kept_up()
    OfficeEntry.objects.all()[0].delete()
    OfficeEntry.objects.filter(pk=OfficeEntry.objects.all()[0].pk).update(digest=b"other")
    monkeypatch.setattr(following, "STEP", 2)
    assert list(following.rebuild(OFFICE)) == [2, 1]
    assert len(titles(cast, "噪声")) == 3 and following.behind(OFFICE) == (0, False)


def test_events_of_no_case_are_passed_over(cast, kept_up):
    roads.registered(cast)
    kept_up()
    event = Event.objects.order_by("-position")[0]
    Reading.objects.update(position=event.position - 1)
    assert following.follow_once(OFFICE) == 1
    assert following.behind(OFFICE)[0] == 0


def test_the_words_go_with_their_entry(cast, kept_up):
    roads.registered(cast)
    kept_up()
    OfficeEntry.objects.all().delete()
    assert index.newest(OfficeEntry, index.Terms(every=("噪声",)), most=9) == []


def test_places_are_in_the_order_of_time_and_lead_back_to_their_case():
    early, late = index.place_of(roads.MONDAY, 7), index.place_of(roads.MONDAY + roads.DAY, 3)
    assert early < late and (index.case_at(early), index.case_at(late)) == (7, 3)
    assert index.quarter_at(early) == 2026 * 4 + 3
    old = index.place_of(roads.MONDAY - 365 * 120 * roads.DAY, 5)
    assert old < early and index.case_at(old) == 5


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one process for a question")
def test_no_two_processes_answer_one_question(db):
    """Several would take quarters as they come, and the page end before the newest was seen."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_parallel_workers_per_gather")
        assert cursor.fetchone() == ("0",)


@pytest.mark.parametrize("farthest", [1, 4_000])
def test_older_quarters_are_looked_at_in_their_order(cast, kept_up, monkeypatch, farthest):
    """On PostgreSQL a walk of one place is gone on with as far as its hits foretell, or the index is asked at once."""
    monkeypatch.setattr(index, "WALK", 1)
    monkeypatch.setattr(index, "FARTHEST", farthest)
    for months in (0, 2, 5, 9, 14, 30):
        case = roads.registered(cast, title=f"路灯 {months}")
        Case.objects.filter(pk=case.pk).update(received_at=roads.MONDAY - months * 30 * roads.DAY)
    kept_up()
    assert titles(cast, "路灯") == [f"路灯 {months}" for months in (0, 2, 5, 9, 14, 30)]


@pytest.mark.parametrize("most", [1, 3, 9, 40])
def test_spans_of_quarters_leave_nothing_out_and_give_nothing_twice(cast, kept_up, monkeypatch, most):
    """A quarter, the three before and all earlier ones meet at the borders, wherever a page begins and ends."""
    monkeypatch.setattr(index, "WALK", 1)
    monkeypatch.setattr(index, "FARTHEST", 1)
    borders = [
        index.EPOCH.replace(year=year, month=month) for year in (2024, 2025) for month in (1, 4, 7, 10)
    ]
    for border in borders:
        for moment in (border, border - timedelta(minutes=1)):
            case = roads.registered(cast, title="路灯不亮")
            Case.objects.filter(pk=case.pk).update(received_at=moment)
    kept_up()
    whole = sorted(OfficeEntry.objects.values_list("place", flat=True), reverse=True)
    found, before = list[int](), index.HIGHEST
    while places := index.newest(OfficeEntry, index.Terms(every=("路灯",)), before=before, most=most):
        found += places
        before = places[-1]
    assert found == whole and len(whole) == 16


def test_a_quarter_begins_at_its_first_place():
    for quarter in range(1969 * 4, 2101 * 4):
        first = index.first_place(quarter)
        assert (index.quarter_at(first), index.quarter_at(first - 1)) == (quarter, quarter - 1)


def test_a_walk_goes_on_only_where_its_hits_foretell_that_it_fills_the_page():
    assert index._worth_walking(500, 20, 6) == 500
    assert index._worth_walking(500, 5, 20) == 3_000
    assert index._worth_walking(500, 1, 25) == 0
    assert index._worth_walking(500, 0, 25) == 0
