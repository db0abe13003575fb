"""The pages of assessment: who opens which, what stands there, what is refused in words, what goes out as a file."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from huiyin.accounts.models import User
from huiyin.accounts.roles import Role
from huiyin.analytics import snapshot
from huiyin.assessment import closing
from huiyin.assessment.models import Omission, Rule
from huiyin.assessment.periods import period_of
from huiyin.assessment.tests import town
from huiyin.cases.models import Answer, Case, Round
from huiyin.cli import main
from huiyin.kernel import clock
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit

pytestmark = pytest.mark.django_db
NOW, THEN = datetime(2026, 12, 7, 1, 0, tzinfo=UTC), datetime(2026, 11, 10, 4, tzinfo=UTC)
UNITS = {"handler", "unit_leader", "squad_handler", "zhujian_handler", "zhujian_leader", "community_handler",
         "outsider", "two_hats_at_weijian"}  # fmt: skip
OVERSEE = {"supervisor", "leader"}
PAGES = {
    "assessment:rules": OVERSEE,
    "assessment:rule_new": OVERSEE,
    "assessment:file": OVERSEE,
    "assessment:hints": {"supervisor"},
    "assessment:people": OVERSEE | UNITS | {"representative"},
    "assessment:omissions": OVERSEE | UNITS | {"reviewer", "dispatcher"},
    "assessment:omission_new": OVERSEE | UNITS | {"reviewer", "dispatcher"},
}


@pytest.fixture(autouse=True)
def _in_december(db, monkeypatch):
    cache.clear()
    monkeypatch.setattr(snapshot, "recent", lambda after=None: snapshot.live())
    with clock.frozen(NOW):
        town.rule()
        yield


def page(client, name: str, **asked) -> str:
    answer = client.get(reverse(f"assessment:{name}"), asked)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


# -- who opens what -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_its_own_roles_and_for_nobody_else(cast, sign_in, name):
    for who, actor in cast.staff().items():
        status = sign_in(actor).get(reverse(name)).status_code
        assert status == (200 if who in PAGES[name] else 403), who


def test_a_unit_is_led_to_its_own_sheet_and_opens_no_other_s(cast, sign_in):
    town.history(cast, cast.chengguan, THEN, n=8), town.history(cast, cast.zhujian, THEN, n=8)
    client = sign_in(cast.handler)
    assert client.get(reverse("assessment:units")).headers["Location"] == reverse("assessment:unit")
    assert "城管局考核表" in page(client, "unit", period="2026-11")
    for name, asked in (("unit", {"unit": "zhujian"}), ("cases", {"unit": "zhujian", "figure": "due"})):
        assert client.get(reverse(f"assessment:{name}"), asked).status_code == 403


def test_a_case_behind_a_figure_is_only_for_who_may_know_of_it(cast, sign_in):
    [case] = town.history(cast, cast.chengguan, THEN, n=1, late=1)
    asked = {"figure": "late", "unit": "chengguan", "period": "2026-11"}
    assert case.number in page(sign_in(cast.leader), "cases", **asked)
    Case.objects.filter(pk=case.pk).update(nature=Case.Nature.REPORT)
    for who in (cast.leader, cast.supervisor):
        assert case.number not in page(sign_in(who), "cases", **asked)


# -- what stands there --------------------------------------------------------------------------------------
def test_units_stand_with_rate_interval_band_and_without_what_is_left_out(cast, sign_in):
    for unit, late in ((cast.chengguan, 30), (cast.zhujian, 2), (cast.weijian, 3)):
        cases = town.history(cast, unit, THEN, n=60, late=late)
        if unit == cast.chengguan:
            town.left_out(cases[0], unit, cast)
    text = page(sign_in(cast.leader), "units", period="2026-11", measure="on_time")
    assert "50.8%" in text and "50.0%（60）" in text, "with 59 and with 60"
    assert "明显低于同类" in text and "funnel__dot--out" in text and "明显在范围以外：城管局、" in text
    assert '?figure=due&amp;unit=chengguan&amp;period=2026-11">59</a>' in text
    assert "各考核期一起" in page(sign_in(cast.leader), "cases", figure="omitted", unit="chengguan")
    assert text.count('<span class="quiet">1</span> <a href="/work/assessment/unit/?unit=chengguan') == 2
    text = page(sign_in(cast.leader), "units", period="2026-11", measure="signed")
    assert "这些单位都是 100.0%，不画比较图。" in text and 'class="funnel"' not in text
    assert "不排名次" in text and "《" not in text.split("funnel")[0].split("依据")[0]


def test_an_address_that_makes_no_sense_shows_the_last_month(cast, sign_in):
    client = sign_in(cast.leader)
    for asked in (
        {"period": "2026-13"},
        {"period": "3000-01"},
        {"period": "2027-06"},
        {"period": "x" * 5000},
        {"measure": "rank"},
    ):
        assert "2026 年 11 月" in page(client, "units", **asked)


def test_a_period_before_all_rules_and_a_place_without_rules(cast, sign_in):
    client = sign_in(cast.leader)
    assert "2026 年 11 月" in page(client, "units", period="1999-01")
    Rule.objects.all().delete()
    answer = client.get(reverse("assessment:units"))
    assert answer.status_code == 422 and "还没有生效的考核规则" in answer.content.decode()


def test_what_people_said_of_a_running_period_is_not_told(cast, sign_in):
    for unit in (cast.chengguan, cast.zhujian):
        town.history(cast, unit, NOW, n=40)
    leader, why = sign_in(cast.leader), "评价类指标到 2027 年 1 月 11 日（周一）定稿以后才列出"
    text = page(leader, "units", period="2026-12", measure="satisfied")
    assert text.count(why) == 1 and "100.0%" not in text and "评价太少，不列出的" not in text
    text = page(leader, "unit", period="2026-12", unit="chengguan")
    assert text.count(why) == 1 and text.count("不列出</td>") == 5, "once for the page, a word in each row"
    rule = Rule.objects.get()
    text = leader.get(reverse("assessment:rule", args=[rule.pk]), {"period": "2026-12"}).content.decode()
    assert text.count(why) == 1 and "不列出</td>" not in text
    own = page(sign_in(cast.handler), "unit", period="2026-12")
    assert "同类单位太少，不比</td>" in own and "够件数的同类单位不到 3 个的写" in own
    assert own.count("评价成组告知本单位") == 1 and reverse("unit:ratings") in own and why not in own


def test_too_few_ratings_are_said_once_and_what_can_be_told_keeps_its_row(cast, sign_in):
    town.history(cast, cast.chengguan, THEN, n=3)
    town.history(cast, cast.zhujian, THEN, n=3)
    town.closed("2026-11")
    leader, asked = sign_in(cast.leader), {"period": "2026-11", "measure": "satisfied"}
    text = page(leader, "units", **asked)
    assert text.count("这一期的评价太少") == 1 and "<table" not in text and "城管局</a>" in text
    town.history(cast, cast.weijian, THEN - timedelta(days=31), n=9)
    for unit in (cast.chengguan, cast.zhujian):
        town.history(cast, unit, THEN - timedelta(days=31), n=3)
    town.closed("2026-10")
    text = page(leader, "units", **{**asked, "period": "2026-10"})
    assert text.count("免得推算出少数几件评价，不列出的单位：") == 1 and "这一期的评价太少" not in text
    assert ">9</a></td>" in text


def test_who_also_belongs_to_a_unit_is_told_that_this_is_why(cast, sign_in):
    town.history(cast, cast.chengguan, THEN, n=20)
    town.closed("2026-11")
    user = cast.leader.post.user
    Post.objects.create(
        code="own-hat",
        role=Role.HANDLER,
        user=user,
        unit=cast.chengguan,
        valid_from=cast.leader.post.valid_from,
    )
    text = page(sign_in(cast.leader), "units", period="2026-11", measure="satisfied")
    assert "您也在被考核的单位任职" in text and "评价太少，评价类" not in text


def test_where_units_have_too_few_cases_an_empty_place_says_what_is_needed(cast, sign_in):
    for unit in (cast.chengguan, cast.zhujian, cast.weijian):
        town.history(cast, unit, THEN, n=10, late=1)
    leader = sign_in(cast.leader)
    text = page(leader, "units", period="2026-11", measure="on_time")
    assert "至少 3 个同类单位各有 30 件" in text and 'class="funnel"' not in text
    assert "?period=2026&amp;measure=on_time" in text
    text = page(leader, "units", period="2026", measure="on_time")
    assert "还画不出比较图" in text and "看 2026 年的" not in text


def test_who_works_above_the_units_does_not_read_what_was_kept_for_a_colleague(cast, sign_in):
    county = cast.leader.post.unit
    for unit in (cast.chengguan, cast.zhujian):
        Unit.objects.filter(pk=unit.pk).update(parent=county, path=f"{county.path}{unit.code}/")
        town.history(cast, unit, THEN, n=20, solved=15)
    town.closed("2026-11")
    user = User.objects.create(username="two-hats", name="两顶帽子", password="!")
    about = {"user": user, "unit": county, "valid_from": cast.leader.post.valid_from}
    seat = Post.objects.create(code="two-hats", role=Role.LEADER, **about)
    Post.objects.create(code="two-hats-unit", role=Role.UNIT_LEADER, **about)

    def satisfied(by):
        answer = sign_in(by).get(reverse("assessment:file"), {"period": "2026-11", "kind": "csv"})
        return next(
            row for row in answer.content.decode().splitlines() if "城管局" in row and "满意率" in row
        )

    assert "75.0" in satisfied(cast.leader) and "不列出" in satisfied(Actor.of(seat))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_has_every_measure_of_every_unit(cast, sign_in, kind):
    town.history(cast, cast.chengguan, THEN, n=8, late=2)
    answer = sign_in(cast.leader).get(reverse("assessment:file"), {"period": "2026-11", "kind": kind})
    assert f"huiyin-assessment-2026-11.{kind}" in answer.headers["Content-Disposition"]
    if kind == "csv":
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert len(lines) == 11 and any("城管局,按时办结率,8,75.0" in line for line in lines)
    else:
        assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert sign_in(cast.leader).get(reverse("assessment:file"), {"kind": "exe"}).status_code == 400


def test_people_have_numbers_and_no_ratings(cast, sign_in):
    town.history(cast, cast.chengguan, THEN, n=6, late=2)
    text = page(sign_in(cast.leader), "people", period="2026-11")
    assert "66.7%" in text and "30.0% – 90.3%" in text and "满意" not in text
    assert "不剔除时 " not in text
    town.left_out(Case.objects.first(), cast.chengguan, cast)
    with clock.frozen(NOW + timedelta(minutes=2)):
        text = page(sign_in(cast.leader), "people", period="2026-11")
    assert "80.0%" in text and "不剔除时 66.7%（6）" in text, "of five, and of six"
    asked = {"figure": "due", "unit": "chengguan", "post": cast.chengguan.liaison.code, "period": "2026-11"}
    listed = page(sign_in(cast.leader), "cases", **asked)
    assert listed.count("已剔除</span>") == 1 and reverse("assessment:people") in listed
    town.history(cast, cast.zhujian, THEN, n=6)
    assert "住建局" not in page(sign_in(cast.handler), "people", period="2026-11")


def test_the_cases_behind_a_figure_page_by_key(cast, sign_in):
    town.history(cast, cast.chengguan, THEN, n=27)
    client, asked = sign_in(cast.leader), {"figure": "answered", "unit": "chengguan", "period": "2026-11"}
    first = client.get(reverse("assessment:cases"), asked)
    assert len(first.context["rows"]) == 25
    rest = client.get(first.context["next_url"])
    assert len(rest.context["rows"]) == 2 and not rest.context["next_url"]
    for after in ("x", "9" * 40, "-1", "０"):
        assert client.get(reverse("assessment:cases"), {**asked, "after": after}).status_code == 200
    assert client.get(reverse("assessment:cases"), {**asked, "figure": "grades"}).status_code == 400
    assert client.get(reverse("assessment:cases"), {**asked, "unit": "nobody"}).status_code == 404


def test_a_list_says_how_many_answers_its_cases_stand_for_where_they_are_more(cast, sign_in):
    case = town.history(cast, cast.chengguan, THEN, n=6)[0]
    leader, asked = sign_in(cast.leader), {"unit": "chengguan", "period": "2026-11"}
    assert "6 件诉求，" not in page(leader, "cases", figure="answered", **asked)
    first = case.answers.get()
    run = Round.objects.get(case=case).clock
    Round.objects.create(case=case, number=2, cause="unsolved", began_at=THEN, clock=run)
    Answer.objects.create(case=case, point=first.point, round=2, order=first.order, unit=first.unit, text="再办",
                          outcome="solved", state="approved", given_at=THEN, given_by=first.given_by)  # fmt: skip
    assert "6 件诉求，7 次答复" in page(leader, "cases", figure="answered", **asked)
    assert "件诉求，" not in page(leader, "cases", figure="due", **asked)


def test_a_total_that_would_tell_a_month_is_not_listed_and_the_page_says_so(cast, sign_in):
    units = (cast.chengguan, cast.zhujian, cast.weijian)
    for month, numbers in ((7, (6, 8, 6)), (8, (8, 4, 6)), (9, (0, 0, 1))):
        for unit, n in zip(units, numbers, strict=True):
            town.history(cast, unit, datetime(2026, month, 10, 4, tzinfo=UTC), n=n)
    town.closed("2026-Q3")
    text = page(sign_in(cast.leader), "units", period="2026-Q3", measure="satisfied")
    assert "n = 39" not in text and "合计不列出" in text
    assert ">14</a></td>" in text, "what 城管局 reached is told all the same"


# -- rules --------------------------------------------------------------------------------------------------
DRAFT = {
    "name": "20/60/20",
    "contacted": "20",
    "solved": "60",
    "satisfied": "20",
    "k": "0.8",
    "fewest": "30",
    "basis": "某文件",
}


def test_a_rule_is_drafted_looked_at_and_switched_on(cast, sign_in):
    for unit in (cast.chengguan, cast.zhujian, cast.weijian):
        town.history(cast, unit, THEN, n=40, solved=10)
    answer = sign_in(cast.supervisor).post(reverse("assessment:rule_new"), DRAFT)
    look = answer.headers["Location"]
    assert "由领导启用" in sign_in(cast.supervisor).get(look).content.decode()
    leader = sign_in(cast.leader)
    assert "只是看看，什么都没有改" in leader.get(look, {"period": "2026-11"}).content.decode()
    refused = leader.post(look, {"day": "2026-12-01"})
    assert refused.status_code == 422 and "以后某个月的 1 日" in refused.content.decode()
    assert leader.post(look, {"day": "2027-01-01"}).headers["Location"] == reverse("assessment:rules")
    assert sign_in(cast.supervisor).post(look, {"day": "2027-02-01"}).status_code == 403
    assert "县委县政府" in page(leader, "rules")


@pytest.mark.parametrize(
    "wrong",
    [
        *({"k": k} for k in ("1.5", "NaN", "")),
        *({"solved": solved} for solved in ("-1", "x")),
        *({"fewest": fewest} for fewest in ("4", "9" * 30)),
        {"name": ""},
        {"basis": "\x00"},
        {"contacted": "0", "solved": "0", "satisfied": "0"},
        {"contacted": "10", "solved": "50", "satisfied": "40", "k": "0.9"},
    ],
)
def test_a_draft_that_cannot_be_is_answered_in_words_and_nothing_is_lost(cast, sign_in, wrong):
    answer = sign_in(cast.leader).post(reverse("assessment:rule_new"), {**DRAFT, **wrong})
    assert answer.status_code == 422 and Rule.objects.count() == 1
    assert "某文件" in answer.content.decode() or "basis" in wrong


def test_keys_that_there_are_not(cast, sign_in):
    client = sign_in(cast.leader)
    for name in ("rule", "omission"):
        for key in (0, 999, 10**30):
            assert client.get(reverse(f"assessment:{name}", args=[key])).status_code == 404


# -- what is left out ---------------------------------------------------------------------------------------
@pytest.fixture
def asked(cast, sign_in):
    clause, case = town.clause(), town.matter(cast, cast.chengguan, THEN)
    Case.objects.filter(pk=case.pk).update(number="2648-3917-5062")
    told = {
        "number": "２６４８３９１７５０６２",
        "unit": "",
        "clause": str(clause.pk),
        "evidence": "裁定书第 3 页",
    }
    return told


def test_a_matter_is_left_out_by_three_people(cast, sign_in, asked):
    answer = sign_in(cast.unit_leader).post(reverse("assessment:omission_new"), asked)
    assert answer.status_code == 302
    row = Omission.objects.get()
    way = reverse("assessment:omission", args=[row.pk])
    assert "裁定书第 3 页" in sign_in(cast.supervisor).get(way).content.decode()
    assert sign_in(cast.supervisor).post(way, {"act": "agree"}).status_code == 302
    assert sign_in(cast.supervisor).post(way, {"act": "agree"}).status_code == 403
    assert "还要一人核准" in page(sign_in(cast.leader), "omissions")
    sign_in(cast.leader).post(way, {"act": "agree"})
    row.refresh_from_db()
    assert row.state == "approved" and "已剔除" in page(sign_in(cast.handler), "omissions")
    late = sign_in(cast.leader).post(way, {"act": "refuse", "why": "晚了"})
    assert late.status_code == 422


def test_a_refusal_needs_a_reason(cast, sign_in, asked):
    sign_in(cast.unit_leader).post(reverse("assessment:omission_new"), asked)
    way = reverse("assessment:omission", args=[Omission.objects.get().pk])
    answer = sign_in(cast.leader).post(way, {"act": "refuse", "why": " "})
    assert answer.status_code == 422 and "理由" in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "1"},
        {"number": "2648-3917-5070"},
        {"clause": "999"},
        {"evidence": ""},
        {"unit": "没有的局"},
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field(cast, sign_in, asked, wrong):
    answer = sign_in(cast.unit_leader).post(reverse("assessment:omission_new"), {**asked, **wrong})
    assert answer.status_code == 422 and not Omission.objects.exists()
    assert f'id="id_{next(iter(wrong))}_error"' in answer.content.decode()


def test_a_number_of_a_stranger_s_case_reads_like_none_at_all(cast, sign_in, asked):
    client, way = sign_in(cast.zhujian_leader), reverse("assessment:omission_new")
    seen = client.post(way, asked).context["form"].errors["number"]
    none = client.post(way, {**asked, "number": "2648-3917-5070"}).context["form"].errors["number"]
    assert seen == none


# -- hints --------------------------------------------------------------------------------------------------
def test_the_supervisor_reads_hints_with_their_cases_and_a_year_as_its_last_quarter(cast, sign_in):
    for unit in (cast.zhujian, cast.weijian, cast.community, cast.squad):
        [town.matter(cast, unit, THEN, late=True) for _each in range(20)]
    cases = [town.matter(cast, cast.chengguan, THEN) for _each in range(20)]
    text = page(sign_in(cast.supervisor), "hints", period="2026-11")
    assert "踩着期限答复" in text and cases[0].number in text and "不是结论" in text
    assert "2026 年第 4 季度" in page(sign_in(cast.supervisor), "hints", period="2026")


# -- closed -------------------------------------------------------------------------------------------------
def test_a_page_says_whether_its_numbers_still_change_and_why_they_were_corrected(cast, sign_in, capsys):
    cases = town.history(cast, cast.chengguan, THEN, n=9)
    leader = sign_in(cast.leader)
    assert "还没有定稿，数字还会变；12 月 11 日（周五）起定稿。" in page(leader, "units", period="2026-11")
    with clock.frozen(NOW + timedelta(days=5)):
        assert main(["assessment", "close", "2026-11"]) == 0
        assert main(["assessment", "close", "2026-11"]) == 3
        Case.objects.filter(pk=cases[0].pk).delete()
        closing.revise(period_of("2026-11"), by=Actor.system("test"), reason="误登记一件")
        for found in (
            page(leader, "units", period="2026-11"),
            page(sign_in(cast.handler), "unit", period="2026-11"),
        ):
            assert "12 月 12 日（周六）已经定稿，以后不跟着数据变。" in found
            assert "2026 年 11 月于 12 月 12 日（周六）更正：误登记一件" in found
        assert "由各月合成，已经定稿 1 个月，其余的还会变；2027 年 1 月 11 日（周一）起全部定稿。" in page(
            leader, "units", period="2026"
        )
        capsys.readouterr()
        assert main(["assessment", "show", "2026-11", "--json"]) == 0
        assert capsys.readouterr().out.count("as_in_ledger") == 2
    for wrong in ("2026-13", "2026-Q4", "2027-02", "十一月"):
        assert main(["assessment", "show", wrong]) == 3
