"""The ledger's verification knows from the room of cases how many events each case has."""

import pytest

from huiyin.cases import queries
from huiyin.cases.models import Case
from huiyin.cases.tests import roads
from huiyin.ledger import verify as verification
from tests.cast import Cast

pytestmark = pytest.mark.django_db
COUNTED = verification.Counted(prefix=queries.EVENT_PREFIX, counts=queries.event_counts)


def found() -> list[tuple[str, str]]:
    return [(problem.what, problem.subject) for problem in verification.verify(expected=COUNTED).problems]


def test_cases_as_they_are_agree_with_their_events(cast: Cast) -> None:
    roads.dispatched(cast)
    assert found() == []


@pytest.mark.parametrize(("more", "what"), [(1, "missing"), (-1, "uncounted")])
def test_a_changed_version_is_found(cast: Cast, more: int, what: str) -> None:
    case = roads.dispatched(cast).case
    Case.objects.filter(pk=case.pk).update(version=case.version + more)
    assert found() == [(what, f"case:{case.number}")]


def test_a_case_that_is_gone_while_its_events_remain_is_found(cast: Cast) -> None:
    case = roads.dispatched(cast).case
    # Stands for the row's removal, which its parties and orders would refuse here.
    Case.objects.filter(pk=case.pk).update(number="0000-0000-0000")
    assert found() == [("missing", "case:0000-0000-0000"), ("orphan", f"case:{case.number}")]


def test_only_the_cases_asked_for_are_counted(cast: Cast) -> None:
    case, other = roads.dispatched(cast).case, roads.dispatched(cast).case
    asked = {f"case:{case.number}", "case:0000-0000-0000"}
    assert dict(queries.event_counts(asked)) == {f"case:{case.number}": case.version}
    assert {f"case:{one.number}" for one in (case, other)} == dict(queries.event_counts()).keys()
