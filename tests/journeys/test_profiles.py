"""Each place's own main road: its channel and unit, its category, its deadline with its basis, and a rated end."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from huiyin.accounts.roles import Role
from huiyin.cases import actions
from huiyin.cases.models import Case, Category, Notice, Party
from huiyin.channels.clerk.taking_down import Statement, take_down
from huiyin.cli.commands import profile
from huiyin.cli.commands.demo import walk
from huiyin.cli.demo.book import filled, read_book
from huiyin.cli.demo.stage import Stage, today_of_the_stories
from huiyin.evaluation import actions as evaluation
from huiyin.evaluation.queries import still_to_rate
from huiyin.kernel import clock, masking
from huiyin.kernel.loads import Load
from huiyin.kernel.profiles import Outcome
from huiyin.ledger.sequencer import sequence
from huiyin.ledger.verify import verify
from huiyin.organisation import place, queries, remembering
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Region, Unit

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 6, 8, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FOLDERS = Path(django_settings.BASE_DIR) / "profiles"


@dataclass(frozen=True)
class Road:
    """Who writes the matter down, where it happened, whose it is by the duty list, and under which limit."""

    profile: str
    writer: str
    channel: str
    region: str
    category: str
    lead: str
    limit: int  # working days from dispatch
    basis: str
    centre: str = "centre"
    door: str = ""


ROADS = [
    Road("yantian", "quwei-rep-tingtao", "representative", "tingtao", "traffic-bus", "jiaotong", 8,
         "谁主管，谁反馈", centre="qunzhongbu"),
    Road("kunming", "wenlin-committee-handler", "visit", "wenlin", "work-dignity", "zonggonghui", 5,
         "自派单起 5 个工作日内限时办结"),
    Road("guiyang", "zhongyun-centre-handler", "visit", "qianling", "driving-jam", "jiaoguan", 6,
         "自交办起 6 个工作日内答复市群工委", centre="qungong"),
    Road("yanji", "baishan-stations-handler", "visit", "baishan", "land-pay", "guotu", 5,
         "结果反馈行风热线与市长热线", door="order"),
    Road("antu", "centre-clerk", "visit", "jiuxi", "council-boundary", "minyi", 9,
         "自收到《诉求问题反馈表》起 9 个工作日内", door="council"),
]  # fmt: skip


@pytest.fixture(scope="module", params=ROADS, ids=lambda road: road.profile)
def loaded(request, django_db_setup, django_db_blocker):
    """A place, loaded once into an empty house, on a plain Monday; the tests of a place share it and undo theirs."""
    road = request.param
    house = override_settings(HUIYIN_PROFILE=road.profile)
    with django_db_blocker.unblock(), house, clock.frozen(MONDAY), transaction.atomic():
        remembering.clear()
        profile.load_profile(FOLDERS / road.profile, into=Load())
        yield road
        transaction.set_rollback(True)
    remembering.clear()


@pytest.fixture
def road(loaded, db):
    return loaded


def only(name: str):
    """Runs a test for one of the places."""
    [road] = [each for each in ROADS if each.profile == name]
    return pytest.mark.parametrize("loaded", [road], indirect=True, ids=[name])


def post(code: str) -> Actor:
    return Actor.of(Post.objects.select_related("unit__region", "user").get(code=code))


def at_centre(road: Road, role: str) -> Actor:
    return post(f"{road.centre}-{role}")


def test_a_matter_goes_the_place_s_own_way_to_a_rated_end(road, sign_in):
    case = written_down(road)
    order = sent(road, case)
    page = sign_in(Actor.of(order.person)).get(f"/work/cases/{case.number}/").content.decode()
    assert road.basis in page
    answered_and_told(road, case, order)
    rated(road, case)
    case.refresh_from_db()
    assert case.state == Case.State.CLOSED
    assert sequence() > 0 and verify().sound


def written_down(road: Road) -> Case:
    statement = Statement(
        text="这件事我们说了很久，请帮忙看看。", key="k" * 32, channel=road.channel, region=road.region,
        name="申公豹二世", phone="13800009999", confidentiality="open", door=road.door,
    )  # fmt: skip
    taken = take_down(statement, by=post(road.writer))
    case = Case.objects.get(number=taken.number)
    assert (case.channel, case.door, case.desk.code) == (road.channel, road.door, road.centre)
    return case


def sent(road: Road, case: Case):
    category = Category.objects.get(code=road.category)
    actions.accept(case, by=at_centre(road, "clerk"), category=category)
    lead = Unit.objects.get(code=road.lead)
    assert queries.leaders_in(category.path, queries.today())[0] == lead
    order = actions.dispatch(case, by=at_centre(road, "dispatcher"), lead=lead)
    policy = order.clock.policy
    assert (policy.kind, policy.amount) == ("working_days", road.limit) and road.basis in policy.basis
    reply = case.rounds.get().clock.policy
    assert reply.amount > road.limit and reply.basis.startswith("本地规定（默认值，管理员可调整）")
    return order


def answered_and_told(road: Road, case: Case, order) -> None:
    by = Actor.of(order.person)
    actions.sign(order, by=by)
    actions.answer(order, by=by, text="已经到现场办好，照片附后。", outcome="solved")
    actions.approve(case, by=at_centre(road, "reviewer"))
    for notice in Notice.objects.filter(case=case, told_at=None):
        actions.record_told(notice, by=at_centre(road, "caller"), how=Notice.How.SPOKEN, said="念给本人听了")


def rated(road: Road, case: Case) -> None:
    """Everybody whose word counts: in Yantian both the resident and the representative who brought it."""
    case.refresh_from_db()
    parties = still_to_rate(case)
    assert (Party.Role.BRINGER in {party.role for party in parties}) == (road.channel == "representative")
    for party in parties:
        by = Actor.of(party.post) if party.post else Actor.citizen(party.pk)
        evaluation.rate(
            case,
            by=by,
            contacted=True,
            solved="yes",
            satisfied=5,
            words="",
        )


def test_a_place_loads_twice_without_conflict_and_speaks_its_own_words(road):
    again = Load()
    profile.load_profile(FOLDERS / road.profile, into=again)
    assert again.conflicts == [] and again.count(Outcome.INSERTED) == again.count(Outcome.UPDATED) == 0
    said = place.place()
    assert said.place and said.place in said.office + said.address and said.emergency and said.hotline
    with translation.override("en"):
        assert place.place().place.isascii()
    assert {door.code for door in place.doors()} >= ({road.door} if road.door else set())
    seated = place.demo_posts()
    assert {post.role for post in seated} == set(Role)
    assert queries.root().code == queries.desk_for(Region.objects.get(code=road.region)).region.code


@pytest.mark.parametrize("name", [road.profile for road in ROADS])
def test_a_place_s_matters_hold_nothing_to_mask(name):
    book = read_book(FOLDERS / name)
    assert len(book.matters) >= 20 and book.praises and book.reports and book.declined and book.inquiries
    for matter in (*book.matters, *book.praises, *book.reports, *book.declined):
        whole = filled(matter, place="听涛社区听涛路", n=3, unit="城管局")
        assert "{" not in whole.text + whole.answer
        assert masking.propose(whole.text + whole.answer) == [], whole.title


def test_every_matter_of_a_place_has_a_unit_that_answers_for_it_where_it_happens(road):
    stage, book = Stage(today_of_the_stories()), read_book(FOLDERS / road.profile)
    for matter in (*book.matters, *book.praises):
        for region in stage.regions(list(book.places_of(matter))):
            assert stage.leader(matter.category, region)
    assert {matter.category for matter in (*book.matters, *book.reports)} <= set(stage.categories)
    assert {matter.reason for matter in book.declined} <= {row.code for row in stage.reasons["decline"]}


def test_a_few_of_its_stories_can_be_walked(road):
    stage, book = Stage(today_of_the_stories()), read_book(FOLDERS / road.profile)
    made = sum(walk(stage, book, turn=turn, seed=1)[0] for turn in range(6))
    assert made >= 6


@only("yantian")
def test_the_representatives_of_yantian_stand_in_the_published_proportion(road):
    """22 studios with director and clerk; 305 representatives for 22 studios, here one each."""
    studios = Unit.objects.filter(kind=Unit.Kind.COMMUNITY)
    assert studios.count() == 22 and Region.objects.filter(level="street").count() == 4
    for studio in studios:
        assert sorted(studio.posts.values_list("role", flat=True)) == ["handler", "unit_leader"]
    brought = Post.objects.filter(role=Role.REPRESENTATIVE)
    assert brought.count() == 22
    assert sum(Region.objects.filter(level="community").values_list("population", flat=True)) == 209_000


@only("guiyang")
def test_guiyang_has_twenty_seven_key_units_and_the_ten_hardships(road):
    assert Unit.objects.filter(kind=Unit.Kind.DEPARTMENT).count() == 27
    hard = Category.objects.filter(parent=None).values_list("name", flat=True)
    ten = [
        "收入低",
        "就业难",
        "上学难",
        "看病难",
        "养老难",
        "行车难",
        "住房难",
        "环境乱",
        "治安差",
        "公共空间少",
    ]
    assert set(ten) <= set(hard)


@only("kunming")
def test_kunming_s_three_levels_lead_by_sphere(road):
    """社区是受理主体, 街道是办理主体, 县（区）是督办主体: families', units' and society's matters."""
    kinds = {"family": Unit.Kind.COMMUNITY, "work": Unit.Kind.STREET, "society": Unit.Kind.SUPERVISION}
    for code, kind in kinds.items():
        path = Category.objects.get(code=code).path
        assert kind in {unit.kind for unit in queries.leaders_in(path, queries.today())}
    facets = {facet for row in Category.objects.all() for facet in row.facets}
    assert facets == {"family", "unit", "society"}
