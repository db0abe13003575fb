"""What stands on a case's page as buttons, what waits under 更多, and that each answers to its key."""

import pytest
from django.urls import reverse

from huiyin.cases.access import PERMITTED
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.web.acts.registry import FORMS
from huiyin.web.cases import folding
from huiyin.web.cases.folding import folded

pytestmark = pytest.mark.django_db


def act(name, kind=""):
    return {"name": name, "kind": kind}


def names(acts):
    return [each["name"] for each in acts]


def test_few_acts_need_no_fold():
    acts = [act("note"), act("attach"), act("sign", "primary")]
    assert names(folded(acts, "handling").shown) == ["note", "attach", "sign"]


def test_what_moves_the_case_on_comes_first_and_the_usual_ones_of_the_state_after_it():
    acts = [act("accept", "primary"), *map(act, ("note", "publish", "merge", "decline", "split", "redact"))]
    found = folded(acts, "registered")
    assert names(found.shown) == ["accept", "decline", "merge"]
    assert [(str(heading), names(group)) for heading, group in found.rest] == [
        ("合并和拆分", ["split"]),
        ("公开", ["publish"]),
        ("记录和材料", ["note", "redact"]),
    ]
    assert found.count == 4


def test_what_waits_for_the_reader_stands_in_sight_once_the_matter_is_over():
    acts = [*map(act, ("note", "attach", "remind", "comment", "accept_entry", "refuse_entry", "reopen"))]
    assert names(folded(acts, "closed").shown) == ["accept_entry", "remind", "comment"]


def test_nothing_is_lost_and_nothing_stands_twice():
    for state in ("registered", "handling", "nowhere"):
        acts = [act(name) for name in FORMS]
        found = folded(acts, state)
        rest = [name for _heading, group in found.rest for name in names(group)]
        assert sorted([*names(found.shown), *rest]) == sorted(FORMS)
        assert 1 <= len(found.shown) <= folding.SHOWN


def test_only_acts_that_there_are_have_a_place():
    grouped = [name for _heading, group in folding.GROUPS for name in group]
    usual = {name for row in (*folding.USUAL.values(), folding.AWAITED) for name in row}
    assert len(grouped) == len(set(grouped)) and set(grouped) | usual <= set(PERMITTED)


def test_a_page_shows_few_buttons_and_lists_its_keys(cast, sign_in):
    with clock.frozen(roads.MONDAY):
        case = roads.registered(cast)
        answer = sign_in(cast.clerk).get(reverse("cases:case", args=[case.number]))
    told = answer.content.decode()
    assert names(answer.context["acts"].shown) == ["accept", "decline", "answer_at_once", "merge"]
    assert "更多（" in told and answer.context["acts"].count > 8
    keys = [key for key, _label in answer.context["keys"]]
    assert "e" in keys and "o" in keys and len(keys) == len(set(keys))
    assert '<kbd aria-hidden="true">e</kbd>' in told and 'aria-keyshortcuts="e"' in told
