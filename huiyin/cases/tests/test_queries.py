"""Reading cases for lists and pages: what narrows a list, what one page shows to whom, who looks a person up."""

from datetime import timedelta

import pytest

from huiyin.cases import access, actions, oversight, paging, queries
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Answer, Case, Order, Party, Reason
from huiyin.cases.queries import Wanted
from huiyin.cases.tests import petitions, roads
from huiyin.cases.tests.roads import DAY, MONDAY, at, fresh, registered
from huiyin.kernel.identifiers import code_hash, query_code
from huiyin.organisation.actors import Actor
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def listed(by: Actor, **wanted) -> set[Case]:
    """The cases of a list, which are those of the file of it too."""
    rows = queries.listing(by, Wanted(**wanted)).rows
    assert set(queries.matching(by, Wanted(**wanted))) == set(rows)
    assert queries.counts(by, {"it": Wanted(**wanted)}) == {"it": len(rows)}
    return set(rows)


# -- lists -----------------------------------------------------------------------------------------------------
def test_each_filter_narrows_to_what_it_says(cast: Cast):
    noise = roads.accepted(cast, region=cast.community_region, urgency="pressing")
    other = registered(cast, nature="inquiry", region=cast.other_street)
    for wanted, found in (
        ({}, {noise, other}),
        ({"states": ("registered",)}, {other}),
        ({"states": ("registered", "accepted")}, {noise, other}),
        ({"states": ("accepted", "closed")}, {noise}),
        ({"nature": "inquiry"}, {other}),
        ({"urgency": "pressing"}, {noise}),
        ({"region_path": cast.street.path}, {noise}),
        ({"region_path": cast.town.path}, {noise, other}),
        ({"category": "city-noise-night"}, {noise}),
        ({"category": "city"}, {noise}),
        ({"category": "housing"}, set()),
        ({"category": "no-such"}, set()),
        ({"holder": "centre"}, {noise, other}),
        ({"holder": "chengguan"}, set()),
        ({"holder": "no-such"}, set()),
        ({"mark": "open"}, {noise, other}),
        ({"mark": "objected"}, set()),
        ({"mark": "no-such"}, {noise, other}),
        ({"nature": "inquiry", "urgency": "pressing"}, set()),
        ({"door": "legal-aid"}, set()),
    ):
        assert listed(cast.dispatcher, **wanted) == found, wanted


def test_late_is_what_was_due_before_now_and_has_not_been_told(cast: Cast):
    case, done = registered(cast), roads.told(cast)
    with at(case.due_at):
        assert listed(cast.dispatcher, late=True) == set()
    with at(case.due_at + timedelta(microseconds=1)):
        assert listed(cast.dispatcher, late=True) == {case} and done not in listed(
            cast.dispatcher, mark="late"
        )


def test_a_units_list_holds_its_own_orders_by_their_state_and_time(cast: Cast):
    sent, signed, other = (
        roads.dispatched(cast),
        roads.signed(cast),
        roads.dispatched(cast, lead=cast.weijian),
    )
    for wanted, found in (
        ({}, {sent, signed}),
        ({"states": ("sent",)}, {sent}),
        ({"states": ("sent", "signed")}, {sent, signed}),
        ({"states": ("answered",)}, set()),
    ):
        assert set(queries.orders_listing(cast.handler, Wanted(**wanted)).rows) == found, wanted
        assert set(queries.orders_matching(cast.handler, Wanted(**wanted))) == found
        assert queries.order_counts(cast.handler, {"it": Wanted(**wanted)}) == {"it": len(found)}
    with at(sent.due_at):
        assert not queries.orders_listing(cast.handler, Wanted(late=True)).rows
    with at(sent.due_at + timedelta(microseconds=1)):
        assert set(queries.orders_listing(cast.handler, Wanted(late=True)).rows) == {sent, signed}
    assert not queries.orders_matching(cast.clerk, Wanted()).exists() and other.unit == cast.weijian


