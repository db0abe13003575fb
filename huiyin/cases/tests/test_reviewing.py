"""复查复核机关: the government of the place, or the department's own superior, as the petitioner chooses."""

import pytest
from django.urls import reverse

from huiyin.accounts.models import User
from huiyin.accounts.roles import Role
from huiyin.cases import access, actions, offering, queries, reviewing
from huiyin.cases.models import Answer, Party, Review
from huiyin.cases.tests import petitions, roads
from huiyin.cases.tests.roads import denied, fresh, party_of, refused
from huiyin.organisation import remembering
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Region, Unit
from huiyin.web.cases.page import turn
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_spring(_on_monday):
    with roads.at(petitions.SPRING):
        yield


@pytest.fixture
def superior(cast: Cast) -> Actor:
    """The head of the city's management bureau, which stands over the county's."""
    region = Region.objects.create(code="shi", name="回音市", level="city", path="/shi/")
    told = {"name": "回音市城市管理局", "kind": "department", "region": region, "path": "/shi-chengguan/"}
    unit = Unit.objects.create(code="shi-chengguan", **told)
    user = User.objects.create(username="shi-ju", name="易上级")
    post = Post.objects.create(code="shi-ju", user=user, unit=unit, role=Role.UNIT_LEADER)
    Unit.objects.filter(pk=cast.chengguan.pk).update(superior=unit)
    cast.chengguan.refresh_from_db()
    remembering.clear()
    return Actor.of(post)


def ask(case, **more) -> Review:
    return actions.ask_review(case, by=party_of(case), reason="没有实地量", **more)


def test_the_petitioner_chooses_between_the_place_and_the_superior(cast: Cast, superior):
    case = petitions.told(cast)
    able = reviewing.bodies_for(case, Review.Level.REVIEW)
    assert superior.unit in able and cast.duban in able
    assert reviewing.petitioners_choice(case, Review.Level.REVIEW, able) == [cast.duban, superior.unit]
    review = ask(case, unit=superior.unit)
    case = fresh(case)
    assert (review.unit, case.holder_unit, case.holder_role) == (superior.unit, superior.unit, "unit_leader")


def test_without_a_choice_it_lies_with_the_body_over_the_place(cast: Cast, superior):
    assert ask(petitions.told(cast)).unit == cast.duban


def test_the_opinion_names_both(cast: Cast, superior):
    text = Answer.objects.get(case=petitions.given(cast).case).text
    from huiyin.cases.tests.test_ask_review import READ

    assert "督办室或者回音市城市管理局申请复查" in text.open(READ)


def test_the_superior_sees_the_matter_only_when_it_is_asked(cast: Cast, superior):
    case = petitions.told(cast)
    assert not access.sees(superior, case)
    review = ask(case, unit=superior.unit)
    assert access.sees(superior, case) and reviewing.waiting_for(superior) == [review]
    petitions.decide(review, by=superior)
    assert (fresh(case).state, reviewing.waiting_for(superior)) == ("telling", [])
    assert Answer.objects.filter(case=case, round=2, unit=superior.unit).exists()


def test_the_successor_of_a_body_decides_what_that_one_was_asked(cast: Cast, superior):
    case = petitions.told(cast)
    review, heir = ask(case, unit=superior.unit), cast.outsider
    assert not access.sees(heir, case) and reviewing.waiting_for(heir) == []
    roads.merge_units(superior.unit, into=heir.unit)
    assert access.sees(heir, case) and reviewing.waiting_for(heir) == [review]
    petitions.decide(review, by=heir)
    assert (fresh(review).decided_by, fresh(case).state) == (heir.post, "telling")


@pytest.mark.parametrize("into", ["chengguan", "superior"])
def test_nobody_decides_on_the_opinion_of_a_unit_that_became_one_with_the_body(cast: Cast, superior, into):
    case = petitions.told(cast)
    review = ask(case, unit=superior.unit)
    old, new = (superior.unit, cast.chengguan) if into == "chengguan" else (cast.chengguan, superior.unit)
    roads.merge_units(old, into=new)
    heir = Actor.of((cast.unit_leader if into == "chengguan" else superior).post)
    page = queries.page_of(fresh(case), heir)
    assert page.open_request(review) == "" and reviewing.waiting_for(heir) == [] and not turn(page).you
    assert not {"decide_review", "hold_hearing", "open_original"} & dict(offering.offered(page)).keys()
    with denied():
        petitions.decide(review, by=heir)
    actions.take_review_back(review, by=party_of(case))
    assert ask(fresh(case)).unit == cast.duban


