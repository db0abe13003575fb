"""The pages of calling back, and that no page of a judged unit tells a good grade from a bad one."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from huiyin.cases import actions
from huiyin.cases.access import sees
from huiyin.cases.actions import Intake, PartyIn
from huiyin.cases.models import Case, Notice, Party
from huiyin.cases.queries import page_of
from huiyin.cases.wording import act_name
from huiyin.channels.web.reading import own_case
from huiyin.evaluation import calling, tasks
from huiyin.evaluation.actions import call_back, dial, rate, say_pressed
from huiyin.evaluation.models import CallBack, Pressure, Rating, RepresentativeRating
from huiyin.evaluation.rules import CallBackRules
from huiyin.evaluation.spans import FULL
from huiyin.evaluation.tests.road import MONDAY, NEIGHBOUR, petitioner, registered, tell, told
from huiyin.evaluation.tests.road import answered as handled
from huiyin.kernel import clock
from huiyin.ledger.sequencer import sequence
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit
from huiyin.web.cases.story import story as of_office
from huiyin.web.citizen.acts import RateBringer
from huiyin.web.citizen.story import story
from huiyin.web.tests.citizens import answered, hand_in
from huiyin.web.tests.walk import answers, narrowed, of_number, patterns

pytestmark = pytest.mark.django_db
WEDNESDAY = MONDAY + timedelta(days=2)
ANSWERS = {"result": "reached", "contacted": "yes", "solved": "no", "satisfied": "1", "said": "店还开着"}


@pytest.fixture(autouse=True)
def everybody_on_wednesday(monkeypatch):
    for room in ("drawing", "settling", "calling", "actions.calling_back"):
        monkeypatch.setattr(
            f"huiyin.evaluation.{room}.call_back_rules", lambda: CallBackRules(share=100, wait_hours=0)
        )
    cache.clear()
    with clock.frozen(WEDNESDAY):
        yield


@pytest.fixture
def taken(cast, sign_in) -> Any:
    """A caller's browser with the next person in hand, and the address of their page."""
    told(cast)
    sequence()
    tasks.draw_call_backs()
    client = sign_in(cast.caller)
    return client, client.post(reverse("desk:call_back_take"))["Location"]


def test_the_next_person_is_taken_called_and_written_down(cast, taken):
    client, page = taken
    shown = client.get(page).content.decode()
    assert "这样说" in shown and "夜间噪声" in shown and "13800000001" not in shown
    assert "13800000001" in client.post(f"{page}dial/").content.decode()
    answer = client.post(page, ANSWERS, follow=True)
    assert "回访已记录" in answer.content.decode()
    assert Rating.objects.get().words is not None and CallBack.objects.get().state == CallBack.State.VALID
    assert client.get(page).status_code == 404, "it is in nobody's hands any more"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"solved": ""}, "接通了，请照本人说的选一项"),
        ({"result": ""}, "请选择：这一次电话怎么样"),
        ({"result": "no_answer"}, "没有说上话就没有评价"),
        ({"satisfied": "7"}, "选"),
    ],
)
def test_what_does_not_fit_together_is_said_beside_the_field_and_kept(taken, change, sentence):
    client, page = taken
    answer = client.post(page, ANSWERS | change)
    shown = answer.content.decode()
    assert answer.status_code == 422 and sentence in shown and "店还开着" in shown
    assert not Rating.objects.exists()


def test_not_reached_is_one_press(taken):
    client, page = taken
    assert "记录这一次" not in client.get(page).content.decode()
    early = client.post(page, {"result": "no_answer"})
    assert early.status_code == 422 and "还没有取电话" in early.content.decode()
    assert "记录这一次" in client.post(f"{page}dial/").content.decode()
    assert "记录这一次" in client.get(page).content.decode(), "also when the page is opened again"
    assert client.post(page, {"result": "no_answer"}).status_code == 302
    assert CallBack.objects.get().tries == 1


