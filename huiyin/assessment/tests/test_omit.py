"""剔除: clause, evidence, two who agree; not the one who asked, not twice the same, nobody of the judged unit."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.assessment import access, queries
from huiyin.assessment.actions import agree_to_omission, propose_omission, refuse_omission
from huiyin.assessment.models import Omission
from huiyin.assessment.tests import town
from huiyin.cases.models import Case, Exclusion
from huiyin.cases.tests import roads
from huiyin.kernel.refusals import Refused
from huiyin.ledger.models import Event
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 11, 10, 4, tzinfo=UTC)


@pytest.fixture
def case(cast):
    town.rule()
    town.clause()
    return town.matter(cast, cast.chengguan, THEN)


def asked(cast, case, **more):
    [clause] = queries.clauses()
    given = {"by": cast.unit_leader, "unit": cast.chengguan, "clause": clause, "evidence": "裁定书第 3 页"}
    return propose_omission(case, **{**given, **more})


def test_it_takes_two_others_and_each_step_stands_in_the_ledger(cast, case):
    row = asked(cast, case)
    assert agree_to_omission(row, by=cast.supervisor).state == Omission.State.PROPOSED
    assert agree_to_omission(row, by=cast.leader).state == Omission.State.APPROVED
    events = list(Event.objects.filter(subject=f"omission:{row.pk}").order_by("subject_seq"))
    assert [event.kind for event in events] == ["propose_omission", "agree_to_omission", "omit"]
    assert events[0].facts == {"case": case.number, "unit": "chengguan", "clause": "beyond"}
    assert "裁定书" not in str([event.facts for event in events])


def test_nobody_agrees_twice_nor_to_what_they_asked_for(cast, case):
    row = asked(cast, case, by=cast.reviewer)
    with pytest.raises(PermissionDenied):
        agree_to_omission(row, by=cast.reviewer)
    agree_to_omission(row, by=cast.supervisor)
    with pytest.raises(PermissionDenied):
        agree_to_omission(row, by=cast.supervisor)
    second_hat = Post.objects.create(
        code="hat", user=cast.supervisor.user, unit=cast.duban, role="leader", title="兼"
    )
    with pytest.raises(PermissionDenied):
        agree_to_omission(row, by=Actor.of(second_hat))


@pytest.mark.parametrize("unit", ["chengguan", "squad"])
def test_nobody_of_the_judged_unit_agrees_whatever_hat_they_wear(cast, case, unit):
    """A supervisor who also serves in the unit, or in one below it."""
    row = asked(cast, case)
    Post.objects.create(
        code="hat", user=cast.supervisor.user, unit=getattr(cast, unit), role="handler", title="兼"
    )
    with pytest.raises(PermissionDenied):
        agree_to_omission(row, by=Actor.of(cast.supervisor.post))


@pytest.mark.parametrize(
    "who", ["handler", "unit_leader", "caller", "clerk", "representative", "administrator", "citizen"]
)
def test_only_those_who_review_or_oversee_agree(cast, case, who):
    row = asked(cast, case)
    with pytest.raises(PermissionDenied):
        agree_to_omission(row, by=getattr(cast, who))


def test_a_unit_asks_only_for_itself_and_of_what_it_led(cast, case):
    with pytest.raises(PermissionDenied):
        asked(cast, case, by=cast.zhujian_leader)
    with pytest.raises(PermissionDenied):
        asked(cast, case, unit=cast.zhujian)
    with pytest.raises(Refused, match="没有主办"):
        asked(cast, case, by=cast.supervisor, unit=cast.zhujian)


def test_no_evidence_no_clause_that_holds_and_not_twice(cast, case):
    with pytest.raises(Refused, match="证据"):
        asked(cast, case, evidence=" \u200b ")
    gone = town.clause(code="gone", valid_to="2020-01-01")
    with pytest.raises(Refused, match="条款"):
        asked(cast, case, clause=gone)
    asked(cast, case)
    with pytest.raises(Refused, match="已经申请过"):
        asked(cast, case, by=cast.supervisor)


def test_what_was_refused_may_be_asked_for_again_and_what_is_settled_stays(cast, case):
    row = asked(cast, case)
    with pytest.raises(Refused, match="理由"):
        refuse_omission(row, by=cast.leader, why="")
    refuse_omission(row, by=cast.leader, why="证据不足")
    with pytest.raises(Refused, match="结论"):
        agree_to_omission(row, by=cast.supervisor)
    again = asked(cast, case, evidence="补充的裁定书")
    assert again.pk != row.pk and queries.omissions(cast.leader).entries[1].why_not == "证据不足"


def test_whoever_may_not_know_of_the_case_knows_of_no_omission_of_it(cast, case):
    row = asked(cast, case)
    assert [entry.row.pk for entry in queries.omissions(cast.handler).entries] == [row.pk]
    assert queries.omissions(cast.zhujian_handler).entries == []
    Exclusion.objects.create(case=case, user=cast.leader.user)
    assert queries.omissions(cast.leader).entries == [] and queries.omission(cast.leader, row.pk) is None
    with pytest.raises(PermissionDenied):
        agree_to_omission(row, by=cast.leader)
    assert access.omissions(cast.clerk).count() == 0


def test_reports_are_neither_assessed_nor_left_out(cast):
    town.rule(), town.clause()
    case = town.matter(cast, cast.chengguan, THEN, nature=Case.Nature.REPORT)
    with pytest.raises(PermissionDenied):
        asked(cast, case, by=cast.supervisor)
    assert queries.case_of(cast.supervisor, case.number) is None


def test_the_list_pages_by_key(cast, monkeypatch):
    town.rule(), town.clause()
    monkeypatch.setattr(queries, "PAGE", 2)
    rows = [asked(cast, town.matter(cast, cast.chengguan, THEN)) for _each in range(3)]
    first = queries.omissions(cast.leader)
    assert [entry.row.pk for entry in first.entries] == [rows[2].pk, rows[1].pk]
    rest = queries.omissions(cast.leader, after=first.later)
    assert ([entry.row.pk for entry in rest.entries], rest.later) == ([rows[0].pk], 0)


def test_an_act_of_the_house_s_own_road_can_be_left_out(cast):
    """The units that a form offers come from orders as the acts write them."""
    town.rule(), town.clause()
    order = roads.answered(cast)
    assert queries.judged_units(cast.supervisor, order.case) == [cast.chengguan]
    assert queries.judged_units(cast.zhujian_handler, order.case) == []
