"""Templates of answers: which are offered, and that none is sent unfinished."""

import os

import pytest

from huiyin.cases import actions, phrases
from huiyin.cases.tests.roads import DAY, MONDAY, at, refused, signed

pytestmark = pytest.mark.django_db
HEAD = "code,nature,category,title,text,valid_from,valid_to\n"
ROWS = """all,,,都用,您好！＿＿,,
noise,,night-noise,噪声,已到现场。,,
inquiry,inquiry,,咨询,答复如下。,,
past,,,旧的,旧话。,2004-01-01,2005-01-01
"""


@pytest.fixture
def profile(tmp_path, monkeypatch):
    (tmp_path / phrases.FILE).write_text(HEAD + ROWS, encoding="utf-8")
    monkeypatch.setattr(phrases, "profile_folder", lambda _name: tmp_path)
    return tmp_path


def codes(case):
    return [each.code for each in phrases.phrases_for(case)]


def test_what_is_meant_for_the_category_stands_first_and_what_does_not_fit_is_left_out(cast, profile):
    case = signed(cast).case
    text = (profile / phrases.FILE).read_text(encoding="utf-8")
    (profile / phrases.FILE).write_text(text.replace("night-noise", case.category.code), encoding="utf-8")
    os.utime(profile / phrases.FILE, ns=(1, 1))
    assert codes(case) == ["noise", "all"]


def test_a_category_takes_in_those_below_it(cast, profile):
    case = signed(cast).case
    parent = case.category.parent.code
    (profile / phrases.FILE).write_text(f"{HEAD}up,,{parent},上级,您好,,\n", encoding="utf-8")
    os.utime(profile / phrases.FILE, ns=(2, 2))
    assert codes(case) == ["up"]


def test_a_changed_file_counts_at_once(cast, profile):
    case = signed(cast).case
    assert "all" in codes(case)
    (profile / phrases.FILE).write_text(f"{HEAD}new,,,新的,您好,,\n", encoding="utf-8")
    os.utime(profile / phrases.FILE, ns=(3, 3))
    assert codes(case) == ["new"]


def test_a_profile_without_templates_offers_none(cast, profile):
    (profile / phrases.FILE).unlink()
    assert codes(signed(cast).case) == []


def test_an_answer_with_an_empty_place_is_not_sent(cast):
    order = signed(cast)
    with refused("没填的空", code="blank"):
        actions.answer(order, by=cast.handler, text=f"已于{phrases.BLANK}处理。", outcome="solved")
    actions.answer(order, by=cast.handler, text="已于昨天处理。", outcome="solved")


def test_of_those_that_fit_the_ones_for_its_category_come_first_then_those_for_its_nature(cast, profile):
    case = signed(cast, nature="inquiry").case
    own = case.category.code
    rows = [
        f"d,,{own},四,好,,",
        f"c,inquiry,{own},三,好,,",
        "b,,,二,好,,",
        "a,inquiry,,一,好,,",
        "e,,,五,好,,",
    ]
    (profile / phrases.FILE).write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    os.utime(profile / phrases.FILE, ns=(4, 4))
    assert codes(case) == ["c", "d", "a", "b", "e"]


def test_a_template_holds_from_its_first_day_to_its_last(cast, profile):
    rows = "first,,,一,好,2026-11-02,\nlast,,,二,好,,2026-11-02\n"
    (profile / phrases.FILE).write_text(HEAD + rows, encoding="utf-8")
    os.utime(profile / phrases.FILE, ns=(5, 5))
    case = signed(cast).case
    assert codes(case) == ["first", "last"]
    for days, held in ((-1, ["last"]), (1, ["first"])):
        with at(MONDAY + days * DAY):
            assert codes(case) == held
