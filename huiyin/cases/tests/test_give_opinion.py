"""处理意见书: the only answer of a petition, whole or not at all, and with the way on written in it."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Answer, Opinion
from huiyin.cases.tests import petitions, roads
from huiyin.cases.tests.petitions import opinion_in
from huiyin.cases.tests.roads import denied, fresh, one_event, refused
from huiyin.deadlines.models import Clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.ledger.models import Event

pytestmark = pytest.mark.django_db
READ = Permit(holder="test", purpose=Purpose.WORK)


@pytest.fixture(autouse=True)
def _in_spring(_on_monday):
    """Sixty days and thirty more end in a year whose calendar is known."""
    with roads.at(petitions.SPRING):
        yield


def text_of(order):
    return Answer.objects.get(order=order).text.open(READ)


@pytest.mark.parametrize(
    ("conclusion", "outcome"), [("support", "solved"), ("explain", "explained"), ("reject", "refused")]
)
def test_it_writes_opinion_and_answer_and_stops_the_clock(cast, conclusion, outcome):
    order = petitions.signed(cast)
    with one_event(order.case, "give_opinion", cast.handler):
        row = actions.give_opinion(order, by=cast.handler, written=opinion_in(conclusion))
    order, answer = fresh(order), Answer.objects.get(order=order)
    assert (order.state, fresh(order.case).state) == ("answered", "reviewing")
    assert order.clock.state == Clock.State.STOPPED
    assert (answer.outcome, answer.state, answer.unit) == (outcome, "given", cast.chengguan)
    assert (row.conclusion, row.reference, row.round) == (conclusion, "城管信〔2026〕3号", 1)
    assert row.facts.open(READ) == "登记面积两亩，实测两亩一分"


def test_the_text_says_everything_and_the_right_to_ask_for_a_review(cast):
    text = text_of(petitions.given(cast))
    for part in ("城管信〔2026〕3号", "不予支持", "按实际面积补偿", "两亩一分", "《土地管理法》第四十八条"):
        assert part in text
    assert "30 日内向督办室申请复查" in text


def test_no_word_of_it_gets_into_the_public_facts(cast):
    order = petitions.given(cast)
    event = Event.objects.get(subject=f"case:{order.case.number}", kind="give_opinion")
    assert event.facts["conclusion"] == "reject"
    assert "两亩" not in str(event.facts)


@pytest.mark.parametrize("missing", ["reference", "request", "facts", "opinion", "basis"])
def test_nothing_may_be_left_out(cast, missing):
    order = petitions.signed(cast)
    with refused("请填写", code="missing"):
        actions.give_opinion(order, by=cast.handler, written=opinion_in(**{missing: " "}))
    assert not Opinion.objects.exists()


def test_the_conclusion_is_one_of_three(cast):
    order = petitions.signed(cast)
    with refused("支持、解释或者不予支持", code="conclusion"):
        actions.give_opinion(order, by=cast.handler, written=opinion_in("perhaps"))


def test_a_plain_answer_is_refused_on_a_petition_and_names_the_right_act(cast):
    order = petitions.signed(cast)
    with refused("处理意见书", code="opinion") as caught:
        actions.answer(order, by=cast.handler, text="不行", outcome="refused")
    assert caught.value.instead == "出具处理意见书"


def test_an_old_petition_that_is_imported_keeps_the_answer_it_had(cast):
    order = petitions.signed(cast)
    actions.answer(order, by=cast.system, text="当年的答复", outcome="explained")
    assert fresh(order).state == "answered"


@pytest.mark.parametrize("more", [{"track": "hotline"}, {"nature": "suggestion"}])
def test_other_matters_are_answered_in_the_ordinary_way(cast, more):
    order = petitions.signed(cast, **more)
    with refused("一般答复", code="track") as caught:
        actions.give_opinion(order, by=cast.handler, written=opinion_in())
    assert caught.value.instead == "答复"


def test_only_the_unit_that_has_the_order_gives_it(cast):
    order = petitions.signed(cast)
    for who in (cast.outsider, cast.clerk, cast.reviewer, cast.supervisor, roads.party_of(order.case)):
        with denied():
            actions.give_opinion(order, by=who, written=opinion_in())


def test_it_is_given_once(cast):
    order = petitions.given(cast)
    with refused("审核"):
        actions.give_opinion(order, by=cast.handler, written=opinion_in())


def test_sixty_days_and_thirty_more(cast):
    order = petitions.signed(cast)
    asked = actions.ask_extension(order, by=cast.handler, days=10, reason="要实地丈量")
    actions.grant_extension(asked, by=cast.dispatcher)
    clock = Clock.objects.get(subject=order.case.number, step="reply")
    assert (clock.kind, clock.amount) == ("calendar_days", 60)


def test_a_petition_keeps_its_track_when_others_become_incidents(cast):
    order = petitions.signed(cast)
    with refused("复查复核", code="track"):
        actions.declare_incident(order.case, by=cast.dispatcher, reason="很多人来电")


@pytest.mark.parametrize(
    ("part", "most"),
    [("reference", 60), *((part, 20_000) for part in ("request", "facts", "opinion", "basis"))],
)
def test_each_part_has_a_longest_length(cast, part, most):
    order = petitions.signed(cast)
    with refused(str(most), code="too_long"):
        actions.give_opinion(order, by=cast.handler, written=opinion_in(**{part: "长" * (most + 1)}))
    row = actions.give_opinion(order, by=cast.handler, written=opinion_in(**{part: "长" * most}))
    kept = getattr(row, part)
    assert (kept if isinstance(kept, str) else fresh(row).__dict__[part].open(READ)) == "长" * most
