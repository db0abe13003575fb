"""What the place's rules propose: once a round, gone when the mark is, and signed by nobody but a person."""

from datetime import date, timedelta

import pytest

from huiyin.cases import actions as cases
from huiyin.cases.models import Case, Promise
from huiyin.cases.tests import roads
from huiyin.cases.tests.roads import DAY, MONDAY, at, fresh, signed
from huiyin.cli.profile_check import check
from huiyin.supervision import access, actions, issuing, marks, queries, rules
from huiyin.supervision.models import Proposal, Rung
from huiyin.supervision.rules import ProposalRule
from huiyin.supervision.tasks import propose_by_rule
from huiyin.supervision.tests.road import intake, issued
from huiyin.supervision.tests.road import rules as town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
__all__ = ["town"]
LATER = MONDAY + 32 * DAY  # past the limit of a matter received on MONDAY


def test_a_late_matter_is_proposed_once_and_by_itself_nothing_is_signed(cast):
    with at(MONDAY):
        case = signed(cast).case
        assert propose_by_rule() == 0
    with at(LATER):
        assert propose_by_rule() == 1 and propose_by_rule() == 0
        row = access.proposals(cast.supervisor).get()
        assert (row.case, row.kind, row.rule, row.round) == (case, "order", "late", 1)
        assert Rung.objects.count() == 0
        assert not access.proposals(cast.unit_leader).exists() and not access.proposals(cast.clerk).exists()


def test_what_was_set_aside_is_not_proposed_again_in_the_same_round(cast):
    with at(MONDAY):
        signed(cast)
    with at(LATER):
        propose_by_rule()
        actions.dismiss(Proposal.objects.get(), by=cast.supervisor, reason="已经电话说明")
        assert propose_by_rule() == 0
    assert Proposal.objects.get().state == "dismissed"


def test_a_proposal_lapses_when_the_matter_is_late_no_more(cast):
    with at(MONDAY):
        order = signed(cast)
    with at(LATER):
        propose_by_rule()
        cases.withdraw(fresh(order.case), by=roads.party_of(order.case))
        propose_by_rule()
    assert Proposal.objects.get().state == "lapsed"


def test_nothing_is_proposed_beside_an_order_that_somebody_has_signed(cast):
    with at(MONDAY):
        case = signed(cast).case
        actions.issue(intake(cast), by=cast.supervisor, case=case)
    with at(LATER):
        assert propose_by_rule() == 0


def test_an_unanswered_order_is_proposed_for_listing(cast, monkeypatch):
    rule = ProposalRule("order_unanswered", "listing", "过期没有回复")
    monkeypatch.setattr("huiyin.supervision.tasks.proposal_rules", lambda: [rule])
    rung = issued(cast)
    with at(MONDAY + 4 * DAY):
        assert propose_by_rule() == 0, "its day is not over"
    with at(MONDAY + 5 * DAY):
        assert propose_by_rule() == 1
        actions.reply(rung, by=cast.unit_leader, text="已办")
        propose_by_rule()
    assert Proposal.objects.get().state == "lapsed"


def test_marks_of_supervision_s_own(cast):
    with at(MONDAY):
        case = signed(cast).case
        group = signed(cast, headcount=12).case
        first = roads.closed(cast)
    with at(MONDAY + timedelta(hours=1)):
        again = roads.accepted(cast)
        Case.objects.filter(pk=case.pk).update(round=3)
        Promise.objects.create(
            case=group,
            round=1,
            state="made",
            text="补种",
            due_on=date(2026, 11, 1),
            made_at=MONDAY,
            unit=cast.chengguan,
        )

        def bearing(mark: str) -> set[int]:
            return set(Case.objects.filter(marks.marked(mark)).values_list("pk", flat=True))

        assert bearing("second_return") == {case.pk} and bearing("group") == {group.pk}
        assert bearing("promise_passed") == {group.pk} and bearing("nonsense") == set()
        assert again.pk in bearing("repeated") and first.pk not in bearing("repeated")
        assert all(Case.objects.filter(marks.marked(mark)).count() >= 0 for mark in marks.NAMES)


