"""What somebody of the office finds: by words, in order, page by page, and nothing that they may not see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.cases import access, actions
from huiyin.cases.actions import PartyIn
from huiyin.cases.actions.redact import Redaction, redact
from huiyin.cases.models import Case
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.ledger.sequencer import sequence
from huiyin.organisation.actors import Actor
from huiyin.search import following, queries
from huiyin.search.models import OfficeEntry
from huiyin.search.office import OFFICE
from huiyin.search.queries import BEST, NEWEST, Asked
from huiyin.search.words import of_question
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]
STAFF = (
    "clerk", "dispatcher", "reviewer", "caller", "handler", "unit_leader", "squad_handler", "zhujian_handler",
    "outsider", "two_hats", "two_hats_at_weijian", "supervisor", "leader", "representative", "administrator",
    "auditor",
)  # fmt: skip


def found(by: Actor, text: str, **more: str) -> list[str]:
    """The titles that somebody finds."""
    return [case.title for case in queries.cases(by, Asked(of_question(text), **more)).rows]


def lamp(cast: Cast, title: str = "巷口路灯不亮", **more: object) -> Case:
    return roads.registered(cast, title=title, text="晟泰花园门口的路灯坏了半个月，晚上看不见。", **more)


def test_a_matter_is_found_by_words_of_its_title_text_and_place(cast, kept_up):
    lamp(cast, place="晟泰花园 3 栋")
    roads.registered(cast)
    kept_up()
    for text in ("路灯", "路灯坏了", "晟泰花园", "晟泰 路灯", "看不见", "不亮", "３栋", "路灯 ／ 晚上"):
        assert found(cast.clerk, text) == ["巷口路灯不亮"], text
    assert found(cast.clerk, "噪声") == ["夜间噪声"]
    assert found(cast.clerk, "路灯 噪声") == []


def test_every_two_characters_that_stand_together_are_found(cast, kept_up):
    """No dictionary knows the names of a town's estates and lanes; they are found all the same."""
    case = lamp(cast)
    kept_up()
    text = case.text
    pairs = [text[at : at + 2] for at in range(len(text) - 1) if text[at : at + 2].isalpha()]
    assert len(pairs) > 10
    for pair in pairs:
        if of_question(pair):
            assert found(cast.clerk, pair) == ["巷口路灯不亮"], pair


def test_what_is_sealed_is_never_found(cast, kept_up):
    roads.registered(cast)  # its text says a telephone number, its party a name and an address
    kept_up()
    for text in ("13800000001", "赵钱孙", "石桥街道1号"):
        assert found(cast.clerk, text) == [], text


def test_the_newest_stand_first_and_the_best_first_if_wanted(cast, kept_up):
    for minutes, title in enumerate(("路灯倒了", "天黑看不清", "又一盏路灯")):
        with clock.frozen(roads.MONDAY + timedelta(minutes=minutes)):
            lamp(cast, title=title)
    kept_up()
    assert found(cast.clerk, "路灯") == ["又一盏路灯", "天黑看不清", "路灯倒了"]
    assert found(cast.clerk, "路灯", order=BEST) == ["又一盏路灯", "路灯倒了", "天黑看不清"]


def test_pages_follow_one_another_by_key_in_both_orders(cast, kept_up):
    for minutes in range(7):
        with clock.frozen(roads.MONDAY + timedelta(minutes=minutes)):
            lamp(cast, title=f"{'路灯' if minutes % 2 else '看不清'} {minutes}")
    kept_up()
    for order in (BEST, NEWEST):
        seen, after = [], ""
        while True:
            asked = Asked(of_question("路灯"), order=order, after=after)
            page = queries.page(OFFICE.entries, asked, seen=visible_to(cast.clerk), size=3)
            seen += [case.title[-1] for case in page.rows]
            after = page.later
            if not after:
                break
        assert seen == list("5316420" if order == BEST else "6543210")


def test_a_key_that_nobody_wrote_begins_at_the_first_page(cast, kept_up):
    lamp(cast)
    kept_up()
    for after in ("", "x", "0~", "~5", "9~1", "0~99999999999999999999999", "0~-1", "٣~٣", "0~" + "9" * 19):
        assert found(cast.clerk, "路灯", after=after) == ["巷口路灯不亮"], after


