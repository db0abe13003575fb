"""举报: whoever is complained of, and everyone with a post there, meets a closed door everywhere."""

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.accounts.models import User
from huiyin.accounts.roles import Role
from huiyin.cases import access, actions, choices, oversight, queries, states
from huiyin.cases.actions import Intake, PartyIn
from huiyin.cases.models import Case, Notice, Order
from huiyin.cases.tests.attempts import ATTEMPTS, Attempt
from huiyin.cases.tests.roads import (
    denied,
    events,
    everything,
    fresh,
    merge_units,
    noise,
    owed,
    party_of,
    refused,
)
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit
from tests.cast import SINCE

pytestmark = pytest.mark.django_db


def report(cast, **accused) -> Case:
    words = {
        "text": "执法队员收受礼品。",
        "title": "收受礼品",
        "nature": Case.Nature.REPORT,
        "category": cast.city,
    }
    return actions.register(noise(**words, **accused), by=cast.citizen).case


def at_work(cast, case, *, unit=None) -> Order:
    """A report in the hands of a unit that is not complained of."""
    actions.accept(case, by=cast.clerk)
    order = actions.dispatch(case, by=cast.dispatcher, lead=unit or cast.weijian)
    actions.sign(order, by=cast.outsider if unit is None else cast.handler)
    return fresh(order)


EVERY_LIST = {
    "all": queries.Wanted(),
    "late": queries.Wanted(late=True),
    **{state: queries.Wanted(states=(state,)) for state in states.Case.ALL},
    **{f"mark {mark}": queries.Wanted(mark=mark) for mark in oversight.MARKS},
}
EVERY_LIST_OF_ORDERS = {
    "all": queries.Wanted(),
    "late": queries.Wanted(late=True),
    **{state: queries.Wanted(states=(state,)) for state in states.Order.ALL},
}


def require_closed_doors(cast, case, by) -> None:
    """Neither seen, found, counted, listed, nor acted on in any way; and nothing is written by trying."""
    assert case not in access.visible(by) and not access.sees(by, case)
    with pytest.raises(Case.DoesNotExist):
        access.find(by, case.number)
    assert (
        queries.listing(by, queries.Wanted()).rows == [] == queries.orders_listing(by, queries.Wanted()).rows
    )
    assert not any(queries.counts(by, EVERY_LIST).values())
    assert not any(queries.order_counts(by, EVERY_LIST_OF_ORDERS).values())
    assert queries.of_phone(by, "13800000001") == []
    assert not any(oversight.tally(by).totals.values())
    before = everything()
    for attempt in ATTEMPTS.values():
        with pytest.raises(PermissionDenied):
            if not attempt(Attempt(cast, fresh(case), by, choose=lambda found: found[0])):
                raise PermissionDenied
    assert everything() == before


ACCUSED_UNIT = ["handler", "unit_leader", "squad_handler"]


@pytest.mark.parametrize("who", ACCUSED_UNIT)
def test_people_of_an_accused_unit_and_of_those_below_it_meet_closed_doors(cast, who):
    case = report(cast, accused_units=[cast.chengguan])
    at_work(cast, case)
    require_closed_doors(cast, case, getattr(cast, who))


@pytest.mark.parametrize("role", [Role.CLERK, Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR])
def test_a_second_post_in_the_accused_unit_bars_from_the_desk_too(cast, role):
    name = {"supervisor": "supervisor"}.get(role, str(role))
    by = getattr(cast, name)
    Post.objects.create(code="second-hat", user=by.user, unit=cast.squad, role=Role.HANDLER)
    case = report(cast, accused_units=[cast.chengguan])
    require_closed_doors(cast, case, Actor.of(by.post))


def test_an_accused_person_is_barred_under_every_post_and_so_are_the_colleagues(cast):
    case = report(cast, accused_posts=[cast.two_hats_at_weijian.post])
    for by in (cast.two_hats, cast.two_hats_at_weijian, cast.outsider):
        require_closed_doors(cast, case, by)
    assert access.sees(cast.clerk, case), "the other clerks of the centre are not accused"


def test_whoever_else_serves_in_the_unit_of_an_accused_person_is_barred_at_the_desk_too(cast):
    Post.objects.create(code="second-hat", user=cast.reviewer.user, unit=cast.weijian, role=Role.HANDLER)
    case = report(cast, accused_posts=[cast.two_hats_at_weijian.post])
    require_closed_doors(cast, case, Actor.of(cast.reviewer.post))
    actions.accept(case, by=cast.clerk)
    with pytest.raises(Refused, match="被举报单位") as refusal:
        actions.dispatch(case, by=cast.dispatcher, lead=cast.weijian)
    assert refusal.value.code == "accused"


