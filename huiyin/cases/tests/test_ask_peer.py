"""单位复看: a unit without a part in a matter says what it thinks; who decides may do otherwise, with a reason."""

from datetime import date

import pytest

from huiyin.accounts.roles import Role
from huiyin.cases import access, actions, asides, peer_pages, peers, queries
from huiyin.cases.actions import PartyIn
from huiyin.cases.actions.ask_peer import colleagues
from huiyin.cases.models import Case, Exclusion, Note, Party, PeerView
from huiyin.cases.pens import subject_of
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    answered,
    at,
    closed,
    denied,
    explained,
    fresh,
    merge_units,
    merged,
    noise,
    one_event,
    party_of,
    peer_answered,
    peer_asked,
    refused,
    registered,
    told,
)
from huiyin.ledger.queries import latest
from huiyin.organisation import remembering
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit

pytestmark = pytest.mark.django_db
ASK, SAID = {"question": "还能不能再降噪"}, {"opinion": "可以加隔音", "basis": "《某规范》"}
State, Verdict = PeerView.State, PeerView.Verdict


@pytest.fixture(autouse=True)
def _on_monday():
    with at(MONDAY):
        yield


def second_hat(who: Actor, unit, role=Role.HANDLER) -> Actor:
    """Another post of the same person."""
    post = Post.objects.create(code=f"hat-{unit.code}", user=who.user, unit=unit, role=role)
    remembering.clear()
    return Actor.of(post)


def sent(case: Case, cast, *, lead) -> None:
    """The matter lies with this unit."""
    actions.accept(case, by=cast.clerk)
    actions.dispatch(case, by=cast.dispatcher, lead=lead)


# -- asking --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "road"), [("reviewer", answered), ("supervisor", told), ("supervisor", explained)]
)
def test_a_unit_without_a_part_is_asked_by_a_day_of_the_place(cast, who, road):
    row = road(cast)
    case = row if isinstance(row, Case) else row.case
    by = getattr(cast, who)
    with one_event(case, "ask_peer", by):
        view = actions.ask_peer(case, by=by, unit=cast.zhujian, **ASK)
    assert (view.state, view.round, view.due_on) == ("asked", 1, date(2026, 11, 9)), "five working days"
    assert latest(subject_of(case)).facts["unit"] == "zhujian" and fresh(case).state == case.state
    assert not access.visible(cast.zhujian_leader).exists(), "by that it sees no case"


def test_not_a_unit_with_a_part_nor_one_below_it_nor_the_desk(cast):
    case = answered(cast).case
    offered = {row for rows in peers.able(case) for row in rows}
    assert offered == {cast.zhujian, cast.weijian, cast.community}
    for unit in (cast.chengguan, cast.squad, cast.centre, cast.duban):
        with refused(code="unit"):
            actions.ask_peer(case, by=cast.reviewer, unit=unit, **ASK)


def test_nor_the_one_above_nor_one_that_helped_nor_where_whoever_brought_it_in_serves(cast):
    order = answered(cast, assisting=[cast.zhujian])
    bringer = PartyIn(role=Party.Role.BRINGER, post=cast.outsider.post)
    brought = told(cast, parties=[PartyIn(name="赵钱孙", phone="13800000001"), bringer])
    squads = told(cast)
    squads.orders.update(unit=cast.squad)
    squads.answers.update(unit=cast.squad)
    for case, unit in ((order.case, cast.zhujian), (brought, cast.weijian), (squads, cast.chengguan)):
        with refused(code="unit"):
            actions.ask_peer(case, by=cast.supervisor, unit=unit, **ASK)


def test_nor_one_that_followed_a_unit_with_a_part_or_went_into_it(cast):
    order = answered(cast)
    for old, new in ((cast.chengguan, cast.zhujian), (cast.weijian, cast.chengguan)):
        Unit.objects.filter(pk=old.pk).update(successor=new)
    remembering.clear()
    for unit in (cast.zhujian, cast.weijian):
        with refused(code="unit"):
            actions.ask_peer(fresh(order.case), by=cast.reviewer, unit=unit, **ASK)


