"""被要求打好评: supervision alone hears it, and a rating given anew counts unseen."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.cases import actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case, Party
from huiyin.cases.queries import page_of
from huiyin.evaluation import pressures, tasks
from huiyin.evaluation.access import disclosed, disclosed_on
from huiyin.evaluation.actions import look_into_pressure, rate, say_pressed
from huiyin.evaluation.models import Pressure, Rating
from huiyin.evaluation.queries import valid_evaluations
from huiyin.evaluation.tests.road import MONDAY, NEIGHBOUR, petitioner, told
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.web.cases.story import story

pytestmark = pytest.mark.django_db
HAPPY = {"contacted": True, "solved": "yes", "satisfied": 5}
UNHAPPY = {"contacted": False, "solved": "no", "satisfied": 1}
WORDS = "队长上门说不打好评就不管了"


@pytest.fixture(autouse=True)
def wednesday():
    with clock.frozen(MONDAY + timedelta(days=2)):
        yield


def pressed(cast, **more) -> Case:
    case = told(cast)
    rate(case, by=petitioner(case), **HAPPY)
    say_pressed(case, by=petitioner(case), words=WORDS, **more)
    return case


def test_supervision_reads_who_was_pressed_and_both_ratings(cast):
    case = pressed(cast, anew=UNHAPPY)
    [found], older = pressures.told(cast.supervisor)
    assert (found.number, found.words, found.unit, older) == (case.number, WORDS, "城管局", None)
    assert (found.before, found.now) == (("已解决", 5), ("未解决", 1))
    assert not found.row.looked_into_at and pressures.one(cast.supervisor, found.row.pk) == found


def test_the_rating_given_anew_is_the_one_that_counts(cast):
    case = pressed(cast, anew=UNHAPPY)
    today = clock.local_date(clock.now())
    [row] = valid_evaluations(since=today, until=today)
    assert (row["case_id"], row["solved"], row["satisfied"]) == (case.pk, "no", 1)
    assert list(Rating.objects.order_by("pk").values_list("set_aside", flat=True)) == ["pressed", ""]


def test_it_moves_nothing_and_whoever_is_judged_reads_what_they_read_before(cast):
    case = told(cast)
    rate(case, by=petitioner(case), **HAPPY)
    everybody = [who for who in cast.staff().values() if who.role != "supervisor"]
    seen = lambda: [known(case, who) for who in everybody]  # noqa: E731
    before = seen()
    say_pressed(case, by=petitioner(case), words=WORDS, anew=UNHAPPY)
    assert seen() == before
    case.refresh_from_db()
    assert case.state == Case.State.CLOSED and case.holder_unit is None


def known(case: Case, who: Actor):
    """What somebody reads of the ratings, and of what has happened."""
    try:
        page = page_of(Case.objects.get(pk=case.pk), who)
        assert disclosed_on(page) == disclosed(case, who)
        return disclosed(case, who), [(event.act, event.text) for event in story(page)]
    except (PermissionDenied, Case.DoesNotExist):
        return None


SAID_ANEW = [(HAPPY, UNHAPPY), (UNHAPPY, HAPPY)]


def two_worlds(cast, first, anew):
    """Two matters of two parties each: the first party of both has rated, that of the second one anew as well."""
    for pressed_too in (False, True):
        case = told(cast, parties=[NEIGHBOUR, PartyIn(name="孙李周")])
        one, other = [Actor.citizen(party.pk) for party in Party.objects.filter(case=case).order_by("pk")]
        rate(case, by=one, **first)
        if pressed_too:
            say_pressed(case, by=one, anew=anew)
        yield case, other


def standing(case: Case, who: Actor):
    """What the unit sees of where a matter stands."""
    case = Case.objects.get(pk=case.pk)
    return case.state, str(case.holder_unit), case.holder_role, disclosed(case, who).solved


@pytest.mark.parametrize(("first", "anew"), SAID_ANEW)
def test_a_matter_with_two_parties_goes_on_as_if_the_first_rating_were_the_only_one(cast, first, anew):
    found = []
    for case, other in two_worlds(cast, first, anew):
        rate(case, by=other, **HAPPY)
        found.append(standing(case, cast.handler))
    assert found[0] == found[1]
    assert found[0][0] == (Case.State.CLOSED if first == HAPPY else Case.State.TOLD)


@pytest.mark.parametrize(("first", "anew"), SAID_ANEW)
def test_a_matter_ends_by_time_as_if_the_first_rating_were_the_only_one(cast, first, anew):
    cases = [case for case, _other in two_worlds(cast, first, anew)]
    with clock.frozen(MONDAY + timedelta(days=60)):
        assert tasks.close_unrated() == (2 if first == HAPPY else 0)
    assert len({standing(case, cast.handler) for case in cases}) == 1


def test_a_matter_whose_first_rating_is_void_waits_for_its_party_whatever_was_said_anew(cast):
    found = []
    for case, other in two_worlds(cast, HAPPY, UNHAPPY):
        first = Rating.objects.filter(case=case).order_by("pk").first()
        Rating.objects.filter(pk=first.pk).update(set_aside=Rating.Aside.VOID)
        rate(case, by=other, **HAPPY)
        case.refresh_from_db()
        found.append((case.state, case.holder_role))
    assert found[0] == found[1] and found[0][0] == Case.State.TOLD


def test_supervision_sees_on_the_case_that_it_was_said(cast):
    case = pressed(cast, anew=UNHAPPY)
    assert [grade.set_aside for grade in disclosed(case, cast.supervisor).grades] == ["pressed", ""]
    assert "反映被要求打好评" in [event.act for event in story(page_of(case, cast.supervisor))]


def test_the_event_holds_no_word_and_no_grade(cast):
    case = pressed(cast, anew=UNHAPPY)
    event = latest(f"case:{case.number}")
    assert event.kind == "say_pressed" and set(event.facts) == {"from", "to", "round", "party"}
    assert Pressure.objects.get().words.open(Permit("test", Purpose.OWN)) == WORDS


def test_without_a_new_rating_the_old_one_stays(cast):
    pressed(cast)
    assert Rating.objects.get().set_aside == "" and pressures.told(cast.supervisor)[0][0].now is None


def test_it_is_said_once_a_round_and_anew_only_after_a_rating(cast):
    case = told(cast)
    with pytest.raises(Refused, match="直接评价"):
        say_pressed(case, by=petitioner(case), anew=UNHAPPY)
    assert not Pressure.objects.exists()
    say_pressed(case, by=petitioner(case))
    with pytest.raises(Refused, match="已经反映过"):
        say_pressed(case, by=petitioner(case))


@pytest.mark.parametrize(
    "who", ["handler", "unit_leader", "reviewer", "caller", "clerk", "leader", "auditor"]
)
def test_nobody_else_hears_of_it_or_looks_into_it(cast, who):
    pressed(cast)
    by = getattr(cast, who)
    for attempt in (
        lambda: pressures.told(by),
        lambda: pressures.one(by, Pressure.objects.get().pk),
        lambda: look_into_pressure(Pressure.objects.get(), by=by, finding="没有的事"),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_a_supervisor_with_a_post_in_the_judged_unit_does_not_hear_of_it(cast):
    pressed(cast)
    Post.objects.create(code="second-hat", user=cast.supervisor.user, unit=cast.squad, role="handler")
    by = Actor.of(cast.supervisor.post)
    assert pressures.told(by) == ([], None)
    with pytest.raises(Refused, match="别的督办"):
        look_into_pressure(Pressure.objects.get(), by=by, finding="没有的事")


def test_a_party_of_another_matter_and_the_office_may_not_say_it(cast):
    case, other = told(cast), told(cast)
    for by in (petitioner(other), cast.handler, cast.caller):
        with pytest.raises(PermissionDenied):
            say_pressed(case, by=by)


def test_what_was_found_is_kept_once_and_the_party_reads_that_somebody_looked(cast):
    case = pressed(cast)
    row = Pressure.objects.get()
    look_into_pressure(row, by=cast.supervisor, finding="已约谈")
    assert pressures.told(cast.supervisor)[0][0].row.looked_into_at
    assert latest(f"case:{case.number}").facts["unit"] == "duban"
    with pytest.raises(Refused, match="已经核查过"):
        look_into_pressure(row, by=cast.supervisor, finding="再查")


def test_pages_of_them_go_by_key(cast, monkeypatch):
    monkeypatch.setattr(pressures, "PAGE", 2)
    for _each in range(3):
        pressed(cast)
    first, older = pressures.told(cast.supervisor)
    second, none = pressures.told(cast.supervisor, before=older)
    assert (len(first), len(second), none) == (2, 1, None) and first[-1].row.pk > second[0].row.pk


def test_a_new_round_is_judged_by_itself(cast):
    case = told(cast)
    rate(case, by=petitioner(case), contacted=True, solved="no", satisfied=4)
    say_pressed(case, by=petitioner(case), anew=UNHAPPY)
    actions.redo(case, by=cast.reviewer, reason="没有解决")
    assert disclosed(Case.objects.get(pk=case.pk), cast.handler).solved is None
