"""What anybody reads: published matters only, figures without reports, the rules in force."""

import csv
import json
import tomllib
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.test import Client

from huiyin.analytics import intact
from huiyin.analytics.catalogue import FIGURES
from huiyin.cases import actions
from huiyin.cases.models import Case
from huiyin.cases.tests.roads import registered
from huiyin.cli import main
from huiyin.deadlines.models import Policy
from huiyin.deadlines.policies import book, clear
from huiyin.kernel import signing
from huiyin.publication.actions import propose, publish, withdraw_publication
from huiyin.web.public.rules import FROM, STEPS, WITHIN
from huiyin.web.tests.citizens import answered, hand_in

pytestmark = pytest.mark.django_db
SAID = ("received", "people", "answered", "open", "overdue", "median_days", "mean_days", "max_days")


@pytest.fixture(autouse=True)
def nothing_cached():
    cache.clear()


def told_case(cast, n=0, **changed):
    visitor = hand_in(key=f"00000000-0000-4000-8000-{n:012d}", **changed)
    answered(cast, visitor.case)
    visitor.client.get(visitor.page)
    return Case.objects.get(pk=visitor.case.pk)


def published(cast, n=0, title="夜市油烟扰民", **changed):
    case = told_case(cast, n, **changed)
    propose(case, by=cast.reviewer)
    publish(case, by=cast.reviewer, title=title, text="夜市油烟大。", answer="已装净化器。")
    return case


def page_of(address):
    answer = Client().get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_published_matter_is_listed_and_read_with_its_answer(cast):
    case = published(cast)
    assert "夜市油烟扰民" in page_of("/public/")
    page = page_of(f"/public/{case.number}/")
    for words in ("夜市油烟大。", "已装净化器。", "城市管理局", "收到", "答复"):
        assert words in page


def test_what_is_not_published_is_not_there(cast):
    waiting = told_case(cast, 1)
    drafted = told_case(cast, 2)
    propose(drafted, by=cast.reviewer)
    withdrawn = published(cast, 3, title="撤下的标题")
    withdraw_publication(withdrawn, by=cast.reviewer, reason="当事人要求")
    listed = page_of("/public/")
    for case in (waiting, drafted, withdrawn):
        assert Client().get(f"/public/{case.number}/").status_code == 404
        assert case.number not in listed and case.title not in listed
    assert "撤下的标题" not in listed


@pytest.mark.parametrize("number", ["2648-3917-5062", "1", "news", "' or 1=1"])
def test_a_number_that_is_nobodys_is_a_plain_404(cast, number):
    assert Client().get(f"/public/{number}/").status_code == 404


def test_a_number_without_dashes_leads_to_its_one_address(cast):
    case = published(cast)
    answer = Client().get(f"/public/{case.number.replace('-', '')}/")
    assert (answer.status_code, answer["Location"]) == (301, f"/public/{case.number}/")


def test_neither_name_nor_telephone_nor_own_words_are_public(cast):
    case = published(cast, text="油烟太大，我电话13800000001，请联系张三丰。")
    for address in ("/public/", f"/public/{case.number}/", "/figures/"):
        page = page_of(address)
        assert "张三丰" not in page and "13800000001" not in page and "油烟太大" not in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("nature=complaint", True),
        ("nature=praise", False),
        ("category=city", True),
        ("category=housing", False),
        ("region=shiqiao", True),
        ("region=qingtan", False),
        ("nature=complaint&category=city&region=shiqiao", True),
        ("category=nothing", False),
        ("nature=%27%3B--", False),
        ("after=rubbish", True),
        ("after=99991231T235959.999999-" + "9" * 30, True),
    ],
)
def test_filters_stand_in_the_address(cast, asked, found):
    published(cast)
    page = page_of(f"/public/?{asked}")
    assert ("夜市油烟扰民" in page) is found
    if not found:
        assert "没有找到这样的诉求" in page


def test_the_filters_never_offer_reports(cast):
    assert 'value="report"' not in page_of("/public/")


def test_an_empty_list_says_what_will_be_here(cast):
    assert "这里会列出公开的诉求和答复" in page_of("/public/")


def test_pages_follow_one_another_by_key_and_keep_the_filters(cast, monkeypatch):
    import re

    from huiyin.publication import queries

    original = queries.public_list
    monkeypatch.setattr(queries, "public_list", lambda **asked: original(**asked, size=2))
    numbers = [published(cast, n).number for n in range(5)]
    address, seen = "/public/?nature=complaint", []
    while address:
        page = page_of(address)
        seen += re.findall(r"/public/(\d{4}-\d{4}-\d{4})/", page)
        older = re.search(r'href="([^"]+)"[^>]*rel="next"|rel="next" href="([^"]+)"', page)
        address = next(filter(None, older.groups())).replace("&amp;", "&") if older else ""
        assert not address or "nature=complaint" in address
    assert seen == list(reversed(numbers))


