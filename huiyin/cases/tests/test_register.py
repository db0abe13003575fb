"""登记: what a new case is made of, what is refused, and the same form sent twice."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from huiyin.cases import access, actions, pens
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case, Exclusion, Party, Point, Round
from huiyin.cases.tests.roads import MONDAY, events, everything, fresh, noise, refused, registered
from huiyin.cases.words import LONGEST_TEXT
from huiyin.deadlines.models import Clock, Policy
from huiyin.kernel import identifiers
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger.models import Event
from huiyin.organisation.actors import Actor
from huiyin.people.acts import erase
from huiyin.people.models import Person

pytestmark = pytest.mark.django_db


def test_it_gives_the_case_a_number_a_holder_a_clock_and_each_party_a_code(cast):
    both = [PartyIn(name="赵钱孙", phone="13800000001"), PartyIn(role=Party.Role.AGENT, name="周吴郑")]
    made = actions.register(noise(parties=both, headcount=3), by=cast.citizen)
    case = fresh(made.case)
    assert identifiers.check_case_number(case.number) == case.number
    assert (case.state, case.holder_unit, case.holder_role) == ("registered", cast.centre, "clerk")
    clock = Round.objects.get(case=case, number=1).clock
    assert (clock.state, clock.due_at, clock.subject) == (Clock.State.RUNNING, case.due_at, case.number)
    assert len(set(made.codes)) == 2 and case.headcount == 3
    hashes = [bytes(party.code_hash) for party in Party.objects.filter(case=case).order_by("pk")]
    assert hashes == [identifiers.code_hash(code) for code in made.codes]
    assert (case.received_at, case.received_on.isoformat()) == (MONDAY, "2026-11-02")


def test_it_writes_one_event_without_a_word_of_the_citizens(cast):
    case = registered(cast)
    event = Event.objects.get(subject=pens.subject_of(case))
    assert (event.kind, event.actor, case.version) == ("register", "citizen", 1)
    assert not any(word in str(event.facts) for word in ("烧烤", "138", "赵钱孙"))


def test_units_read_a_text_without_numbers_and_the_original_is_sealed(cast):
    case = registered(cast)
    assert "13800000001" not in case.text + case.title + case.place
    assert "烧烤" not in repr(fresh(case).original_text)


def test_whoever_leaves_no_name_gets_a_case_and_a_code_and_no_person_is_kept(cast):
    made = actions.register(noise(parties=[PartyIn()]), by=cast.citizen)
    assert made.codes[0] and not Person.objects.exists()


def test_no_identity_is_kept_when_the_citizen_wants_none(cast):
    actions.register(noise(confidentiality=Case.Confidentiality.NONE), by=cast.citizen)
    assert not Person.objects.exists()


def test_everyone_named_counts_as_a_head(cast):
    named = [PartyIn(name=name) for name in ("甲", "乙", "丙")]
    assert actions.register(noise(parties=named), by=cast.citizen).case.headcount == 3


def test_each_point_gets_its_row_with_numbers_masked(cast):
    case = registered(cast, points=["限时营业", "赔偿，电话 13800000001"])
    texts = list(Point.objects.filter(case=case).order_by("ordinal").values_list("text", flat=True))
    assert texts[0] == "限时营业" and "13800000001" not in texts[1]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"text": "  "}, "missing"),
        ({"text": "\u200b\u200b\ufeff"}, "missing"),
        ({"text": "长" * (LONGEST_TEXT + 1)}, "too_long"),
        ({"title": "长" * 121}, "too_long"),
        ({"points": ["一", " "]}, "missing"),
        ({"points": ["长" * 301]}, "too_long"),
        ({"nature": "gossip"}, "nature"),
        ({"channel": "pigeon"}, "channel"),
        ({"track": "fast"}, "track"),
        ({"urgency": "now"}, "urgency"),
        ({"confidentiality": "secret"}, "confidentiality"),
        ({"headcount": 0}, "headcount"),
        ({"headcount": 100_001}, "headcount"),
        ({"parties": []}, "parties"),
        ({"parties": [PartyIn(role=Party.Role.COPY)]}, "parties"),
        ({"parties": [PartyIn(role="king")]}, "parties"),
        ({"parties": [PartyIn(), *[PartyIn(role=Party.Role.SPOKESPERSON)] * 6]}, "spokespersons"),
        ({"parties": [PartyIn(phone="12")]}, "phone_form"),
    ],
)
def test_bad_input_is_refused_in_words_and_leaves_nothing(cast, bad, code):
    with refused(code=code):
        actions.register(noise(**bad), by=cast.citizen)


def test_a_time_in_the_future_is_refused(cast):
    with refused("晚于现在", code="future"):
        actions.register(noise(), by=cast.clerk.claiming(MONDAY + timedelta(hours=1)))


def test_a_clerk_may_write_down_what_was_said_last_week(cast):
    said = MONDAY - timedelta(days=7)
    case = actions.register(noise(), by=cast.clerk.claiming(said)).case
    assert (case.received_at, case.recorded_at) == (said, MONDAY)


def test_the_same_form_sent_twice_is_one_case_with_the_same_codes(cast):
    once = actions.register(noise(idempotency_key="form-1"), by=cast.citizen)
    before = everything()
    again = actions.register(noise(idempotency_key="form-1"), by=cast.citizen)
    assert (again.case.pk, again.codes) == (once.case.pk, once.codes) and everything() == before
    assert events(once.case) == ["register"]


def test_a_number_that_is_taken_is_drawn_again(cast, monkeypatch):
    taken = registered(cast).number
    drawn = iter([taken, taken, identifiers.case_number(2026)])
    monkeypatch.setattr(pens, "case_number", lambda year: next(drawn))
    assert registered(cast).number != taken and Case.objects.count() == 2


def test_a_source_of_chance_that_is_broken_is_a_fault_and_no_endless_loop(cast, monkeypatch):
    taken = registered(cast).number
    monkeypatch.setattr(pens, "case_number", lambda year: taken)
    with pytest.raises(RuntimeError):
        registered(cast)
    assert Case.objects.count() == 1


def test_a_row_imported_twice_past_the_importer_is_a_fault(cast):
    registered(cast, source="letters", source_number="1")
    with pytest.raises(IntegrityError):
        registered(cast, source="letters", source_number="1")
    assert Case.objects.count() == 1


def test_no_policy_no_case(cast):
    Policy.objects.filter(step="reply").delete()
    with refused("答复", code="no-policy"):
        actions.register(noise(), by=cast.citizen)


def test_somebody_of_the_accused_unit_cannot_register_the_report(cast):
    report = noise(nature=Case.Nature.REPORT, accused_units=[cast.chengguan])
    with pytest.raises(PermissionDenied):
        actions.register(report, by=cast.handler)
    assert not Case.objects.exists()


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    registered(cast)  # reference rows are remembered from now on
    with django_assert_max_num_queries(9):
        actions.register(noise(), by=cast.citizen)


def test_the_program_registers_in_its_own_name(cast):
    case = actions.register(noise(), by=Actor.system("import")).case
    assert Event.objects.get(subject=pens.subject_of(case)).actor == "system:import"


def test_what_one_of_a_group_tells_apart_is_kept_under_seal_as_theirs(cast):
    told = [PartyIn(name="甲"), PartyIn(role=Party.Role.MEMBER, name="乙", private="我家两亩")]
    made = actions.register(noise(parties=told), by=cast.citizen)
    first, second = (fresh(party) for party in made.parties)
    assert (first.role, second.role) == ("petitioner", "member") and first.private is None
    assert second.private.open(Permit(holder="test", purpose=Purpose.OWN)) == "我家两亩"
    assert [first.joined_at, second.joined_at] == [MONDAY, MONDAY]


def test_the_parties_come_back_in_the_order_of_their_codes(cast):
    two = [PartyIn(name="甲"), PartyIn(role=Party.Role.MEMBER, name="乙")]
    made = actions.register(noise(parties=two), by=cast.citizen)
    again = actions.register(noise(parties=two, idempotency_key="once"), by=cast.citizen)
    twice = actions.register(noise(parties=two, idempotency_key="once"), by=cast.citizen)
    for each in (made, again, twice):
        codes = [bytes(party.code_hash) for party in each.parties]
        assert codes == [identifiers.code_hash(code) for code in each.codes] and len(codes) == 2
    assert (again.again, twice.again) == (False, True)


FORM = {
    "title": "油烟",
    "place": "石桥路 8 号",
    "headcount": 3,
    "points": ["油烟", "噪声"],
    "parties": [PartyIn(name="甲", phone="13800000001"), PartyIn(role=Party.Role.MEMBER, name="乙")],
    "idempotency_key": "once",
}


@pytest.mark.parametrize(
    "more",
    [
        {"text": "别的事"},
        {"title": "噪声"},
        {"place": ""},
        {"nature": Case.Nature.REPORT},
        {"confidentiality": Case.Confidentiality.NONE},
        {"confidentiality": Case.Confidentiality.OPEN},
        {"reply_required": False},
        {"headcount": 4},
        {"urgency": Case.Urgency.PRESSING},
        {"points": ["油烟"]},
        {"parties": [PartyIn(name="甲", phone="13800000002"), FORM["parties"][1]]},
        {"parties": [PartyIn(name="丙", phone="13800000001"), FORM["parties"][1]]},
        {"parties": [PartyIn(name="甲", phone="13800000001", email="jia@example.cn"), FORM["parties"][1]]},
        {"parties": [PartyIn(), FORM["parties"][1]]},
        {"parties": FORM["parties"][:1]},
        {"parties": [*FORM["parties"], PartyIn(role=Party.Role.MEMBER, name="丙")]},
    ],
)
def test_a_form_that_comes_again_and_says_something_else_is_told_apart(cast, more):
    first = actions.register(noise(**FORM), by=cast.citizen)
    again = actions.register(noise(**{**FORM, **more}), by=cast.citizen)
    assert again.changed and not first.changed
    assert (again.case, again.parties, again.codes) == (first.case, first.parties, first.codes)


def test_another_place_is_told_apart_until_the_desk_has_set_it_right(cast):
    case = actions.register(noise(**FORM), by=cast.citizen).case
    other = noise(**FORM, region=cast.community_region)
    assert actions.register(other, by=cast.citizen).changed
    actions.accept(case, by=cast.clerk, category=cast.night_noise, region=cast.community_region)
    assert not actions.register(noise(**FORM), by=cast.citizen).changed


def test_the_same_form_stays_the_same_whatever_became_of_the_case(cast):
    first = actions.register(noise(**FORM), by=cast.citizen)
    same = noise(**{**FORM, "title": " 油烟 ", "place": "石桥路 8 号\n"})
    assert not actions.register(same, by=cast.citizen).changed
    case = first.case
    actions.accept(case, by=cast.clerk, category=cast.night_noise, urgency=Case.Urgency.PRESSING)
    assert not actions.register(same, by=cast.citizen).changed
    for n in range(3):
        joins = PartyIn(role=Party.Role.MEMBER, name=f"后来的{n}")
        actions.add_party(fresh(case), by=cast.clerk, member=joins)
    again = actions.register(same, by=cast.citizen)
    assert not again.changed and again.parties == first.parties


def test_whoever_was_erased_is_not_compared(cast):
    first = actions.register(noise(**FORM), by=cast.citizen)
    for party in first.parties:
        erase(party.person, by=cast.clerk)
    assert not actions.register(noise(**FORM), by=cast.citizen).changed


def test_a_report_on_a_person_is_shut_to_them_under_every_post_and_to_their_colleagues(cast):
    accused = cast.two_hats_at_weijian.post
    case = actions.register(noise(nature=Case.Nature.REPORT, accused_posts=[accused]), by=cast.citizen).case
    row = Exclusion.objects.get(case=case, unit=cast.weijian)
    assert row.user == accused.user
    assert not access.sees(cast.two_hats, case), "the same person, at the desk"
    assert access.sees(cast.clerk, case)
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    with refused(code="accused"):
        actions.dispatch(case, by=cast.dispatcher, lead=cast.weijian)


@pytest.mark.parametrize("accused", [{}, {"accused_units": 1}, {"accused_posts": 1}])
def test_a_report_on_somebody_whom_nobody_can_tell_lies_with_those_who_supervise(cast, accused):
    """The desk may be what it is about; where a unit or a post is named, that tells, and the desk takes it on."""
    named = {"accused_units": [cast.weijian], "accused_posts": [cast.outsider.post]}
    somebody = PartyIn(role=Party.Role.RESPONDENT, private="一名姓王的干部")
    report = noise(
        nature=Case.Nature.REPORT,
        parties=[PartyIn(name="甲"), somebody],
        **{name: named[name] for name in accused},
    )
    case = actions.register(report, by=cast.citizen).case
    assert case.desk == (cast.centre if accused else cast.duban)


def test_what_happened_before_the_matter_came_in_is_no_time_of_an_act(cast):
    case = registered(cast)
    with refused("早于收到诉求", code="too_early"):
        actions.accept(case, by=cast.clerk.claiming(MONDAY - timedelta(seconds=1)))
    actions.accept(case, by=cast.clerk.claiming(MONDAY))


def test_a_window_that_the_counter_does_not_have_is_refused(cast):
    with refused("没有这个窗口", code="door"):
        actions.register(noise(door="no-such"), by=cast.citizen)


def test_points_are_numbered_from_one_in_the_order_in_which_they_came(cast):
    case = registered(cast, points=["限时营业", "装隔音"])
    found = Point.objects.filter(case=case).order_by("ordinal").values_list("ordinal", "text")
    assert list(found) == [(1, "限时营业"), (2, "装隔音")]
    assert list(Point.objects.filter(case=registered(cast)).values_list("ordinal", "text")) == [(1, "")]


def test_lines_end_alike_wherever_they_were_typed(cast):
    case = registered(cast, text="一\r\n二\r三\n四")
    assert case.text == "一\n二\n三\n四"
