"""What the components say and draw."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from huiyin.kernel import clock as wall
from huiyin.web.components.chart import Bars, Point, Trend
from huiyin.web.components.clock import Clock, face
from huiyin.web.components.funnel import Dot, Funnel, Limit, sizes
from huiyin.web.components.matter import Badge, Matter
from huiyin.web.components.timeline import Event, days
from huiyin.web.components.turn import Turn
from huiyin.web.forms import PlainForm
from huiyin.web.templatetags import look

NOW = datetime(2026, 11, 26, 6, 20, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def stand_still():
    with wall.frozen(NOW), translation.override("zh-hans"):
        yield


def drawn(source: str, **values: object) -> str:
    return Template("{% load look %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("clock", "tone", "left"),
    [
        (Clock(NOW - DAY, NOW + 9 * DAY), "running", "还有 9 天"),
        (Clock(NOW - 7 * DAY, NOW + 3 * DAY), "soon", "还有 3 天"),
        (Clock(NOW - DAY, NOW + 9 * DAY, yellow=NOW), "soon", "还有 9 天"),
        (Clock(NOW - 9 * DAY, NOW - 2 * DAY), "late", "已超 2 天"),
        (Clock(NOW - 9 * DAY, None, pauses=[(NOW - DAY, None)]), "paused", "计时已暂停"),
        (
            Clock(NOW - 9 * DAY, None, rests_until=NOW + DAY),
            "paused",
            "计时暂停，到 11 月 27 日（周五）14:20",
        ),
        (Clock(NOW - 9 * DAY, NOW, stopped=NOW - DAY), "done", "按时完成"),
        (Clock(NOW - 9 * DAY, NOW - DAY, stopped=NOW), "late", "超期完成"),
    ],
)
def test_a_clock_tells_its_state_in_a_word(clock, tone, left):
    found = face(clock)
    assert (found.tone, found.left) == (tone, left)


def test_the_bar_shows_use_mark_pause_and_overrun():
    found = face(Clock(NOW - 10 * DAY, NOW - 2 * DAY, pauses=[(NOW - 8 * DAY, NOW - 7 * DAY)]))
    assert found.spent == "80.00%"
    assert found.mark == "56.00%"
    assert [(pause.x, pause.width) for pause in found.pauses] == [("20.00%", "10.00%")]
    assert (found.over.x, found.over.width) == ("80.00%", "20.00%")


def test_a_clock_that_starts_now_does_not_divide_by_nothing():
    assert face(Clock(NOW, NOW)).spent == "0.00%"


def test_no_component_writes_a_style_attribute_that_the_policy_refuses(client):
    for shell in ("citizen", "desk", "columns"):
        page = client.get("/components/", {"shell": shell}).content.decode()
        assert "style=" not in page
        assert "<script>" not in page


def test_events_are_grouped_by_local_day_in_the_readers_order():
    late_evening = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)  # 01:00 of the 26th in Shanghai
    events = [Event(NOW, "b"), Event(late_evening, "a"), Event(NOW - DAY, "c")]
    assert [[e.act for e in day.events] for day in days(events)] == [["c"], ["a", "b"]]
    assert [[e.act for e in day.events] for day in days(events, "newest_first")] == [["b", "a"], ["c"]]


def test_a_private_note_says_that_it_is_private():
    assert "仅工作人员可见" in drawn("{% timeline events %}", events=[Event(NOW, "看过", private=True)])


def test_what_people_wrote_is_escaped_everywhere():
    nasty = "<script>alert(1)</script>"
    page = drawn(
        "{% timeline events %}{% whose_turn turn %}{% badge 'late' nasty %}{% button nasty %}{% flash nasty %}",
        events=[Event(NOW, nasty, by=nasty, text=nasty)], turn=Turn(nasty), nasty=nasty,
    )  # fmt: skip
    assert "<script>" not in page


def test_a_crest_skips_the_part_of_a_name_that_many_share():
    assert [Turn(name).face for name in ("市城市管理局", "水务局", "街道办", "县")] == [
        "城",
        "水",
        "办",
        "县",
    ]


class Form(PlainForm):
    what = forms.CharField(label="事由", max_length=5, help_text="一句话")
    how = forms.ChoiceField(label="方式", choices=[("a", "电话")], widget=forms.RadioSelect)
    own = forms.CharField(label="别的", error_messages={"required": "自己的话"})


def test_an_error_is_a_sentence_tied_to_its_field():
    form = Form({"what": "一二三四五六"})
    page = drawn(
        "{% error_summary form %}{% form_field form.what %}{% form_field form.how %}{% form_field form.own %}",
        form=form,
    )
    assert "事由太长了：最多 5 个字，现在有 6 个" in page
    assert "请选择：方式" in page and "自己的话" in page
    assert 'aria-describedby="id_what_hint id_what_error"' in page and 'aria-invalid="true"' in page
    assert 'href="#id_what"' in page


def test_a_group_of_choices_is_a_fieldset_that_the_summary_can_reach():
    page = drawn("{% error_summary form %}{% form_field form.how %}", form=Form({}))
    assert "<fieldset" in page and 'id="id_how"' in page and 'href="#id_how"' in page


def test_the_code_of_a_receipt_is_never_in_the_qr_address(client):
    page = client.get("/components/").content.decode()
    assert page.count("K7QM-3XRD") == 1


def test_empty_facts_are_left_out():
    assert drawn("{% facts pairs %}", pairs=[("甲", ""), ("乙", 0)]).count("<dt>") == 1


def test_buttons_carry_their_key_for_the_keyboard():
    assert 'data-key="d"' in drawn("{% button '派单' key='d' %}")


def test_remaining_of_the_clock_goes_before_plain_days():
    left = SimpleNamespace(amount=2, unit="working_days", overdue=False)
    assert face(Clock(NOW - 7 * DAY, NOW + 3 * DAY, remaining=left)).left == "还有 2 个工作日"


def test_drawing_a_card_leaves_its_values_as_they_were():
    matter = Matter(
        "/m/",
        "2648-3917-5062",
        "路灯不亮",
        badges=[Badge("soon", "将到期")],
        clock=Clock(NOW - DAY, NOW + DAY),
    )
    before = dict(vars(matter))
    row = drawn(
        "{% csrf_token %}{% matter_row matter %}{% matter_card matter %}", matter=matter, csrf_token="x"
    )
    assert row.count("路灯不亮") == 2 and vars(matter) == before


def test_citizens_load_less_than_thirty_kilobytes_that_an_old_phone_understands():
    sheet = (Path(look.__file__).parents[1] / "static" / "huiyin.css").read_text(encoding="utf-8")
    assert len(sheet.encode()) <= 30_000
    rules = sheet.split("*/", 1)[1]
    assert not [word for word in ("@layer", ":has(", "color-mix(", "@container") if word in rules]
    assert sheet.count("{") == sheet.count("}")


def test_a_trend_draws_each_column_in_proportion_and_says_so_in_a_table():
    found = Trend("近三天", [Point("一", 2), Point("二", 4, late=1), Point("三", 0)], late_label="超期")
    assert [column.height for column in found.columns] == ["50.00", "100.00", "0.00"]
    assert [column.late_height for column in found.columns] == ["0.00", "25.00", "0.00"]
    html = drawn("{% trend values %}", values=found)
    assert html.count("<rect") == 4
    assert html.count("<tr>") == 4
    assert 'aria-label="近三天：一 到 三，最多 4（二），最近 0。"' in html


@pytest.mark.parametrize("points", [[], [Point("一", 0)], [Point("一", 0), Point("二", 0)]])
def test_a_trend_of_nothing_is_drawn_without_a_fault(points):
    html = drawn("{% trend values %}", values=Trend("近三天", points))
    assert ("还没有可以画的数" in html) == (not points)


def test_bars_are_measured_by_the_longest():
    found = Bars("最多的类别", [Point("路灯", 8, url="/x/"), Point("噪声", 2)])
    assert [line["length"] for line in found.lines] == ["100.00", "25.00"]
    html = drawn("{% bars values %}", values=found)
    assert '<a href="/x/">路灯</a>' in html
    assert "还没有可以画的数" in drawn("{% bars values %}", values=Bars("最多的类别", []))


def test_a_funnel_places_units_by_size_and_says_so_in_a_table():
    dots = [Dot("小", 10, 0.9), Dot("大", 1000, 0.5, "明显低于同类", "out"), Dot("少", 3, 1.0, "不比", "few")]
    limits = [Limit(n, 0.9 - 0.5 / n, 0.9 + 0.1 / n) for n in sizes(3, 1000)]
    found = Funnel("按时率", 0.9, dots, limits, limits, "三个单位")
    small, large, few = found.placed
    assert float(few.x) < float(small.x) < float(large.x) and float(few.y) < float(small.y) < float(large.y)
    assert all(0 <= float(each.y) <= 520 for each in found.placed)
    html = drawn("{% funnel values %}", values=found)
    assert html.count("funnel__dot--out") == 1 and html.count("<tr>") == 4 and "50.0%" in html
    assert 'aria-label="三个单位"' in html


def test_units_in_a_funnel_have_numbers_that_the_table_names_with_the_way_to_each():
    dots = [Dot("甲", 10, 0.9, url="/a/"), Dot("乙", 10, 0.9, url="/b/"), Dot("丙", 1000, 0.2)]
    dots += [Dot(f"丁{at}", 1000, 0.9) for at in range(4)]
    found = Funnel("按时率", 0.9, dots, [], [], "七个单位", measured="调整后")
    left, *others = found.labels
    assert (left.text, left.anchor) == ("1·2", "start"), "which stand in one place"
    assert [(each.text, each.anchor) for each in others] == [("3", "end"), ("4·5·6…", "end")]
    html = drawn("{% funnel values %}", values=found)
    assert html.count('class="funnel__number"') == 3 and "<title>2 乙</title>" in html
    assert '<span class="quiet">2</span> <a href="/b/">乙</a></th>' in html and "调整后</th>" in html


def test_a_label_of_a_funnel_covers_neither_another_unit_nor_another_label():
    dots = [Dot(f"局{at}", n, 0.9 - 0.004 * at) for at, n in enumerate((300, 340, 390, 440, 500, 560))]
    found = Funnel("按时率", 0.9, dots, [Limit(10, 0.1, 1.0)], [], "六个单位")
    labels = found.labels
    assert [each.text for each in labels] == [str(at) for at in range(1, 7)]
    assert {each.anchor for each in labels} > {"start"}, "not all to the right, where the next one stands"


@pytest.mark.parametrize("dots", [[], [Dot("独", 1, 0.0)], [Dot("同", 7, 1.0), Dot("样", 7, 1.0)]])
def test_a_funnel_of_little_is_drawn_without_a_fault(dots):
    assert "funnel" in drawn("{% funnel values %}", values=Funnel("按时率", 1.0, dots, [], []))
    assert sizes(1, 1)[0] == 1 and sizes(5, 3) == sorted(sizes(5, 3))
