"""Workbooks of real matters: the numbers are the catalogue's, and each reader gets what they may see."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.accounts.roles import Role
from huiyin.analytics import asking, freezing, snapshot
from huiyin.analytics.asking import Question
from huiyin.analytics.catalogue import FIGURES
from huiyin.assessment.periods import period_of
from huiyin.assessment.tests import town
from huiyin.cases import actions
from huiyin.cases.models import Case, Exclusion, Party
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.workbooks import listed
from huiyin.workbooks.filling import filled
from huiyin.workbooks.reader import reading
from huiyin.workbooks.shipped import SHIPPED
from huiyin.workbooks.tests.drawn import cells, opened, shown

pytestmark = pytest.mark.django_db
NOW, THEN = datetime(2026, 12, 7, 1, 0, tzinfo=UTC), datetime(2026, 11, 10, 4, tzinfo=UTC)
NOVEMBER = period_of("2026-11")


@pytest.fixture(autouse=True)
def _in_december(db):
    with clock.frozen(NOW):
        town.rule()
        yield


def made(by, content: bytes, period=NOVEMBER) -> bytes:
    with reading(by, period) as source:
        return filled(content, source)


def told(by, *words: str, period=NOVEMBER) -> list:
    """What stands in the first column, one name after the other."""
    content = cells(**{f"A{at}": each for at, each in enumerate(words, 1)})
    return [row[0] for row in shown(made(by, content, period))]


def table(by, *words: str, period=NOVEMBER) -> list:
    """The rows of a block, its columns by their words."""
    content = cells(**{f"{chr(64 + at)}1": each for at, each in enumerate(words, 1)})
    return shown(made(by, content, period))


def test_every_figure_is_the_catalogue_s(cast):
    town.history(cast, cast.chengguan, THEN, n=8, late=2), town.history(cast, cast.zhujian, THEN, n=6)
    names = [name for name, figure in FIGURES.items() if figure.over != "evaluations"]
    found = told(cast.supervisor, *(f"{{{{{name}}}}}" for name in names))
    with snapshot.live() as (star, checkpoint):
        [line] = asking.ask(
            star, names, Question(checkpoint.moment, since=NOVEMBER.first, until=NOVEMBER.last)
        )
    expected = ["—" if line.figures[name].value is None else line.figures[name].value for name in names]
    assert found == [pytest.approx(each) if isinstance(each, float) else each for each in expected]


def test_cuts_parts_periods_and_words(cast):
    town.history(cast, cast.chengguan, THEN, n=8, late=2), town.history(cast, cast.zhujian, THEN, n=6)
    town.history(cast, cast.zhujian, THEN - timedelta(days=31), n=3)
    asked = ("{{收到}}", "{{受理件数}}", "{{received 期间=上期}}", "{{收到 单位=城管局}}", "{{收到 unit=zhujian}}",
             "{{收到 期间=2026-10}}", "{{收到 期间=累计}}", "{{收到 期间=去年同期}}", "{{按期答复率.分母}}",
             "{{地点}}{{期间}}", "{{收到.名称}}")  # fmt: skip
    found = told(cast.supervisor, *asked)
    assert found == [14, 14, 3, 8, 6, 3, 17, 0, 14, "听风县2026 年 11 月", "收到"]


def test_rows_of_units_months_and_the_sum_of_them(cast):
    town.history(cast, cast.chengguan, THEN, n=8), town.history(cast, cast.zhujian, THEN, n=6)
    rows = table(cast.supervisor, "{{每个单位}}{{序号}}", "{{单位}}", "{{编码}}", "{{收到}}")
    assert rows == [[1, "城管局", "chengguan", 8], [2, "住建局", "zhujian", 6]]
    months = table(cast.supervisor, "{{每月}}{{名称}}", "{{收到}}", period=period_of("2026"))
    assert len(months) == 12 and months[9:11] == [["2026-10", 0], ["2026-11", 14]]


def also_at_work(cast) -> Actor:
    """The supervisor, who has a second post: in a unit."""
    seat = cast.supervisor.post
    about = {"code": "second", "user": seat.user, "unit": cast.weijian, "valid_from": seat.valid_from}
    Post.objects.create(role=Role.HANDLER, **about)
    return Actor.of(seat)


# -- who reads what --------------------------------------------------------------------------------------------
def test_a_unit_reads_its_own_work_and_no_rating_and_no_other_unit(cast):
    town.history(cast, cast.chengguan, THEN, n=8), town.history(cast, cast.zhujian, THEN, n=6)
    asked = ("{{答复}}", "{{工单}}", "{{收到}}", "{{满意率}}", "{{答复 单位=住建局}}")
    assert told(cast.handler, *asked) == [8, 8, "不列出", "不列出", 0]
    assert told(cast.zhujian_handler, *asked)[:2] == [6, 6]
    rows = table(cast.handler, "{{每个考核单位}}{{名称}}", "{{按时办结率.分母}}", "{{满意率}}")
    assert rows == [["城管局", 8, "不列出"]], "what people said is told to a judged unit in blocks alone"


def published(*months: str) -> None:
    with clock.frozen(NOW + timedelta(days=40)):
        for month in months:
            freezing.freeze(month, by=Actor.system("test"))


@pytest.mark.parametrize("grade", [5, 1])
def test_a_late_rating_does_not_show_when_a_workbook_is_filled_again(cast, grade):
    town.history(cast, cast.chengguan, THEN, n=8)
    late = town.matter(cast, cast.chengguan, THEN)
    asked = ("{{ratings}}", "{{满意率}}", "{{满意率.n}}")
    assert told(cast.leader, *asked) == ["不列出"] * 3, "nobody has published the month"
    published("2026-11")
    before = told(cast.leader, *asked)
    town.rated(late, NOW + timedelta(days=41), satisfied=grade)
    assert told(cast.leader, *asked) == before == [8, 1, 8]
    with clock.frozen(NOW + timedelta(days=42)):
        assert freezing.revise("2026-11", by=Actor.system("test"), reason="晚到的评价").revision == 2
    assert told(cast.leader, *asked) == before, "nor by a correction"


@pytest.mark.parametrize("grade", [5, 1])
def test_what_who_complains_by_name_said_does_not_follow_from_the_published_month(cast, grade):
    town.history(cast, cast.chengguan, THEN, n=16, solved=10)
    single = town.matter(cast, cast.chengguan, THEN)
    town.rated(single, THEN, satisfied=grade)
    Exclusion.objects.create(case=single, user=cast.leader.user)
    published("2026-11")
    [public] = freezing.published()
    rate = public.figures["satisfaction_rate"]
    assert told(cast.leader, "{{满意率.n}}", "{{满意率}}") == [rate.n, pytest.approx(rate.value)]
    assert rate.n == 17


def test_ratings_of_a_quarter_or_year_are_the_sum_of_its_published_months(cast):
    town.history(cast, cast.chengguan, THEN - timedelta(days=31), n=6, solved=6)
    town.history(cast, cast.chengguan, THEN, n=12, solved=6)
    published("2026-10", "2026-11")
    shares = ("{{解决率}}", "{{解决率.n}}", "{{解决率 期间=上期}}")
    assert told(cast.leader, *shares) == [0.5, 12, 1]
    fourth = period_of("2026-Q4")
    assert told(cast.leader, *shares, period=fourth) == ["不列出"] * 3, "December is not published"
    with clock.frozen(NOW + timedelta(days=80)):
        freezing.freeze("2026-12", by=Actor.system("test"))
        assert told(cast.leader, *shares, period=fourth) == [pytest.approx(12 / 18), 18, "不列出"]
        assert told(cast.leader, "{{解决率}}", period=period_of("2026")) == ["不列出"]
        rows = table(cast.leader, "{{每月}}{{名称}}", "{{解决率}}", "{{收到}}", period=fourth)
        quarters = table(cast.leader, "{{每季度}}{{名称}}", "{{解决率}}", period=period_of("2026"))
    assert rows == [["2026-10", 1, 6], ["2026-11", 0.5, 12], ["2026-12", "—", 0]]
    assert quarters[2:] == [["2026-Q3", "不列出"], ["2026-Q4", pytest.approx(12 / 18)]]


def test_a_month_that_would_tell_of_one_to_four_takes_its_quarter_with_it(cast):
    town.history(cast, cast.chengguan, THEN - timedelta(days=31), n=3)
    town.history(cast, cast.chengguan, THEN, n=8, solved=6)
    published("2026-10", "2026-11")
    asked = ("{{响应率}}", "{{解决率}}", "{{ratings}}", "{{收到}}")
    assert told(cast.leader, *asked) == [1, "不列出", 8, 8], "two said that it was not solved"
    assert told(cast.leader, *asked, period=period_of("2026-10")) == ["不列出", "不列出", "不列出", 3]
    with clock.frozen(NOW + timedelta(days=80)):
        freezing.freeze("2026-12", by=Actor.system("test"))
        assert told(cast.leader, *asked, period=period_of("2026-Q4")) == ["不列出", "不列出", "不列出", 11]


def test_ratings_are_for_who_oversees_the_whole_place_and_is_not_judged(cast):
    town.history(cast, cast.chengguan, THEN, n=8)
    judged = also_at_work(cast)
    published("2026-11")
    assert told(cast.leader, "{{满意率}}", "{{收到}}") == [1, 8]
    assert told(judged, "{{满意率}}", "{{收到}}") == ["不列出", 8], (
        "who also works in a unit is judged by them"
    )
    cast.leader.post.unit.region = cast.street
    assert told(cast.leader, "{{满意率}}") == ["不列出"], "a part of the place less the rest would tell"


def test_what_somebody_is_complained_of_in_moves_nothing_that_they_fill(cast):
    town.history(cast, cast.chengguan, THEN, n=6)
    by = also_at_work(cast)
    asked = ("{{收到}}", "{{已答复}}", "{{按期答复率.n}}", "{{工单}}", "{{收到 单位=住建局}}")
    rows = ("{{每件诉求}}{{编号}}", "{{标题}}")
    before = told(by, *asked), table(by, *rows)
    more = town.matter(cast, cast.zhujian, THEN)
    Exclusion.objects.create(case=more, unit=cast.weijian)
    report = town.matter(cast, cast.zhujian, THEN, nature=Case.Nature.REPORT)
    assert (told(by, *asked), table(by, *rows)) == before and before[0][0] == 6
    assert told(cast.leader, *asked) == before[0], "a number that differed from another's would tell them"
    assert report.number not in {row[0] for row in table(cast.leader, *rows)}


def test_nobody_reads_beyond_their_place(cast):
    town.history(cast, cast.chengguan, THEN, n=6)
    asked = ("{{收到}}", "{{收到 区域=听风县}}", "{{收到 区域=青潭街道}}")
    assert told(cast.supervisor, *asked) == [6, 6, 0]
    cast.supervisor.post.unit.region = cast.street
    assert told(cast.supervisor, *asked) == [6, 0, 0]
    cast.supervisor.post.unit.region = cast.other_street
    assert told(cast.supervisor, *asked) == [0, 0, 0]


# -- lists -----------------------------------------------------------------------------------------------------
def test_a_list_holds_what_the_reader_may_see_and_its_texts_stay_texts(cast):
    town.matter(cast, cast.chengguan, THEN, title="=HYPERLINK(1)"), town.matter(cast, cast.zhujian, THEN)
    asked = ("{{每件诉求}}{{序号}}", "{{编号}}", "{{title}}", "{{收到}}")
    rows = table(cast.supervisor, *asked)
    assert [row[0] for row in rows] == [1, 2] and rows[0][2] == "=HYPERLINK(1)"
    assert rows[0][3] == THEN.astimezone(clock.zone()).replace(tzinfo=None)
    content = made(cast.supervisor, cells(A1="{{每件诉求}}{{标题}}"))
    assert opened(content)["总表"]["A1"].data_type == "s"
    assert len(table(cast.handler, *asked)) == 1 and len(table(cast.handler, "{{每条工单}}{{编号}}")) == 1
    assert table(cast.supervisor, "{{每件诉求 期间=上期}}{{编号}}", "末") == [["末"]]
    assert len(table(cast.supervisor, "{{每件诉求 单位=住建局 在办=是}}{{编号}}")) <= 1


def test_a_list_that_is_too_long_is_refused_in_words(cast, monkeypatch):
    town.matter(cast, cast.chengguan, THEN), town.matter(cast, cast.chengguan, THEN)
    monkeypatch.setattr(listed, "MOST_LINES", 1)
    with pytest.raises(Refused, match="超过 1 行"):
        table(cast.supervisor, "{{每件诉求}}{{编号}}")


def test_the_questions_do_not_grow_with_the_rows(cast):
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            table(cast.supervisor, "{{每件诉求}}{{编号}}", "{{地点}}", "{{轮到}}", "{{类别}}")
        return len(seen)

    town.history(cast, cast.chengguan, THEN, n=2)
    cost()
    few = cost()
    town.history(cast, cast.chengguan, THEN, n=6)
    assert cost() - few <= 2, "what changed since is read anew, in one piece"


# -- those of the program ----------------------------------------------------------------------------------------
def numbers(content: bytes, sheet: str) -> dict:
    """The rows of a sheet by their first or second word."""
    return {row[0] if row[0] and isinstance(row[0], str) else row[1]: row for row in shown(content, sheet)}


def test_the_monthly_workbook_sums_up_by_its_own_formulas(cast):
    town.history(cast, cast.chengguan, THEN, n=8, late=2), town.history(cast, cast.zhujian, THEN, n=6)
    town.history(cast, cast.zhujian, THEN - timedelta(days=31), n=7)
    content = made(cast.leader, SHIPPED["monthly"].made())
    whole, units = numbers(content, "总表"), numbers(content, "按单位")
    assert whole["收到"][1:6] == [14, 7, 7, 1, 0]
    assert [units[name][2] for name in ("城管局", "住建局", "合计")] == [8, 6, 14]
    assert units["城管局"][3] == pytest.approx(8 / 14) and units["合计"][3] == 1
    sheet = opened(content)["按单位"]
    assert sheet["C7"].value == "=SUM(C5:C6)" and sheet["F5"].value == '=IFERROR(E5/C5,"—")'
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
    assert sheet.print_title_rows == "$4:$4" and "听风县" in sheet.oddFooter.left.text
    assert numbers(content, "说明")["收到"][3] == str(FIGURES["received"].definition)


def test_the_sheets_of_assessment_say_n_and_interval_of_every_figure(cast):
    town.history(cast, cast.chengguan, THEN, n=8, late=2), town.history(cast, cast.zhujian, THEN, n=3)
    bringer = {"role": Party.Role.BRINGER, "post": cast.representative.post, "joined_at": THEN}
    for case in Case.objects.filter(orders__unit=cast.chengguan)[:4]:
        Party.objects.create(case=case, **bringer)
    content = made(cast.supervisor, SHIPPED["assessment"].made())
    rows = shown(content, "各单位")
    at = next(at for at, row in enumerate(rows) if row[0] == "城管局（部门）")
    measures = {row[0]: row for row in rows[at + 1 : at + 11]}
    assert measures["按时办结率"][1:5] == [
        8,
        0.75,
        pytest.approx(0.4093, abs=1e-4),
        pytest.approx(0.9285, abs=1e-4),
    ]
    assert measures["满意率"][1:5] == ["不列出"] * 4, "the other one has three: together they would tell"
    posts = numbers(content, "岗位")
    assert posts["城管局"][4:6] == [0.75, 8]
    assert posts["城管局"][8:10] == [0.75, 8], "without what is left out the same"
    [brought] = [row for row in shown(content, "代表") if row[0] == 1]
    assert brought[3:9] == [4, 4, 0, 1, pytest.approx(0.5101, abs=1e-4), 1], "with its interval"
    assert "10/50/40" in str(shown(content, "说明"))


def test_a_unit_has_a_workbook_of_its_own(cast):
    town.history(cast, cast.chengguan, THEN, n=8, late=2), town.history(cast, cast.zhujian, THEN, n=3)
    content = made(cast.handler, SHIPPED["unit"].made())
    assert numbers(content, "总表")["工单"][1] == 8 and len(shown(content, "工单")) == 12


def test_reports_stay_out_of_every_row(cast):
    report = actions.register(roads.noise(nature=Case.Nature.REPORT, title="收受礼品"), by=cast.citizen).case
    december = period_of("2026-12")
    assert told(cast.supervisor, "{{收到}}", period=december) == [0]
    assert table(cast.supervisor, "{{每件诉求}}{{编号}}", "末", period=december) == [["末"]]
    assert report.nature == Case.Nature.REPORT