def test_no_page_of_the_case_lets_a_caller_rate_for_somebody(cast, taken):
    client, _page = taken
    number = CallBack.objects.get().case.number
    act = reverse("cases:act", args=[number, "rate"])
    assert act not in client.get(reverse("cases:case", args=[number])).content.decode()
    answers = {"contacted": "yes", "solved": "yes", "satisfied": "5", "said": "", "party": "1"}
    assert client.get(act).status_code in (403, 404) and client.post(act, answers).status_code in (403, 404)
    assert not Rating.objects.exists()


def test_a_representative_rates_for_themselves_on_the_cases_page(cast, sign_in):
    case = told(cast, parties=[NEIGHBOUR, PartyIn(role=Party.Role.BRINGER, post=cast.representative.post)])
    act, client = reverse("cases:act", args=[case.number, "rate"]), sign_in(cast.representative)
    assert act in client.get(reverse("cases:case", args=[case.number])).content.decode()
    answers = {"contacted": "yes", "solved": "yes", "satisfied": "4", "said": ""}
    assert client.post(act, answers).status_code == 302
    assert Rating.objects.get().party.post == cast.representative.post
    assert act not in client.get(reverse("cases:case", args=[case.number])).content.decode()


def test_another_callers_person_is_a_page_that_does_not_exist(cast, taken, sign_in):
    _client, page = taken
    assert sign_in(cast.supervisor).get(page).status_code == 404


def test_whoever_gives_one_back_finds_it_in_the_list(cast, taken):
    client, page = taken
    client.post(f"{page}let-go/")
    assert calling.in_hand(cast.caller) is None
    listed = client.get(reverse("desk:call_backs")).content.decode()
    assert "夜间噪声" in listed and "抽中" in listed and "取下一位" in listed


def test_the_list_asks_as_often_for_many_as_for_few(cast, taken, django_assert_num_queries, sign_in):
    client, _page = taken
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("desk:call_backs"))
    for _each in range(3):
        told(cast)
    sequence()
    tasks.draw_call_backs()
    with django_assert_num_queries(len(few)):
        client.get(reverse("desk:call_backs"))


def test_the_seed_of_a_day_is_shown_when_it_is_over(cast, taken, sign_in):
    client, _page = taken
    seed = CallBack.objects.get().draw.seed
    assert seed not in client.get(reverse("desk:draws")).content.decode()
    with clock.frozen(WEDNESDAY + timedelta(days=1)):
        tasks.draw_call_backs()
        assert seed in sign_in(cast.reviewer).get(reverse("desk:draws")).content.decode()


@pytest.mark.parametrize("who", ["handler", "clerk", "representative"])
def test_nobody_else_opens_the_pages(cast, sign_in, who):
    for name in ("desk:call_backs", "desk:draws"):
        assert sign_in(getattr(cast, who)).get(reverse(name)).status_code == 403


def test_the_citizen_reads_that_they_were_called_and_the_unit_does_not(cast, taken, sign_in):
    client, page = taken
    client.post(f"{page}dial/")
    client.post(page, {"result": "no_answer"})
    case = Case.objects.get()
    told_to_them = story(own_case(petitioner(case), case.number), lambda key: "")
    assert [event.act for event in told_to_them if "回访" in event.act] == [
        "受理中心取了您的电话，要给您打回访电话",
        "受理中心给您打了回访电话，您说的话办事的单位看不到",
    ]
    shown = sign_in(cast.handler).get(reverse("cases:case", args=[case.number])).content.decode()
    assert "取回访电话" not in shown and "给您打了" not in shown and ">回访<" not in shown


# -- who reads of it on the case -----------------------------------------------------------------------------
def read_by(case: Case, who: Actor) -> set[str]:
    """The kinds of acts that the history of a case shows to somebody, of those that not everybody reads."""
    shown = [event.act for event in of_office(page_of(Case.objects.get(pk=case.pk), who))]
    return {kind for kind in ("dial", "call_back", "rate", "say_pressed") if act_name(kind) in shown}


def also_at(unit: Unit, who: Actor, role: str = "handler") -> Actor:
    """The same person under the same post, who holds another one besides."""
    Post.objects.create(code=f"{who.post.code}-more", user=who.user, unit=unit, role=role)
    return Actor.of(who.post)


