"""归档: an ended matter is put away once nothing is owed."""

import pytest

from huiyin.cases import actions
from huiyin.cases.tests.roads import (
    closed,
    denied,
    explained,
    fresh,
    one_event,
    owed,
    party_of,
    refused,
    told,
)

pytestmark = pytest.mark.django_db


def test_archive_waits_until_nothing_is_owed(cast):
    case = explained(cast)
    with refused("没有送达", code="owed"):
        actions.archive(case, by=cast.reviewer)
    actions.record_told(owed(case), by=party_of(case), how="delivered")
    with one_event(case, "archive", cast.clerk):
        actions.archive(case, by=cast.clerk)
    assert fresh(case).state == "archived"


def test_archive_is_for_ended_matters_and_the_desk(cast):
    case, open_case = closed(cast), told(cast)
    with refused("待评价", code="state"):
        actions.archive(open_case, by=cast.clerk)
    for who in (cast.caller, cast.handler, cast.leader, cast.citizen):
        with denied():
            actions.archive(case, by=who)