def test_nor_does_a_body_that_became_one_with_whoever_decided_before(cast: Cast, superior):
    told = {"name": "回音市人民政府", "kind": "leadership", "region": superior.unit.region, "path": "/shizf/"}
    city = Unit.objects.create(code="shizf", **told)
    user = User.objects.create(username="shi-zhang", name="市领导")
    post = Post.objects.create(code="shi-zhang", user=user, unit=city, role=Role.LEADER)
    remembering.clear()
    review = ask(petitions.told(cast), unit=superior.unit)
    petitions.decide(review, by=superior)
    case = petitions.tell(fresh(review.case))
    actions.ask_rereview(case, by=party_of(case), reason="复查没有听我说")
    assert access.reviewing(Actor.of(post), fresh(case), None)
    roads.merge_units(superior.unit, into=city)
    assert not access.reviewing(Actor.of(post), fresh(case), None)


def test_another_unit_s_superior_is_nobody_here(cast: Cast, superior):
    Unit.objects.filter(pk=cast.chengguan.pk).update(superior=None)
    Unit.objects.filter(pk=cast.weijian.pk).update(superior=superior.unit)
    remembering.clear()
    case = petitions.told(cast)
    with refused("不能复查复核", code="unit"):
        ask(case, unit=superior.unit)


def test_who_is_asked_decides_and_nobody_else_of_the_place(cast: Cast, superior):
    review = ask(petitions.told(cast), unit=superior.unit)
    with denied():
        petitions.decide(review, by=cast.supervisor)


def test_after_a_superior_s_decision_the_next_instance_lies_above_the_superior(cast: Cast, superior):
    told = {"name": "回音市人民政府", "kind": "leadership", "region": superior.unit.region, "path": "/shizf/"}
    city = Unit.objects.create(code="shizf", **told)
    remembering.clear()
    review = ask(petitions.told(cast), unit=superior.unit)
    petitions.decide(review, by=superior)
    case = petitions.tell(fresh(review.case))
    again = actions.ask_rereview(case, by=party_of(case), reason="复查没有听我说")
    assert again.unit == city


@pytest.mark.parametrize("part", ["accused", "answered", "desk"])
def test_no_body_that_followed_a_unit_with_a_part_or_an_accused_one_looks_at_it(cast: Cast, superior, part):
    case = petitions.told(cast)
    old = {"accused": cast.weijian, "answered": cast.chengguan, "desk": cast.centre}[part]
    if part == "accused":
        case.exclusions.create(unit=old)
    roads.merge_units(old, into=superior.unit)
    assert reviewing.bodies_for(case, Review.Level.REVIEW)[0] == cast.duban
    assert superior.unit not in reviewing.bodies_for(case, Review.Level.REVIEW)
    with refused("不能复查复核", code="unit"):
        ask(case, unit=superior.unit)


def test_the_party_chooses_on_the_page(client, cast: Cast, superior):
    from huiyin.kernel.identifiers import code_hash, query_code

    case = petitions.told(cast)
    code = query_code()
    Party.objects.filter(case=case).update(code_hash=code_hash(code))
    client.post(reverse("citizen:follow"), {"number": case.number, "code": code})
    address = reverse("citizen:act", args=[case.number, "review"])
    page = client.get(address).content.decode()
    assert "回音市城市管理局" in page and cast.duban.name in page
    answer = client.post(address, {"why": "没有实地量", "unit": str(superior.unit.pk)})
    assert answer.status_code == 302
    assert Review.objects.get(case=case).unit == superior.unit


def test_where_there_is_only_one_nobody_is_asked_to_choose(client, cast: Cast):
    from huiyin.kernel.identifiers import code_hash, query_code

    case = petitions.told(cast)
    code = query_code()
    Party.objects.filter(case=case).update(code_hash=code_hash(code))
    client.post(reverse("citizen:follow"), {"number": case.number, "code": code})
    page = client.get(reverse("citizen:act", args=[case.number, "review"])).content.decode()
    assert "向哪个机关申请" not in page


def test_the_superior_finds_it_among_its_orders(cast: Cast, superior, sign_in):
    review = ask(petitions.told(cast), unit=superior.unit)
    browser = sign_in(superior)
    assert "复查复核待决定" in browser.get(reverse("unit:orders")).content.decode()
    page = browser.get(reverse("cases:case", args=[review.case.number])).content.decode()
    assert f"decide_review/{review.pk}" in page
