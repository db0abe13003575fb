"""Telling a group's people apart: a surname and last digits for the desk, a place for a unit."""

import pytest

from huiyin.cases import naming
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Party
from huiyin.cases.tests.roads import registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def parties(cast) -> list[Party]:
    told = [
        PartyIn(name="欧阳修", phone="13800000001"),
        PartyIn(role=Party.Role.MEMBER, phone="13800000022"),
        PartyIn(role=Party.Role.MEMBER, name="王安石"),
        PartyIn(role=Party.Role.MEMBER),
    ]
    return list(Party.objects.filter(case=registered(cast, parties=told)).order_by("pk"))


def test_the_desk_reads_a_surname_and_the_last_digits_and_no_more(cast, parties):
    named = naming.named(parties, holder=cast.clerk.name)
    assert [str(each) for each in named] == [
        "1. 诉求人 欧某 …0001",
        "2. 成员 …0022",
        "3. 成员 王某",
        "4. 成员",
    ]
    assert [each.pk for each in named] == [party.pk for party in parties]


def test_a_unit_reads_the_place_alone(parties):
    assert [str(each) for each in naming.placed(parties)] == [
        "1. 诉求人",
        "2. 成员",
        "3. 成员",
        "4. 成员",
    ]