def visible_to(by: Actor) -> queries.Seen:
    return lambda keys: {case.pk: case for case in access.visible(by).filter(pk__in=keys)}


# -- who may see ---------------------------------------------------------------------------------------------
def test_whoever_may_see_a_case_is_led_to_it_and_nobody_else(cast, kept_up):
    """The index's own narrowing takes in all that access lets through, for every role and at every stage."""
    roads.registered(cast, title="夜间噪声")
    roads.signed(cast, title="夜间噪声")
    roads.registered(cast, title="夜间噪声", region=cast.street)
    roads.registered(cast, title="夜间噪声", nature=Case.Nature.REPORT, accused_units=[cast.chengguan])
    actions.register(roads.noise(title="夜间噪声", parties=[BROUGHT]), by=cast.representative)
    kept_up()
    some = 0
    for name in STAFF:
        by = getattr(cast, name)
        page = queries.cases(by, Asked(of_question("夜间噪声")))
        assert {case.pk for case in page.rows} == set(access.visible(by).values_list("pk", flat=True)), name
        some += bool(page.rows)
    assert some > 8


BROUGHT = PartyIn(name="赵钱孙", phone="13800000001")


def test_a_report_is_found_by_its_readers_and_never_by_the_accused(cast, kept_up):
    roads.registered(cast, title="收受礼品", text="执法队员收受礼品", nature=Case.Nature.REPORT,
                     accused_units=[cast.chengguan])  # fmt: skip
    kept_up()
    assert found(cast.clerk, "收受礼品") == ["收受礼品"]
    for name in ("handler", "squad_handler", "caller", "leader", "outsider"):
        assert found(getattr(cast, name), "收受礼品") == [], name


def test_what_a_reader_may_not_see_costs_them_no_place_on_the_page(cast, kept_up):
    for _time in range(30):
        roads.registered(cast, title="收受礼品", nature=Case.Nature.REPORT, accused_units=[cast.chengguan])
    lamp(cast, title="礼品店门前积水")
    for _time in range(5):
        roads.registered(cast, title="礼品", nature=Case.Nature.REPORT, accused_units=[cast.chengguan])
    kept_up()
    page = queries.cases(cast.caller, Asked(of_question("礼品")))
    assert [case.title for case in page.rows] == ["礼品店门前积水"] and page.later == ""


# -- following the acts --------------------------------------------------------------------------------------
def test_a_new_text_takes_the_place_of_the_old_one(cast, kept_up):
    case = roads.registered(cast)
    kept_up()
    redact(case, by=cast.clerk, redaction=Redaction("深夜喧哗", "烧烤摊很吵"))
    kept_up()
    assert found(cast.clerk, "噪声") == [] and found(cast.clerk, "喧哗") == ["深夜喧哗"]
    assert OfficeEntry.objects.count() == 1


def test_a_unit_finds_a_matter_once_it_has_an_order(cast, kept_up):
    case = roads.accepted(cast)
    kept_up()
    assert found(cast.handler, "噪声") == []
    actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan)
    kept_up()
    assert found(cast.handler, "噪声") == ["夜间噪声"] and found(cast.outsider, "噪声") == []


def test_an_act_that_changes_no_word_leaves_the_entry_alone(cast, kept_up):
    order = roads.dispatched(cast)
    kept_up()
    actions.sign(order, by=cast.handler)
    sequence()
    with CaptureQueriesContext(connection) as seen:
        assert following.follow_once(OFFICE) == 1
    assert not [
        each for each in seen if "officeentry" in each["sql"] and not each["sql"].startswith("SELECT")
    ]


def test_a_unit_finds_what_came_to_it_with_a_merged_one(cast, kept_up):
    roads.dispatched(cast)
    kept_up()
    assert found(cast.handler, "噪声") == ["夜间噪声"] and found(cast.zhujian_handler, "噪声") == []
    roads.merge_units(cast.chengguan, into=cast.zhujian)
    assert found(cast.zhujian_handler, "噪声") == ["夜间噪声"] and found(cast.outsider, "噪声") == []
