"""Publishing: only what a person confirmed, never a report, never the petitioner."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from huiyin.cases import actions
from huiyin.cases.actions import Intake, PartyIn
from huiyin.cases.kin import told_among_kin
from huiyin.cases.models import Answer, Case, Notice, Party
from huiyin.evaluation.tests.road import MONDAY, NEIGHBOUR, answered, petitioner, registered, tell, told
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import latest
from huiyin.publication.actions import propose, publish, withdraw_publication
from huiyin.publication.models import Publication
from huiyin.publication.queries import public_list, public_page, publication_of

pytestmark = pytest.mark.django_db
TEXTS = {"title": "夜间噪声", "text": "楼下烧烤店吵到两点。", "answer": "店主已加装隔音，谢谢您。"}
State = Publication.State


@pytest.fixture(autouse=True)
def wednesday():
    with clock.frozen(MONDAY + timedelta(days=2)):
        yield


def with_answer(cast, text: str) -> Case:
    case = told(cast)
    answer = Answer.objects.get(case=case)
    answer.text = text
    answer.save()
    return case


def test_a_draft_is_drawn_up_without_numbers_and_names(cast):
    case = with_answer(cast, "赵钱孙您好，已打 13800000001 联系，住听风县石桥街道石桥路 1 号 2 栋 301 室。")
    draft = propose(case, by=cast.clerk)
    assert (
        draft.state == State.PROPOSED and draft.unit == cast.chengguan and draft.category == cast.night_noise
    )
    assert draft.answer == "〔姓名〕您好，已打 〔电话〕 联系，住〔住址〕。"
    assert public_list().rows == []
    assert latest(f"case:{case.number}").kind == "propose"


def test_a_person_publishes_what_they_confirmed(cast):
    case = told(cast)
    propose(case, by=cast.clerk)
    with clock.frozen(MONDAY + timedelta(days=3)):
        row = publish(case, by=cast.reviewer, **TEXTS)
    assert (row.state, row.confirmed_by, row.answer) == (State.PUBLISHED, cast.reviewer.post, TEXTS["answer"])
    assert public_page(case.number).pk == row.pk
    assert (row.received_on.isoformat(), row.answered_on.isoformat()) == ("2026-11-02", "2026-11-02")
    event = latest(f"case:{case.number}")
    assert event.kind == "publish" and event.facts["unit"] == "chengguan"
    assert TEXTS["title"] not in str(event.facts)


def test_numbers_left_in_are_masked_all_the_same(cast):
    row = publish(told(cast), by=cast.clerk, **{**TEXTS, "text": "也可找邻居 13900000002。"})
    assert row.text == "也可找邻居 〔电话〕。"


@pytest.mark.parametrize(
    ("where", "words", "what"),
    [
        ("answer", "赵 钱 孙您好，已办结。", "姓名"),
        ("text", "我住石桥路1号2栋301室。", "住址"),
        ("title", "赵钱孙反映的噪声", "姓名"),
    ],
)
def test_the_petitioner_left_in_is_refused_and_nothing_is_public(cast, where, words, what):
    case = told(cast)
    version = case.version
    with pytest.raises(Refused, match=what):
        publish(case, by=cast.clerk, **{**TEXTS, where: words})
    case.refresh_from_db()
    assert not Publication.objects.exists() and case.version == version


def test_whoever_was_merged_in_is_masked_in_the_draft_and_refused_when_left_in(cast):
    case = registered(cast)
    other = registered(cast, parties=[PartyIn(name="慕容拂晓", phone="13900000002")])
    actions.merge(other, into=case, by=cast.clerk)
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    order = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.handler, text="赵钱孙、慕容拂晓：已加装隔音。", outcome="solved")
    tell(case, cast)
    assert propose(case, by=cast.clerk).answer == "〔姓名〕、〔姓名〕：已加装隔音。"
    with pytest.raises(Refused, match="姓名"):
        publish(case, by=cast.clerk, **{**TEXTS, "answer": "慕容拂晓：已加装隔音。"})


def test_the_petitioners_of_what_a_matter_was_merged_into_are_looked_for_too(cast):
    case, child = registered(cast), registered(cast, parties=[PartyIn(name="慕容拂晓")])
    actions.merge(child, into=case, by=cast.clerk)
    assert {party.case_id for party in told_among_kin(child)} == {case.pk, child.pk}


SPOKEN_OF = "慕容拂晓家楼下已加装隔音。"


def told_of_them(cast, case: Case) -> None:
    """The matter is answered with somebody's name in the answer, and its parties have read it."""
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    order = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.handler, text=SPOKEN_OF, outcome="solved")
    tell(case, cast)


def assert_unnamed(cast, case: Case) -> None:
    """The draft holds no name, and a name that is left in is refused."""
    assert propose(case, by=cast.clerk).answer == "〔姓名〕家楼下已加装隔音。"
    with pytest.raises(Refused, match="姓名"):
        publish(case, by=cast.clerk, **{**TEXTS, "answer": SPOKEN_OF})


def test_the_petitioner_of_what_was_taken_out_again_is_looked_for_too(cast):
    case, child = registered(cast), registered(cast, parties=[PartyIn(name="慕容拂晓")])
    actions.merge(child, into=case, by=cast.clerk)
    actions.unmerge(child, by=cast.clerk)
    told_of_them(cast, case)
    assert_unnamed(cast, case)