def test_nor_one_whose_head_could_not_look(cast):
    case = answered(cast).case
    second_hat(cast.zhujian_leader, cast.chengguan)
    second_hat(cast.outsider, cast.squad)
    offered = {row for rows in peers.able(case) for row in rows}
    assert offered == {cast.community}, (
        "not a head's unit, and not one without a head where all have another post"
    )
    with refused(code="unit"):
        actions.ask_peer(case, by=cast.reviewer, unit=cast.zhujian, **ASK)


def test_nor_one_that_handles_what_was_split_off_or_what_it_was_split_from(cast):
    case, part = answered(cast).case, registered(cast)
    Case.objects.filter(pk=part.pk).update(split_from=case)
    sent(fresh(part), cast, lead=cast.zhujian)
    other = registered(cast)
    Case.objects.filter(pk=other.pk).update(split_from=case)
    sent(fresh(other), cast, lead=cast.weijian)
    for unit in (cast.zhujian, cast.weijian):
        with refused(code="unit"):
            actions.ask_peer(fresh(case), by=cast.reviewer, unit=unit, **ASK)
    asked = {unit for rows in peers.able(fresh(other)) for unit in rows}
    assert asked == {cast.community}, "nor the half beside it"


def test_nobody_gives_it_who_had_the_work_or_asked_under_whichever_post(cast):
    case = answered(cast).case
    moved = Post.objects.create(code="moved", user=cast.handler.user, unit=cast.weijian, role=Role.HANDLER)
    Post.objects.filter(pk=cast.handler.post.pk).update(valid_to=MONDAY.date() - DAY)
    view = actions.ask_peer(case, by=cast.supervisor, unit=cast.weijian, **ASK)
    Post.objects.filter(pk=cast.supervisor.post.pk).update(valid_to=MONDAY.date() - DAY)
    asker = second_hat(cast.supervisor, cast.weijian)
    for by in (Actor.of(moved), asker):
        with denied():
            peer_pages.shown(by, view.pk)
        with denied():
            actions.give_view(view, by=by, verdict="unsolvable", **SAID)
    actions.give_view(view, by=cast.outsider, verdict="unsolvable", **SAID)
    assert peer_pages.shown(cast.outsider, view.pk) and peers.is_apart(case, cast.outsider), (
        "a view is no part"
    )


def test_one_waits_at_a_time_and_a_unit_is_asked_once_a_round(cast):
    view = peer_asked(cast)
    with refused(code="waits"):
        actions.ask_peer(view.case, by=cast.supervisor, unit=cast.weijian, **ASK)
    actions.take_peer_back(view, by=cast.reviewer)
    assert fresh(view).state == State.TAKEN_BACK
    with refused(code="once"):
        actions.ask_peer(view.case, by=cast.reviewer, unit=cast.zhujian, **ASK)
    assert actions.ask_peer(view.case, by=cast.reviewer, unit=cast.weijian, **ASK).pk
    with refused(code="state"):
        actions.take_peer_back(view, by=cast.reviewer)


def test_nobody_else_asks_and_not_before_there_is_an_answer(cast):
    case, new = answered(cast).case, registered(cast)
    for who in (cast.clerk, cast.caller, cast.handler, cast.leader, cast.zhujian_leader):
        with denied():
            actions.ask_peer(case, by=who, unit=cast.weijian, **ASK)
    with refused(code="state"):
        actions.ask_peer(new, by=cast.reviewer, unit=cast.zhujian, **ASK)


# -- a report ------------------------------------------------------------------------------------------------
def report(cast, **accused) -> Case:
    """A report that the health bureau has answered."""
    words = {"text": "收受礼品。", "title": "收受礼品", "nature": Case.Nature.REPORT, "category": cast.city}
    case = actions.register(noise(**words, **accused), by=cast.citizen).case
    actions.accept(case, by=cast.clerk)
    order = actions.dispatch(case, by=cast.dispatcher, lead=cast.weijian)
    actions.sign(order, by=cast.outsider)
    actions.answer(order, by=cast.outsider, text="已核查", outcome="explained")
    return fresh(case)


