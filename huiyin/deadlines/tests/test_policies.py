"""The most specific policy in force wins, and a missing one is named."""

from datetime import date

import pytest

from huiyin.deadlines.models import Pause, Policy
from huiyin.deadlines.policies import BadPolicy, NoPolicy, book, load, policy_for
from huiyin.kernel.models import ProfileRow

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


def test_what_is_urgent_goes_before_the_law_of_a_track(make_policy):
    make_policy("urgent-anywhere", track="", urgency="urgent")
    make_policy("hotline-inquiry", nature="inquiry")
    assert chosen(urgency="urgent", nature="inquiry") == "urgent-anywhere"
    assert chosen(nature="inquiry") == "hotline-inquiry"


def test_a_policy_holds_on_its_first_and_on_its_last_day_and_not_beyond(make_policy):
    make_policy("may", valid_from=date(2024, 5, 1), valid_to=date(2024, 5, 31))
    assert chosen(on=date(2024, 5, 1)) == chosen(on=date(2024, 5, 31)) == "may"
    for outside in (date(2024, 4, 30), date(2024, 6, 1)):
        with pytest.raises(NoPolicy):
            chosen(on=outside)


def test_what_holds_for_one_nature_or_urgency_alone_is_nobody_elses(make_policy):
    make_policy("inquiry", nature="inquiry")
    make_policy("urgent", urgency="urgent")
    with pytest.raises(NoPolicy):
        chosen()


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
    assert str(refusal.value) == "期限规则里没有热线“办理”在 2024-05-06 的时限。"
    assert (refusal.value.code, refusal.value.instead) == ("no-policy", "请管理员在期限规则中补上这一条")


def test_a_missing_policy_of_a_profiles_own_step_is_named_as_the_profile_names_it(make_policy):
    with pytest.raises(NoPolicy, match="期限规则里没有热线“回访”在 2024-05-06 的时限。"):
        chosen(step="回访")


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
    ("wrong", "said"),
    [
        ({"code": " "}, "期限规则“?”：没有编码 code。"),
        ({"step": ""}, "期限规则“other”：没有写环节 step。"),
        ({"track": "fax"}, "期限规则“other”：没有“fax”这个轨道。"),
        ({"kind": "weeks"}, "期限规则“other”：没有“weeks”这种计时方式。"),
        ({"amount": 0}, "期限规则“other”：数量 amount 要是正整数。"),
        ({"amount": "5"}, "期限规则“other”：数量 amount 要是正整数。"),
        ({"amount": 32_768}, "期限规则“other”：数量 amount 要是正整数。"),
        ({"pauses": ["holiday"]}, "期限规则“other”：暂停事由里有不认识的。"),
        ({"basis": " "}, "期限规则“other”：没有写依据 basis，派单上要印出来。"),
        ({"limit": 5, "most": 7}, "期限规则“other”：不认识的项“limit”。"),
    ],
)
def test_a_row_that_no_clock_could_run_by_is_refused_and_nothing_is_loaded(wrong, said):
    with pytest.raises(BadPolicy) as refusal:
        load([ROW, {**ROW, "code": "other", **wrong}])
    assert str(refusal.value) == said
    assert refusal.value.code == "bad-policy"
    assert refusal.value.instead == "期限规则没有装入。请改正资料里的这一条后重新装入。"
    assert not Policy.objects.exists()


def test_a_row_without_a_code_is_refused_too():
    with pytest.raises(BadPolicy, match="没有编码 code。"):
        load([{name: value for name, value in ROW.items() if name != "code"}])


def test_the_least_and_the_most_a_row_can_say_are_taken():
    reasons = [str(each) for each in Pause.Reason.values]
    load([{**ROW, "code": "one", "track": "", "amount": 1}, {**ROW, "amount": 32_767, "pauses": reasons}])
    assert [(each.amount, each.pauses) for each in Policy.objects.order_by("amount")] == [
        (1, []),
        (32_767, reasons),
    ]


def test_a_policy_that_was_loaded_is_known_again_by_its_table_and_code():
    load([ROW])
    assert ProfileRow.objects.filter(table="policies").count() == 1