@pytest.fixture
def told_of(cast, taken) -> Case:
    """A matter whose petitioner was called, has rated, and says that they were pressed."""
    client, page = taken
    client.post(f"{page}dial/")
    client.post(page, {"result": "no_answer"})
    case = Case.objects.get()
    rate(case, by=petitioner(case), contacted=True, solved="yes", satisfied=1)
    say_pressed(case, by=petitioner(case))
    return case


CALLED = {"dial", "call_back"}


def test_only_who_may_read_grades_reads_that_somebody_was_called(cast, told_of):
    found = {name: read_by(told_of, who) for name, who in cast.staff().items() if sees(who, told_of)}
    assert {name for name in found if found[name] & CALLED} == {"reviewer", "caller", "supervisor"}
    assert found["supervisor"] == {*CALLED, "rate", "say_pressed"}
    assert (found["reviewer"], found["clerk"], found["leader"]) == ({*CALLED, "rate"}, {"rate"}, {"rate"})
    assert found["handler"] == found["unit_leader"] == set()


@pytest.mark.parametrize("who", ["reviewer", "caller", "clerk", "supervisor", "leader"])
def test_whoever_also_works_in_the_judged_unit_or_near_it_reads_what_the_unit_reads(cast, told_of, who):
    both = also_at(cast.squad, getattr(cast, who))
    assert read_by(told_of, both) == read_by(told_of, cast.handler) == set()


def test_whoever_also_works_elsewhere_reads_as_before(cast, told_of):
    assert read_by(told_of, also_at(cast.zhujian, cast.supervisor)) == {*CALLED, "rate", "say_pressed"}


def test_a_desk_that_has_answered_itself_reads_its_matter_but_not_who_was_called(cast):
    case = actions.register_and_answer(
        Intake(text="几点上班？", parties=[NEIGHBOUR]), by=cast.clerk, text="九点。"
    ).case
    sequence()
    tasks.draw_call_backs()
    row = calling.take_next(cast.supervisor)
    dial(row, by=cast.supervisor)
    call_back(row, by=cast.supervisor, result="no_answer")
    rate(case, by=petitioner(case), contacted=True, solved="yes", satisfied=1)
    assert read_by(case, cast.supervisor) == {*CALLED, "rate"}
    assert read_by(case, cast.reviewer) == read_by(case, cast.clerk) == {"rate"}


def test_a_merged_matter_is_kept_from_who_works_where_its_parent_was_answered(cast):
    parent, child = handled(cast), registered(cast)
    actions.merge(child, into=parent, by=cast.clerk)
    tell(parent, cast)
    for notice in Notice.objects.filter(case=child, told_at=None):
        actions.record_told(notice, by=petitioner(child), how=Notice.How.DELIVERED)
    rate(Case.objects.get(pk=child.pk), by=petitioner(child), contacted=True, solved="yes", satisfied=1)
    assert read_by(child, cast.clerk) == {"rate"}
    assert read_by(child, also_at(cast.squad, cast.clerk)) == set()


# -- the judged unit -----------------------------------------------------------------------------------------
def walked(client: Any, cast: Any, case: Case) -> dict[str, Any]:
    """Every page of the office without a number, with every filter, and every page and act of this number."""
    cache.clear()
    found = {}
    for _name, route in patterns():
        if "<" in route or "(?P" in route or not route.startswith("work/"):
            continue
        found |= answers(client, f"/{route}", narrowed(cast))
    return {**found, **of_number(client, case.number)}


@pytest.mark.slow
@pytest.mark.parametrize("who", ["handler", "unit_leader", "squad_handler"])
def test_no_page_of_a_judged_unit_tells_a_good_grade_from_a_bad_one(cast, sign_in, who):
    """Two towns that differ in grade and words alone look the same to it, before and after a month's blocks."""
    case = told(cast)
    sequence()
    client = sign_in(getattr(cast, who))
    seen = []
    for grade, words in ((5, "非常感谢"), (1, "敷衍了事")):
        with transaction.atomic():
            fresh = Case.objects.get(pk=case.pk)
            rate(fresh, by=petitioner(fresh), contacted=True, solved="no", satisfied=grade, words=words)
            with clock.frozen(MONDAY + timedelta(days=40)):
                tasks.make_blocks()
            seen.append(walked(client, cast, case))
            transaction.set_rollback(True)
    good, bad = seen
    assert len(good) > 50 and [address for address in good if good[address] != bad[address]] == []