def test_a_report_never_goes_to_whom_it_accuses_nor_above_nor_below_nor_where_an_accused_person_serves(cast):
    of_bureau, of_squad = (
        report(cast, accused_units=[cast.chengguan]),
        report(cast, accused_units=[cast.squad]),
    )
    second_hat(cast.zhujian_handler, cast.community)
    of_person = report(cast, accused_posts=[cast.zhujian_handler.post])
    for case, unit in ((of_bureau, cast.chengguan), (of_bureau, cast.squad), (of_squad, cast.chengguan),
                       (of_person, cast.zhujian), (of_person, cast.community)):  # fmt: skip
        with refused(code="unit"):
            actions.ask_peer(case, by=cast.reviewer, unit=unit, **ASK)
    assert actions.ask_peer(of_bureau, by=cast.reviewer, unit=cast.zhujian, **ASK).pk


@pytest.mark.parametrize(("accused", "merged_one"), [("chengguan", "squad"), ("squad", "chengguan")])
def test_nor_to_what_followed_a_unit_below_or_above_the_accused(cast, accused, merged_one):
    case = report(cast, accused_units=[getattr(cast, accused)])
    merge_units(getattr(cast, merged_one), into=cast.zhujian)
    assert cast.zhujian not in {row for rows in peers.able(case) for row in rows}
    with refused(code="unit"):
        actions.ask_peer(case, by=cast.reviewer, unit=cast.zhujian, **ASK)


def test_nor_anywhere_while_nobody_is_named_in_it(cast):
    case = report(cast)
    with refused(code="unnamed"):
        actions.ask_peer(case, by=cast.reviewer, unit=cast.zhujian, **ASK)


@pytest.mark.parametrize("accused", ["zhujian", "squad"])
def test_whom_it_comes_to_accuse_later_reads_no_row_of_it_any_more(cast, accused):
    case = report(cast, accused_units=[cast.chengguan])
    asked, head = cast.zhujian, cast.zhujian_leader
    if accused == "squad":  # below the unit that was asked
        cast.squad.path, head = f"{cast.zhujian.path}chengguan-zhongdui/", cast.zhujian_leader
        cast.squad.save()
    view = actions.ask_peer(case, by=cast.reviewer, unit=asked, **ASK)
    actions.redo(case, by=cast.reviewer, reason="没有查")
    assert peer_pages.own_listing(head, "all").rows == [view]
    Exclusion.objects.create(case=case, unit=getattr(cast, accused))
    remembering.clear()
    by = Actor.of(head.post)
    assert peer_pages.own_listing(by, "all").rows == [] and peer_pages.shown(by, view.pk) is None
    with denied():
        actions.give_view(view, by=by, verdict="solvable", **SAID)


def test_nor_does_a_colleague_of_somebody_whom_it_names(cast):
    case = report(cast, accused_units=[cast.chengguan])
    view = actions.ask_peer(case, by=cast.reviewer, unit=cast.zhujian, **ASK)
    assert list(access.peer_views(cast.zhujian_leader)) == [view]
    case.exclusions.create(user=cast.zhujian_handler.user)
    assert not access.peer_views(cast.zhujian_leader).exists()
    assert peer_pages.shown(cast.zhujian_leader, view.pk) is None


# -- reading and giving --------------------------------------------------------------------------------------
def test_the_unit_reads_what_the_task_needs_and_no_person(cast):
    view = peer_asked(cast)
    text = "赵钱孙说每晚两点还在响，电话13800000001，住石桥街道 1 号"
    Case.objects.filter(pk=view.case_id).update(title="赵钱孙家楼下噪声", text=text, place="石桥街道 1 号")
    found = peer_pages.shown(cast.zhujian_leader, view.pk)
    said = repr((found.title, found.text, found.orders, found.answers, found.question))
    assert "每晚两点" in said and "已约谈店主" in said and "还能不能再降噪" in said
    listed = peer_pages.titles(peer_pages.own_listing(cast.zhujian_leader, "waiting").rows)
    for secret in ("赵钱孙", "13800000001", "石桥街道 1 号"):
        assert secret not in said + repr(listed)