def test_counts_of_several_lists_come_together_each_under_its_own_name(cast: Cast):
    registered(cast)
    registered(cast, nature="inquiry")
    roads.accepted(cast)
    asked = {
        "accepted": Wanted(states=("registered",)),  # called like another state
        "waiting": Wanted(states=("accepted",)),
        "questions": Wanted(nature="inquiry"),
        "none": Wanted(states=("closed",)),
        "nowhere": Wanted(holder="no-such"),
    }
    assert queries.counts(cast.dispatcher, asked) == {
        "accepted": 2,
        "waiting": 1,
        "questions": 1,
        "none": 0,
        "nowhere": 0,
    }


def test_the_key_of_a_row_is_where_its_page_begins(cast: Cast, monkeypatch):
    monkeypatch.setattr(paging, "PAGE", 1)
    first, second = registered(cast), registered(cast)
    for order, rows in (("due", (first, second)), ("newest", (second, first)), ("urgent", (first, second))):
        key = paging.key_of(fresh(rows[0]), order)
        assert queries.listing(cast.clerk, Wanted(order=order, after=key)).rows == [rows[1]]
    assert (
        paging.key_of(Case(pk=1, due_at=None), "due")
        == paging.key_of(Case(pk=1, due_at=None), "urgent")
        == ""
    )
    assert paging.key_of(Case(pk=7, due_at=None), "newest") == "7"


# -- marks -----------------------------------------------------------------------------------------------------
def bears(case: Case, mark: str) -> bool:
    return Case.objects.filter(oversight.marked(mark), pk=case.pk).exists()


def test_redone_and_hopping_are_marks_of_open_matters(cast: Cast):
    again = roads.answered(cast).case
    actions.redo(again, by=cast.reviewer, reason="没有写明期限")
    moved = roads.objected(cast)
    actions.redispatch(moved, by=cast.dispatcher, unit=cast.chengguan, reason="归城管")
    quiet = roads.signed(cast).case
    assert [bears(case, "redone") for case in (again, moved.order.case, quiet)] == [True, False, False]
    assert [bears(case, "hopping") for case in (again, moved.order.case, quiet)] == [False, True, False]
    for case in (again, moved.order.case):
        actions.withdraw(case, by=cast.clerk)
        assert not bears(case, "redone") and not bears(case, "hopping")


def test_what_a_leader_waits_for_is_marked_until_it_is_settled_or_the_matter_ends(cast: Cast):
    case = roads.signed(cast).case
    row = actions.instruct(case, by=cast.leader, unit=cast.chengguan, text="限期查明", days=2)
    other = roads.signed(cast).case
    assert bears(case, "instructed") and not bears(other, "instructed")
    actions.report_on(row, by=cast.handler, text="已查明")
    assert bears(case, "instructed")
    actions.settle_instruction(fresh(row), by=cast.leader)
    assert not bears(case, "instructed")
    actions.instruct(fresh(case), by=cast.leader, unit=cast.chengguan, text="再查", days=2)
    actions.withdraw(case, by=cast.clerk)
    assert not bears(case, "instructed")


def test_what_should_have_come_from_outside_is_marked_when_its_day_has_passed(cast: Cast):
    sent, resting = roads.forwarded(cast), roads.referred(cast)
    assert not bears(sent.case, "awaited") and not bears(resting.case, "awaited")
    with at(sent.clock.due_at):
        assert not bears(sent.case, "awaited")
    with at(sent.clock.due_at + timedelta(microseconds=1)):
        assert bears(sent.case, "awaited")
    with at(resting.until + timedelta(microseconds=1)):
        assert bears(resting.case, "awaited")
    actions.record_receipt(sent, by=cast.clerk, receipt="青信收 7 号")
    with at(sent.clock.due_at + 30 * DAY):
        assert not bears(sent.case, "awaited"), "the receipt has come"


def test_questions_upward_and_notices_are_marks_while_they_are_open(cast: Cast):
    question, asked = roads.asked_upward(cast), roads.asked_petitioner(cast)
    assert bears(question.case, "asked") and not bears(asked.case, "asked")
    actions.answer_upward(question, by=cast.leader, text="可以", act_by=MONDAY.date())
    assert not bears(question.case, "asked")
    case = roads.approved(cast)
    assert bears(case, "owed")
    actions.record_told(roads.owed(case), by=roads.party_of(case), how="delivered")
    assert not bears(case, "owed")


