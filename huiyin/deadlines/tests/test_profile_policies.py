"""The policies of a profile come in row by row; a bad row is named by its place, and an operator's change stays."""

import pytest

from huiyin.deadlines.models import Policy
from huiyin.deadlines.profile import load_policies
from huiyin.kernel.loads import Load
from huiyin.kernel.tables import BadTable, Row

pytestmark = pytest.mark.django_db
REPLY = {
    "code": "reply",
    "track": "hotline",
    "step": "reply",
    "kind": "working_days",
    "amount": 5,
    "pauses": ["hearing"],
    "basis": "条例第八条",
}


def rows(*changes: dict) -> list[Row]:
    """Rows of policies.toml, ten lines each."""
    return [Row("policies.toml", 10 * n, {**REPLY, **each}) for n, each in enumerate(changes, start=1)]


def outcomes(run: Load) -> list[tuple]:
    return [(each.name, each.file, each.line, str(each.outcome)) for each in run.loaded]


def test_each_row_comes_in_under_its_code_and_is_noted_with_its_place():
    run = Load()
    load_policies(rows({}, {"code": "urgent", "urgency": "urgent", "amount": 1}), into=run)
    assert outcomes(run) == [
        ("policies:reply", "policies.toml", 10, "inserted"),
        ("policies:urgent", "policies.toml", 20, "inserted"),
    ]
    assert list(Policy.objects.order_by("code").values_list("code", "amount", "urgency")) == [
        ("reply", 5, ""),
        ("urgent", 1, "urgent"),
    ]


def test_every_bad_row_is_named_with_its_file_and_line_in_one_refusal():
    bad = ({"amount": 0}, {"code": "good"}, {"code": "", "kind": "weeks"})
    with pytest.raises(BadTable) as refusal:
        load_policies(rows(*bad), into=Load())
    assert refusal.value.rows == [
        "policies.toml 第 10 行：期限规则“reply”：数量 amount 要是正整数。",
        "policies.toml 第 30 行：期限规则“?”：没有编码 code。",
    ]


def test_what_an_operator_changed_stays_until_the_operator_takes_the_profiles():
    load_policies(rows({}), into=Load())
    Policy.objects.create(code="own", step="reply", kind="hours", amount=2, basis="本县规定")
    Policy.objects.filter(code="reply").update(amount=9, nature="inquiry", pauses=[])
    load_policies(rows({}), into=(run := Load()))
    assert [str(each.outcome) for each in run.loaded] == ["conflict"]
    assert Policy.objects.get(code="reply").amount == 9
    load_policies(rows({}), into=(taking := Load(take=frozenset({"policies:reply"}))))
    assert [str(each.outcome) for each in taking.loaded] == ["updated"]
    policy = Policy.objects.get(code="reply")
    assert Policy.objects.get(code="own").amount == 2
    assert (policy.amount, policy.nature, policy.pauses) == (5, "", ["hearing"])
    assert (policy.track, policy.step, policy.kind, policy.basis) == (
        "hotline",
        "reply",
        "working_days",
        "条例第八条",
    )
    assert (policy.urgency, policy.counted_from, policy.valid_from, policy.valid_to) == ("", "", None, None)