def test_nor_who_brought_it_in_nor_the_other_side_of_whom_only_a_name_is_written(cast):
    case, name = answered(cast).case, "屈平原"
    type(cast.representative.user).objects.filter(pk=cast.representative.user.pk).update(name=name)
    roles = Party.Role
    Party.objects.create(case=case, role=roles.BRINGER, post=cast.representative.post, joined_at=MONDAY)
    Party.objects.create(case=case, role=roles.RESPONDENT, private="欧阳吴郑", joined_at=MONDAY)
    Case.objects.filter(pk=case.pk).update(title=f"{name}转来", text=f"{name}代表转来：欧阳吴郑夜里还在切割")
    view = actions.ask_peer(fresh(case), by=cast.reviewer, unit=cast.zhujian, **ASK)
    found = peer_pages.shown(cast.zhujian_leader, view.pk)
    said = found.title + found.text + repr(peer_pages.titles([view]))
    assert "夜里还在切割" in said and name not in said and "欧阳吴郑" not in said


def test_nor_whoever_was_merged_with_it_and_left(cast):
    case = answered(cast, title="慕容拂晓家楼下噪声").case
    actions.unmerge(merged(cast, into=case, parties=[PartyIn(name="慕容拂晓")]), by=cast.clerk)
    view = actions.ask_peer(fresh(case), by=cast.reviewer, unit=cast.zhujian, **ASK)
    said = peer_pages.shown(cast.zhujian_leader, view.pk).title + repr(peer_pages.titles([view]))
    assert said.count("家楼下噪声") == 2 and "慕容拂晓" not in said


def test_only_its_head_and_whom_the_head_named(cast):
    view = peer_asked(cast)
    assert (
        peer_pages.shown(cast.zhujian_handler, view.pk) is None
        and peer_pages.own_waiting(cast.zhujian_leader) == 1
    )
    with denied():
        actions.give_view(view, by=cast.zhujian_handler, verdict="solvable", **SAID)
    with denied():
        actions.entrust_view(view, by=cast.zhujian_handler, person=cast.zhujian_handler.post)
    with refused(code="person"):
        actions.entrust_view(view, by=cast.zhujian_leader, person=cast.outsider.post)
    with one_event(view.case, "entrust_view", cast.zhujian_leader):
        actions.entrust_view(view, by=cast.zhujian_leader, person=cast.zhujian_handler.post)
    assert peer_pages.own_listing(cast.zhujian_handler, "waiting").rows == [view]
    actions.give_view(view, by=cast.zhujian_handler, verdict="solvable", **SAID)
    assert fresh(view).given_by == cast.zhujian_handler.post


def test_not_by_what_was_asked_of_another_unit(cast):
    case = answered(cast).case
    first = actions.ask_peer(case, by=cast.reviewer, unit=cast.weijian, **ASK)
    actions.give_view(first, by=cast.outsider, verdict="unsure", opinion="不懂排烟")
    second = actions.ask_peer(case, by=cast.reviewer, unit=cast.zhujian, **ASK)
    Post.objects.filter(pk=cast.outsider.post.pk).update(role=Role.UNIT_LEADER)
    head = Actor.of(Post.objects.select_related("unit", "user").get(pk=cast.outsider.post.pk))
    with denied():
        actions.give_view(second, by=head, verdict="solvable", **SAID)
    with denied():
        actions.entrust_view(second, by=head, person=cast.zhujian_handler.post)
    assert (fresh(second).state, fresh(second).person) == (State.ASKED, None)


def test_where_nobody_heads_the_unit_whoever_works_there_gives_it(cast):
    view = actions.ask_peer(answered(cast).case, by=cast.reviewer, unit=cast.weijian, **ASK)
    actions.give_view(view, by=cast.outsider, verdict="unsure", opinion="不懂排烟")
    assert (fresh(view).state, fresh(view).basis) == ("given", None)


