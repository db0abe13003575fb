"""群众评议台账, and what people say of the representatives who brought their matters in."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from huiyin.cases.models import Party
from huiyin.evaluation import book
from huiyin.evaluation.actions import rate, rate_bringer, say_pressed
from huiyin.evaluation.models import Rating, RepresentativeRating
from huiyin.evaluation.queries import may_rate_now, still_to_rate
from huiyin.evaluation.representatives import batches
from huiyin.evaluation.representatives import told as told_of
from huiyin.evaluation.spans import FULL, Span
from huiyin.evaluation.tests.road import MONDAY, brought, petitioner, told
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.models import Event
from huiyin.ledger.queries import latest
from huiyin.organisation.models import Post

pytestmark = pytest.mark.django_db
HAPPY = {"contacted": True, "solved": "yes", "satisfied": 5}
UNHAPPY = {"contacted": True, "solved": "no", "satisfied": 1}
NOVEMBER = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def wednesday():
    with clock.frozen(MONDAY + timedelta(days=2)):
        yield


# -- the book ------------------------------------------------------------------------------------------------
def test_each_matter_stands_in_it_with_both_grades(cast):
    case = brought(cast)
    rate(case, by=petitioner(case), **HAPPY)
    rate(case, by=cast.representative, **UNHAPPY)
    told(cast)  # nobody's
    [line], older = book.page(cast.supervisor, month=NOVEMBER)
    assert (line.number, line.unit, line.studio, older) == (case.number, "城管局", "县委县政府", "")
    assert (line.of_representative, line.of_residents) == ((("未解决", 1),), (("已解决", 5),))
    assert book.page(cast.reviewer, month=NOVEMBER)[0] == [line]
    assert book.page(cast.supervisor, month=date(2026, 10, 1)) == ([], "")


@pytest.mark.parametrize("who", ["handler", "unit_leader", "caller", "clerk", "leader", "representative"])
def test_it_is_for_the_body_that_coordinates(cast, who):
    brought(cast)
    for attempt in (book.page, book.take_out):
        with pytest.raises(PermissionDenied):
            attempt(getattr(cast, who), month=NOVEMBER)


def test_whoever_has_a_post_in_the_judged_unit_does_not_read_the_line(cast):
    brought(cast)
    Post.objects.create(code="second-hat", user=cast.supervisor.user, unit=cast.squad, role="handler")
    assert book.page(type(cast.supervisor).of(cast.supervisor.post), month=NOVEMBER) == ([], "")


def test_pages_of_it_go_by_key(cast, monkeypatch):
    monkeypatch.setattr(book, "PAGE", 2)
    for _each in range(3):
        brought(cast)
    first, older = book.page(cast.supervisor, month=NOVEMBER)
    second, none = book.page(cast.supervisor, month=NOVEMBER, before=older)
    assert len({line.number for line in (*first, *second)}) == 3 and none == ""
    assert book.page(cast.supervisor, month=NOVEMBER, before="9~9")[0] == first


def test_taking_it_out_is_on_record_and_too_much_is_refused(cast, monkeypatch):
    case = brought(cast)
    assert [line.number for line in book.take_out(cast.supervisor, month=NOVEMBER)] == [case.number]
    event = Event.objects.get(kind="book_taken")
    assert (event.facts, event.actor) == ({"month": "2026-11", "rows": 1}, cast.supervisor.name)
    monkeypatch.setattr(book, "MOST_TAKEN_OUT", 0)
    with pytest.raises(Refused, match="太多"):
        book.take_out(cast.supervisor, month=NOVEMBER)


def test_a_rating_given_anew_stays_unseen_in_it(cast):
    case = brought(cast)
    rate(case, by=petitioner(case), **HAPPY)
    before = book.page(cast.reviewer, month=NOVEMBER)
    say_pressed(case, by=petitioner(case), anew=UNHAPPY)
    assert book.page(cast.reviewer, month=NOVEMBER) == before


def test_a_rating_given_anew_stays_unseen_in_it_when_the_first_one_is_void(cast):
    case = brought(cast)
    rate(case, by=petitioner(case), **HAPPY)
    say_pressed(case, by=petitioner(case), anew=UNHAPPY)
    Rating.objects.filter(set_aside=Rating.Aside.PRESSED).update(set_aside=Rating.Aside.VOID)
    [line], _older = book.page(cast.reviewer, month=NOVEMBER)
    assert line.of_residents == ()


@pytest.mark.parametrize("unit", ["chengguan", "squad", "centre"])
def test_an_official_among_the_representatives_does_not_grade_the_own_unit(cast, unit):
    Post.objects.create(
        code="official", user=cast.representative.user, unit=getattr(cast, unit), role="handler"
    )
    case = brought(cast)
    assert [party.role for party in still_to_rate(case)] == ["petitioner"]
    assert not may_rate_now(case, cast.representative)
    with pytest.raises(Refused, match="不参加评价"):
        rate(case, by=cast.representative, **HAPPY)


# -- the representatives -------------------------------------------------------------------------------------
def test_the_petitioner_rates_whoever_brought_it_once_and_sealed(cast):
    case = brought(cast)
    row = rate_bringer(case, by=petitioner(case), satisfied=4, words="很热心")
    assert (row.post, row.unit, row.satisfied) == (cast.representative.post, cast.representative.unit, 4)
    event = latest(f"case:{case.number}")
    assert event.kind == "rate_bringer" and set(event.facts) == {"from", "to", "round", "party"}
    with pytest.raises(Refused, match="已经评价过"):
        rate_bringer(case, by=petitioner(case), satisfied=1)


def test_what_nobody_brought_has_nobody_to_rate(cast):
    case = told(cast)
    with pytest.raises(Refused, match="不是代表转达"):
        rate_bringer(case, by=petitioner(case), satisfied=4)
    with pytest.raises(Refused, match="五档"):
        rate_bringer(case, by=petitioner(case), satisfied=6)
    with pytest.raises(PermissionDenied):
        rate_bringer(case, by=cast.representative, satisfied=5)


def rated(cast, case, *grades: int) -> None:
    parties = Party.objects.bulk_create(
        Party(case=case, role=Party.Role.MEMBER, joined_at=clock.now()) for _each in grades
    )
    post = cast.representative.post
    RepresentativeRating.objects.bulk_create(
        RepresentativeRating(
            case=case, party=party, post=post, unit=post.unit, satisfied=grade, at=clock.now()
        )
        for party, grade in zip(parties, grades, strict=True)
    )


def test_fewer_than_ten_are_not_told_and_a_studio_is_the_sum_of_its_people(cast):
    case = brought(cast)
    rated(cast, case, *[5] * 9)
    [own], none = told_of(cast.representative)
    assert (own.n, none) == (0, [])
    rate_bringer(case, by=petitioner(case), satisfied=5)
    [one], [studio] = told_of(cast.supervisor)
    assert (one.n, one.content, one.grades) == (10, Span(7, 10), Span(40, 50)), (
        "all alike is not told as such"
    )
    assert (studio.n, studio.grades) == (10, Span(40, 50))
    rated(cast, case, *[1] * 9)
    assert told_of(cast.supervisor) == ([one], [studio]), "what is in no full batch waits"
    rated(cast, case, 4)
    assert told_of(cast.supervisor)[0][0].content == Span(7, 13)


@pytest.mark.parametrize("who", ["handler", "clerk", "reviewer", "auditor"])
def test_nobody_else_reads_them(cast, who):
    with pytest.raises(PermissionDenied):
        told_of(getattr(cast, who))


@given(st.binary(max_size=60), st.binary(max_size=20))
def test_batches_hang_on_the_number_alone_and_stay(before, later):
    first, then = batches(list(before)), batches([*before, *later])
    assert then[: len(first)] == first and all(len(batch) == FULL for batch in then)
    assert len(then) == len([*before, *later]) // FULL
