"""What a party does with their own case: add, rate, contest, reopen, withdraw, download."""

import pytest
from django.core.cache import cache

from huiyin.cases import actions
from huiyin.cases.models import Case, Note, Point, Round
from huiyin.evaluation.models import Rating
from huiyin.web.tests.citizens import answered, hand_in, to_unit

pytestmark = pytest.mark.django_db
GOOD = {"contacted": "yes", "solved": "yes", "satisfied": "5", "words": "谢谢"}


@pytest.fixture(autouse=True)
def no_tries():
    cache.clear()


@pytest.fixture
def visitor(cast):
    return hand_in()


@pytest.fixture
def told(cast, visitor):
    answered(cast, visitor.case)
    visitor.client.get(visitor.page)
    return visitor


def do(visitor, act, **typed):
    return visitor.client.post(f"{visitor.page}{act}/", typed)


def page_of(answer):
    return answer.content.decode()


def test_words_are_added_and_shown(visitor):
    assert do(visitor, "add", text="昨晚又吵到三点").status_code == 302
    assert "昨晚又吵到三点" in page_of(visitor.client.get(visitor.page))
    assert Note.objects.get().party == visitor.party


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
def test_adding_nothing_is_refused(visitor, text):
    answer = do(visitor, "add", text=text)
    assert answer.status_code == 422 and not Note.objects.exists()


def test_too_many_words_are_counted_and_kept(visitor):
    answer = do(visitor, "add", text="长" * 20_001)
    assert "现在有 20001 个" in page_of(answer) and "长" * 20_001 in page_of(answer)


def test_a_rating_closes_a_solved_matter(told):
    page = page_of(told.client.get(told.page))
    assert "请您评价" in page and "现在轮到您" in page
    assert do(told, "rate", **GOOD).status_code == 302
    assert Rating.objects.get().satisfied == 5 and Case.objects.get().state == "closed"
    assert "您作了评价" in page_of(told.client.get(told.page))


def test_the_rating_page_says_who_sees_it(told):
    assert "看不到您打的分" in page_of(told.client.get(f"{told.page}rate/"))


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("contacted", "", "请选择：办事的人联系过您吗"),
        ("solved", "", "请选择：问题解决了吗"),
        ("solved", "perhaps", "请从列出的里面选：问题解决了吗"),
        ("satisfied", "", "请选择：您满意吗"),
        ("satisfied", "6", "请从列出的里面选：您满意吗"),
        ("words", "话" * 2001, "最多 2000 个字"),
    ],
)
def test_a_rating_that_misses_something_is_not_taken_and_keeps_the_rest(told, field, typed, sentence):
    answer = do(told, "rate", **{**GOOD, field: typed})
    page = page_of(answer)
    assert answer.status_code == 422 and sentence in page and not Rating.objects.exists()
    assert "checked" in page and (field == "words" or "谢谢" in page)


def test_a_second_rating_is_refused_and_the_first_one_stands(cast, told):
    do(told, "rate", **{**GOOD, "solved": "no", "satisfied": "1"})
    answer = do(told, "rate", **GOOD)
    assert answer.status_code == 422 and Rating.objects.get().satisfied == 1
    assert "我来评价" not in page_of(told.client.get(told.page))


def test_rating_before_the_answer_is_refused_in_words(visitor):
    answer = do(visitor, "rate", **GOOD)
    assert answer.status_code == 422 and "待甄别" in page_of(answer) and "谢谢" in page_of(answer)


def test_a_contested_refusal_begins_a_round(cast, visitor):
    actions.decline(visitor.case, by=cast.clerk, reason=cast.no_duty)
    visitor.client.get(visitor.page)
    assert do(visitor, "contest", why="").status_code == 422
    assert do(visitor, "contest", why="这就是城管局的职责").status_code == 302
    assert Case.objects.get().state == "registered" and Round.objects.count() == 2
    assert "提出了异议" in page_of(visitor.client.get(visitor.page))


def test_a_closed_matter_is_reopened_with_a_reason(cast, told):
    do(told, "rate", **GOOD)
    assert do(told, "reopen", why="  ").status_code == 422
    assert do(told, "reopen", why="又开始吵了").status_code == 302
    assert Case.objects.get().state == "registered"
    page = page_of(told.client.get(told.page))
    assert "店主已加装隔音" in page and "重启" in page  # what was answered stays readable


def test_a_matter_is_withdrawn_after_a_page_that_says_what_follows(cast, visitor):
    to_unit(cast, visitor.case)
    assert "撤回以后不能恢复" in page_of(visitor.client.get(f"{visitor.page}withdraw/"))
    assert do(visitor, "withdraw", why="已经解决了").status_code == 302
    assert Case.objects.get().state == "withdrawn"


def test_what_is_too_late_is_refused_with_what_is_possible(told):
    answer = do(told, "withdraw", why="不想等了")
    assert answer.status_code == 422 and "不想等了" in page_of(answer)
    assert Case.objects.get().state == "told"


def test_a_page_of_an_act_that_is_not_possible_says_so(visitor):
    page = page_of(visitor.client.get(f"{visitor.page}reopen/"))
    assert "现在不能这样做" in page and "<textarea" not in page


def test_there_is_no_other_act(visitor):
    assert visitor.client.get(f"{visitor.page}approve/").status_code == 404


def test_nobody_acts_on_a_case_that_they_have_not_opened(cast, visitor):
    other = hand_in(key="00000000-0000-4000-8000-000000000001")
    for act in ("add", "rate", "contest", "reopen", "withdraw"):
        answer = visitor.client.post(f"{other.page}{act}/", {"text": "x", "why": "x"})
        assert answer.status_code == 422 and answer.context["typed"] == ["x", "x"]
        assert visitor.client.post(f"{other.page}{act}/")["Location"] == f"/follow/?number={other.number}"
    assert not Note.objects.exists()


def test_a_group_member_cannot_withdraw_the_whole(cast, visitor):
    party = visitor.party
    party.role = "member"
    party.save()
    assert "withdraw" not in page_of(visitor.client.get(visitor.page))
    assert do(visitor, "withdraw").status_code == 422


def test_redone_work_shows_the_earlier_answer_as_such(cast, told):
    do(told, "rate", **{**GOOD, "solved": "no"})
    [order] = actions.redo(told.case, by=cast.reviewer, reason="没有解决")
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.handler, text="已重新测过", outcome=Point.Outcome.SOLVED)
    actions.approve(told.case, by=cast.reviewer)
    page = page_of(told.client.get(told.page))
    assert "已重新测过" in page and "店主已加装隔音" in page and "以前的一轮" in page
