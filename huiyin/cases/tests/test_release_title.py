"""公开标题: a title that a person has read goes out while the matter is open, and can be taken back."""

import pytest

from huiyin.cases import access, actions, released
from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case, Party, ReleasedTitle
from huiyin.cases.tests.attempts import FILE
from huiyin.cases.tests.roads import accepted, closed, denied, fresh, one_event, refused, registered, told
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor

pytestmark = pytest.mark.django_db
TITLE = "石桥路夜市油烟和噪声"


def let_out(cast, case=None, title: str = TITLE) -> ReleasedTitle:
    return actions.release_title(case or registered(cast), by=cast.clerk, title=title)


def test_the_title_is_out_and_nothing_else_is(cast):
    case = registered(cast)
    with one_event(case, "release_title", cast.clerk):
        actions.release_title(case, by=cast.clerk, title=TITLE)
    found = released.find(case.number)
    assert (found.title, found.people, found.region) == (TITLE, 1, case.region.name)
    assert set(vars(found)) == {
        "number", "title", "nature", "region", "unit", "received_at", "due_at", "people",
    }  # fmt: skip
    assert TITLE not in str(latest(f"case:{case.number}").facts)


def test_numbers_are_masked_and_a_petitioners_name_is_refused(cast):
    case = registered(cast, parties=[PartyIn(name="赵钱孙", phone="13800000001")])
    with refused("姓名", code="identity"):
        let_out(cast, case, "赵钱孙家楼下的噪声")
    assert "13812345678" not in let_out(cast, case, "噪声，联系 13812345678").title
    assert not ReleasedTitle.objects.filter(title__contains="赵钱孙").exists()


def test_a_report_or_a_matter_with_somebody_accused_never_goes_out(cast):
    report = registered(cast, nature=Case.Nature.REPORT)
    with refused("举报不公开", code="report"):
        let_out(cast, report)
    accusing = registered(cast, accused_units=[cast.chengguan])
    with refused("举报不公开", code="report"):
        let_out(cast, accusing)


def test_units_and_the_program_let_nothing_out(cast):
    case = registered(cast)
    for by in (cast.handler, cast.leader, cast.system):
        with denied():
            actions.release_title(case, by=by, title=TITLE)


def test_it_goes_out_once_and_can_be_taken_back_and_let_out_again(cast):
    row = let_out(cast)
    with refused("已经公开", code="state"):
        let_out(cast, row.case)
    actions.take_title_back(row, by=cast.supervisor, reason="能认出人")
    with pytest.raises(released.NotReleased):
        released.find(row.case.number)
    with refused("已经收回", code="state"):
        actions.take_title_back(fresh(row), by=cast.clerk, reason="再收")
    let_out(cast, fresh(row.case), "石桥路噪声")
    assert released.find(row.case.number).title == "石桥路噪声"


def test_what_is_told_or_ended_is_found_no_more(cast):
    for road in (told, closed):
        case = road(cast)
        ReleasedTitle.objects.create(
            case=case, title=TITLE, released_at=case.received_at, released_by=cast.clerk.post
        )
        with pytest.raises(released.NotReleased):
            released.find(case.number)


def test_similar_matters_share_words_and_lie_near(cast, django_assert_max_num_queries):
    noise = let_out(cast, registered(cast, region=cast.street))
    let_out(cast, registered(cast, region=cast.street), "楼道灯不亮")
    let_out(cast, registered(cast, region=cast.other_street), "青潭夜市油烟")
    words = "楼下夜市油烟大，噪声到两点"
    with django_assert_max_num_queries(2):
        found = released.similar(words, region="shiqiao")
    assert [each.number for each in found] == [noise.case.number]
    assert len(released.similar(words)) == 2 and released.similar("！？") == []
    for _n in range(7):
        let_out(cast)
    assert len(released.similar(words)) == released.MOST


# -- joining -------------------------------------------------------------------------------------------------
ME = PartyIn(role=Party.Role.JOINED, name="丁四", phone="13900000004", private="我家在三楼")


def joined(cast, case, member=ME, key="a"):
    return actions.join(case, by=cast.citizen, member=member, key=key)


def test_a_stranger_joins_with_a_code_and_a_private_part_and_the_heads_rise(cast):
    case = let_out(cast).case
    with one_event(case, "join", cast.citizen):
        party = joined(cast, case).party
    assert (party.role, fresh(case).headcount) == ("joined", 2)
    facts = latest(f"case:{case.number}").facts
    assert (facts["party"], facts["headcount"]) == (party.pk, 2)
    assert "丁四" not in str(facts) and "三楼" not in str(facts)


def test_the_same_form_joins_once_and_shows_the_same_code(cast):
    case = let_out(cast).case
    first, again, other = (joined(cast, case, key=key) for key in "aab")
    assert (first.party.pk, first.code) == (again.party.pk, again.code)
    assert other.code != first.code and fresh(case).headcount == 3


def test_a_telephone_that_is_in_already_is_not_told(cast):
    case = let_out(cast, registered(cast, parties=[PartyIn(name="赵钱孙", phone="13800000001")])).case
    same, new = joined(cast, case, PartyIn(phone="13800000001")), joined(cast, case, ME, key="b")
    assert same.party.pk != new.party.pk and fresh(case).headcount == 3


def test_nobody_joins_what_is_not_out(cast):
    case = accepted(cast)
    with refused("不能加入", code="closed"):
        joined(cast, case)
    row = let_out(cast)
    actions.take_title_back(row, by=cast.clerk, reason="写错了")
    case = fresh(row.case)
    with refused("不能加入", code="closed"):
        joined(cast, case)


def test_only_the_public_joins(cast):
    case = let_out(cast).case
    party = Party.objects.get(case=case)
    for by in (cast.clerk, cast.handler, Actor.citizen(party.pk)):
        with denied():
            actions.join(case, by=by, member=ME, key="c")


def test_where_no_identity_is_kept_none_is_kept_of_a_newcomer(cast):
    case = let_out(cast, registered(cast, confidentiality="none")).case
    assert joined(cast, case).party.person is None


def test_who_joined_reads_nothing_of_others_and_decides_nothing_for_them(cast):
    case = let_out(cast).case
    party = joined(cast, case).party
    by = Actor.citizen(party.pk)
    actions.note(case, by=cast.clerk, text="请带上身份证", readers="all")
    actions.attach(case, by=cast.clerk, stored=FILE, readers="all")
    assert not access.notes(by, case) and not access.attachments(by, case)
    actions.note(case, by=by, text="我家也是")
    assert [note.party_id for note in access.notes(by, case)] == [party.pk]
    for act in ("contest", "reopen", "supply", "ask_review", "withdraw"):
        assert not access.may(by, act, case), act
    actions.leave(case, by=by, party=party)
    assert fresh(case).headcount == 1


def test_the_titles_that_are_out_are_told_by_their_case(cast):
    one, other, never = registered(cast), registered(cast), registered(cast)
    first = let_out(cast, one)
    second = let_out(cast, other, "路灯不亮")
    assert released.titles_of([one, other, never]) == {one.pk: TITLE, other.pk: "路灯不亮"}
    assert released.titles_of([other]) == {other.pk: "路灯不亮"}
    assert released.title_of([second, first]) == "路灯不亮"
    actions.take_title_back(second, by=cast.clerk, reason="写错了")
    assert released.titles_of([one, other, never]) == {one.pk: TITLE}
    assert released.title_of([fresh(second), first]) == TITLE
    assert released.title_of([fresh(second)]) == released.title_of([]) == ""
    assert released.case_of(one.number) == one
    with pytest.raises(released.NotReleased):
        released.case_of(other.number)
