"""文书: every field that a place's own template may name is filled with what the case holds."""

import pytest

from huiyin.cases import actions, papers
from huiyin.cases.tests import petitions, roads
from huiyin.cases.tests.roads import DAY, at, events, fresh
from huiyin.kernel.permits import Permit, Purpose

pytestmark = pytest.mark.django_db
READ = Permit(holder="test", purpose=Purpose.WORK)


@pytest.fixture(autouse=True)
def _in_spring(_on_monday, tmp_path, monkeypatch):
    """Templates that write down every field there is, one a paragraph."""
    (tmp_path / "papers").mkdir()
    for kind in papers.KINDS:
        fields = [f"{name}={{{name}}}" for name in (*papers.COMMON, *papers.OWN[kind])]
        (tmp_path / "papers" / f"{kind}.txt").write_text("\n\n".join(["文书", *fields]), "utf-8")
    monkeypatch.setattr(papers, "profile_folder", lambda _name: tmp_path)
    with at(petitions.SPRING):
        yield


def filled(case, kind, by, to="") -> dict[str, str]:
    """The fields of a paper as printed, without those that every paper has."""
    shown = papers.paper(
        fresh(case), kind, by=by, opened=lambda sealed: sealed.open(READ) if sealed else "", to=to
    )
    assert (shown.kind, shown.title) == (kind, "文书")
    fields = dict(part.partition("=")[::2] for part in shown.paragraphs)
    assert fields["number"] == case.number and fields["received"] == "2026-03-02"
    assert fields["to"] == (to or papers.BLANK) and fields["title"] == fresh(case).title and fields["office"]
    return {name: said for name, said in fields.items() if name == "day" or name not in papers.COMMON}


def test_the_receipt_names_the_day_of_acceptance_and_the_last_day(cast):  # sixty days end in a holiday
    case = roads.registered(cast, **petitions.PETITION)
    with at(petitions.SPRING + DAY):
        actions.accept(case, by=cast.clerk, category=cast.night_noise)
        told = filled(case, "receipt", cast.clerk, to="赵钱孙")
    assert told == {"accepted": "2026-03-03", "due": "2026-05-06", "day": "2026-03-03"}


def test_a_refusal_names_its_ground_its_basis_and_the_way(cast):
    told = filled(roads.declined(cast), "decline", cast.clerk)
    assert told == {
        "reason": "超出单位职责",
        "basis": "《某条例》第十一条",
        "route": "请向人民法院提起诉讼",
        "day": "2026-03-02",
    }


def test_an_extension_names_its_days_the_unit_and_the_new_last_day(cast):
    asked = roads.extension_asked(cast)
    with at(petitions.SPRING + DAY):
        actions.grant_extension(asked, by=cast.dispatcher)
    told = filled(asked.order.case, "extension", cast.clerk)
    assert told == {"days": "3", "unit": "城管局", "due": "2026-03-11", "day": "2026-03-03"}


def test_an_opinion_is_printed_with_its_parts_its_answer_and_the_way_on(cast):
    case = petitions.told(cast)
    told = filled(case, "opinion", cast.reviewer)
    given = petitions.opinion_in()
    assert {name: told[name] for name in ("reference", "request", "facts", "opinion", "basis")} == {
        "reference": given.reference,
        "request": given.request,
        "facts": given.facts,
        "opinion": given.opinion,
        "basis": given.basis,
    }
    assert (told["conclusion"], told["unit"], told["day"]) == ("不予支持", "城管局", "2026-03-02")
    assert "申请复查" in told["way_on"] and given.facts not in told["way_on"]


@pytest.mark.parametrize(("kind", "unit"), [("review", "督办室"), ("rereview", "县委县政府")])
def test_a_decision_names_its_body_its_words_and_its_own_answer(cast, kind, unit):
    case = petitions.rereviewed(cast, "change", conclusion="support")
    told = filled(case, kind, cast.reviewer)
    assert (told["reference"], told["text"]) == ("信复〔2026〕1号", "经复查，事实清楚。")
    assert (told["unit"], told["day"]) == (unit, "2026-03-02")
    assert told["decision"] == ("维持" if kind == "review" else "变更")
    assert ("申请复核" in told["way_on"]) is (kind == "review")


def test_a_paper_whose_time_has_not_come_is_none(cast):
    case = roads.registered(cast, **petitions.PETITION)
    for kind in papers.KINDS:
        assert papers.paper(case, kind, by=cast.clerk, opened=str) is None, kind
    hotline = roads.accepted(cast)
    assert papers.paper(hotline, "receipt", by=cast.clerk, opened=str) is None
    order = petitions.given(cast)
    actions.approve(order.case, by=cast.reviewer)
    seen = set(events(order.case))
    assert [kind for kind, _name in papers.named(fresh(order.case), cast.handler, seen)] == ["opinion"]
    assert papers.paper(fresh(order.case), "receipt", by=cast.handler, opened=str) is None
