"""The pages of the ladder: signing, owing, answering; lists by key; who may open what; what the public reads."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from huiyin.cases import actions as cases
from huiyin.cases.models import Case
from huiyin.cases.tests import roads
from huiyin.cases.tests.roads import DAY, MONDAY, at
from huiyin.organisation import remembering
from huiyin.supervision import access, actions, queries
from huiyin.supervision.models import Proposal, Receipt, Rung
from huiyin.supervision.tests.road import appealed, fresh, intake, issued, rules
from huiyin.web import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rules")]
__all__ = ["rules"]
LIST = reverse("ladder:list")


@pytest.fixture(autouse=True)
def _on_tuesday():
    cache.clear()
    with at(MONDAY + DAY):
        yield


def page(client, rung):
    return client.get(reverse("ladder:rung", args=[rung.pk]))


def step(client, rung, act, **told):
    return client.post(reverse("ladder:step", args=[rung.pk, act]), told)


def signed_by_page(client, case, kind="order", **more):
    address = reverse("ladder:new", args=[kind]) + (f"?case={case.number}" if case else "")
    shown = client.get(address)
    told = {"words": "请书面说明", "due_on": "2026-11-06", "once": shown.context["form"].initial["once"]}
    return client.post(address, {**told, **more})


def test_an_order_goes_from_the_case_s_page_to_the_leader_and_back(cast, sign_in):
    with at(MONDAY):
        case = roads.signed(cast).case
    supervisor, leader = sign_in(cast.supervisor), sign_in(cast.unit_leader)
    whole = supervisor.get(reverse("cases:case", args=[case.number])).content.decode()
    assert reverse("ladder:new", args=["order"]) + f"?case={case.number}" in whole
    answer = signed_by_page(supervisor, case, post=cast.unit_leader.post.pk)
    rung = Rung.objects.get()
    assert answer.status_code == 302 and answer.url == reverse("ladder:rung", args=[rung.pk])
    assert "督办文书待办" in (owed := leader.get(reverse("unit:orders")).content.decode())
    until = words.days_left(rung.due_on)
    assert until.startswith("还有") and until in owed and until in supervisor.get(LIST).content.decode()
    first = page(leader, rung).content.decode().partition("理由和要求")[0]
    assert until in first and f"给：城管局 {cast.unit_leader.user}" in first  # whose turn, and until when
    assert "请书面说明" in page(leader, rung).content.decode()
    assert step(leader, rung, "reply", text="周四办完").status_code == 302
    assert "督办文书待办" not in leader.get(reverse("unit:orders")).content.decode()
    assert step(supervisor, rung, "accept", text="").status_code == 302
    assert fresh(rung).state == "done"
    told = leader.get(reverse("cases:case", args=[case.number])).content.decode()
    assert "督办单：签发 · 城管局" in told


def test_a_page_sent_twice_signs_once(cast, sign_in):
    with at(MONDAY):
        case = roads.signed(cast).case
    client = sign_in(cast.supervisor)
    address = reverse("ladder:new", args=["order"]) + f"?case={case.number}"
    once = client.get(address).context["form"].initial["once"]
    told = {"words": "请说明", "due_on": "2026-11-06", "post": cast.unit_leader.post.pk, "once": once}
    assert {client.post(address, told).url for _twice in range(2)} == {client.post(address, told).url}
    assert Rung.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "told", "said"),
    [
        ("order", {"post": ""}, "请选择：送给哪位负责人"),
        ("order", {"post": "999"}, "请从列出的里面选"),
        ("order", {"words": ""}, "请填写：理由和要求"),
        ("advice", {"words": ""}, "请填写：建议和理由"),
        ("order", {"words": "字" * 2001}, "太长了"),
        ("order", {"due_on": "周五"}, "请写成年-月-日"),
        ("order", {"due_on": "2026-12-31"}, "请选今天到"),
        ("listing", {"public": "on", "title": ""}, "请填写标题"),
        ("listing", {"public": "on", "title": "赵钱孙家"}, "标题里还有诉求人的"),
        ("fault", {"clause": "old"}, "请从列出的里面选"),
    ],
)
def test_what_is_wrong_stands_beside_what_was_typed(cast, sign_in, kind, told, said):
    with at(MONDAY):
        case = roads.signed(cast).case
    given = {
        "post": cast.unit_leader.post.pk,
        "unit": cast.chengguan.pk,
        "clause": "rude",
        "words": "久拖不决，请说明",
    }
    answer = signed_by_page(sign_in(cast.supervisor), case, kind, **{**given, **told})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert told.get("words", "久拖不决，请说明")[:20] in answer.content.decode()
    assert not Rung.objects.exists()


def test_a_latecomer_reads_how_it_stands_and_keeps_the_words(cast, sign_in):
    rung = issued(cast)
    client = sign_in(cast.unit_leader)
    actions.reply(rung, by=cast.unit_leader, text="先到的回复")
    answer = step(client, rung, "reply", text="后到的回复")
    assert answer.status_code == 422
    assert "已回复，待验收" in answer.content.decode() and "后到的回复" in answer.content.decode()


def test_who_may_not_sees_no_form_and_what_is_not_there_is_not_found(cast, sign_in):
    rung = issued(cast)
    assert step(sign_in(cast.handler), rung, "reply", text="我来").status_code == 403
    assert page(sign_in(cast.outsider), rung).status_code == 404
    supervisor = sign_in(cast.supervisor)
    assert (
        step(supervisor, rung, "issue").status_code == 404
        and step(supervisor, rung, "dance").status_code == 404
    )
    assert supervisor.get(reverse("ladder:rung", args=[10**18])).status_code == 404
    assert supervisor.get(reverse("ladder:new", args=["hug"])).status_code == 404
    assert supervisor.get(reverse("ladder:new", args=["order"])).status_code == 403
    assert sign_in(cast.handler).get(reverse("ladder:new", args=["talk"])).status_code == 403
    for who in (cast.administrator, cast.auditor, cast.representative):
        assert sign_in(who).get(LIST).status_code == 403


def test_proposals_are_signed_or_set_aside_on_their_page(cast, sign_in):
    with at(MONDAY):
        first, second = roads.signed(cast).case, roads.signed(cast).case
    rows = [
        Proposal.objects.create(case=case, round=1, kind="order", rule="late", proposed_at=MONDAY)
        for case in (first, second)
    ]
    client = sign_in(cast.supervisor)
    told = client.get(reverse("ladder:proposals")).content.decode()
    assert "已经过了答复期限。" in told and first.number in told and "过了答复期限" in told
    address = reverse("ladder:new", args=["order"]) + f"?case={first.number}&proposal={rows[0].pk}"
    form = client.get(address).context["form"]
    assert form.initial["words"] == "已经过了答复期限。"
    given = {"words": "请说明", "due_on": "2026-11-06", "post": cast.unit_leader.post.pk, "once": "c" * 32}
    assert client.post(address, given).status_code == 302
    assert client.get(address).status_code == 404, "it was signed"
    aside = reverse("ladder:dismiss", args=[rows[1].pk])
    assert client.post(aside, {"text": " "}).status_code == 422
    assert client.post(aside, {"text": "已经解决"}).status_code == 302
    assert client.get(aside).status_code == 404
    assert [row.state for row in Proposal.objects.order_by("pk")] == ["signed", "dismissed"]
    assert Rung.objects.get().rule == "late"


def test_a_circular_is_read_by_being_opened_and_each_unit_sees_its_own_receipt(cast, sign_in):
    client = sign_in(cast.supervisor)
    case = roads.signed(cast).case
    given = {"title": "三季度", "units": [cast.chengguan.pk, cast.weijian.pk], "about": case.number}
    assert signed_by_page(client, None, "circular", **given).status_code == 302
    rung = Rung.objects.get()
    assert "〔2026〕1 号 三季度" in page(client, rung).content.decode()
    handler, outsider = sign_in(cast.handler), sign_in(cast.outsider)
    told = page(handler, rung).content.decode()
    assert "卫健局" not in told and case.number in told
    assert case.number not in page(outsider, rung).content.decode()
    assert Receipt.objects.exclude(read_at=None).count() == 2
    wrong = signed_by_page(client, None, "circular", **{**given, "about": "2648-3917-5062"})
    assert wrong.status_code == 422 and "没有找到编号" in wrong.content.decode()


def test_an_advice_unanswered_in_time_shows_as_overdue(cast, sign_in):
    issued(cast, "advice")
    client = sign_in(cast.supervisor)
    assert client.get(LIST + "?tab=overdue").context["rows"] == []
    with at(MONDAY + 5 * DAY):
        rows = client.get(LIST + "?tab=overdue").context["rows"]
        assert [row["badge"].text for row in rows] == ["过期：待答复"]
        assert '<span class="small late-words">已超' in client.get(LIST).content.decode()
        leader = sign_in(cast.unit_leader).get(reverse("unit:orders")).content.decode()
        assert "督办文书待办" in leader and "过期" in leader


def test_faults_are_for_who_oversees_answers_or_is_named(cast, sign_in):
    rung = appealed(cast)
    for who, code in (
        ("handler", 200),
        ("unit_leader", 200),
        ("leader", 200),
        ("clerk", 404),
        ("squad_handler", 404),
    ):
        assert page(sign_in(getattr(cast, who)), rung).status_code == code, who
    answer = step(sign_in(cast.supervisor), rung, "decide", text="维持", verdict="upheld")
    assert answer.status_code == 403
    assert step(sign_in(cast.leader), rung, "decide", text="属实", verdict="sideways").status_code == 422
    assert step(sign_in(cast.leader), rung, "decide", text="属实", verdict="upheld").status_code == 302


def test_a_talk_and_an_inspection_are_written_down_on_their_pages(cast, sign_in):
    client = sign_in(cast.supervisor)
    talk, listing = issued(cast, "talk"), issued(cast, "listing")
    given = {"on": "2026-11-03", "text": "谈了原因", "measures": "加派人手", "due_on": ""}
    assert step(client, talk, "hold", **given).status_code == 422
    assert step(client, talk, "hold", **{**given, "due_on": "2026-11-20"}).status_code == 302
    held = page(sign_in(cast.unit_leader), talk).content.decode()
    assert "加派人手" in held and "谈定的事" in held and "落实谈定的事" in held and "promise" not in held
    told = {"on": "2026-11-03", "text": "现场已清理", "verdict": "passed"}
    assert step(client, listing, "inspect", **told).status_code == 302
    assert (fresh(talk).state, fresh(listing).state) == ("held", "done")


def test_the_public_reads_title_unit_and_days_and_nothing_else(cast):
    rung = issued(cast, "listing", public=True, title="石桥街道夜间噪声")
    issued(cast, "listing", title="内部的一件")
    public = Client()
    told = public.get(reverse("public:listed")).content.decode()
    assert "石桥街道夜间噪声" in told and "城管局" in told and "内部的一件" not in told
    assert rung.case.number not in told and "宋江" not in told and "song-jiang" not in told
    actions.hide(rung, by=cast.supervisor, text="标题有误")
    assert "石桥街道夜间噪声" not in public.get(reverse("public:listed")).content.decode()


@pytest.mark.parametrize("told", [False, True])
def test_the_petitioner_reads_of_it_only_where_the_place_says_so(cast, rules, told):
    from huiyin.web.tests.citizens import hand_in

    visitor = hand_in()
    cases.accept(visitor.case, by=cast.clerk, category=cast.night_noise)
    order = cases.dispatch(visitor.case, by=cast.dispatcher, lead=cast.chengguan)
    cases.sign(order, by=cast.handler)
    actions.issue(intake(cast), by=cast.supervisor, case=Case.objects.get(pk=visitor.case.pk))
    actions.issue(intake(cast, "fault"), by=cast.supervisor, case=Case.objects.get(pk=visitor.case.pk))
    if told:
        rules.write_text(
            rules.read_text(encoding="utf-8") + "\n[supervision]\ntell_citizen = true\n", encoding="utf-8"
        )
    seen = visitor.client.get(reverse("citizen:case", args=[visitor.case.number])).content.decode()
    assert seen.count("上级机关已督办") == int(told)
    assert "过错" not in seen and "宋江" not in seen


def test_every_list_goes_by_key_with_few_statements_however_long(cast, sign_in):
    case = roads.signed(cast).case
    issued(cast, case=case)
    Rung.objects.all().delete()

    def many(n: int, start: int) -> None:
        Rung.objects.bulk_create(
            Rung(number=f"D-{start + each}", kind="advice", unit=cast.chengguan, region=cast.town, words="说明",
                 due_on="2026-11-06", issued_at=MONDAY, issued_by=cast.supervisor.post)
            for each in range(n)
        )  # fmt: skip

    many(2, 0)
    client = sign_in(cast.supervisor)
    client.get(LIST)
    remembering.clear()
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(LIST)
    many(60, 10)
    remembering.clear()
    with CaptureQueriesContext(connection) as much:
        answer = client.get(LIST)
    assert len(much) <= len(few) + 1, "the count of rows decides nothing"
    seen, shown = set(), answer
    while True:
        keys = {row["url"] for row in shown.context["rows"]}
        assert keys and not keys & seen
        seen |= keys
        if not shown.context["next_url"]:
            break
        shown = client.get(LIST + shown.context["next_url"])
    assert len(seen) == 62
    assert client.get(LIST + "?after=nonsense&kind=hug&tab=what").status_code == 200


@pytest.mark.parametrize("kind", ["order", "listing", "fault"])
def test_what_is_offered_on_a_rung_asks_once_who_is_independent(cast, kind, django_assert_num_queries):
    rung, by = fresh(issued(cast, kind)), type(cast.supervisor).of(cast.supervisor.post)
    by.barred_unit_ids, rung.unit, rung.issued_by, rung.post  # noqa: B018 - read with every page
    access.entries_of(rung)  # likewise
    with django_assert_num_queries(1):
        assert len(queries.offered(rung, by)) > 0


@pytest.mark.parametrize("kind", ["talk", "fault", "circular", "advice"])
def test_a_form_asks_for_all_units_and_people_at_once(cast, sign_in, kind):
    client = sign_in(cast.supervisor)
    address = reverse("ladder:new", args=[kind])
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    assert len(found) <= 8, [each["sql"][:120] for each in found]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("order", "：书面回复。"),
        ("listing", "轮到 城管局：解决问题"),
        ("talk", "轮到督办：约谈 城管局"),
        ("advice", "轮到 城管局：书面答复"),
        ("charge", "推动解决，记下进展"),
        ("fault", "可以申辩，不服可以申诉"),
    ],
)
def test_a_rung_says_whose_turn_it_is_and_to_do_what(cast, sign_in, kind, said):
    rung = issued(cast, kind)
    text = page(sign_in(cast.supervisor), rung).content.decode()
    assert said in text and "最迟" in text


def test_what_is_judged_stands_beside_the_form(cast, sign_in):
    rung = issued(cast)
    actions.reply(rung, by=cast.unit_leader, text="已经约好上门的日子")
    form = sign_in(cast.supervisor).get(reverse("ladder:step", args=[rung.pk, "accept"])).content.decode()
    assert "超期未办，请说明原因" in form and "已经约好上门的日子" in form


def test_a_fault_nobody_contested_waits_for_supervision_and_is_no_delay(cast, sign_in):
    rung = issued(cast, "fault")
    client = sign_in(cast.supervisor)
    with at(MONDAY + 5 * DAY):
        assert client.get(LIST + "?tab=overdue").context["rows"] == []
        assert len(client.get(LIST + "?tab=replied").context["rows"]) == 1
        assert "认定" in page(client, rung).content.decode()


def test_a_report_s_rungs_are_for_nobody_whom_it_accuses(cast, sign_in):
    """A supervision order about a report, to the unit that looks into it: the accused unit finds no trace of it."""
    case = roads.registered(cast, nature=Case.Nature.REPORT, accused_units=[cast.chengguan])
    cases.accept(case, by=cast.clerk, category=cast.property)
    order = cases.dispatch(case, by=cast.dispatcher, lead=cast.zhujian)
    cases.sign(order, by=cast.zhujian_handler)
    accused, before = sign_in(cast.unit_leader), []
    pages = [LIST, LIST + "?tab=all", reverse("unit:orders"), reverse("public:listed"), "/work/ladder/1/"]

    def seen() -> list[tuple[int, int]]:
        answers = [accused.get(each) for each in pages]
        return [(answer.status_code, answer.content.decode().count("data-row")) for answer in answers]

    before = seen()
    rung = issued(cast, case=case, unit=cast.zhujian, post=cast.zhujian_leader.post)
    actions.reply(rung, by=cast.zhujian_leader, text="正在核实")
    assert seen() == before and page(accused, rung).status_code == 404
    assert page(sign_in(cast.zhujian_leader), rung).status_code == 200


def test_a_paper_to_a_merged_unit_says_who_is_to_act_now(cast, sign_in):
    rung = issued(cast)
    roads.merge_units(cast.chengguan, into=cast.zhujian)
    for reader in (cast.supervisor, cast.zhujian_leader):
        text = page(sign_in(reader), rung).content.decode()
        assert "轮到 住建局：书面回复" in text and "给：城管局" in text
