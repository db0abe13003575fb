"""更正、收回公开说明: what was said in public is put right or taken back, and that it was said does not vanish."""

from datetime import timedelta

import pytest
from django.urls import reverse

from huiyin.cases import actions
from huiyin.cases.models import Notice, Party, Statement
from huiyin.cases.tests.roads import TWO, at, closed, denied, fresh, merged, one_event, refused, registered
from huiyin.channels.web.reading import own_case
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor
from huiyin.publication.queries import statements
from huiyin.web.citizen.story import story

pytestmark = pytest.mark.django_db
SAID, BETTER = "今晚八点前恢复供水。", "明早六点前恢复供水。"


def made(cast, case=None, **more) -> Statement:
    row = actions.owe_statement(case or registered(cast, **more), by=cast.dispatcher)
    actions.make_statement(row, by=cast.reviewer, text=SAID)
    return fresh(row)


def read(party: Party) -> str:
    return "\n".join(note.text for note in own_case(Actor.citizen(party.pk), party.case.number).notes)


def tell(case) -> None:
    for notice in Notice.objects.filter(case=case, told_at=None):
        actions.record_told(notice, by=Actor.citizen(notice.party_id), how="delivered")


def test_the_public_reads_the_new_words_and_under_them_the_old(cast):
    row = made(cast)
    with one_event(row.case, "correct_statement", cast.reviewer):
        actions.correct_statement(row, by=cast.reviewer, text=BETTER, reason="抢修比预计的久")
    (shown,) = statements()[0]
    assert (shown.text, shown.reason, [text for _at, text in shown.earlier]) == (
        BETTER,
        "抢修比预计的久",
        [SAID],
    )
    assert fresh(row).state == "corrected" and fresh(row).text == SAID


def test_a_second_correction_keeps_both(cast):
    row = made(cast)
    second = actions.correct_statement(row, by=cast.reviewer, text=BETTER, reason="抢修比预计的久")
    actions.correct_statement(second, by=cast.reviewer, text="已经恢复供水。", reason="提前修好")
    (shown,) = statements()[0]
    assert [text for _at, text in shown.earlier] == [BETTER, SAID]


def test_everybody_who_was_told_is_told_again(cast):
    case = registered(cast, parties=TWO)
    child = merged(cast, into=case)
    row = made(cast, case)
    tell(case)
    tell(child)
    with at(clock.now() + timedelta(hours=1)):
        actions.correct_statement(row, by=cast.reviewer, text=BETTER, reason="抢修比预计的久")
    owed = Notice.objects.filter(about="statement", told_at=None)
    assert {notice.party_id for notice in owed} == set(Party.objects.values_list("pk", flat=True))
    for mine in (child, case):
        party = Party.objects.filter(case=mine)[0]
        whole = read(party)
        assert SAID in whole and "更正（抢修比预计的久）" in whole and BETTER in whole
        notes = own_case(Actor.citizen(party.pk), mine.number).notes
        assert [note.since for note in notes] == ["corrected", ""]


def test_taken_back_its_words_go_and_the_fact_with_the_reason_stays(cast):
    row = made(cast)
    with one_event(row.case, "take_statement_back", cast.supervisor):
        actions.take_statement_back(row, by=cast.supervisor, reason="说的是另一条路")
    (shown,) = statements()[0]
    assert (shown.text, shown.reason) == ("", "说的是另一条路") and shown.withdrawn_at
    party = Party.objects.get(case=row.case)
    assert "说的是另一条路" in read(party)
    shown = story(own_case(Actor.citizen(party.pk), row.case.number), str)
    assert any(event.act == "说明（已收回）" and event.text == SAID for event in shown)


def test_a_corrected_one_that_is_taken_back_shows_none_of_its_words(cast, client):
    row = made(cast)
    second = actions.correct_statement(row, by=cast.reviewer, text=BETTER, reason="抢修比预计的久")
    actions.take_statement_back(second, by=cast.reviewer, reason="说的是另一条路")
    page = client.get(reverse("public:statements")).content.decode()
    assert "说的是另一条路" in page and SAID not in page and BETTER not in page


def test_the_page_marks_what_was_corrected(cast, client):
    actions.correct_statement(made(cast), by=cast.reviewer, text=BETTER, reason="抢修比预计的久")
    page = client.get(reverse("public:statements")).content.decode()
    assert "以前是怎么说的" in page and f"<s>{SAID}</s>" in page and BETTER in page


def test_it_can_be_put_right_after_the_case_has_ended(cast):
    case = registered(cast)
    row = made(cast, case)
    actions.withdraw(case, by=cast.clerk)
    actions.correct_statement(row, by=cast.reviewer, text=BETTER, reason="抢修比预计的久")
    assert fresh(case).state == "withdrawn" and statements()[0][0].text == BETTER
    assert closed(cast).state == "closed"


def test_refusals(cast):
    row = actions.owe_statement(registered(cast), by=cast.dispatcher)
    with refused("待说明"):
        actions.correct_statement(row, by=cast.reviewer, text=BETTER, reason="写错了")
    actions.make_statement(row, by=cast.reviewer, text=SAID)
    with refused("请填写公开说明", code="missing"):
        actions.correct_statement(row, by=cast.reviewer, text=" ", reason="写错了")
    with refused("请填写更正或收回的理由", code="missing"):
        actions.take_statement_back(row, by=cast.reviewer, reason=" ")
    with refused("姓名", code="identity"):
        actions.correct_statement(row, by=cast.reviewer, text=BETTER, reason="赵钱孙要求更正")
    actions.correct_statement(row, by=cast.reviewer, text=BETTER, reason="写错了")
    with refused("已更正"):
        actions.take_statement_back(row, by=cast.reviewer, reason="说错了地方")


@pytest.mark.parametrize("who", ["clerk", "handler", "leader", "caller", "citizen"])
def test_others_may_not_correct_it(cast, who):
    row = made(cast)
    with denied():
        actions.correct_statement(row, by=getattr(cast, who), text=BETTER, reason="写错了")


def test_what_a_merged_caller_has_read_stays_when_the_matters_part(cast):
    parent = registered(cast)
    child = merged(cast, into=parent)
    made(cast, parent)
    party = Party.objects.get(case=child)
    tell(child)
    actions.unmerge(fresh(child), by=cast.clerk, reason="不是一回事")
    assert SAID in read(party)


def test_what_they_had_not_read_does_not_come_with_them(cast):
    parent = registered(cast)
    child = merged(cast, into=parent)
    party = Party.objects.get(case=child)
    made(cast, parent)
    actions.unmerge(fresh(child), by=cast.clerk, reason="不是一回事")
    actions.explain_to_all(merged(cast, into=parent).parent, by=cast.dispatcher, text="管道已经接好")
    assert SAID not in read(party) and "接好" not in read(party)