def test_the_unit_above_an_accused_one_is_not_barred(cast):
    case = report(cast, accused_units=[cast.squad])
    order = at_work(cast, case, unit=cast.chengguan)
    assert access.sees(cast.handler, case) and not access.sees(cast.squad_handler, case)
    assert order.unit == cast.chengguan


@pytest.mark.parametrize("who", ["caller", "leader", "representative", "administrator", "auditor"])
def test_roles_that_read_no_reports_meet_closed_doors(cast, who):
    case = report(cast, accused_units=[cast.chengguan])
    at_work(cast, case)
    require_closed_doors(cast, case, getattr(cast, who))


def test_other_citizens_meet_closed_doors(cast):
    case, other = report(cast, accused_units=[cast.chengguan]), report(cast, accused_units=[cast.squad])
    for by in (cast.citizen, party_of(other)):
        assert not access.sees(by, case)
        with denied():
            actions.note(case, by=by, text="看看")


# -- registering -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ACCUSED_UNIT)
def test_the_accused_cannot_register_it(cast, who):
    before = everything()
    with pytest.raises(PermissionDenied, match="督办"):
        actions.register(noise(nature="report", accused_units=[cast.chengguan]), by=getattr(cast, who))
    assert everything() == before


@pytest.mark.parametrize("who", ["two_hats", "two_hats_at_weijian", "outsider"])
def test_nor_an_accused_person_under_another_post_nor_their_colleagues(cast, who):
    with pytest.raises(PermissionDenied):
        actions.register(
            noise(nature="report", accused_posts=[cast.two_hats_at_weijian.post]), by=getattr(cast, who)
        )
    assert not Case.objects.exists()


def test_a_report_against_the_centre_is_worked_by_the_supervisors(cast):
    case = report(cast, accused_units=[cast.centre])
    assert (case.desk, case.holder_unit, case.holder_role) == (cast.duban, cast.duban, "supervisor")
    for who in (cast.clerk, cast.dispatcher, cast.reviewer, cast.two_hats_at_weijian):
        require_closed_doors(cast, case, who)
    hai_rui = cast.supervisor
    actions.accept(case, by=hai_rui)
    order = actions.dispatch(case, by=hai_rui, lead=cast.weijian)
    assert order.person == cast.outsider.post
    actions.sign(order, by=cast.outsider)
    actions.answer(order, by=cast.outsider, text="已核查", outcome="explained")
    actions.approve(case, by=hai_rui)
    actions.record_told(owed(case), by=party_of(case), how="delivered")
    assert fresh(case).holder_role == "supervisor"
    actions.close(case, by=hai_rui)
    assert fresh(case).state == "closed"


def test_a_report_against_a_person_of_the_centre_goes_to_the_supervisors_too(cast):
    case = report(cast, accused_posts=[cast.second_clerk.post])
    assert case.desk == cast.duban
    require_closed_doors(cast, case, cast.clerk)


def test_so_is_one_against_a_unit_that_was_merged_into_the_centre(cast):
    merge_units(cast.weijian, into=cast.centre)
    assert report(cast, accused_units=[cast.weijian]).desk == cast.duban
    named = Intake(text="hua-tuo 收了钱。", nature=Case.Nature.REPORT)
    assert actions.register(named, by=cast.citizen).case.desk == cast.duban
    merge_units(cast.zhujian, into=cast.duban)
    with refused("上级机关", "纪检监察", code="accused"):
        report(cast, accused_units=[cast.weijian, cast.zhujian])


def test_when_both_are_accused_it_is_refused_with_the_way_out(cast):
    with refused("上级机关", "纪检监察", code="accused"):
        report(cast, accused_units=[cast.centre, cast.duban])


# -- dispatching -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("unit", ["chengguan", "squad"])
def test_it_is_not_dispatched_to_the_accused_unit_nor_below_it(cast, unit):
    case = report(cast, accused_units=[cast.chengguan])
    actions.accept(case, by=cast.clerk)
    with refused("被举报单位", code="accused"):
        actions.dispatch(case, by=cast.dispatcher, lead=getattr(cast, unit))
    with refused("被举报单位", code="accused"):
        actions.dispatch(case, by=cast.dispatcher, lead=cast.weijian, assisting=[getattr(cast, unit)])


def test_nor_to_a_person_who_holds_a_post_in_the_accused_unit(cast):
    Post.objects.create(code="second-hat", user=cast.outsider.user, unit=cast.squad, role=Role.HANDLER)
    case = report(cast, accused_units=[cast.chengguan])
    actions.accept(case, by=cast.clerk)
    with refused("被举报", "另选一位", code="accused"):
        actions.dispatch(case, by=cast.dispatcher, lead=cast.weijian)