def test_the_list_takes_the_same_few_statements_for_many_rows(cast, django_assert_max_num_queries):
    for n in range(4):
        published(cast, n)
    with django_assert_max_num_queries(6):
        page_of("/public/")


def test_a_report_is_in_no_list_no_page_and_no_figure(cast):
    visitor = hand_in(nature="report", accused_unit="weijian")
    actions.accept(visitor.case, by=cast.clerk, category=cast.night_noise)
    assert Client().get(f"/public/{visitor.number}/").status_code == 404
    for address in ("/public/", "/figures/"):
        page = page_of(address)
        assert visitor.number not in page and visitor.case.title not in page
    page = page_of("/figures/")
    assert '0<span class="figure__unit">' in page and ">举报<" not in page


def test_figures_say_what_they_were_counted_from_and_how(cast):
    published(cast)
    hand_in(key="00000000-0000-4000-8000-000000000009")
    page = page_of("/figures/")
    assert '2<span class="figure__unit">件 · 6 人次' in page
    for words in ("n = 1 / 1", "95% 区间", "这个数怎么算的", "按性质", "其余：城管局", "《某条例》第十三条"):
        assert words in page


def test_figures_without_any_case_are_dashes_not_errors(cast):
    assert "—" in page_of("/figures/")


def test_figures_are_not_counted_for_every_visitor(cast, django_assert_max_num_queries):
    page_of("/figures/")
    with django_assert_max_num_queries(1):
        page_of("/figures/")


def test_small_counts_are_in_no_table_no_chart_and_no_file(cast):
    for _each in range(3):
        registered(cast, nature="praise")
    for _each in range(6):
        registered(cast, nature="complaint")
    page = page_of("/figures/")
    assert "每月收到多少件" in page and 'aria-label="每月收到多少件' in page
    file = Client().get("/figures/figures.csv")
    assert file["Content-Type"].startswith("text/csv") and "attachment" in file["Content-Disposition"]
    rows = list(csv.reader(StringIO(file.content.decode("utf-8-sig"))))
    told = {(group, item, measure): value for group, item, measure, value, *_rest in rows}
    assert told["总计", "", "收到"] == "9" and told["按性质", "表扬", "件数"] == "—"
    assert told["按性质", "投诉", "件数"] == "—", "or the total would give the other away"
    assert told["按收到的月份", "2026-11", "件数"] == "9"
    for name in ("表扬", "投诉"):
        assert f'<th scope="row">{name}</th><td class="figure-cell">—</td>' in page


def test_the_file_has_every_number_of_the_page_with_its_definition(cast):
    published(cast)
    rows = list(csv.reader(StringIO(Client().get("/figures/figures.csv").content.decode("utf-8-sig"))))
    head, *rest = rows
    assert head[:6] == ["分组", "项目", "指标", "数值", "单位", "n"] and {len(row) for row in rows} == {10}
    rate = next(row for row in rest if row[2] == "按期答复率")
    assert (
        rate[3] == "100.0%"
        and rate[5] == "1 / 1"
        and rate[6]
        and rate[7] == "100.0%"
        and "期限内告知" in rate[8]
    )
    assert all(row[8] for row in rest if row[0] == "总计")


def test_programs_read_the_same_numbers_with_their_definitions_and_nothing_small(cast):
    for _each in range(3):
        registered(cast, nature="praise")
    for _each in range(6):
        registered(cast, nature="complaint")
    answer = Client().get("/figures/figures.json")
    assert answer["Content-Type"] == "application/json" and answer["Access-Control-Allow-Origin"] == "*"
    told = answer.json()
    figures = {each["name"]: each for each in told["figures"]}
    assert figures["received"]["value"] == 9 and figures["overdue"]["n"] == figures["open"]["value"] == 9
    assert figures["on_time_rate"] | {"value": None, "n": 0, "low": None} == figures["on_time_rate"]
    assert all(each["title"] and each["definition"] and each["basis"] for each in told["figures"])
    natures = {row["key"]: row for row in told["tables"]["nature"]}
    assert natures["praise"]["name"] == "表扬" and natures["praise"]["cases"] is None
    assert natures["complaint"]["cases"] is None, "or the total would give the other away"
    assert [(row["key"], row["cases"]) for row in told["tables"]["month"]] == [("2026-11", 9)]


