"""A double click, or the back button and the same form again: one row, on every form that makes one.

Of the forms of supervision, assessment and rating. Those that an act can follow but once (a state, a claim, a row of a
party and round) refuse the second time; those that could be sent again in earnest carry a name of their own (`once`).
"""

import pytest
from django.core.cache import cache
from django.urls import reverse

from huiyin.assessment.models import Rule
from huiyin.assessment.tests import town
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case, Party
from huiyin.cases.tests.roads import DAY, MONDAY, at
from huiyin.evaluation.models import Pressure, Rating, SecondOpinion
from huiyin.evaluation.tests.road import NEIGHBOUR, told
from huiyin.ledger.models import Event
from huiyin.supervision.models import Entry
from huiyin.supervision.sweeps.models import Finding, Sheet, Sweep
from huiyin.supervision.sweeps.rules import SweepKind
from huiyin.supervision.tests.road import issued, rules
from huiyin.web.tests.citizens import answered, hand_in

pytestmark = pytest.mark.django_db
__all__ = ["rules"]
WINTER = SweepKind("winter", "冬季", "看炉子", 10, (11, 12))
PLAN = {"kind": "winter", "title": "冬季排查", "region": "tingfeng", "since": "2026-11-05", "until": "2026-11-20",
        "every": "7", "what": "看炉子"}  # fmt: skip


@pytest.fixture(autouse=True)
def _on_wednesday():
    cache.clear()
    with at(MONDAY + 2 * DAY):
        yield


def twice(client, address: str, values: dict, *rows) -> None:
    """Post the same form twice: nothing is added by the second, in the tables or in the ledger."""
    assert client.post(address, values).status_code == 302
    before = [model.objects.count() for model in (*rows, Event)]
    assert client.post(address, values).status_code in (302, 403, 404, 422)
    assert [model.objects.count() for model in (*rows, Event)] == before and before[0] == 1


def shown(client, address: str) -> dict:
    """The hidden name in the form that a page shows."""
    return {"once": client.get(address).context["form"].initial["once"]}


def test_a_sweep_and_its_sheets_are_planned_once(cast, sign_in, monkeypatch):
    monkeypatch.setattr("huiyin.supervision.sweeps.rules.sweep_kinds", lambda: [WINTER])
    client, address = sign_in(cast.supervisor), reverse("supervisor:sweep_new")
    twice(client, address, PLAN | shown(client, address), Sweep, Sheet)
    again = PLAN | shown(client, address)
    assert client.post(address, again).status_code == 302 and Sweep.objects.count() == 2, "in earnest"
    assert client.post(address, {**again, "once": "x"}).status_code == 422


def test_what_a_sweep_finds_is_one_matter_and_a_sheet_is_done_and_a_sweep_stopped_once(
    cast, sign_in, monkeypatch
):
    monkeypatch.setattr("huiyin.supervision.sweeps.rules.sweep_kinds", lambda: [WINTER])
    overseer = sign_in(cast.supervisor)
    address = reverse("supervisor:sweep_new")
    overseer.post(address, {**PLAN, "since": "2026-11-04", "until": "2026-11-10", **shown(overseer, address)})
    sheet, unit = Sheet.objects.get(), sign_in(cast.community_handler)
    find = reverse("unit:sheet_find", args=[sheet.pk])
    key = unit.get(find).context["form"].initial["key"]
    found = {"title": "护坡开裂", "text": "裂了两指宽", "urgency": "normal", "key": key}
    assert {unit.post(find, found).status_code for _twice in range(2)} == {302}
    assert Finding.objects.count() == 1 == Case.objects.count()
    unit.post(reverse("unit:sheet", args=[sheet.pk]), {"text": "看过"})
    done = Event.objects.count()
    unit.post(reverse("unit:sheet", args=[sheet.pk]), {"text": "看过"})
    overseer.post(reverse("supervisor:sweep_stop", args=[sheet.sweep_id]), {"reason": "不用了"})
    overseer.post(reverse("supervisor:sweep_stop", args=[sheet.sweep_id]), {"reason": "不用了"})
    assert Event.objects.count() == done + 1


def test_a_rule_is_drafted_once_and_switched_on_once(cast, sign_in):
    town.rule()
    Rule.objects.exclude(valid_from=None).update(code="first")
    client, address = sign_in(cast.supervisor), reverse("assessment:rule_new")
    values = {"name": "20/60/20", "contacted": "20", "solved": "60", "satisfied": "20", "k": "0.8", "fewest": "30",
              "basis": "某文件"}  # fmt: skip
    sent = values | shown(client, address)
    assert len({client.post(address, sent)["Location"] for _twice in range(3)}) == 1
    assert (
        Rule.objects.filter(valid_from=None).count() == 1 == Event.objects.filter(kind="propose_rule").count()
    )
    way = reverse("assessment:rule", args=[Rule.objects.get(valid_from=None).pk])
    leader = sign_in(cast.leader)
    assert leader.post(way, {"day": "2026-12-01"}).status_code == 302
    assert leader.post(way, {"day": "2026-12-01"}).status_code == 422
    assert Event.objects.filter(kind="switch_on_rule").count() == 1


def test_a_word_on_a_rung_that_stays_as_it_is_is_kept_once(cast, sign_in, rules):
    fault, listing, charge = (
        issued(cast, "fault"),
        issued(cast, "listing", title="油烟"),
        issued(cast, "charge"),
    )
    said = {"text": "当天有录音"}
    for rung, step, who, values in (
        (fault, "reply", cast.unit_leader, said),
        (charge, "progress", cast.leader, said),
        (listing, "inspect", cast.supervisor, {"text": "还在排烟", "on": "2026-11-04", "verdict": "failed"}),
    ):
        client, address = sign_in(who), reverse("ladder:step", args=[rung.pk, step])
        first = client.post(address, values)
        assert first.status_code == 302, (step, first.context["form"].errors)
        before = Event.objects.count()
        assert client.post(address, values)["Location"] == first["Location"]
        assert Entry.objects.filter(rung=rung).count() == 1 and Event.objects.count() == before
        client.post(address, {**values, "text": "另有证人"})
        assert Entry.objects.filter(rung=rung).count() == 2, "more can be said"


def test_forms_about_a_matter_make_one_row(cast, sign_in):
    brought = told(cast, parties=[NEIGHBOUR, PartyIn(role=Party.Role.BRINGER, post=cast.representative.post)])
    act = lambda name: reverse("cases:act", args=[brought.number, name])  # noqa: E731
    rated = {"contacted": "yes", "solved": "no", "satisfied": "4", "said": ""}
    twice(sign_in(cast.representative), act("rate"), rated, Rating)
    twice(sign_in(cast.reviewer), act("ask_second_opinion"), {"why": "看法不一"}, SecondOpinion)
    twice(
        sign_in(cast.supervisor),
        act("give_second_opinion"),
        {"verdict": "stands", "said": "到位"},
        SecondOpinion,
    )


def test_what_a_citizen_says_of_an_answer_is_kept_once(cast, sign_in):
    visitor = hand_in()
    answered(cast, visitor.case)
    visitor.client.get(visitor.page)
    rated = {"contacted": "yes", "solved": "yes", "satisfied": "5", "words": ""}
    twice(visitor.client, f"{visitor.page}rate/", rated, Rating)
    twice(visitor.client, f"{visitor.page}pressed/", {"words": "队长上门", "again": "no"}, Pressure)
    page = reverse("supervisor:pressed_one", args=[Pressure.objects.get().pk])
    twice(sign_in(cast.supervisor), page, {"finding": "已约谈"}, Pressure)