def test_nor_by_an_objection_that_names_it_nor_by_its_adjudication(cast):
    case = report(cast, accused_units=[cast.squad])
    order = at_work(cast, case)
    with refused("被举报单位", code="accused"):
        actions.object_to(
            order, by=cast.outsider, reason=cast.not_ours, explanation="归中队", suggested_unit=cast.squad
        )
    objection = actions.object_to(order, by=cast.outsider, reason=cast.not_ours, explanation="不归我们")
    for act in (actions.redispatch, actions.designate):
        with refused("被举报单位", code="accused"):
            act(objection, by=cast.dispatcher, unit=cast.squad, reason="归中队")


def test_the_form_does_not_offer_it(cast):
    case = report(cast, accused_units=[cast.chengguan])
    likely, others = choices.receiving_units(case)
    assert not {cast.chengguan, cast.squad} & {*likely, *others} and cast.weijian in others


MERGERS = [  # whom it accuses, which units were merged into which, and which one it may not go to
    ("chengguan", [("chengguan", "zhujian")], "zhujian"),
    ("chengguan", [("chengguan", "weijian"), ("weijian", "zhujian")], "zhujian"),
    ("chengguan", [("squad", "zhujian")], "zhujian"),
    ("zhujian", [("chengguan", "zhujian")], "squad"),
    ("weijian", [("chengguan", "zhujian"), ("weijian", "zhujian")], "squad"),
]


@pytest.mark.parametrize(("accused", "mergers", "unit"), MERGERS)
def test_nor_to_one_that_followed_an_accused_unit_or_was_followed_by_it_nor_below_that(
    cast, accused, mergers, unit
):
    case, shut = report(cast, accused_units=[getattr(cast, accused)]), getattr(cast, unit)
    actions.accept(case, by=cast.clerk)
    for old, new in mergers:
        merge_units(getattr(cast, old), into=getattr(cast, new))
    for asked in (choices.receiving_units(case), (choices.assisting_units(case),)):
        assert shut not in [row for rows in asked for row in rows] and any(asked)
    with refused("是被举报单位", code="accused"):
        actions.dispatch(case, by=cast.dispatcher, lead=shut)


def test_no_line_of_a_duty_list_offers_it_to_the_successor_either(cast):
    case = report(cast, accused_units=[cast.weijian])
    merge_units(cast.weijian, into=cast.chengguan)
    assert choices.likely_lines(case) == []
    assert [line.unit for line in choices.likely_lines(report(cast))] == [cast.chengguan]


def test_a_unit_far_from_the_merger_still_gets_it(cast):
    case = report(cast, accused_units=[cast.chengguan])
    merge_units(cast.chengguan, into=cast.zhujian)
    assert at_work(cast, case).unit == cast.weijian


def test_what_came_with_a_merged_unit_stays_away_from_the_office_of_somebody_whom_it_names(cast):
    head = cast.zhujian_leader.user
    User.objects.filter(pk=head.pk).update(name="余工明")
    told = {"nature": Case.Nature.REPORT, "confidentiality": "open", "text": "住建局的余工明收了开发商的钱。"}
    order = at_work(cast, actions.register(noise(**told), by=cast.citizen).case)
    assert [(row.unit, row.user) for row in order.case.exclusions.all()] == [(None, head)]
    merge_units(cast.weijian, into=cast.zhujian)
    for post in (cast.zhujian_handler.post, cast.zhujian_leader.post):
        require_closed_doors(cast, order.case, Actor.of(post))
        with denied():
            actions.call(order.case, by=Actor.of(post), order=order)


def test_somebody_who_has_left_the_heir_keeps_nothing_from_it(cast):
    case = report(cast)
    order = at_work(cast, case)
    case.exclusions.create(user=cast.two_hats.user)
    Post.objects.filter(user=cast.two_hats.user).update(unit=cast.zhujian, valid_to=SINCE)
    merge_units(cast.weijian, into=cast.zhujian)
    assert access.sees(Actor.of(cast.zhujian_handler.post), order.case)