def test_not_somebody_with_another_post_where_it_was_handled(cast):
    view = actions.ask_peer(answered(cast).case, by=cast.reviewer, unit=cast.weijian, **ASK)
    for act in (lambda: peer_pages.shown(cast.two_hats_at_weijian, view.pk),
                lambda: actions.give_view(view, by=cast.two_hats_at_weijian, verdict="solvable", **SAID)):  # fmt: skip
        with denied():
            act()
    Post.objects.filter(pk=cast.outsider.post.pk).update(role=Role.UNIT_LEADER)
    remembering.clear()
    head = Actor.of(Post.objects.select_related("unit", "user").get(pk=cast.outsider.post.pk))
    with refused(code="part"):
        actions.entrust_view(view, by=head, person=cast.two_hats_at_weijian.post)


def test_a_view_off_the_form_is_refused(cast):
    view = peer_asked(cast)
    for bad, code in (
        ({"verdict": "maybe"}, "verdict"),
        ({"opinion": " "}, "missing"),
        ({"basis": ""}, "missing"),
    ):
        with refused(code=code):
            actions.give_view(view, by=cast.zhujian_leader, **{"verdict": "solvable", **SAID, **bad})


def test_it_is_given_once_and_then_the_unit_reads_only_what_was_asked_and_said(cast):
    with at(MONDAY):
        view = peer_asked(cast)
    with at(MONDAY + 9 * DAY):
        assert [row.pk for row in peer_pages.listing(cast.supervisor, "overdue").rows] == [view.pk]
        assert peer_pages.overdue_count(cast.supervisor) == 1
        with one_event(view.case, "give_view", cast.zhujian_leader):
            actions.give_view(view, by=cast.zhujian_leader, verdict="solvable", **SAID)
        facts = latest(subject_of(view.case)).facts
        assert facts["late"] is True and "solvable" not in repr(facts) and "隔音" not in repr(facts)
        with refused(code="state"):
            actions.give_view(view, by=cast.zhujian_leader, verdict="unsolvable", **SAID)
    found = peer_pages.shown(cast.zhujian_leader, view.pk)
    assert (found.text, found.orders, found.answers) == ("", [], []) and found.opinion == "可以加隔音"
    assert peer_pages.overdue_count(cast.supervisor) == 0 and peer_pages.own_waiting(cast.zhujian_leader) == 0


# -- deciding ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("verdict", ["solvable", "partly"])
def test_letting_the_answer_stand_against_it_needs_a_reason(cast, verdict):
    view = peer_answered(cast, verdict=verdict)
    with refused(code="view"):
        actions.approve(view.case, by=cast.reviewer)
    with refused(code="missing"):
        actions.weigh_view(view, by=cast.reviewer, stands="departed")
    with one_event(view.case, "weigh_view", cast.reviewer):
        actions.weigh_view(view, by=cast.reviewer, stands="departed", reason="房东不同意改排烟")
    actions.approve(view.case, by=cast.reviewer)
    assert fresh(view).state == State.DEPARTED
    assert peer_pages.shown(cast.zhujian_leader, view.pk).reason == "房东不同意改排烟", "the unit reads why"
    with refused(code="state"):
        actions.weigh_view(view, by=cast.reviewer, stands="followed")


@pytest.mark.parametrize("act", ["approve", "close", "explain_and_close"])
def test_nor_does_it_stand_as_it_is_under_a_view_that_is_said_to_be_followed(cast, act):
    case = answered(cast).case if act == "approve" else told(cast)
    view = actions.ask_peer(case, by=cast.supervisor, unit=cast.zhujian, **ASK)
    actions.give_view(view, by=cast.zhujian_leader, verdict="solvable", **SAID)
    actions.weigh_view(view, by=cast.reviewer, stands="followed")
    more = {"reason": cast.lawful_end, "explanation": "只能这样"} if act == "explain_and_close" else {}
    with refused(code="followed"):
        getattr(actions, act)(case, by=cast.reviewer, **more)
    with refused(code="state"):
        actions.weigh_view(view, by=cast.reviewer, stands="followed")
    page = queries.page_of(fresh(case), cast.reviewer)
    assert "weigh_view" in {act for act, _row in asides.pending(page.asides, page.by)}, (
        "a click can be mended"
    )
    actions.weigh_view(view, by=cast.reviewer, stands="departed", reason="房东不同意改排烟")
    getattr(actions, act)(case, by=cast.reviewer, **more)
    assert fresh(view).state == State.DEPARTED