def test_the_petitioner_who_reopened_what_was_merged_in_is_looked_for_too(cast):
    case, child = registered(cast), registered(cast, parties=[PartyIn(name="慕容拂晓")])
    actions.merge(child, into=case, by=cast.clerk)
    told_of_them(cast, case)
    for notice in Notice.objects.filter(case=child, told_at=None):
        actions.record_told(notice, by=petitioner(child), how="delivered")
    child.refresh_from_db()
    actions.reopen(child, by=petitioner(child), reason="又吵了")
    assert child.parent is None
    assert_unnamed(cast, case)


def test_whoever_left_before_a_split_is_looked_for_in_the_part(cast):
    case = registered(
        cast, parties=[PartyIn(name="赵钱孙"), PartyIn(role=Party.Role.MEMBER, name="慕容拂晓")]
    )
    member = Party.objects.get(case=case, role=Party.Role.MEMBER)
    actions.leave(case, by=cast.clerk, party=member, why="不想反映了")
    case.refresh_from_db()
    part = actions.split(case, by=cast.clerk, title="油烟", text="油烟大")
    told_of_them(cast, part)
    assert_unnamed(cast, part)


def test_whoever_joined_a_part_is_looked_for_in_what_it_was_split_from(cast):
    case = registered(cast)
    part = actions.split(case, by=cast.clerk, title="油烟", text="油烟大")
    actions.add_party(part, by=cast.clerk, member=PartyIn(role=Party.Role.MEMBER, name="慕容拂晓"))
    told_of_them(cast, case)
    assert_unnamed(cast, case)


def test_an_empty_text_is_refused(cast):
    with pytest.raises(Refused, match="请填写答复"):
        publish(told(cast), by=cast.clerk, **{**TEXTS, "answer": " "})


def test_a_report_is_never_published(cast):
    intake = Intake(text="有人收礼。", nature=Case.Nature.REPORT, parties=[PartyIn()])
    case = actions.register_and_answer(intake, by=cast.clerk, text="已转办。").case
    for act in (lambda: propose(case, by=cast.clerk), lambda: publish(case, by=cast.clerk, **TEXTS)):
        with pytest.raises(Refused, match="举报不公开"):
            act()
    assert not Publication.objects.exists()


def test_somebody_who_kept_no_identity_may_be_published(cast):
    case = told(cast, parties=[PartyIn()], confidentiality=Case.Confidentiality.NONE)
    assert publish(case, by=cast.clerk, **TEXTS).state == State.PUBLISHED


def test_only_a_told_or_ended_matter_is_published(cast):
    with clock.frozen(MONDAY):
        case = answered(cast)
    with pytest.raises(Refused, match="待审核"):
        publish(case, by=cast.clerk, **TEXTS)
    tell(case, cast)
    actions.close(case, by=cast.caller)
    assert publish(case, by=cast.clerk, **TEXTS).state == State.PUBLISHED


@pytest.mark.parametrize(
    "who", ["handler", "dispatcher", "caller", "supervisor", "leader", "outsider", "auditor"]
)
def test_others_may_neither_draft_nor_publish(cast, who):
    case = told(cast)
    with pytest.raises(PermissionDenied):
        propose(case, by=getattr(cast, who))
    with pytest.raises(PermissionDenied):
        publish(case, by=getattr(cast, who), **TEXTS)


def test_neither_the_program_nor_the_petitioner_confirms(cast):
    case = told(cast)
    for who in (cast.system, petitioner(case)):
        with pytest.raises(PermissionDenied):
            publish(case, by=who, **TEXTS)
    assert propose(case, by=cast.system).state == State.PROPOSED, "the program may draft"


def test_the_database_too_refuses_what_no_person_confirmed(cast):
    row = propose(told(cast), by=cast.clerk)
    row.state = State.PUBLISHED
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_what_is_public_is_changed_only_after_taking_it_back(cast):
    case = told(cast)
    publish(case, by=cast.clerk, **TEXTS)
    with pytest.raises(Refused, match="先撤下"):
        publish(case, by=cast.clerk, **TEXTS)
    withdraw_publication(case, by=cast.supervisor, reason="有错字")
    assert publication_of(case).state == State.WITHDRAWN and public_list().rows == []
    with pytest.raises(Publication.DoesNotExist):
        public_page(case.number)
    publish(case, by=cast.clerk, **TEXTS)
    assert public_page(case.number).withdrawn_reason is None


def test_taking_back_wants_a_reason_a_publication_and_the_right_person(cast):
    case = told(cast)
    with pytest.raises(Refused, match="没有公开"):
        withdraw_publication(case, by=cast.clerk, reason="有错字")
    publish(case, by=cast.clerk, **TEXTS)
    with pytest.raises(Refused, match="请填写"):
        withdraw_publication(case, by=cast.clerk, reason="")
    with pytest.raises(PermissionDenied):
        withdraw_publication(case, by=cast.handler, reason="不好看")
    assert public_page(case.number)


def test_the_answer_of_a_new_round_is_what_a_new_draft_holds(cast):
    case = told(cast, parties=[NEIGHBOUR])
    publish(case, by=cast.clerk, **TEXTS)
    withdraw_publication(case, by=cast.clerk, reason="重办")
    [order] = actions.redo(case, by=cast.reviewer, reason="还在吵")
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.handler, text="已停业整改。", outcome="solved")
    tell(case, cast)
    assert propose(case, by=cast.clerk).answer == "已停业整改。"
