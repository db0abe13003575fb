"""分案: a part of a message becomes a case of its own; nobody wins time, nobody is counted twice."""

import pytest
from django.urls import reverse

from huiyin.analytics import figures
from huiyin.cases import access, actions, queries
from huiyin.cases.actions import PartyIn
from huiyin.cases.actions.attach import StoredFile
from huiyin.cases.models import Attachment, Case, Notice, Party, Point, Round
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    TWO,
    accepted,
    at,
    denied,
    events,
    fresh,
    one_event,
    party_of,
    refused,
    registered,
    signed,
)
from huiyin.channels.web.reading import find_by_code
from huiyin.ledger.queries import history, latest

pytestmark = pytest.mark.django_db
POINTS = ["限时营业", "清运垃圾", "修路灯"]


def part(case, *, by, text="垃圾三天没人清，电话13800000001。", points=()) -> Case:
    return actions.split(case, by=by, title="垃圾清运", text=text, points=points)


def test_the_part_is_registered_with_the_people_the_clock_and_the_place_of_the_message(cast):
    case = registered(cast, parties=TWO, points=POINTS, region=cast.street)
    with at(MONDAY + 2 * DAY), one_event(case, "split", cast.clerk):
        child = part(case, by=cast.clerk, points=[Point.objects.get(case=case, ordinal=2)])
    assert [point.ordinal for point in Point.objects.filter(case=child)] == [1], (
        "it is the first of its own case"
    )
    child, case = fresh(child), fresh(case)
    assert (child.state, child.split_from, child.desk, child.region) == (
        "registered",
        case,
        case.desk,
        cast.street,
    )
    assert (child.received_at, child.received_on, child.due_at) == (
        case.received_at,
        case.received_on,
        case.due_at,
    )
    one, other = (Round.objects.get(case=each).clock for each in (case, child))
    assert one.pk != other.pk and one.started_at == other.started_at and other.subject == child.number
    assert [p.text for p in child.points.order_by("ordinal")] == ["清运垃圾"]
    assert [p.text for p in case.points.order_by("ordinal")] == ["限时营业", "修路灯"]
    assert events(child) == ["register"] and fresh(child).version == 1
    assert "13800000001" not in child.text
    assert Notice.objects.filter(case=case, about=Notice.About.SPLIT).count() == 2


def test_one_query_code_opens_both(cast):
    found = actions.register(
        actions.Intake(text="噪声和垃圾", parties=[PartyIn(phone="13800000001")]), by=cast.citizen
    )
    child = part(found.case, by=cast.dispatcher)
    mine = find_by_code(child.number, found.codes[0])
    assert Party.objects.get(pk=mine).case == child
    assert find_by_code(found.case.number, found.codes[0]) != mine
    assert (Party.objects.get(pk=mine).person == Party.objects.get(case=found.case).person) is True


def test_each_names_the_other_but_units_read_neither(cast):
    case = accepted(cast)
    child = part(case, by=cast.clerk)
    assert latest(f"case:{case.number}").facts["child"] == child.number
    assert history(f"case:{child.number}").first().facts["split_from"] == case.number
    assert queries.page_of(fresh(case), cast.supervisor).parts == [child]
    order = actions.dispatch(fresh(case), by=cast.dispatcher, lead=cast.chengguan)
    assert queries.page_of(fresh(order.case), cast.handler).parts == []
    assert not access.sees(cast.handler, child)


def test_people_are_counted_once(cast):
    case = registered(cast, headcount=7)
    before = figures.totals(access.visible(cast.system))
    child = part(case, by=cast.clerk)
    after = figures.totals(access.visible(cast.system))
    assert (before.headcount, after.headcount, after.cases) == (7, 7, 2)
    assert fresh(child).headcount == 0 and fresh(case).headcount == 7


def test_the_part_goes_its_own_road_to_an_answer(cast):
    case = registered(cast)
    child = part(case, by=cast.clerk)
    actions.accept(child, by=cast.clerk, category=cast.night_noise)
    order = actions.dispatch(child, by=cast.dispatcher, lead=cast.chengguan)
    actions.sign(order, by=cast.handler)
    actions.answer(order, by=cast.handler, text="已清运", outcome="solved")
    actions.approve(child, by=cast.reviewer)
    actions.record_told(Notice.objects.get(case=child), by=party_of(child), how="delivered")
    actions.close(child, by=cast.caller)
    assert (fresh(child).state, fresh(case).state) == ("closed", "registered")