def test_what_was_followed_by_a_new_round_stays_followed(cast):
    view = peer_answered(cast)
    actions.redo(view.case, by=cast.reviewer, reason="照它办")
    with refused(code="state"):
        actions.weigh_view(view, by=cast.reviewer, stands="departed", reason="又不办了")
    page = queries.page_of(fresh(view.case), cast.reviewer)
    assert "weigh_view" not in {act for act, _row in asides.pending(page.asides, page.by)}


@pytest.mark.parametrize("end", ["close", "explain_and_close"])
def test_so_does_ending_it_by_the_office_but_not_by_what_the_parties_say(cast, end):
    case = told(cast)
    view = actions.ask_peer(case, by=cast.supervisor, unit=cast.zhujian, **ASK)
    actions.give_view(view, by=cast.zhujian_leader, verdict="solvable", **SAID)
    more = {} if end == "close" else {"reason": cast.lawful_end, "explanation": "只能这样"}
    with refused(code="view"):
        getattr(actions, end)(case, by=cast.reviewer, **more)
    actions.close(case, by=cast.system, because="rated")
    assert fresh(view).state == State.GIVEN, "whoever oversees still has it before them"
    actions.reopen(case, by=cast.supervisor, reason="按住建局的意见办")
    assert (fresh(view).state, fresh(view).weighed_by) == (State.FOLLOWED, cast.supervisor.post)


@pytest.mark.parametrize(
    ("verdict", "stands"),
    [("solvable", "followed"), ("partly", "followed"), ("unsolvable", "departed"), ("unsure", "lapsed")],
)
def test_doing_it_again_follows_it_or_departs_from_it_with_the_reason_of_the_redoing(cast, verdict, stands):
    view = peer_answered(cast, verdict=verdict)
    actions.redo(view.case, by=cast.reviewer, reason="再想办法")
    assert fresh(view).state == stands
    assert (peer_pages.shown(cast.zhujian_leader, view.pk).reason == "再想办法") == (stands == "departed")


@pytest.mark.parametrize(("verdict", "stands"), [("unsolvable", "followed"), ("unsure", "given")])
def test_what_agrees_with_the_answer_or_says_nothing_holds_nothing_up(cast, verdict, stands):
    view = peer_answered(cast, verdict=verdict)
    actions.approve(view.case, by=cast.reviewer)
    assert fresh(view).state == stands


def test_who_waits_for_it_may_decide_before_it_comes_and_a_new_round_or_an_end_lets_it_lapse(cast):
    view, other = peer_asked(cast), peer_asked(cast)
    actions.approve(view.case, by=cast.reviewer)
    assert fresh(view).state == State.ASKED
    actions.withdraw(view.case, by=party_of(view.case))
    actions.redo(other.case, by=cast.reviewer, reason="没有写期限")
    assert fresh(view).state == fresh(other).state == State.LAPSED
    with refused(code="state"):
        actions.give_view(other, by=cast.zhujian_leader, verdict="solvable", **SAID)
    assert peer_pages.listing(cast.reviewer, "waiting").rows == []


def test_it_outlives_the_silence_of_the_parties(cast):
    case = told(cast)
    view = actions.ask_peer(case, by=cast.supervisor, unit=cast.zhujian, **ASK)
    actions.close(case, by=cast.system, because="rating_time_over")
    actions.archive(case, by=cast.reviewer)
    actions.give_view(view, by=cast.zhujian_leader, verdict="unsolvable", **SAID)
    assert [row.pk for row in peer_pages.listing(cast.supervisor, "weigh").rows] == [view.pk]
    actions.weigh_view(view, by=cast.supervisor, stands="followed")
    assert fresh(view).state == State.FOLLOWED


# -- who reads the words -------------------------------------------------------------------------------------
def test_the_desk_and_overseers_read_it_and_units_at_work_do_not(cast):
    view = peer_answered(cast)
    for who, reads in (
        (cast.reviewer, True),
        (cast.supervisor, True),
        (cast.leader, True),
        (cast.handler, False),
    ):
        page = queries.page_of(fresh(view.case), who)
        assert ("peer_view" in page.asides) == reads
    assert not Note.objects.filter(case=view.case).exists()