def test_an_order_about_a_broken_promise_goes_to_who_made_it_after_the_matter_has_ended(cast, monkeypatch):
    rule = ProposalRule("promise_passed", "order", "承诺的日期过了，请说明。")
    monkeypatch.setattr("huiyin.supervision.tasks.proposal_rules", lambda: [rule])
    with at(MONDAY):
        promise = roads.promised(cast)
        Case.objects.filter(pk=promise.case_id).update(state="archived", holder_unit=None)
        Promise.objects.update(due_on=MONDAY.date() + DAY)
    with at(MONDAY + 2 * DAY):
        assert propose_by_rule() == 1 and propose_by_rule() == 0
        row = Proposal.objects.get()
        assert queries.owing_promises([row]) == {promise.case_id: cast.chengguan}
        assert issuing.addressable(fresh(promise.case), "order") == [cast.chengguan]
        roads.merge_units(cast.chengguan, into=cast.zhujian)
        assert queries.owing_promises([row]) == {promise.case_id: cast.zhujian}
        told = intake(cast, unit=cast.zhujian, post=cast.zhujian_leader.post, proposal=row)
        rung = actions.issue(told, by=cast.supervisor, case=fresh(promise.case))
        assert (rung.unit, fresh(row).state) == (cast.zhujian, "signed")
        cases.fulfil_promise(promise, by=cast.zhujian_handler, text="已装好")
        assert propose_by_rule() == 0


def test_whoever_owes_many_broken_promises_is_found_in_two_statements(cast, django_assert_num_queries):
    with at(MONDAY):
        made = [roads.promised(cast) for _ in range(3)]
        Promise.objects.update(due_on=MONDAY.date() + DAY)
        rows = [Proposal(case=row.case, rule="promise_passed") for row in made]
    with at(MONDAY + 2 * DAY):
        roads.merge_units(cast.chengguan, into=cast.zhujian)
        queries.owing_promises(rows)  # what is remembered of places
        with django_assert_num_queries(2):
            assert queries.owing_promises(rows) == {row.case_id: cast.zhujian for row in made}


def test_a_report_makes_nothing_else_look_repeated(cast):
    with at(MONDAY):
        report = roads.registered(cast, nature=Case.Nature.REPORT)
        Case.objects.filter(pk=report.pk).update(state="closed", category=cast.night_noise)
    with at(MONDAY + timedelta(hours=1)):
        roads.accepted(cast)
    assert not Case.objects.filter(marks.marked("repeated")).exists()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[[proposal]]\nkind = "order"\nmark = "late"\nwords = "请说明"', ""),
        ('[[proposal]]\nkind = "circular"\nmark = "late"\nwords = "请说明"', "[[proposal]]"),
        ('[[proposal]]\nkind = "order"\nmark = "sad"\nwords = "请说明"', "“sad”"),
        ('[[proposal]]\nkind = "order"\nmark = "late"\nwords = " "', "[[proposal]]"),
        ('[[rung]]\nkind = "order"\ndays = 5\nmost = 3\nbasis = "某办法"', "[[rung]]"),
        ('[[rung]]\nkind = "hug"\ndays = 5\nbasis = "某办法"', "“hug”"),
        ('[[rung]]\nkind = "order"\ndays = 5', "basis"),
        ('[[fault]]\ncode = "a"\ntext = "推诿"', "“a”"),
        ('[[fault]]\ncode = "a"\ntext = "推诿"\nbasis = "某条例"\nsince = "今年"', "日期"),
    ],
)
def test_the_check_of_a_profile_names_what_cannot_be_meant(town, text, found):
    town.write_text(f'name = "town"\n{text}\n', encoding="utf-8")
    said = [each.sentence for each in check(town.parent) if "[[" in each.sentence]
    assert (found in "".join(said)) if found else not said


def test_days_and_clauses_are_of_the_profile_and_nonsense_falls_back(town):
    assert (rules.rung_rule("order").days, rules.rung_rule("order").most) == (3, 10)
    assert rules.rung_rule("talk").days == rules.DAYS["talk"]
    assert [each.code for each in rules.clauses(date(2026, 11, 2))] == ["rude"]
    assert [each.code for each in rules.clauses(date(2019, 11, 2))] == ["rude", "old"]
    assert not rules.citizens_are_told()
    town.write_text('rung = 3\nfault = "x"\nsupervision = 1\n[[proposal]]\nkind = 1\n', encoding="utf-8")
    assert (
        rules.rung_rule("order").days == 5
        and not rules.proposal_rules()
        and not rules.clauses(date(2026, 11, 2))
    )
    assert not rules.citizens_are_told()