def test_a_unit_reads_a_full_month_of_itself_in_words_that_stay_true(cast, sign_in):
    case = told(cast)
    today = clock.local_date(clock.now())
    parties = Party.objects.bulk_create(
        Party(case=case, role=Party.Role.MEMBER, joined_at=clock.now()) for _each in range(11)
    )
    Rating.objects.bulk_create(
        Rating(case=case, party=party, round=1, contacted=at > 6, solved="yes" if at else "no", satisfied=5,
               how=Rating.How.SELF, at=clock.now(), on=today, unit=cast.chengguan)
        for at, party in enumerate(parties)
    )  # fmt: skip
    page = reverse("unit:ratings")
    assert "满 10 个的" in sign_in(cast.handler).get(page).content.decode()
    with clock.frozen(MONDAY + timedelta(days=40)):
        tasks.make_blocks()
    shown = sign_in(cast.handler).get(page).content.decode()
    for words in (">11<", "36%", "至少 72%", "至少 4.09", "哪怕有人知道其中 2 个人"):
        assert words in shown, words


# -- pressed to rate well ------------------------------------------------------------------------------------
def test_a_citizen_tells_supervision_and_rates_anew(cast, sign_in):
    visitor = hand_in()
    answered(cast, visitor.case)
    visitor.client.get(visitor.page)
    assert visitor.client.post(f"{visitor.page}rate/", RATED).status_code == 302
    assert "有人要求我打好评" in visitor.client.get(visitor.page).content.decode()
    told_again = {"words": "队长上门", "again": "yes", "contacted": "no", "solved": "no"}
    wrong = visitor.client.post(f"{visitor.page}pressed/", told_again)
    assert wrong.status_code == 422 and "重新评价的，请选一项" in wrong.content.decode()
    assert visitor.client.post(f"{visitor.page}pressed/", {**told_again, "satisfied": "1"}).status_code == 302
    client = sign_in(cast.supervisor)
    assert "被要求打好评" in client.get(reverse("supervisor:overview")).content.decode()
    assert "队长上门" in client.get(reverse("supervisor:pressed")).content.decode()
    page = reverse("supervisor:pressed_one", args=[Pressure.objects.get().pk])
    assert "重新评的" in client.get(page).content.decode()
    assert client.post(page, {"finding": ""}).status_code == 422
    assert client.post(page, {"finding": "已约谈"}).status_code == 302
    assert "已核查" in client.get(reverse("supervisor:pressed")).content.decode()
    for who in ("handler", "reviewer", "leader", "caller"):
        assert sign_in(getattr(cast, who)).get(page).status_code == 403


RATED = {"contacted": "yes", "solved": "yes", "satisfied": "5", "words": ""}


# -- second opinions -----------------------------------------------------------------------------------------
def test_a_citizen_asks_and_somebody_else_looks(cast, sign_in):
    visitor = hand_in()
    answered(cast, visitor.case)
    visitor.client.get(visitor.page)
    asked = visitor.client.post(f"{visitor.page}second-opinion/", {"why": "还能解决"})
    assert asked.status_code == 302
    reviewer, supervisor = sign_in(cast.reviewer), sign_in(cast.supervisor)
    waiting = reverse("desk:second_opinions")
    assert "您审过，请别人看" in reviewer.get(waiting).content.decode()
    assert "还能解决" in supervisor.get(waiting).content.decode()
    act = reverse("cases:act", args=[visitor.number, "give_second_opinion"])
    assert act not in reviewer.get(reverse("cases:case", args=[visitor.number])).content.decode()
    assert act in supervisor.get(reverse("cases:case", args=[visitor.number])).content.decode()
    assert supervisor.post(act, {"verdict": "stands", "said": "检测已达标"}).status_code == 302
    assert "检测已达标" in visitor.client.get(visitor.page).content.decode()
    assert "还能解决" not in supervisor.get(waiting).content.decode()


