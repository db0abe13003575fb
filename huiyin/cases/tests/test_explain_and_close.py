"""解释办结: the law allows no more, and this is said."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Notice
from huiyin.cases.tests.roads import denied, fresh, one_event, owed, refused, told

pytestmark = pytest.mark.django_db


def test_explain_and_close_gives_ground_basis_and_words(cast):
    case = told(cast)
    with one_event(case, "explain_and_close", cast.reviewer):
        actions.explain_and_close(
            case, by=cast.reviewer, reason=cast.lawful_end, explanation="依法只能到这一步"
        )
    case = fresh(case)
    assert (case.state, case.end_reason, case.holder_unit) == ("explained", cast.lawful_end, None)
    assert owed(case).about == Notice.About.EXPLANATION


def test_explain_and_close_needs_its_own_kind_of_ground_and_words(cast):
    case = told(cast)
    with refused("解释办结", code="reason"):
        actions.explain_and_close(case, by=cast.reviewer, reason=cast.no_duty, explanation="依法")
    with refused("解释", code="missing"):
        actions.explain_and_close(case, by=cast.reviewer, reason=cast.lawful_end, explanation="")
    with denied():
        actions.explain_and_close(case, by=cast.caller, reason=cast.lawful_end, explanation="依法")