def test_an_heir_with_a_part_reads_nothing_that_came_with_a_merged_unit_about_one_below_it(cast):
    Unit.objects.filter(pk=cast.squad.pk).update(path=f"{cast.zhujian.path}squad/")
    case = report(cast, accused_units=[fresh(cast.squad)])
    actions.accept(case, by=cast.clerk)
    order = actions.dispatch(case, by=cast.dispatcher, lead=cast.weijian, assisting=[cast.zhujian])
    actions.sign(order, by=cast.outsider)
    actions.answer(order, by=cast.outsider, text="经查属实，拟移送", outcome="explained")
    actions.instruct(fresh(case), by=cast.supervisor, unit=cast.weijian, text="查到底", days=3)
    merge_units(cast.weijian, into=cast.zhujian)
    heir = Actor.of(cast.zhujian_leader.post)
    page = queries.page_of(fresh(case), heir)
    assert page.units == (cast.zhujian.pk,)
    assert page.answers == [] == queries.instructions_to(heir) and "instruction" not in page.asides
    assert not access.may(heir, "call", case, order) and not access.may(heir, "report_on", case)


# -- the road of a report --------------------------------------------------------------------------------------
def test_the_reviewer_tells_the_answer_because_callers_read_no_reports(cast):
    case = report(cast, accused_units=[cast.chengguan])
    order = at_work(cast, case)
    actions.answer(order, by=cast.outsider, text="已核查", outcome="explained")
    actions.approve(case, by=cast.reviewer)
    assert fresh(case).holder_role == "reviewer"
    notice = Notice.objects.get(case=case)
    with denied():
        actions.record_told(notice, by=cast.caller, how="spoken", said="电话告知")
    actions.record_told(notice, by=cast.reviewer, how="spoken", said="电话告知本人")
    assert fresh(case).holder_role == "reviewer"
    actions.close(case, by=cast.reviewer)
    assert events(case)[-1] == "close"


def test_a_latecomers_refusal_names_nothing_to_the_accused(cast):
    case = report(cast, accused_units=[cast.chengguan])
    actions.accept(case, by=cast.clerk)
    with pytest.raises(PermissionDenied) as shut:
        actions.accept(case, by=cast.handler)
    assert "su-dongpo" not in str(shut.value) and "举报" not in str(shut.value)


def test_a_report_that_names_somebody_only_in_words_is_shut_to_them_from_the_start(cast):
    told = "受理中心的 su-dongpo 收了店主的钱。"
    case = actions.register(Intake(text=told, nature=Case.Nature.REPORT), by=cast.citizen).case
    assert case.desk == cast.duban and case.holder_unit == cast.duban
    assert not access.sees(cast.clerk, case) and access.sees(cast.supervisor, case)


@pytest.mark.parametrize("written", ["王强", "王 强", "王　强", "王·强"])
def test_however_the_name_is_spaced_in_its_words(cast, written):
    type(cast.clerk.user).objects.filter(pk=cast.clerk.user.pk).update(name="王强")
    told = Intake(text=f"受理中心的{written}收了店主的钱。", nature=Case.Nature.REPORT)
    case = actions.register(told, by=cast.citizen).case
    assert case.desk == cast.duban and not access.sees(cast.clerk, case)


def test_a_report_on_somebody_whom_nobody_can_tell_begins_at_the_supervising_unit(cast):
    parties = [PartyIn(), PartyIn(role="respondent", private="你们那个戴眼镜的")]
    told = Intake(text="收了钱。", nature=Case.Nature.REPORT, parties=parties)
    assert actions.register(told, by=cast.citizen).case.desk == cast.duban


def test_a_namesake_elsewhere_leaves_the_desk_as_it_is(cast):
    told = Intake(text="城管的 lu-zhishen 收了钱。", nature=Case.Nature.REPORT)
    case = actions.register(told, by=cast.citizen).case
    assert case.desk == cast.centre and not access.sees(cast.handler, case)


def test_until_somebody_is_named_no_overseer_of_the_place_reads_it(cast):
    street = Unit.objects.create(
        code="jiedao",
        name="石桥街道办事处",
        kind=Unit.Kind.STREET,
        region=cast.street,
        path="/jiedao/",
        valid_from=SINCE,
    )
    by = Actor.of(
        Post.objects.create(
            code="jiedao-lu-qian",
            user=User.objects.create(username="lu-qian", password="!"),
            unit=street,
            role=Role.SUPERVISOR,
            valid_from=SINCE,
        )
    )
    parties = [PartyIn(), PartyIn(role="respondent", private="街道的那位副主任")]
    told = Intake(text="收了钱。", nature=Case.Nature.REPORT, parties=parties, region=cast.street)
    case = actions.register(told, by=cast.citizen).case
    require_closed_doors(cast, case, by)
    assert access.sees(cast.supervisor, case)
    actions.accuse(case, by=cast.supervisor, unit=cast.chengguan)
    assert access.sees(by, case), "it is about somebody else"