# -- representatives -----------------------------------------------------------------------------------------
def test_the_book_and_its_file_and_the_representatives_page(cast, sign_in):
    case = told(cast, parties=[NEIGHBOUR, PartyIn(role=Party.Role.BRINGER, post=cast.representative.post)])
    rate(case, by=cast.representative, contacted=True, solved="partly", satisfied=3)
    client = sign_in(cast.supervisor)
    shown = client.get(f"{reverse('supervisor:book')}?month=2026-11").content.decode()
    assert case.number in shown and "部分解决 3 分" in shown and "没有评" in shown
    answer = client.get(f"{reverse('supervisor:book_file')}?month=2026-11")
    assert answer["Content-Type"].startswith("text/csv") and case.number in answer.content.decode("utf-8-sig")
    far = ("?month=9999-12", "?before=9999-12-31T23:59:59-14:00~1", "?before=0001-01-01T00:00:00%2B14:00~1")
    for odd in ("?month=x", "?month=0001-01", "?before=9~9", "?month=2026-13", *far):
        assert client.get(f"{reverse('supervisor:book')}{odd}").status_code == 200
    parties = Party.objects.bulk_create(
        Party(case=case, role=Party.Role.MEMBER, joined_at=clock.now()) for _each in range(10)
    )
    post = cast.representative.post
    RepresentativeRating.objects.bulk_create(
        RepresentativeRating(case=case, party=party, post=post, unit=post.unit, satisfied=5, at=clock.now())
        for party in parties
    )
    assert "至少 4.00" in client.get(reverse("supervisor:representatives")).content.decode()
    own = sign_in(cast.representative)
    assert "至少 70%" in own.get(reverse("supervisor:representatives")).content.decode()
    assert own.get(reverse("supervisor:book")).status_code == 403


@pytest.mark.parametrize("page", ["supervisor:book", "supervisor:ledgers"])
@pytest.mark.parametrize(("who", "back"), [("reviewer", "desk:inbox"), ("supervisor", "supervisor:overview")])
def test_the_way_back_is_one_that_the_reader_may_go(cast, sign_in, page, who, back):
    client = sign_in(getattr(cast, who))
    shown = client.get(reverse(page)).content.decode()
    assert f'class="back" href="{reverse(back)}"' in shown
    assert client.get(reverse(back)).status_code == 200


def test_what_was_written_of_representatives_is_a_page_for_supervisors(cast, sign_in):
    case = told(cast, parties=[NEIGHBOUR, PartyIn(role=Party.Role.BRINGER, post=cast.representative.post)])
    post, page = cast.representative.post, reverse("supervisor:remarks")
    client = sign_in(cast.supervisor)
    assert page in client.get(reverse("supervisor:representatives")).content.decode()
    assert "还没有可以看的话" in client.get(page).content.decode()
    for number in range(FULL):
        party = Party.objects.create(case=case, role=Party.Role.MEMBER, joined_at=clock.now())
        RepresentativeRating.objects.create(
            case=case,
            party=party,
            post=post,
            unit=post.unit,
            satisfied=2,
            at=clock.now(),
            words=f"第{number}句",
        )
    shown = client.get(page).content.decode()
    assert "第0句" in shown and str(post.user) in shown and "2026-11 满 10 人" in shown
    assert case.number not in shown and "2 分" not in shown
    assert client.get(f"{page}?before=x").status_code == 200
    for who in ("representative", "leader", "reviewer"):
        other = sign_in(getattr(cast, who))
        assert other.get(page).status_code == 403
        assert page not in other.get(reverse("supervisor:representatives")).content.decode()


def test_a_citizen_rates_the_representative_on_the_page_of_their_case(cast):
    case = told(cast, parties=[NEIGHBOUR, PartyIn(role=Party.Role.BRINGER, post=cast.representative.post)])
    page = own_case(petitioner(case), case.number)
    assert "rate_bringer" in page.possible
    assert f"满 {FULL} 个人" in str(RateBringer.lead)
    other = told(cast)
    assert "rate_bringer" not in own_case(petitioner(other), other.number).possible
