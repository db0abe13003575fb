"""The most specific policy in force wins, and a missing one is named."""

from datetime import date

import pytest

from huiyin.deadlines.policies import NoPolicy, book, policy_for

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
