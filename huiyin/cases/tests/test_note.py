"""备注: a remark that changes nothing, read by whom it is for."""

import pytest

from huiyin.cases import access, actions
from huiyin.cases.models import Case, Note
from huiyin.cases.tests.roads import (
    TWO,
    archived,
    denied,
    dispatched,
    fresh,
    one_event,
    party_of,
    plain,
    refused,
    registered,
    signed,
)

pytestmark = pytest.mark.django_db


def test_it_stands_beside_the_case_and_changes_nothing_else(cast):
    case = registered(cast)
    before = Case.objects.filter(pk=case.pk).values().get()
    with one_event(case, "note", cast.clerk):
        actions.note(case, by=cast.clerk, text="来电人情绪激动")
    after = Case.objects.filter(pk=case.pk).values().get()
    assert {name for name in after if plain(after[name]) != plain(before[name])} == {"version"}


def test_it_can_be_written_in_any_state(cast):
    actions.note(archived(cast), by=cast.clerk, text="档案已扫描")


def test_each_reads_what_is_for_them(cast):
    order = signed(cast, parties=TWO)
    case = order.case
    for readers in Note.Readers.values:
        actions.note(case, by=cast.clerk, text=readers, readers=readers)
    actions.note(case, by=party_of(case), text="补充：每晚十点后")
    own = actions.note(case, by=cast.handler, text="只给中心看", readers="desk")
    seen = {
        who: [note.readers for note in access.notes(actor, case)]
        for who, actor in {
            "clerk": cast.clerk,
            "supervisor": cast.supervisor,
            "handler": cast.handler,
            "party": party_of(case),
            "member": party_of(case, "member"),
        }.items()
    }
    assert seen["clerk"] == seen["supervisor"] == ["desk", "office", "all", "desk", "desk"]
    assert seen["handler"] == ["office", "all", "desk"] and own in access.notes(cast.handler, case)
    assert seen["party"] == ["all", "desk"] and seen["member"] == ["all"]


def test_a_party_always_writes_for_the_desk(cast):
    case = registered(cast)
    assert actions.note(case, by=party_of(case), text="补充", readers="all").readers == "desk"


@pytest.mark.parametrize(("text", "readers", "code"), [("", "office", "missing"), ("话", "press", "readers")])
def test_words_and_readers_are_needed(cast, text, readers, code):
    case = registered(cast)
    with refused(code=code):
        actions.note(case, by=cast.clerk, text=text, readers=readers)


@pytest.mark.parametrize("who", ["outsider", "squad_handler", "administrator", "auditor", "representative"])
def test_whoever_does_not_see_the_case_may_not(cast, who):
    case = dispatched(cast).case
    with denied():
        actions.note(case, by=getattr(cast, who), text="随手一记")


def test_the_party_of_another_case_may_not(cast):
    case, other = registered(cast), registered(cast)
    with denied():
        actions.note(case, by=party_of(other), text="随手一记")


def test_the_respondent_and_whoever_left_do_not_see_the_case(cast):
    from huiyin.cases.actions import PartyIn
    from huiyin.cases.models import Party
    from huiyin.kernel import clock

    case = registered(
        cast, parties=[PartyIn(), PartyIn(role="respondent", name="店主"), PartyIn(role="member")]
    )
    Party.objects.filter(case=case, role="member").update(left_at=clock.now())
    for role in ("respondent", "member"):
        with denied():
            actions.note(case, by=party_of(case, role), text="随手一记")
    assert fresh(case).version == 1


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    case = registered(cast)
    with django_assert_max_num_queries(10):
        actions.note(case, by=cast.clerk, text="来电人情绪激动")