def test_every_place_that_says_a_number_says_the_same_n(cast, tmp_path, capsys):
    published(cast)
    for at, nature in enumerate(["inquiry", "complaint", "complaint"]):
        case = registered(cast, nature=nature, headcount=3)
        Case.objects.filter(pk=case.pk).update(due_at=case.due_at - timedelta(days=90 * at))
    assert main(["figures", "--json"]) == 0
    catalogue = {
        name: each["n"] for name, each in json.loads(capsys.readouterr().out).items() if name in SAID
    }
    assert catalogue["overdue"] == Case.objects.exclude(ended_at__isnull=False).count() < catalogue["people"]
    assert main(["opendata", "export", str(tmp_path)]) == 0
    opened = {each.figure: each.n for each in intact.read_numbers(tmp_path) if each.table == "total"}
    told = {each["name"]: each["n"] for each in Client().get("/figures/figures.json").json()["figures"]}
    file = csv.DictReader(StringIO(Client().get("/figures/figures.csv").content.decode("utf-8-sig")))
    rows = {row["指标"]: int(row["n"].split("/")[-1]) for row in file if row["分组"] == "总计"}
    page = "".join(page_of("/figures/").split())
    for name, n in catalogue.items():
        title = str(FIGURES[name].title)
        assert (opened[name], told[name], rows[title]) == (n, n, n), name
        if name != "people":  # on the page they stand beside the cases
            assert f"n={n}" in page.partition(f">{title}</p>")[2].partition("<details>")[0], name


def test_whoever_has_open_data_gets_the_key_from_the_page_of_figures():
    assert 'href="/figures/key.pem"' in page_of("/figures/")
    key = Client().get("/figures/key.pem").content.decode()
    assert signing.is_signed(b"files", signing.sign(b"files"), key=key)
    assert not signing.is_signed(b"other files", signing.sign(b"files"), key=key)


def test_the_deadlines_in_force_stand_with_their_basis_and_old_ones_do_not(cast):
    Policy.objects.filter(code="mailbox-reply").update(basis="旧规定", valid_to=date(2020, 1, 1))
    clear()
    page = page_of("/standards/")
    assert "答复您" in page and "5 个工作日" in page and "《某条例》第十三条" in page and "旧规定" not in page


def test_what_will_change_stands_apart_with_its_day_and_every_step_has_words(cast):
    Policy.objects.filter(code="mailbox-reply").update(basis="新规定", valid_from=date(2199, 1, 1))
    clear()
    page = page_of("/standards/")
    assert "快要变的期限" in page.split("新规定")[0] and "2199-01-01 起执行" in page
    known = {*STEPS, *WITHIN}
    assert {policy.step for policy in book().policies} <= known
    assert {policy.counted_from for policy in book().policies} - {""} <= set(FROM)


@pytest.mark.parametrize("place", ["demo", "yantian", "kunming", "guiyang", "yanji", "antu"])
def test_every_step_of_every_profile_has_public_words(place, settings):
    rows = tomllib.loads((settings.HUIYIN_PROFILES / place / "policies.toml").read_text())["policy"]
    assert {row["step"] for row in rows} <= {*STEPS, *WITHIN}
    assert {row.get("counted_from", "") for row in rows} <= {*FROM, ""}


def test_grounds_of_refusal_stand_with_the_right_route(cast):
    page = page_of("/standards/")
    assert "超出单位职责" in page and "请向人民法院提起诉讼" in page
    assert "不属于本单位职责" not in page  # a ground of units, not of refusal


def test_the_home_page_says_whose_it_is_and_how_else_to_come(client, settings, db):
    settings.HUIYIN_PROFILE = "antu"
    page = client.get("/", headers={"Accept-Language": "zh-hans"}).content.decode()
    for part in (
        "安图县群众诉求服务中心",
        "0999-0020001",
        "周一晚领导进社区",
        "行政接访、法律援助、民事民议",
        "110",
    ):
        assert part in page
    settings.HUIYIN_PROFILE = "nowhere"
    assert "也可以打电话或来访" not in client.get("/").content.decode()


def test_the_home_page_has_three_doors_and_in_the_demo_a_quiet_fourth(client, settings, db):
    page = client.get("/").content.decode()
    for address in ("/new/", "/follow/", "/public/", "/accounts/demo/"):
        assert f'href="{address}"' in page
    settings.HUIYIN_PROFILE = "elsewhere"
    assert "/accounts/demo/" not in client.get("/").content.decode()
