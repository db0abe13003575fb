"""复看: asked for once a round, given by somebody who has not decided before, and followed by what it says."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.cases import actions
from huiyin.cases.models import Case, Note, Notice, Order
from huiyin.evaluation import second_opinions
from huiyin.evaluation.actions import ask_second_opinion, give_second_opinion, rate
from huiyin.evaluation.models import SecondOpinion
from huiyin.evaluation.tests.road import MONDAY, petitioner, told
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post

pytestmark = pytest.mark.django_db
UNHAPPY = {"contacted": True, "solved": "no", "satisfied": 1}
SOLVABLE, STANDS = SecondOpinion.Verdict.SOLVABLE, SecondOpinion.Verdict.STANDS


@pytest.fixture(autouse=True)
def wednesday():
    with clock.frozen(MONDAY + timedelta(days=2)):
        yield


@pytest.fixture
def other(cast) -> Actor:
    """A second reviewer of the desk."""
    post = Post.objects.create(
        code="reviewer-2", user=cast.second_clerk.user, unit=cast.centre, role="reviewer"
    )
    return Actor.of(post)


def asked(cast, *, by=None) -> Case:
    case = told(cast)
    rate(case, by=petitioner(case), **UNHAPPY)
    ask_second_opinion(case, by=by or petitioner(case), why="换个人看看，明明能解决")
    return case


def test_another_reviewer_finds_it_solvable_and_the_unit_does_it_again(cast, other):
    case = asked(cast)
    give_second_opinion(case, by=other, verdict=SOLVABLE, text="隔音没有做完")
    case.refresh_from_db()
    assert (case.state, case.round) == (Case.State.HANDLING, 2)
    assert Order.objects.get(case=case, round=2).unit == cast.chengguan
    assert second_opinions.open_for(case) is None


def test_a_supervisor_finds_it_solvable_and_the_reviewer_has_it(cast):
    case = asked(cast)
    give_second_opinion(case, by=cast.supervisor, verdict=SOLVABLE, text="隔音没有做完")
    case.refresh_from_db()
    assert (case.state, case.round, case.holder_role) == (Case.State.TOLD, 1, "reviewer")


def test_what_was_explained_and_closed_begins_anew(cast):
    case = told(cast)
    actions.explain_and_close(case, by=cast.reviewer, reason=cast.lawful_end, explanation="只能做到这里")
    ask_second_opinion(case, by=petitioner(case), why="还能做")
    give_second_opinion(case, by=cast.supervisor, verdict=SOLVABLE, text="还有办法")
    case.refresh_from_db()
    assert (case.state, case.round) == (Case.State.REGISTERED, 2)


def test_what_stands_is_told_to_everybody_with_its_reasons(cast, other):
    case = asked(cast)
    give_second_opinion(case, by=other, verdict=STANDS, text="分贝已经达标，依据检测报告")
    case.refresh_from_db()
    assert case.state == Case.State.TOLD
    assert Note.objects.get(case=case).readers == Note.Readers.ALL
    assert Notice.objects.filter(case=case, about="explanation", told_at=None).count() == 1
    event = latest(f"case:{case.number}")
    assert event.kind == "give_second_opinion" and event.facts["verdict"] == "stands"
    assert "分贝" not in repr(event.facts)


def test_whoever_has_looked_before_does_not_look_again(cast):
    case = asked(cast)
    with pytest.raises(Refused, match="别人来做"):
        give_second_opinion(case, by=cast.reviewer, verdict=STANDS, text="就这样")
    [row] = second_opinions.waiting(cast.reviewer)
    assert not row.may and second_opinions.waiting(cast.supervisor)[0].may
    assert not second_opinions.may_be_given(case, cast.reviewer)


def test_nor_under_another_post_nor_somebody_of_the_judged_unit(cast, other):
    case = asked(cast)
    Post.objects.create(code="second-hat", user=other.user, unit=cast.squad, role="handler")
    assert not second_opinions.is_another(case, Actor.of(other.post))
    both = Post.objects.create(code="duban-2", user=cast.reviewer.user, unit=cast.duban, role="supervisor")
    assert not second_opinions.is_another(case, Actor.of(both))


def test_once_a_round_and_only_while_it_is_asked_for(cast, other):
    case = asked(cast)
    with pytest.raises(Refused, match="一轮只复看一次"):
        ask_second_opinion(case, by=cast.caller, why="再看")
    give_second_opinion(case, by=other, verdict=STANDS, text="已经办到位")
    with pytest.raises(Refused, match="没有请人复看"):
        give_second_opinion(case, by=cast.supervisor, verdict=STANDS, text="已经办到位")
    assert not second_opinions.may_be_asked_for(case)


@pytest.mark.parametrize("bad", [{"verdict": "perhaps"}, {"text": " "}])
def test_an_answer_off_the_form_leaves_nothing(cast, other, bad):
    case = asked(cast)
    with pytest.raises(Refused):
        give_second_opinion(case, by=other, **{"verdict": STANDS, "text": "办到位", **bad})
    assert second_opinions.open_for(case) is not None


@pytest.mark.parametrize("who", ["handler", "clerk", "dispatcher", "caller", "leader"])
def test_nobody_else_gives_one(cast, who):
    case = asked(cast)
    with pytest.raises(PermissionDenied):
        give_second_opinion(case, by=getattr(cast, who), verdict=STANDS, text="办到位")


@pytest.mark.parametrize("who", ["handler", "unit_leader", "clerk", "leader"])
def test_nobody_else_asks_for_one(cast, who):
    with pytest.raises(PermissionDenied):
        ask_second_opinion(told(cast), by=getattr(cast, who), why="再看")


def test_if_what_follows_is_refused_the_opinion_is_not_kept(cast, other, monkeypatch):
    case = asked(cast)

    def refuse(*_args, **_more):
        raise Refused("现在不能重办")

    monkeypatch.setattr("huiyin.evaluation.actions.second_opinion.redo", refuse)
    with pytest.raises(Refused, match="现在不能重办"):
        give_second_opinion(case, by=other, verdict=SOLVABLE, text="还能办")
    assert second_opinions.open_for(Case.objects.get(pk=case.pk)) is not None