def test_nobody_else_reads_the_lists(cast):
    for who in (cast.handler, cast.zhujian_leader, cast.clerk, cast.caller, cast.leader, cast.representative):
        with denied():
            peer_pages.listing(who, "all")
    for who in (cast.clerk, cast.reviewer, cast.supervisor, cast.representative):
        with denied():
            peer_pages.own_listing(who, "all")


def test_closed_before_anybody_asked_costs_no_query_more(cast, django_assert_max_num_queries):
    case = told(cast)
    with django_assert_max_num_queries(15):
        actions.close(case, by=cast.caller)
    assert closed(cast).state == Case.State.CLOSED


# -- after a merger ------------------------------------------------------------------------------------------
def test_the_last_successor_of_the_unit_that_was_asked_gives_the_view(cast):
    view = peer_asked(cast)
    merge_units(cast.zhujian, into=cast.weijian)
    merge_units(cast.weijian, into=cast.community)
    heir, old = cast.community_handler, cast.zhujian_leader
    assert peer_pages.own_waiting(heir) == 1 and peer_pages.own_listing(heir, "waiting").rows == [view]
    assert peer_pages.shown(heir, view.pk).question and peer_pages.own_waiting(cast.handler) == 0
    with one_event(view.case, "give_view", heir):
        actions.give_view(view, by=heir, verdict="unsure", opinion="不懂排烟")
    assert (fresh(view).given_by, fresh(view).unit) == (heir.post, cast.zhujian)
    assert not access.visible(heir).filter(pk=view.case_id).exists() and old.post.unit == cast.zhujian


def test_the_head_of_the_successor_alone_gives_it_or_lets_a_colleague(cast):
    view = actions.ask_peer(answered(cast).case, by=cast.reviewer, unit=cast.weijian, **ASK)
    merge_units(cast.weijian, into=cast.zhujian)
    head, colleague = cast.zhujian_leader, cast.zhujian_handler
    assert peer_pages.shown(head, view.pk) and peer_pages.shown(colleague, view.pk) is None
    assert colleagues(view) == [colleague.post, head.post]
    with refused(code="person"):
        actions.entrust_view(view, by=head, person=cast.outsider.post)
    actions.entrust_view(view, by=head, person=colleague.post)
    actions.give_view(view, by=colleague, verdict="solvable", **SAID)
    assert fresh(view).given_by == colleague.post


def test_no_successor_with_a_part_in_it_gives_it(cast):
    view = peer_asked(cast)
    merge_units(cast.zhujian, into=cast.chengguan)
    for act in (lambda: peer_pages.shown(cast.unit_leader, view.pk),
                lambda: actions.give_view(view, by=cast.unit_leader, verdict="unsolvable", **SAID)):  # fmt: skip
        with denied():
            act()
    actions.take_peer_back(view, by=cast.reviewer)


@pytest.mark.parametrize(
    ("accused", "new"), [("chengguan", "zhujian"), ("chengguan", "squad"), ("zhujian", "weijian")]
)
def test_who_followed_an_accused_unit_reads_no_row_of_what_they_were_asked(cast, accused, new):
    case = report(cast, accused_units=[cast.community])
    case.exclusions.create(unit=getattr(cast, accused))
    view = PeerView.objects.create(
        case=case, round=1, unit=cast.zhujian, question="看看", due_on=MONDAY.date(), asked_at=MONDAY
    )
    head = cast.outsider if new == "weijian" else cast.zhujian_leader
    if new == "squad":
        cast.squad.path = f"{cast.zhujian.path}chengguan-zhongdui/"
        cast.squad.save()
    merge_units(getattr(cast, accused), into=getattr(cast, new))
    by = Actor.of(head.post)
    assert peer_pages.own_listing(by, "all").rows == [] and peer_pages.shown(by, view.pk) is None
    with denied():
        actions.give_view(view, by=by, verdict="solvable", **SAID)
