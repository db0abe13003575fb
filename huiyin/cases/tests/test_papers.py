"""文书: each paper when its time has come, with what the law wants on it; bad templates are found before printing."""

import pytest

from huiyin.cases import actions, papers
from huiyin.cases.papers import DEFAULTS, KINDS, faults
from huiyin.cases.tests import petitions, roads
from huiyin.cases.tests.roads import events, fresh, party_of
from huiyin.kernel.permits import Permit, Purpose

pytestmark = pytest.mark.django_db
READ = Permit(holder="test", purpose=Purpose.WORK)


@pytest.fixture(autouse=True)
def _in_spring(_on_monday):
    """Everything ends in a year whose calendar is known."""
    with roads.at(petitions.SPRING):
        yield


def kinds(case, by):
    return [kind for kind, _name in papers.named(fresh(case), by, set(events(case)))]


def printed(case, kind, by, to=""):
    shown = papers.paper(
        fresh(case), kind, by=by, opened=lambda sealed: sealed.open(READ) if sealed else "", to=to
    )
    return None if shown is None else "\n".join([shown.title, *shown.paragraphs])


def test_the_papers_come_about_along_the_road(cast):
    case = roads.registered(cast, **petitions.PETITION)
    assert kinds(case, cast.clerk) == []
    assert kinds(petitions.signed(cast).case, cast.clerk) == ["receipt"]
    assert kinds(petitions.told(cast), cast.clerk) == ["receipt", "opinion"]
    assert kinds(petitions.rereviewed(cast), cast.clerk) == ["receipt", "opinion", "review", "rereview"]


def test_the_opinion_says_everything_and_who_it_is_for(cast):
    text = printed(petitions.told(cast), "opinion", cast.reviewer, to="赵钱孙")
    for part in (
        "赵钱孙",
        "城管信〔2026〕3号",
        "按实际面积补偿",
        "两亩一分",
        "不予支持",
        "第四十八条",
        "申请复查",
    ):
        assert part in text
    assert "{" not in text


def test_what_somebody_wrote_in_braces_stays_what_it_is(cast):
    order = petitions.signed(cast)
    actions.give_opinion(order, by=cast.handler, written=petitions.opinion_in(facts="见附表 {to} {x}"))
    actions.approve(order.case, by=cast.reviewer)
    assert "见附表 {to} {x}" in printed(order.case, "opinion", cast.reviewer)


def test_an_opinion_that_nobody_approved_is_no_paper_yet(cast):
    assert printed(petitions.given(cast).case, "opinion", cast.reviewer) is None


def test_a_unit_prints_the_opinion_alone(cast):
    assert kinds(petitions.reviewed(cast), cast.handler) == ["opinion"]


def test_refusals_and_extensions_have_papers_on_every_track(cast):
    declined = roads.declined(cast)
    assert "超出单位职责" in printed(declined, "decline", cast.clerk)
    asked = roads.extension_asked(cast)
    actions.grant_extension(asked, by=cast.dispatcher)
    assert "延长 3 日" in printed(asked.order.case, "extension", cast.clerk)
    actions.contest(declined, by=party_of(declined), why="归你们管")
    assert kinds(declined, cast.clerk) == []


def test_the_reviews_say_the_decision_and_what_is_left(cast):
    case = petitions.rereviewed(cast, "change", conclusion="support")
    assert "维持" in printed(case, "review", cast.clerk) and "申请复核" in printed(case, "review", cast.clerk)
    assert "变更" in printed(case, "rereview", cast.clerk) and "不再受理" in printed(
        case, "rereview", cast.clerk
    )


def test_there_is_no_paper_of_another_name(cast):
    assert printed(petitions.told(cast), "summons", cast.clerk) is None


# -- templates -----------------------------------------------------------------------------------------------
def test_every_kind_has_a_template_without_fault(tmp_path):
    assert {file.stem for file in DEFAULTS.glob("*.txt")} == set(KINDS)
    (tmp_path / "papers").mkdir()
    for file in DEFAULTS.glob("*.txt"):
        (tmp_path / "papers" / file.name).write_text(file.read_text("utf-8"), "utf-8")
    assert faults(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("receipt.txt", "告知书\n\n{number} {due} {phone}", "没有“phone”这一项"),
        ("receipt.txt", "告知书\n\n{number}", "少了必须写的“due”"),
        ("receipt.txt", "告知书\n\n{number {due}", "大括号不成对"),
        ("summons.txt", "传票", "没有这种文书"),
    ],
)
def test_a_bad_template_is_named_with_what_is_wrong(tmp_path, name, text, wrong):
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / name).write_text(text, "utf-8")
    found = faults(tmp_path)
    assert len(found) >= 1 and name in found[0] and any(wrong in each for each in found)


def test_a_profile_without_templates_uses_those_of_the_program(tmp_path):
    assert faults(tmp_path) == []
