"""民情台账: the unit hands in what it led, somebody else looks, and only then is the entry closed."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.cases import actions, offering
from huiyin.cases.actions.attach import StoredFile
from huiyin.cases.models import Case, Order
from huiyin.cases.queries import page_of
from huiyin.cases.tests.roads import (
    DAY,
    MONDAY,
    answered,
    at,
    closed,
    dispatched,
    fresh,
    merge_units,
    noise,
    party_of,
    told,
)
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.supervision.entries import queries
from huiyin.supervision.entries.actions import accept_entry, refuse_entry, strike_entry, submit_entry
from huiyin.supervision.entries.models import Inspection, LedgerEntry
from huiyin.supervision.entries.rules import MARKS, AcceptanceRule, needs

pytestmark = pytest.mark.django_db
PHOTO = StoredFile("门口.jpg", "jpg", 3, "0" * 64, "00/00/" + "0" * 64)


@pytest.fixture(autouse=True)
def _everything_is_accepted(monkeypatch):
    monkeypatch.setattr("huiyin.supervision.entries.rules.acceptance_rules", lambda: [AcceptanceRule()])
    with clock.frozen(MONDAY):
        yield


def rules(monkeypatch, *found):
    monkeypatch.setattr("huiyin.supervision.entries.rules.acceptance_rules", lambda: list(found))


def order_of(case: Case) -> Order:
    return Order.objects.filter(case=case, part="lead").latest("pk")


def submitted(cast, **more) -> LedgerEntry:
    return submit_entry(order_of(closed(cast, **more)), by=cast.handler, text="门口看隔音窗")


def status(by, cast, name="all"):
    return [line.status for line in queries.ledger(by, cast.chengguan, name).rows]


# -- handing in -----------------------------------------------------------------------------------------------
def test_a_unit_hands_in_what_it_led_and_types_nothing_twice(cast):
    case = closed(cast)
    assert status(cast.handler, cast) == ["due"]
    entry = submit_entry(order_of(case), by=cast.handler)
    assert (entry.state, entry.round, entry.unit, entry.words) == ("submitted", 1, cast.chengguan, None)
    assert status(cast.handler, cast, "submitted") == ["submitted"]
    event = latest(f"case:{case.number}")
    assert (event.kind, event.facts["unit"]) == ("submit_entry", "chengguan")
    assert fresh(case).state == "closed", "the matter stays as it is"


def test_the_successor_of_a_unit_keeps_its_ledger_and_hands_in_what_it_led(cast):
    done, refused_one = closed(cast), submitted(cast)
    with at(MONDAY + DAY):
        refuse_entry(refused_one, by=cast.supervisor, reason="窗没有装")
        merge_units(cast.chengguan, into=cast.zhujian)
        heir = cast.zhujian_handler
        lines = queries.ledger(heir, cast.zhujian, "all").rows
        assert [line.status for line in lines] == ["refused", "due"]
        assert queries.counts(heir, cast.zhujian) == {"due": 2, "submitted": 0, "refused": 1, "open": 0}
        assert queries.difference_counts(cast.supervisor, cast.zhujian)["unsubmitted"] == 2
        assert "submit_entry" in dict(offering.offered(page_of(done, heir)))
        entries = [submit_entry(order_of(case), by=heir) for case in (done, refused_one.case)]
        assert [entry.unit for entry in entries] == [cast.chengguan, cast.chengguan]
        assert [len(looked) for _entry, looked in queries.of_case(page_of(done, heir))] == [0]
        assert queries.standing(cast.supervisor) == [(cast.zhujian, {"submitted": 2})]
        with pytest.raises(PermissionDenied):
            accept_entry(entries[0], by=heir, text="看过了")
        accept_entry(entries[0], by=cast.supervisor, text="看过了")


def test_what_a_merged_unit_handed_in_goes_on_in_the_ledger_of_who_does_it_again(cast):
    entry = submitted(cast)
    with at(MONDAY + DAY):
        merge_units(cast.chengguan, into=cast.zhujian)
        actions.reopen(entry.case, by=cast.supervisor, reason="又吵起来了")
        actions.accept(entry.case, by=cast.clerk, category=cast.property)
        order = actions.dispatch(entry.case, by=cast.dispatcher, lead=cast.zhujian)
        actions.sign(order, by=cast.zhujian_handler)
        assert queries.foreign(cast.supervisor, cast.zhujian).count() == 0
        actions.answer(order, by=cast.zhujian_handler, text="加装隔音窗", outcome="solved")
        actions.approve(entry.case, by=cast.reviewer)
        for notice in entry.case.notices.filter(told_at=None):
            actions.record_told(notice, by=Actor.citizen(notice.party_id), how="delivered")
        actions.close(fresh(entry.case), by=cast.caller)
        submit_entry(order, by=cast.zhujian_handler)
    assert (fresh(entry).unit, fresh(entry).round, LedgerEntry.objects.count()) == (cast.zhujian, 2, 1)


def test_what_a_merged_unit_handed_in_is_struck_where_its_successor_has_an_entry_of_its_own(cast):
    old = submitted(cast)
    case = old.case
    actions.reopen(case, by=cast.supervisor, reason="又吵起来了")
    actions.accept(case, by=cast.clerk, category=cast.property)
    order = actions.dispatch(case, by=cast.dispatcher, lead=cast.zhujian)
    actions.sign(order, by=cast.zhujian_handler)
    actions.answer(order, by=cast.zhujian_handler, text="加装隔音窗", outcome="solved")
    actions.approve(case, by=cast.reviewer)
    for notice in case.notices.filter(told_at=None):
        actions.record_told(notice, by=Actor.citizen(notice.party_id), how="delivered")
    actions.close(fresh(case), by=cast.caller)
    own = submit_entry(order, by=cast.zhujian_handler)
    accept_entry(own, by=cast.supervisor, text="看过了")
    with at(MONDAY + DAY):
        merge_units(cast.chengguan, into=cast.zhujian)
        assert [row.pk for row in queries.foreign(cast.supervisor, cast.zhujian)] == [old.pk]
        assert [row.pk for row in queries.waiting_for(case, cast.supervisor, "strike_entry")] == [old.pk]
        strike_entry(old, by=cast.supervisor, reason="已由住建局接办")
        assert queries.to_inspect(cast.supervisor).rows == []
    assert (fresh(old).state, fresh(own).state) == ("struck", "accepted")


def test_it_is_handed_in_once(cast):
    entry = submitted(cast)
    with pytest.raises(Refused, match="待验收"):
        submit_entry(order_of(entry.case), by=cast.unit_leader)
    assert LedgerEntry.objects.count() == 1


def test_only_the_unit_that_led_hands_in(cast):
    case = closed(cast)
    for by in (cast.zhujian_handler, cast.supervisor, cast.clerk, cast.squad_handler):
        with pytest.raises(PermissionDenied):
            submit_entry(order_of(case), by=by)


def test_before_the_petitioner_was_told_there_is_nothing_to_look_at(cast):
    order = answered(cast)
    with pytest.raises(Refused) as refused:
        submit_entry(order, by=cast.handler)
    assert refused.value.code == "state"


def test_where_the_rules_do_not_ask_for_it_nothing_is_handed_in(cast, monkeypatch):
    case = closed(cast)
    rules(monkeypatch)
    with pytest.raises(Refused) as refused:
        submit_entry(order_of(case), by=cast.handler)
    assert refused.value.code == "unneeded" and status(cast.handler, cast) == ["unneeded"]


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_of_the_rules_is_a_condition_that_a_plain_matter_does_not_meet(cast, monkeypatch, mark):
    case = closed(cast)
    rules(monkeypatch, AcceptanceRule(mark=mark))
    assert not needs(case)


def test_rules_mean_a_category_with_what_lies_below_and_a_day_from_which_they_hold(cast, monkeypatch):
    case = closed(cast)
    rules(monkeypatch, AcceptanceRule(category="city-noise"))
    assert needs(case)
    rules(monkeypatch, AcceptanceRule(category="housing"))
    assert not needs(case)
    rules(monkeypatch, AcceptanceRule(since=(MONDAY + DAY).date()))
    assert not needs(case)


def test_a_matter_of_several_people_is_meant_by_the_rule_for_groups(cast, monkeypatch):
    case = closed(cast, headcount=5)
    rules(monkeypatch, AcceptanceRule(mark="group"))
    assert needs(case)


# -- looking --------------------------------------------------------------------------------------------------
def test_an_inspector_of_another_unit_closes_it_with_a_note(cast):
    entry = submitted(cast)
    looked = accept_entry(entry, by=cast.supervisor, text="到门口看过，夜里听不到")
    entry.refresh_from_db()
    assert (entry.state, entry.closed_at) == ("accepted", MONDAY)
    assert looked.accepted and looked.by == cast.supervisor.post and looked.photo is None
    event = latest(f"case:{entry.case.number}")
    assert event.facts["unit"] == "chengguan" and "看过" not in str(event.facts)


@pytest.mark.parametrize("look", [accept_entry, refuse_entry])
def test_who_handed_it_in_does_not_look_at_it_after_a_change_of_posts(cast, look):
    entry = submitted(cast)
    Post.objects.filter(user=cast.handler.user).update(valid_to=MONDAY.date())
    moved = Actor.of(
        Post.objects.create(code="moved", user=cast.handler.user, unit=cast.duban, role="supervisor")
    )
    with clock.frozen(MONDAY + DAY):
        said = {"text": "看过"} if look is accept_entry else {"reason": "没有"}
        with pytest.raises(PermissionDenied, match="您报的"):
            look(entry, by=moved, **said)
        assert queries.waiting_for(entry.case, moved, look.__name__) == []
        assert queries.to_inspect(moved).rows == []
        assert queries.to_inspect(cast.supervisor).rows == [entry]
        look(entry, by=cast.supervisor, **said)


def test_a_photo_is_as_good_as_a_note_and_goes_through_the_door_for_files(cast):
    entry = submitted(cast)
    looked = accept_entry(entry, by=cast.reviewer, photo=PHOTO)
    assert looked.photo.case == entry.case and looked.photo.readers == "office"


def test_nobody_closes_what_they_have_not_seen(cast):
    entry = submitted(cast)
    with pytest.raises(Refused) as refused:
        accept_entry(entry, by=cast.supervisor)
    assert refused.value.code == "unseen"
    pdf = StoredFile("表.pdf", "pdf", 3, "0" * 64, "00/00/" + "0" * 64)
    with pytest.raises(Refused) as refused:
        accept_entry(entry, by=cast.supervisor, photo=pdf)
    assert refused.value.code == "photo" and not Inspection.objects.exists()


def test_units_do_not_accept_anything(cast):
    entry = submitted(cast)
    for by in (cast.handler, cast.unit_leader, cast.squad_handler, cast.zhujian_leader, cast.clerk):
        with pytest.raises(PermissionDenied):
            accept_entry(entry, by=by, text="看过")


def test_what_waits_for_somebody_else_is_not_listed_for_who_has_a_post_above_the_unit(cast):
    entry = submitted(cast)
    LedgerEntry.objects.update(unit=cast.squad)
    assert [row.pk for row in queries.to_inspect(cast.supervisor).rows] == [entry.pk]
    Post.objects.create(code="hat", user=cast.supervisor.user, unit=cast.chengguan, role="handler")
    by = Actor.of(Post.objects.get(pk=cast.supervisor.post.pk))
    assert not queries.to_inspect(by).rows and not queries.waiting_for(entry.case, by, "accept_entry")


def test_a_supervisor_who_also_sits_in_the_unit_does_not_look_at_it(cast):
    entry = submitted(cast)
    post = cast.squad_handler.post
    post.user = cast.supervisor.user
    post.save()
    with pytest.raises(PermissionDenied):
        accept_entry(entry, by=cast.supervisor, text="看过")
    assert queries.waiting_for(entry.case, cast.supervisor, "accept_entry") == []
    assert [row.pk for row in queries.waiting_for(entry.case, cast.leader, "accept_entry")] == [entry.pk]


def test_what_is_not_as_the_unit_says_goes_back_and_is_handed_in_again(cast):
    entry = submitted(cast)
    refuse_entry(entry, by=cast.supervisor, reason="隔音窗没有装")
    assert status(cast.handler, cast, "refused") == ["refused"]
    assert status(cast.handler, cast, "due") == ["refused"], "it waits to be handed in again"
    again = submit_entry(order_of(entry.case), by=cast.handler, text="已装")
    assert again.pk == entry.pk and again.state == "submitted"
    accept_entry(again, by=cast.supervisor, text="装了")
    assert list(Inspection.objects.order_by("pk").values_list("accepted", flat=True)) == [False, True]


def test_it_is_accepted_once(cast):
    entry = submitted(cast)
    accept_entry(entry, by=cast.supervisor, text="看过")
    for act in (lambda: accept_entry(entry, by=cast.leader, text="看过"),
                lambda: refuse_entry(entry, by=cast.leader, reason="不对"),
                lambda: strike_entry(entry, by=cast.leader, reason="不对")):  # fmt: skip
        with pytest.raises(Refused, match="已销账"):
            act()


def test_what_came_back_after_it_was_handed_in_is_not_closed(cast):
    case = told(cast)
    entry = submit_entry(order_of(case), by=cast.handler)
    actions.close(case, by=cast.caller)
    actions.reopen(case, by=party_of(case), reason="又吵了")
    with pytest.raises(Refused):
        accept_entry(entry, by=cast.supervisor, text="看过")
    assert queries.difference_counts(cast.supervisor, cast.chengguan)["foreign"] == 1


# -- comparing ------------------------------------------------------------------------------------------------
def test_the_two_lists_differ_by_what_the_unit_has_not_signed(cast):
    order = dispatched(cast)
    assert queries.difference_counts(cast.supervisor, cast.chengguan) == {
        "unbooked": 1, "foreign": 0, "revived": 0, "unsubmitted": 0}  # fmt: skip
    assert status(cast.handler, cast) == []
    actions.sign(order, by=cast.handler)
    assert queries.difference_counts(cast.handler, cast.chengguan)["unbooked"] == 0
    assert status(cast.handler, cast) == ["open"]


def test_they_differ_when_a_closed_entry_is_at_work_again(cast):
    entry = submitted(cast)
    accept_entry(entry, by=cast.supervisor, text="看过")
    actions.reopen(entry.case, by=party_of(entry.case), reason="又吵了")
    found = queries.differences(cast.supervisor, cast.chengguan, "revived")
    assert [line.case.number for line in found.rows] == [entry.case.number]


def test_what_is_not_the_units_any_more_is_struck_from_its_ledger(cast):
    entry = submitted(cast)
    with pytest.raises(Refused) as refused:
        strike_entry(entry, by=cast.supervisor, reason="不归它了")
    assert refused.value.code == "led"
    refuse_entry(entry, by=cast.supervisor, reason="不对")
    actions.reopen(entry.case, by=party_of(entry.case), reason="又吵了")
    assert queries.difference_counts(cast.supervisor, cast.chengguan)["foreign"] == 1
    strike_entry(entry, by=cast.supervisor, reason="已另派")
    assert queries.difference_counts(cast.supervisor, cast.chengguan)["foreign"] == 0


def test_a_unit_reads_no_other_units_ledger_and_the_accused_nothing_of_a_report(cast):
    submitted(cast)
    assert queries.ledger(cast.zhujian_handler, cast.chengguan, "all").rows == []
    case = actions.register(
        noise(nature=Case.Nature.REPORT, accused_units=[cast.zhujian]), by=cast.citizen
    ).case
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
    assert queries.difference_counts(cast.zhujian_handler, cast.zhujian)["unbooked"] == 0
    assert queries.difference_counts(cast.leader, cast.chengguan)["unbooked"] == 0, (
        "a leader reads no reports"
    )
    assert queries.difference_counts(cast.supervisor, cast.chengguan)["unbooked"] == 1


def test_a_page_costs_as_many_statements_with_many_lines_as_with_one(cast):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as counted:
            queries.ledger(cast.handler, cast.chengguan, "all")
            queries.counts(cast.handler, cast.chengguan)
            queries.to_inspect(cast.supervisor)
        return len(counted)

    submitted(cast)
    cost()  # what is remembered of places and units is read once
    first = cost()
    for _each in range(3):
        submitted(cast)
    assert cost() == first <= 9


# -- pages ----------------------------------------------------------------------------------------------------
def test_the_pages_lead_from_the_ledger_to_the_acceptance(cast, sign_in):
    case = closed(cast)
    unit = sign_in(cast.handler)
    assert case.number in unit.get("/work/unit/ledger/").content.decode()
    address = f"/work/cases/{case.number}/"
    assert "台账报验" in unit.get(address).content.decode()
    sent = unit.post(f"{address}submit_entry/{order_of(case).pk}/", {"said": "到门口看"})
    assert sent.status_code == 302
    inspector = sign_in(cast.supervisor)
    assert case.number in inspector.get("/work/supervision/ledgers/").content.decode()
    assert "到门口看" in inspector.get(address).content.decode()
    empty = inspector.post(f"{address}accept_entry/", {"said": ""})
    assert empty.status_code == 422 and "照片" in empty.content.decode()
    assert inspector.post(f"{address}accept_entry/", {"said": "看过了"}).status_code == 302
    assert LedgerEntry.objects.get().state == "accepted"
    for page in ("units/", "chengguan/", "chengguan/differences/?tab=revived"):
        assert inspector.get(f"/work/supervision/ledgers/{page}").status_code == 200
    assert inspector.get("/work/supervision/ledgers/nothing/").status_code == 404
    assert sign_in(cast.zhujian_handler).get("/work/supervision/ledgers/").status_code == 403


def test_a_photo_may_come_with_the_acceptance_and_a_broken_one_is_refused(cast, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    entry = submitted(cast)
    client, address = sign_in(cast.supervisor), f"/work/cases/{entry.case.number}/accept_entry/"
    bad = SimpleUploadedFile("门口.jpg", ContentFile(b"no picture").read())
    assert client.post(address, {"said": "看过了", "upload": bad}).status_code == 422
    assert LedgerEntry.objects.get().state == "submitted"


def test_whoever_comes_late_is_told_who_was_first(cast, sign_in):
    entry = submitted(cast)
    accept_entry(entry, by=cast.leader, text="看过")
    with at(MONDAY + DAY):
        answer = sign_in(cast.supervisor).post(
            f"/work/cases/{entry.case.number}/refuse_entry/", {"said": "不对"}
        )
    assert answer.status_code == 422 and "已销账" in answer.content.decode()
