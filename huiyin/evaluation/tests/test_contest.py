"""回访异议: a unit contests how it was rated; two who oversee decide, and nobody of them learns a grade by it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from huiyin.cases import actions
from huiyin.cases.access import sees
from huiyin.cases.models import Case, Party
from huiyin.cases.queries import page_of
from huiyin.evaluation import calling, contests, tasks
from huiyin.evaluation.access import disclosed, disclosed_on
from huiyin.evaluation.actions import (
    call_back,
    contest_rating,
    dial,
    rate,
    refuse_contest,
    say_pressed,
    uphold_contest,
)
from huiyin.evaluation.blocks import make_blocks
from huiyin.evaluation.models import CallBack, Contest, Rating
from huiyin.evaluation.queries import still_to_rate, valid_evaluations
from huiyin.evaluation.rules import CallBackRules, Ground
from huiyin.evaluation.tests.road import MONDAY, petitioner, told
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import history, latest
from huiyin.ledger.sequencer import sequence
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.web.cases.contests import apt

pytestmark = pytest.mark.django_db
HAPPY = {"contacted": True, "solved": "yes", "satisfied": 5}
UNHAPPY = {"contacted": True, "solved": "no", "satisfied": 1}
WEDNESDAY = MONDAY + timedelta(days=2)
UNIT = Ground("wrong_unit", "不是本单位承办的", "《某规定》第六条", "unit")
PERSON = Ground("not_party", "接电话的不是诉求人", "《某规定》第七条", "person")
WHY = "职责清单第三条，属住建局"


@pytest.fixture(autouse=True)
def wednesday(monkeypatch):
    rules = CallBackRules(share=100, wait_hours=0)
    for room in ("drawing", "settling", "calling", "actions.calling_back"):
        monkeypatch.setattr(f"huiyin.evaluation.{room}.call_back_rules", lambda: rules)
    monkeypatch.setattr("huiyin.evaluation.contests.grounds", lambda _on: [UNIT, PERSON])
    with clock.frozen(WEDNESDAY):
        yield


def called(cast, **said) -> Case:
    """A told matter whose petitioner was called back."""
    case = told(cast)
    sequence()
    tasks.draw_call_backs()
    row = calling.take_next(cast.caller)
    dial(row, by=cast.caller)
    call_back(row, by=cast.caller, result="reached", **(said or UNHAPPY))
    return Case.objects.get(pk=case.pk)


def contested(cast, ground=UNIT, **said) -> Case:
    case = called(cast, **said)
    contest_rating(case, by=cast.handler, ground=ground.code, why=WHY)
    return case


def counted() -> list:
    today = clock.local_date(clock.now())
    return [row["unit_id"] for row in valid_evaluations(since=today - timedelta(days=30), until=today)]


def test_of_a_wrong_unit_the_rating_stays_and_counts_for_no_unit(cast):
    case = contested(cast)
    assert uphold_contest(case, by=cast.supervisor).state == Contest.State.ASKED
    assert counted() == [cast.chengguan.pk], "one alone changes nothing"
    assert uphold_contest(case, by=cast.leader).state == Contest.State.UPHELD
    assert counted() == [None] and still_to_rate(case) == []
    assert disclosed(case, cast.handler).solved is False, "the matter is still called unsolved"
    events = [event.kind for event in history(f"case:{case.number}")][-3:]
    assert events == ["contest_rating", "uphold_contest", "uphold_contest"]
    assert latest(f"case:{case.number}").facts["ground"] == "wrong_unit"


def test_what_is_rated_later_in_the_round_counts_for_no_unit_either(cast):
    case = contested(cast, **HAPPY)
    for who in (cast.supervisor, cast.leader):
        uphold_contest(case, by=who)
    say_pressed(case, by=petitioner(case), anew=UNHAPPY)
    assert counted() == [None]
    other = contested(cast)
    refuse_contest(other, by=cast.supervisor, why="在清单上")
    say_pressed(other, by=petitioner(other), anew=HAPPY)
    assert sorted(counted(), key=str) == [cast.chengguan.pk, None], "one that was refused changes nothing"


def test_whoever_decides_reads_the_reasons_where_they_decide(cast, sign_in):
    case = contested(cast)
    client = sign_in(cast.supervisor)
    for act in ("uphold_contest", "refuse_contest"):
        shown = client.get(reverse("cases:act", args=[case.number, act])).content.decode()
        assert WHY in shown and "不是本单位承办的" in shown and str(cast.chengguan) in shown
        assert "非常不满意" not in shown, "but never the grade"


def test_what_somebody_else_said_on_the_telephone_is_void_and_the_party_can_speak(cast):
    case = contested(cast, PERSON, **HAPPY)
    with pytest.raises(Refused, match="哪一次"):
        uphold_contest(case, by=cast.supervisor)
    party = Party.objects.get(case=case)
    for who in (cast.supervisor, cast.leader):
        uphold_contest(case, by=who, party=party)
    assert counted() == [] and Rating.objects.get().set_aside == Rating.Aside.VOID
    today = clock.local_date(clock.now())
    numbers = calling.numbers(CallBack.objects.all(), since=today, until=today)
    assert (numbers.valid, numbers.invalid) == (0, 1)
    assert disclosed(case, cast.handler).solved is None


def test_whoever_decides_on_a_person_is_not_told_that_somebody_rated_anew(cast, sign_in):
    for pressed in (False, True):
        case = called(cast, **HAPPY)
        if pressed:
            say_pressed(case, by=petitioner(case), anew=UNHAPPY)
        contest_rating(case, by=cast.handler, ground="not_party", why=WHY)
        party = Party.objects.get(case=case)
        act = reverse("cases:act", args=[case.number, "uphold_contest"])
        assert f'value="{party.pk}"' in sign_in(cast.leader).get(act).content.decode()
        for who in (cast.leader, cast.supervisor):
            uphold_contest(case, by=who, party=party)
        assert Rating.objects.get(case=case, how="call_back").set_aside == Rating.Aside.VOID
        assert CallBack.objects.get(case=case).state == CallBack.State.VOID
    assert Rating.objects.get(case=case, how="self").set_aside == "", "what the party says themselves stays"
    assert counted() == [cast.chengguan.pk]


def everybody_reads(cast, case) -> dict:
    """What each of the office but the supervisor knows of the ratings of a matter, on its page as when asked anew."""
    case, found = Case.objects.get(pk=case.pk), {}
    for name, who in cast.staff().items():
        if who.role != "supervisor" and sees(who, case):
            known = disclosed(case, who)
            assert disclosed_on(page_of(case, who)) == known, name
            found[name] = replace(known, grades=tuple(replace(each, party_id=0) for each in known.grades))
    return found


def void(cast, said, anew=None) -> Case:
    """A matter whose call-back is void, its party having rated anew before or not."""
    case = called(cast, **said)
    if anew is not None:
        say_pressed(case, by=petitioner(case), anew=anew)
    contest_rating(case, by=cast.handler, ground="not_party", why=WHY)
    for who in (cast.supervisor, cast.leader):
        uphold_contest(case, by=who, party=Party.objects.get(case=case))
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize(("said", "anew"), [(HAPPY, UNHAPPY), (UNHAPPY, HAPPY), (UNHAPPY, UNHAPPY)])
def test_what_was_said_anew_stays_the_supervisors_when_the_first_is_void(cast, said, anew):
    silent, spoken = void(cast, said), void(cast, said, anew)
    read = everybody_reads(cast, silent)
    assert read == everybody_reads(cast, spoken) and read["handler"].solved is None
    grades = [each.satisfied for each in disclosed(spoken, cast.supervisor).grades]
    assert grades == [said["satisfied"], anew["satisfied"]]
    [own] = disclosed(spoken, petitioner(spoken)).grades
    assert own.satisfied == anew["satisfied"]
    assert counted() == [cast.chengguan.pk]


def test_what_is_said_after_the_first_is_void_is_read_as_any_rating_and_the_matter_is_done_again(cast):
    spoken, case = void(cast, UNHAPPY, UNHAPPY), void(cast, UNHAPPY)
    rate(case, by=petitioner(case), **UNHAPPY)
    assert disclosed(case, cast.handler).solved is False
    for each in (case, spoken):
        actions.redo(each, by=cast.reviewer, reason="没有解决")
        again = Case.objects.get(pk=each.pk)
        assert again.round == 2 and disclosed(again, cast.handler).solved is None


def test_a_person_is_only_contested_where_somebody_was_called(cast):
    case = told(cast)
    rate(case, by=petitioner(case), **UNHAPPY)
    contest_rating(case, by=cast.handler, ground="not_party", why=WHY)
    with pytest.raises(Refused, match="没有电话回访过"):
        uphold_contest(case, by=cast.supervisor, party=Party.objects.get(case=case))
    refuse_contest(case, by=cast.supervisor, why="本人在网上评的")
    assert counted() == [cast.chengguan.pk] and Contest.objects.get().state == Contest.State.REFUSED
    with pytest.raises(Refused, match="没有等着"):
        uphold_contest(case, by=cast.leader)


def test_it_takes_two_and_neither_the_caller_nor_somebody_of_the_unit(cast):
    case = contested(cast)
    uphold_contest(case, by=cast.supervisor)
    hat = Post.objects.create(
        code="hat", user=cast.supervisor.user, unit=cast.duban, role="leader", title="兼"
    )
    caller = Post.objects.create(code="hat-2", user=cast.caller.user, unit=cast.duban, role="supervisor")
    squad = Post.objects.create(code="hat-3", user=cast.leader.user, unit=cast.squad, role="handler")
    for by in (cast.supervisor, Actor.of(hat), Actor.of(caller), Actor.of(cast.leader.post)):
        with pytest.raises(PermissionDenied):
            uphold_contest(case, by=by)
        assert squad and contests.to_decide(case, by) is None
    assert counted() == [cast.chengguan.pk]


def test_who_contested_does_not_decide_on_it_after_a_change_of_posts(cast, sign_in):
    case = contested(cast)
    Post.objects.filter(pk=cast.handler.post.pk).update(valid_to=clock.local_date(WEDNESDAY))
    moved = Post.objects.create(code="moved", user=cast.handler.user, unit=cast.duban, role="supervisor")
    with clock.frozen(WEDNESDAY + timedelta(days=1)):
        by = Actor.of(moved)
        for decide in (uphold_contest, lambda case, by: refuse_contest(case, by=by, why="不")):
            with pytest.raises(PermissionDenied, match="提出异议的人"):
                decide(case, by=by)
        listed = reverse("supervisor:contests")
        assert case.number not in sign_in(by).get(listed).content.decode()
        assert case.number in sign_in(cast.supervisor).get(listed).content.decode()


@pytest.mark.parametrize("who", ["clerk", "reviewer", "caller", "supervisor", "representative"])
def test_only_a_unit_contests_and_only_those_who_oversee_decide(cast, who):
    case = called(cast)
    with pytest.raises(PermissionDenied):
        contest_rating(case, by=getattr(cast, who), ground="wrong_unit", why=WHY)
    contest_rating(case, by=cast.handler, ground="wrong_unit", why=WHY)
    assert disclosed(case, cast.supervisor).grades == () != disclosed(case, cast.reviewer).grades
    for by in (cast.handler, cast.reviewer, cast.caller):
        with pytest.raises(PermissionDenied):
            refuse_contest(case, by=by, why="不")


def test_once_in_time_by_a_ground_in_force_and_not_before_somebody_rated(cast):
    case = told(cast)
    with pytest.raises(Refused, match="现在不能提异议"):
        contest_rating(case, by=cast.handler, ground="wrong_unit", why=WHY)
    rate(case, by=petitioner(case), **UNHAPPY)
    with pytest.raises(Refused, match="现行的理由"):
        contest_rating(case, by=cast.handler, ground="moon", why=WHY)
    with clock.frozen(WEDNESDAY + timedelta(days=6)), pytest.raises(Refused, match="过了期限"):
        contest_rating(case, by=cast.handler, ground="wrong_unit", why=WHY)
    contest_rating(case, by=cast.handler, ground="wrong_unit", why=WHY)
    with pytest.raises(Refused, match="已经提过"):
        contest_rating(case, by=cast.handler, ground="wrong_unit", why=WHY)
    Case.objects.filter(pk=case.pk).update(nature=Case.Nature.REPORT)
    assert not contests.may_contest(Case.objects.get(pk=case.pk), cast.handler)


def test_the_offer_tells_neither_a_good_from_a_bad_one_nor_that_somebody_rated_anew(cast):
    offers = []
    for grade, pressed in ((HAPPY, False), (UNHAPPY, False), (HAPPY, True)):
        case = told(cast)
        rate(case, by=petitioner(case), **grade)
        seen = []
        for days in (1, 4, 6, 8):
            with clock.frozen(WEDNESDAY + timedelta(days=days)):
                if pressed and days == 4:
                    say_pressed(case, by=petitioner(case), anew=UNHAPPY)
                fresh = Case.objects.get(pk=case.pk)
                seen.append(apt(page_of(fresh, cast.handler), "contest_rating"))
        offers.append(seen)
    assert offers == [[True, True, False, False]] * 3


def test_a_block_that_was_told_stays(cast):
    case = contested(cast)
    Rating.objects.bulk_create(
        Rating(case=case, party=party, round=1, contacted=True, solved="yes", satisfied=5, how="self",
               at=clock.now(), on=clock.local_date(clock.now()), unit=cast.chengguan)
        for party in Party.objects.bulk_create(
            Party(case=case, role=Party.Role.MEMBER, joined_at=clock.now()) for _each in range(9)
        )
    )  # fmt: skip
    with clock.frozen(MONDAY + timedelta(days=30)):
        assert make_blocks() == 1
        for who in (cast.supervisor, cast.leader):
            uphold_contest(case, by=who)
        assert make_blocks() == 0
    assert Rating.objects.filter(block=None).count() == 0


# -- pages ---------------------------------------------------------------------------------------------------
def test_by_the_pages_from_the_unit_to_two_who_decide_without_a_grade(cast, sign_in):
    case = called(cast, **(UNHAPPY | {"words": "敷衍了事"}))
    page = reverse("cases:case", args=[case.number])
    assert "敷衍了事" in sign_in(cast.supervisor).get(page).content.decode()
    act = lambda name: reverse("cases:act", args=[case.number, name])  # noqa: E731
    unit = sign_in(cast.handler)
    assert act("contest_rating") in unit.get(page).content.decode()
    assert unit.post(act("contest_rating"), {"ground": "not_party", "why": WHY}).status_code == 302
    shown = unit.get(page).content.decode()
    assert WHY in shown and "等两人核准" in shown and act("contest_rating") not in shown
    supervisor, leader = sign_in(cast.supervisor), sign_in(cast.leader)
    listed = supervisor.get(reverse("supervisor:contests")).content.decode()
    assert case.number in listed and "《某规定》第七条" in listed
    assert "敷衍了事" not in supervisor.get(page).content.decode(), "while they are to decide"
    form = supervisor.get(act("uphold_contest")).content.decode()
    assert "打错了人" in form and "非常不满意" not in form and "敷衍了事" not in form
    party = Party.objects.get(case=case).pk
    assert supervisor.post(act("uphold_contest"), {}).status_code == 422
    assert supervisor.post(act("uphold_contest"), {"party": party}).status_code == 302
    assert act("uphold_contest") not in supervisor.get(page).content.decode()
    assert "您核准过" in supervisor.get(reverse("supervisor:contests")).content.decode()
    assert leader.post(act("uphold_contest"), {}).status_code == 302
    assert "成立，不计入" in unit.get(page).content.decode()
    assert "现在没有等着核准的" in leader.get(reverse("supervisor:contests")).content.decode()
    assert sign_in(cast.handler).get(reverse("supervisor:contests")).status_code == 403


def test_a_case_without_any_costs_no_query_more(cast, django_assert_num_queries):
    page = page_of(told(cast), cast.handler)
    page.history  # noqa: B018
    with django_assert_num_queries(0):
        assert (
            contests.of_page(page) == []
            and not apt(page, "uphold_contest")
            and not apt(page, "contest_rating")
        )


def test_a_profile_s_ground_that_cannot_be_meant_is_no_ground():
    assert not UNIT.faulty and Ground("", "x", "y", "unit").faulty and Ground("a", "x", "", "unit").faulty
    assert Ground("a", "x", "y", "both").faulty and Ground("a", "x", "y", "unit", since="soon").faulty