def test_who_holds_most_that_is_late_stands_first(cast: Cast):
    orders = [roads.signed(cast), roads.signed(cast), roads.signed(cast, lead=cast.chengguan)]
    registered(cast)
    lines = oversight.tally(cast.supervisor).units
    assert [(line.code, line.name, line.counts["open"]) for line in lines] == [
        ("chengguan", "城管局", 3),
        ("centre", "受理中心", 1),
    ]
    with at(orders[0].case.due_at + DAY):
        Case.objects.filter(pk__in=[order.case_id for order in orders]).update(due_at=MONDAY + 90 * DAY)
        found = oversight.tally(cast.supervisor)
        assert [line.code for line in found.units] == ["centre", "chengguan"], "one late before three in time"
        assert (found.totals["late"], found.totals["open"]) == (1, 4)


# -- one case ----------------------------------------------------------------------------------------------------
def test_a_unit_reads_others_answers_when_they_are_approved_and_its_own_at_once(cast: Cast):
    case = roads.accepted(cast, points=["限时营业", "装隔音"])
    one, two = case.points.order_by("ordinal")
    first = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, points=[one])
    second = actions.dispatch(case, by=cast.dispatcher, lead=cast.weijian, points=[two])
    actions.sign(first, by=cast.handler)
    actions.sign(second, by=cast.outsider)
    actions.answer(first, by=cast.handler, text="已约谈店主", outcome="solved")
    mine = Answer.objects.get(order=first)
    assert queries.page_of(fresh(case), cast.handler).answers == [mine]
    assert queries.page_of(fresh(case), cast.outsider).answers == []
    assert queries.page_of(fresh(case), cast.reviewer).answers == [mine]
    actions.answer(second, by=cast.outsider, text="已检测", outcome="solved")
    actions.approve(case, by=cast.reviewer)
    assert len(queries.page_of(fresh(case), cast.outsider).answers) == 2


def test_the_petitioners_words_are_masked_for_units_alone(cast: Cast):
    question = roads.asked_petitioner(cast)
    actions.supply(question, by=cast.clerk, text="三号楼，电话13800000001")
    row = fresh(question)
    assert "13800000001" in queries.page_of(row.case, cast.clerk).open_petitioners(row.answer)
    told = queries.page_of(row.case, cast.handler).open_petitioners(row.answer)
    assert "三号楼" in told and "13800000001" not in told
    assert queries.page_of(row.case, cast.clerk).open(None) == ""


def test_why_a_review_was_asked_is_read_by_who_decides_and_oversees(cast: Cast):
    with at(petitions.SPRING):
        review = petitions.asked(cast)
        for by, read in ((cast.supervisor, True), (cast.clerk, True), (cast.handler, False)):
            page = queries.page_of(fresh(review.case), by)
            assert bool(page.open_request(review)) is read, by.name


def test_the_points_that_can_still_be_dispatched_are_those_nobody_leads_now(cast: Cast):
    case = roads.accepted(cast, points=["限时营业", "装隔音"])
    one, two = case.points.order_by("ordinal")
    order = actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan, points=[one],
                             assisting=[cast.zhujian])  # fmt: skip
    assert queries.page_of(fresh(case), cast.dispatcher).points_without_unit() == [two]
    actions.recall_order(order, by=cast.dispatcher)
    assert queries.page_of(fresh(case), cast.dispatcher).points_without_unit() == [one, two]


def test_a_reader_of_no_unit_has_no_orders_and_a_unit_those_of_this_round(cast: Cast):
    order = roads.answered(cast)
    assert queries.page_of(order.case, cast.handler).own_orders() == [order]
    assert queries.page_of(order.case, cast.clerk).own_orders() == []
    assert queries.page_of(order.case, cast.system).own_orders() == []
    actions.redo(order.case, by=cast.reviewer, reason="没有写明期限")
    new = Order.objects.get(case=order.case, round=2)
    page = queries.page_of(fresh(order.case), cast.handler)
    assert page.own_orders() == [new] and page.round.number == 2


