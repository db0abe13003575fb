"""huiyin demo: invented cases that went through the real acts."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from huiyin.cases.models import Case, Exclusion, Objection, Order, PeerView
from huiyin.cases.states import Case as State
from huiyin.cases.tests.roads import everything
from huiyin.cases.tests.rules import Look
from huiyin.cli import main
from huiyin.cli.commands.demo import walk
from huiyin.cli.demo.book import dealt, filled, read_book
from huiyin.cli.demo.stage import Stage, today_of_the_stories
from huiyin.cli.demo.stories import STORIES
from huiyin.deadlines import clocks
from huiyin.deadlines.models import Clock
from huiyin.deadlines.queries import work_calendar
from huiyin.evaluation.models import Block, CallBack, Pressure, Rating
from huiyin.kernel import clock, masking
from huiyin.ledger.models import Event
from huiyin.ledger.verify import verify
from huiyin.organisation import queries as organisation
from huiyin.publication.bulletins.models import Bulletin
from huiyin.publication.models import Publication
from huiyin.supervision.entries import queries as entries
from huiyin.supervision.feedback.models import FeedbackForm
from huiyin.supervision.models import Rung
from huiyin.supervision.sweeps.models import Finding

THURSDAY = datetime(2026, 11, 19, 6, 0, tzinfo=UTC)
BOOK = read_book(Path(settings.BASE_DIR) / "profiles" / "demo")


@pytest.fixture
def demo_profile(db, capsys):
    """The demo profile in an empty database, on a Thursday afternoon."""
    with clock.frozen(THURSDAY):
        assert main(["profile", "load", "demo"]) == 0
        capsys.readouterr()
        yield


def test_the_book_has_forty_matters_and_more_that_hold_nothing_to_mask():
    assert len(BOOK.matters) >= 40
    for matter in (*BOOK.matters, *BOOK.praises, *BOOK.reports, *BOOK.declined):
        whole = filled(matter, place="银杏社区银杏路", n=3, unit="城管局")
        assert not re.search(r"[{}]", whole.text + whole.answer)
        assert masking.propose(whole.text + whole.answer) == [], whole.title


def test_every_matter_comes_up_once_before_any_comes_up_again():
    turns = range(len(BOOK.matters))
    assert {dealt(BOOK.matters, turn, seed=5).title for turn in turns} == {
        each.title for each in BOOK.matters
    }


@pytest.mark.slow
def test_sixty_cases_show_every_state_and_road(demo_profile, capsys):
    assert main(["demo", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["made"] >= 60
    seen = Counter(Case.objects.values_list("state", flat=True))
    assert set(seen) == set(State.ALL), "every state that a case can rest in"
    assert set(Case.objects.values_list("nature", flat=True)) == set(Case.Nature.values)
    assert Exclusion.objects.count() == 1 and Objection.objects.count() >= 4
    assert Rating.objects.filter(solved="no").exists() and Rating.objects.filter(by__isnull=False).exists()
    assert Publication.objects.filter(state="published").count() >= 3
    assert Case.objects.filter(round__gte=2).count() >= 4 and Clock.objects.filter(late=True).exists()
    assert Clock.objects.filter(state="running", mark=Clock.Mark.RED).exists()
    assert_what_evaluation_is()
    assert_what_waits_today()
    assert_whole()
    assert_nobody_is_named_in_public()


def assert_what_evaluation_is() -> None:
    """One was pressed to rate well; a unit reads a full block; one unit has given its view, another owes one."""
    assert Pressure.objects.filter(looked_into_at=None).count() >= 1
    block = Block.objects.get()
    assert block.n >= 10 and organisation.is_led(block.unit, day=organisation.today())
    assert block.ratings.filter(set_aside="").count() == block.n
    assert sorted(PeerView.objects.values_list("state", flat=True)) == ["asked", "given"]


def assert_what_waits_today() -> None:
    """People to be called, a sweep with findings, forms on their way, matters listed in words of their own."""
    calls = CallBack.objects.filter(case__idempotency_key__startswith="demo-call:")
    assert calls.filter(state="waiting", tries=0).count() >= 2
    assert calls.filter(state="waiting", tries=2).count() == 1 and calls.filter(state="by_self").count() == 1
    found = Case.objects.filter(pk__in=Finding.objects.values("case"))
    assert {case.state for case in found} >= {State.CLOSED, State.REGISTERED}
    titles = list(Rung.objects.filter(kind="listing", public=True).values_list("title", flat=True))
    assert len(titles) == len(set(titles)) >= 2 and not any("{" in title for title in titles)
    today, forms = clock.local_date(THURSDAY), list(FeedbackForm.objects.all())
    waits = [(each.copies.filter(received_at=None).exists(), each.receipt_by < today) for each in forms]
    assert set(waits) >= {(True, False), (False, False), (True, True)}, "new, received, overdue"


@pytest.mark.slow
def test_the_past_is_told_once_of_other_days_places_and_units_and_keeps_every_rule(demo_profile, capsys):
    made = []
    for _time in range(2):
        assert main(["demo", "--cases", "1", "--past", "150", "--json"]) == 0
        made.append(json.loads(capsys.readouterr().out)["made"])
    past = Case.objects.filter(idempotency_key__startswith="demo-past:")
    assert past.count() >= 150 and made[0] > made[1] == 0
    assert not past.filter(ended_at=None).exists() and not past.filter(ended_at__gt=THURSDAY).exists()
    assert {day.year for day in past.values_list("received_on", flat=True)} == {2025, 2026}
    Look(everything()).require_sound()
    assert not verify().problems
    for each in Clock.objects.filter(subject__in=list(past.values_list("number", flat=True))):
        assert not clocks.restate(each, at=THURSDAY, pauses=[], calendar=work_calendar()), each
    assert_told_of_whom_it_concerns(past)
    assert not any(entries.may_submit(order) for order in Order.objects.filter(case__in=past))
    told = Publication.objects.filter(case__in=past, state="published").values_list("title", flat=True)
    assert len(told) == len(set(told)) >= 10
    assert Bulletin.objects.get(template="notice-unit").bound["matters"]


def assert_told_of_whom_it_concerns(past) -> None:
    """Each matter lies with a unit that leads its category, in the words of that category and of its place."""
    stage, known = Stage(THURSDAY), {each.title: each for each in BOOK.matters}
    units = set()
    led = Order.objects.filter(case__in=past, state="approved").select_related(
        "case__category", "case__region", "unit__liaison"
    )
    for order in led:
        case, matter = order.case, known[order.case.title]
        assert matter.category == case.category.code
        assert order.unit == stage.leader(matter.category, case.region)
        assert order.person_id == order.unit.liaison_id and case.place.startswith(case.region.name)
        assert case.place in case.text or "{place}" not in matter.text
        answered = Event.objects.filter(subject=f"case:{case.number}", kind="answer")
        assert {event.actor for event in answered} == {f"post:{order.unit.liaison.code}"}
        units.add(order.unit.code)
    assert len(units) >= 12 and len(set(past.values_list("title", flat=True))) >= 30


def assert_whole() -> None:
    """What holds of real cases holds of these: every event is there, nobody holds nothing, no time is invented."""
    earliest, latest = THURSDAY - timedelta(days=90), THURSDAY
    for case in Case.objects.all():
        events = Event.objects.filter(subject=f"case:{case.number}")
        assert events.count() == case.version
        times = list(events.order_by("subject_seq").values_list("occurred_at", flat=True))
        assert times == sorted(times) and earliest <= times[0] and times[-1] <= latest
        assert (case.holder_unit is not None) == (case.state in State.OPEN)
    assert not verify().problems


def assert_nobody_is_named_in_public() -> None:
    for row in Publication.objects.all():
        text = row.title + row.text + row.answer
        assert not any(name in text for name in BOOK.names) and "1380000" not in text


def test_a_second_run_adds_nothing_and_more_are_added_to_what_stands(demo_profile, capsys):
    assert main(["demo", "--cases", "4", "--json"]) == 0
    events = Event.objects.count()
    assert main(["demo", "--cases", "4", "--json"]) == 0
    assert Event.objects.count() == events
    capsys.readouterr()
    assert main(["demo", "--cases", "6", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["known"] >= 4


def test_the_same_seed_tells_the_same_stories(demo_profile):
    assert told_by(7) == told_by(7) != told_by(8)


def told_by(seed: int) -> list[tuple]:
    """What four turns leave behind; undone afterwards."""
    with transaction.atomic():
        stage = Stage(today_of_the_stories())
        for turn in range(4):
            walk(stage, BOOK, turn=turn, seed=seed)
        columns = (
            "title",
            "text",
            "state",
            "channel",
            "received_at",
            "desk",
            "category",
            "region",
            "version",
        )
        left = list(Case.objects.order_by("pk").values_list(*columns))
        transaction.set_rollback(True)
    return left


def test_a_story_that_fails_half_way_leaves_nothing(demo_profile, monkeypatch):
    def broken(tale):
        tale.registers()
        raise ZeroDivisionError

    monkeypatch.setattr("huiyin.cli.demo.stories.STORIES", [STORIES[0].__class__(broken, 1, 1, 2)])
    with pytest.raises(ZeroDivisionError):
        walk(Stage(today_of_the_stories()), BOOK, turn=0, seed=1)
    assert not Case.objects.exists()


def test_another_profile_gets_no_invented_cases(demo_profile, settings, capsys):
    settings.HUIYIN_PROFILE = "atlantis"
    assert main(["demo"]) == 3
    assert "不是演示资料" in capsys.readouterr().err and not Case.objects.exists()


def test_a_place_whose_profile_is_not_loaded_gets_none_either(demo_profile, settings, capsys):
    settings.HUIYIN_PROFILE = "yantian"
    assert main(["demo"]) == 3
    assert "还没有装入“yantian”的资料" in capsys.readouterr().err and not Case.objects.exists()


def test_near_the_end_of_the_known_calendar_the_stories_begin_earlier(db):
    with clock.frozen(datetime(2026, 12, 30, tzinfo=UTC)):
        assert today_of_the_stories() < datetime(2026, 12, 10, tzinfo=UTC)
    with clock.frozen(THURSDAY):
        assert today_of_the_stories() == THURSDAY
