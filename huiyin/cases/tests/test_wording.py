"""Codes in the reader's words, and who acted, as far as the reader may know."""

import pytest

from huiyin.cases import actions, wording
from huiyin.cases.states import CASE_TABLE
from huiyin.cases.tests.roads import party_of, registered, signed
from huiyin.ledger.queries import history

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        (wording.act_name, "redo", "退回重办"),
        (wording.state_name, "telling", "待告知"),
        (wording.outcome_name, "solved", "已解决"),
        (wording.notice_name, "answer", "答复"),
        (wording.decision_name, "uphold", "维持"),
        (wording.telling_name, "spoken", "口头告知"),
        (wording.procedure_name, "mediation", "调解"),
        (wording.came_name, "late", "迟到"),
    ],
)
def test_a_code_is_said_in_words_and_an_unknown_one_stays_what_it_is(name, code, said):
    assert name(code) == said
    assert name("no-such") == "no-such"


def test_a_citizen_reads_the_unit_and_the_office_the_person_too(cast):
    order = signed(cast)
    me = party_of(order.case)
    for actor, office, citizen in (
        (cast.handler.name, "城管局 lu-zhishen", "城管局"),
        (me.name, "诉求人", "诉求人"),
        ("citizen", "诉求人", "诉求人"),
        ("system:worker", "系统", "系统"),
        ("post:no-such", "经办人员", "经办人员"),
    ):
        assert wording.actor_words(actor, cast.clerk) == office
        assert wording.actor_words(actor, me) == citizen
    said = wording.actors_in_words(history(f"case:{order.case.number}"), cast.clerk)
    assert said == {
        "citizen": "诉求人",
        cast.clerk.name: "受理中心 su-dongpo",
        cast.dispatcher.name: "受理中心 zhuge-liang",
        cast.handler.name: "城管局 lu-zhishen",
    }


def test_the_latest_step_passes_over_what_leaves_things_where_they_were(cast):
    case = registered(cast)
    actions.accept(case, by=cast.clerk)
    actions.note(case, by=cast.clerk, text="记一笔")
    assert wording.latest_step(f"case:{case.number}", cast.clerk) == (
        "最近一步：受理中心 su-dongpo 于 11-02 09:00 受理。"
    )
    assert (
        wording.latest_step(f"case:{case.number}", party_of(case))
        == "最近一步：受理中心 于 11-02 09:00 受理。"
    )
    assert wording.latest_step("case:0000", cast.clerk) == ""


def test_every_act_of_the_table_has_words():
    assert not {row.act for row in CASE_TABLE if wording.act_name(row.act) == row.act}