def test_what_was_split_off_and_merged_in_is_shown_to_the_desk_and_not_to_units(cast: Cast):
    child = roads.merged(cast)
    case = fresh(child.parent)
    part = actions.split(case, by=cast.clerk, title="另一件", text="垃圾没人清", points=())
    page = queries.page_of(fresh(case), cast.dispatcher)
    assert (page.children, page.parts) == ([child], [part])
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
    page = queries.page_of(fresh(case), cast.handler)
    assert (page.children, page.parts) == ([], [])


# -- people and grounds ----------------------------------------------------------------------------------------
def test_other_matters_of_the_same_telephone_the_newest_first_for_those_who_may_look_people_up(cast: Cast):
    old, new, case = registered(cast), registered(cast), registered(cast)
    registered(cast, parties=[PartyIn(name="甲", phone="13900000009")])
    page = queries.page_of(case, cast.clerk)
    assert queries.earlier_of(page) == [new, old]
    assert queries.earlier_of(queries.page_of(case, cast.supervisor)) == []
    nobody = registered(cast, parties=[PartyIn()])
    assert queries.earlier_of(queries.page_of(nobody, cast.clerk)) == []
    for _each in range(10):
        registered(cast)
    assert len(queries.earlier_of(queries.page_of(case, cast.clerk))) == 10


def test_a_telephone_finds_its_matters_for_those_who_may_look_people_up(cast: Cast):
    old, new = registered(cast), registered(cast)
    registered(cast, parties=[PartyIn(name="甲", phone="13900000009")])
    assert queries.of_phone(cast.clerk, "138 0000 0001") == [new, old]
    for by in (cast.handler, cast.supervisor, cast.leader, cast.auditor):
        assert queries.of_phone(by, "13800000001") == []
    report = registered(cast, nature=Case.Nature.REPORT, accused_units=[cast.weijian])
    assert report not in queries.of_phone(cast.two_hats, "13800000001"), "accused: the person's other unit"


def test_a_query_code_opens_its_own_case_alone(cast: Cast):
    case, other = registered(cast), registered(cast)
    party, code = Party.objects.get(case=case), query_code()
    Party.objects.filter(pk=party.pk).update(code_hash=code_hash(code))
    assert queries.by_code(case.number, code_hash(code)) == party
    assert queries.by_code(other.number, code_hash(code)) is None
    assert queries.by_code(case.number, code_hash(query_code())) is None


def test_a_ground_is_offered_from_its_first_day_to_its_last_by_its_code(cast: Cast):
    today = MONDAY.date()

    def make(code: str, **held: object) -> None:
        Reason.objects.create(kind="decline", code=code, text="理由", basis="依据", **held)

    make("b-first", valid_from=today)
    make("a-last", valid_to=today)
    make("c-past", valid_to=today - DAY)
    make("d-coming", valid_from=today + DAY)
    Reason.objects.create(kind="route", code="a-other", text="理由", basis="依据")
    codes = [row.code for row in queries.reasons("decline")]
    assert codes == ["a-last", "b-first", "decline-duty", "decline-emergency"]


def test_categories_stand_below_the_one_they_belong_to(cast: Cast):
    paths = [row.path for row in queries.categories()]
    assert paths == sorted(paths) and len(paths) == 7


def test_those_see_the_same_whose_sight_is_the_same(cast: Cast):
    assert access.sight(cast.supervisor) == access.sight(cast.supervisor)
    assert access.sight(cast.supervisor) != access.sight(cast.leader) != access.sight(cast.clerk)
    assert access.sight(cast.clerk) == access.sight(cast.second_clerk), "two clerks of one desk"
    registered(cast, nature=Case.Nature.REPORT, accused_posts=[cast.second_clerk.post])
    assert access.sight(cast.clerk) != access.sight(cast.second_clerk), "one of them is named in a report"