def test_whom_a_report_excludes_its_parts_exclude_too(cast):
    case = registered(cast, nature=Case.Nature.REPORT, accused_units=[cast.chengguan])
    child = part(case, by=cast.clerk)
    assert not access.sees(cast.handler, child)
    assert child.exclusions.count() == case.exclusions.count() == 1


def test_something_stays_in_the_message(cast):
    case = registered(cast, points=POINTS)
    with refused("至少留一个", code="points"):
        part(case, by=cast.clerk, points=list(case.points.all()))


def test_a_point_moves_once_and_a_text_is_split_off_once(cast):
    case = registered(cast, points=POINTS)
    point = case.points.get(ordinal=1)
    child = part(case, by=cast.clerk, points=[point])
    with refused(child.number, code="before"):
        part(case, by=cast.clerk)
    with refused("刷新", code="gone"):
        part(case, by=cast.clerk, text="别的话", points=[point])


def test_once_an_order_is_out_it_is_not_split(cast):
    case = accepted(cast, points=POINTS)
    actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, points=[case.points.get(ordinal=1)])
    with refused("已派出工单", code="dispatched"):
        part(case, by=cast.clerk)
    at_work = signed(cast).case
    with refused("办理中", code="state"):
        part(at_work, by=cast.clerk)


@pytest.mark.parametrize("who", ["reviewer", "handler", "supervisor", "caller", "citizen"])
def test_others_may_not(cast, who):
    case = registered(cast)
    with denied():
        part(case, by=getattr(cast, who))


def test_it_needs_a_title_and_words(cast):
    case = registered(cast)
    with refused("标题", code="missing"):
        actions.split(case, by=cast.clerk, title=" ", text="垃圾")
    with refused("诉求内容", code="missing"):
        actions.split(case, by=cast.clerk, title="垃圾", text="")


def kept(case, *, by, point=None, name="a.jpg"):
    stored = StoredFile(name, "jpg", 3, "0" * 64, f"00/00/{name}")
    return actions.attach(case, by=by, stored=stored, readers="office", point=point)


def test_files_of_the_point_and_those_that_were_picked_stand_in_both(cast):
    case = registered(cast, points=POINTS)
    point = Point.objects.get(case=case, ordinal=2)
    kept(case, by=cast.clerk, point=point, name="point.jpg")
    picked = kept(case, by=party_of(case), name="own.jpg")
    kept(case, by=cast.clerk, name="stays.jpg")
    child = actions.split(
        case, by=cast.clerk, title="清运", text="垃圾没人清", points=[point], files=[picked]
    )
    there = {row.stored_as: row for row in Attachment.objects.filter(case=child)}
    assert set(there) == {"00/00/point.jpg", "00/00/own.jpg"}
    assert Attachment.objects.filter(case=case).count() == 3
    assert there["00/00/point.jpg"].point_id == point.pk and there["00/00/own.jpg"].readers == "desk"
    assert there["00/00/own.jpg"].party == Party.objects.get(case=child)
    assert not Attachment.objects.filter(case=case, point=point).exists()
    assert latest(f"case:{case.number}").facts["files"] == 2


def test_a_file_of_another_matter_does_not_go_along(cast):
    case, other = registered(cast, points=POINTS), registered(cast)
    foreign = kept(other, by=cast.clerk)
    with refused("不在这件诉求里", code="gone"):
        actions.split(case, by=cast.clerk, title="清运", text="垃圾没人清", files=[foreign])


def test_the_clerk_picks_files_on_the_page(cast, sign_in):
    case = registered(cast, points=POINTS)
    first, _second = kept(case, by=cast.clerk, name="one.jpg"), kept(case, by=cast.clerk, name="two.jpg")
    browser = sign_in(cast.clerk)
    address = reverse("cases:act", args=[case.number, "split"])
    assert "one.jpg" in browser.get(address).content.decode()
    answer = browser.post(address, {"new_title": "清运", "text": "垃圾没人清", "files": [str(first.pk)]})
    assert answer.status_code == 302
    child = Case.objects.get(split_from=case)
    assert [row.stored_as for row in Attachment.objects.filter(case=child)] == ["00/00/one.jpg"]


def test_a_point_that_was_answered_before_stays_in_the_message(cast):
    case = registered(cast, points=POINTS)
    actions.answer_at_once(case, by=cast.clerk, text="已电话说明")
    actions.redo(case, by=cast.caller, reason="没有解决")
    done = Point.objects.get(case=case, ordinal=2)
    with refused("以前办过", code="handled"):
        part(fresh(case), by=cast.clerk, points=[done])
