"""The most specific policy in force wins, and a missing one is named."""

from datetime import date

import pytest

from huiyin.deadlines.models import Policy
from huiyin.deadlines.policies import BadPolicy, NoPolicy, book, load, policy_for

DAY = date(2024, 5, 6)
pytestmark = pytest.mark.django_db


def chosen(**wanted) -> str:
    return policy_for(**{"track": "hotline", "step": "order", "on": DAY, **wanted}).code


def test_the_most_specific_policy_wins(make_policy):
    make_policy("any-track", track="")
    assert chosen() == "any-track"
    make_policy("hotline")
    make_policy("consult", nature="inquiry")
    make_policy("urgent", urgency="urgent")
    make_policy("urgent-consult", urgency="urgent", nature="inquiry")
    assert chosen() == "hotline"
    assert chosen(nature="inquiry") == "consult"
    assert chosen(nature="praise") == "hotline"
    assert chosen(urgency="urgent", nature="praise") == "urgent"
    assert chosen(urgency="urgent", nature="inquiry") == "urgent-consult"
    assert chosen(track="mailbox") == "any-track"


def test_the_law_of_a_track_goes_before_what_holds_for_a_nature_everywhere(make_policy):
    make_policy("petition", track="petition")
    make_policy("any-inquiry", track="", nature="inquiry")
    assert chosen(track="petition", nature="inquiry") == "petition"
    assert chosen(nature="inquiry") == "any-inquiry"


def test_dates_are_inclusive_and_the_younger_rule_wins(make_policy):
    make_policy("old", valid_to=date(2024, 5, 6))
    make_policy("new", valid_from=date(2024, 5, 6))
    assert chosen(on=date(2024, 5, 5)) == "old"
    assert chosen(on=date(2024, 5, 6)) == "new"
    assert chosen(on=date(2024, 5, 7)) == "new"


def test_a_missing_policy_is_refused_by_name(make_policy):
    make_policy("ended", valid_to=date(2023, 12, 31))
    with pytest.raises(NoPolicy) as refusal:
        chosen()
    assert "热线“办理”" in str(refusal.value)
    assert "2024-05-06" in str(refusal.value)


def test_policies_are_read_once_and_again_after_a_change(make_policy, django_assert_num_queries):
    make_policy("first", track="")
    chosen()
    with django_assert_num_queries(0):
        chosen()
    make_policy("second")
    assert chosen() == "second"
    assert len(book().policies) == 2


ROW = {
    "code": "reply",
    "track": "hotline",
    "step": "order",
    "kind": "working_days",
    "amount": 5,
    "basis": "条例",
}


def test_loading_twice_changes_nothing_and_an_operators_change_stays():
    assert [each.outcome for each in load([ROW])] == ["inserted"]
    assert [each.outcome for each in load([ROW])] == ["unchanged"]
    assert chosen() == "reply"
    assert [each.outcome for each in load([{**ROW, "amount": 7}])] == ["updated"]
    assert policy_for(track="hotline", step="order", on=DAY).amount == 7
    Policy.objects.update(amount=9)
    [merged] = load([ROW])
    assert merged.outcome == "conflict"
    assert [(each.column, each.here, each.profile) for each in merged.differences] == [("amount", 9, 5)]
    assert Policy.objects.get().amount == 9


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": ""},
        {"step": ""},
        {"track": "fax"},
        {"kind": "weeks"},
        {"amount": 0},
        {"amount": "5"},
        {"amount": 40_000},
        {"pauses": ["holiday"]},
        {"basis": " "},
        {"limit": 5},
    ],
)
def test_a_row_that_no_clock_could_run_by_is_refused_and_nothing_is_loaded(wrong):
    with pytest.raises(BadPolicy):
        load([ROW, {**ROW, "code": "other", **wrong}])
    assert not Policy.objects.exists()
