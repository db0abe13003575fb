"""A page that shows every component in every state; its values are invented, and Chinese as a city's own would be."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from huiyin.kernel import clock as wall
from huiyin.search.marking import extract, marked
from huiyin.web.components.chart import Bars, Point, Trend
from huiyin.web.components.clock import Clock
from huiyin.web.components.figure import Figure
from huiyin.web.components.funnel import Dot, Funnel, Limit, sizes
from huiyin.web.components.matter import Badge, Matter
from huiyin.web.components.receipt import Receipt
from huiyin.web.components.timeline import Event
from huiyin.web.components.turn import Turn
from huiyin.web.forms import PlainForm
from huiyin.web.navigation import Way

NOW = datetime(2026, 11, 26, 6, 20, tzinfo=UTC)  # a Thursday afternoon in Shanghai; the page stands still
DAY = timedelta(days=1)
DUE = datetime(2026, 11, 28, 16, 0, tzinfo=UTC)  # 24:00 of 28 November
ICONS = Path(__file__).parent.parent / "static_src" / "icons.txt"


class Left:
    """An amount left or past, as deadlines' arithmetic gives it."""

    def __init__(self, amount: int, unit: str, overdue: bool) -> None:
        self.amount, self.unit, self.overdue = amount, unit, overdue


class SampleForm(PlainForm):
    """One field of each kind."""

    what = forms.CharField(
        label="发生了什么",
        help_text="说说时间、地点和您希望怎么办。",
        widget=forms.Textarea(attrs={"rows": 4, "data-most": 2000}),
    )
    place = forms.CharField(label="在哪里", required=False, max_length=80)
    phone = forms.CharField(
        label="手机号",
        help_text="只用来告诉您进展。",
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    nature = forms.ChoiceField(
        label="属于哪一类",
        widget=forms.RadioSelect,
        choices=[("appeal", "求助"), ("advice", "建议"), ("question", "咨询")],
    )
    unit = forms.ChoiceField(label="交给谁", choices=[("", "请选择"), ("a", "城市管理局"), ("b", "水务局")])
    photos = forms.FileField(label="照片", required=False, help_text="最多 9 张，每张不超过 10 MB。")
    hide = forms.BooleanField(label="不让办事单位知道我是谁", required=False)


def clocks() -> list[Clock]:
    """Running, soon, due today, late, paused, done, done late."""
    basis = "演示市群众诉求办理规定第十二条：五个工作日内答复"
    began = NOW - 2 * DAY
    return [
        Clock(NOW - DAY, NOW + 6 * DAY, remaining=Left(4, "working_days", False), basis=basis),
        Clock(NOW - 7 * DAY, DUE, remaining=Left(2, "working_days", False), basis=basis),
        Clock(NOW - 6 * DAY, NOW + timedelta(hours=3), remaining=Left(0, "working_days", False), basis=basis),
        Clock(NOW - 9 * DAY, NOW - 3 * DAY, remaining=Left(2, "working_days", True), basis=basis),
        Clock(
            NOW - 8 * DAY,
            NOW + 4 * DAY,
            pauses=[(NOW - 6 * DAY, NOW - 3 * DAY)],
            remaining=Left(3, "working_days", False),
        ),
        Clock(began - 3 * DAY, None, pauses=[(began, None)], basis="等待诉求人补充材料，最长十日"),
        Clock(NOW - 9 * DAY, NOW + 2 * DAY, stopped=NOW - 3 * DAY),
        Clock(NOW - 9 * DAY, NOW - 5 * DAY, stopped=NOW - 2 * DAY, remaining=Left(3, "calendar_days", True)),
    ]


def turns() -> list[Turn]:
    """A unit, a person, the reader, and nobody any more."""
    return [
        Turn("城市管理局", since=NOW - 2 * DAY, note="办理并答复"),
        Turn("分办员", holder="person", since=NOW - timedelta(minutes=12), note="决定交给谁"),
        Turn(
            "请您评一评",
            holder="citizen",
            since=NOW - timedelta(hours=5),
            you=True,
            note="解决了吗？满意吗？",
        ),
        Turn("已办结", holder="over", since=NOW - 30 * DAY),
    ]


def events() -> list[Event]:
    """A short history with a private note, a late mark and an answer."""
    hour = timedelta(hours=1)
    return [
        Event(NOW - 5 * DAY, "收到您的诉求，编号 2648-3917-5062", by="网页", claimed=True),
        Event(NOW - 5 * DAY + hour, "交给城市管理局，最迟 11 月 28 日答复您", by="分办员"),
        Event(NOW - 4 * DAY, "工地每晚施工到两点，已有三件同样的诉求。", by="审核员", private=True, tone="quiet"),
        Event(NOW - 2 * DAY, "城市管理局认为不属于自己，被退回", by="城市管理局", tone="soon",
              text="依据《职责清单》第 3.2 条，夜间施工许可由住建局核发。"),
        Event(NOW - DAY, "超过期限，已提醒督办", by="系统", tone="late"),
        Event(NOW - 2 * hour, "城市管理局答复了您", by="城市管理局", tone="done",
              text="您好，我们昨晚到现场查看，责令工地二十二点以后停工，并处罚款。\n如再发生，请直接拨打值班电话。"),
    ]  # fmt: skip


def matters() -> list[Matter]:
    """Ordinary, selected, late, and one with a title of forty characters."""
    shown = clocks()
    return [
        Matter("#a", "2648-3917-5062", "小区门口工地夜里两点还在施工", "求助", "清河街道 春风社区", "城市管理局",
               NOW - DAY, shown[0], [Badge("active", "办理中")], key="a"),
        Matter("#b", "2648-1120-7715", "建议在第三中学门口加一条斑马线和减速带", "建议", "东门街道", "公安局交通警察大队",
               NOW - 3 * DAY, shown[1], [Badge("soon", "将到期")], selected=True, key="b"),
        Matter("#c", "2647-9983-1044", "幸福里三号楼自去年入冬以来暖气一直不热多次反映热力公司均未解决老人孩子受冻", "投诉",
               "西山街道 幸福里社区 三号楼 二单元", "住房和城乡建设局供热管理科", NOW - 9 * DAY, shown[3],
               [Badge("late", "超期"), Badge("quiet", "退回 1 次")], key="c"),
        Matter("#d", "2647-0031-5528", "办理居住证需要带什么", "咨询", "", "公安局", NOW - 20 * DAY, shown[6],
               [Badge("done", "已办结")], key="d"),
        Matter("#e", "2647-0207-3316", "新华路口路灯不亮", "求助", "清河街道", "城市管理局", NOW - 25 * DAY, key="e",
               marked_title=marked("新华路口路灯不亮", ["路灯"]),
               extract=extract("晚上七点以后，从路口到菜场的路灯都不亮，老人走路看不清台阶。", ["路灯"])),
    ]  # fmt: skip


def trends() -> list[Trend]:
    """A month with some that are late, and one without anything yet."""
    counts = [
        12,
        9,
        15,
        22,
        8,
        3,
        2,
        14,
        19,
        11,
        17,
        25,
        6,
        4,
        16,
        13,
        21,
        18,
        20,
        5,
        1,
        23,
        19,
        12,
        26,
        9,
        7,
        14,
    ]
    days = [Point(f"11 月 {at} 日", n, late=n // 6) for at, n in enumerate(counts, start=1)]
    return [
        Trend("近四周收到", days, head="日期", measure="件数", late_label="其中超期"),
        Trend("近四周收到", [], head="日期", measure="件数"),
    ]


def largest() -> Bars:
    """Categories by size, a long name among them."""
    named = (
        ("路灯与公用设施", 214),
        ("噪声扰民", 187),
        ("小区物业服务与公共收益公开", 96),
        ("公交站点与班次", 12),
    )
    return Bars("最多的类别", [Point(name, n, url="#") for name, n in named], head="类别", measure="件数")


def by_size() -> Funnel:
    """Units between the limits of chance, one of them outside and one too small."""
    named = (("城管局", 220, 0.93, "within"), ("住建局", 410, 0.78, "out"), ("供水公司", 90, 0.95, "within"),
             ("竹海村", 12, 0.75, "few"))  # fmt: skip
    words = {"within": "和同类相当", "out": "明显低于同类", "few": "件数太少，不比"}
    dots = [Dot(name, n, rate, words[tone], tone) for name, n, rate, tone in named]
    limits = [Limit(n, max(0.0, 0.9 - 0.59 / n**0.5), min(1.0, 0.9 + 0.59 / n**0.5)) for n in sizes(12, 410)]
    far = [
        Limit(each.n, max(0.0, 0.9 - 0.93 / each.n**0.5), min(1.0, 0.9 + 0.93 / each.n**0.5))
        for each in limits
    ]
    return Funnel(
        "部门 · 按时办结率，按件数",
        0.9,
        dots,
        limits,
        far,
        "4 个单位按件数排开，合计 90.0%。明显在范围以外：住建局。",
    )


def figures() -> list[Figure]:
    """A full figure, a worse one and a bare one."""
    return [
        Figure("办结率", "96.8", "%", n="1,883 / 1,945", low="95.9", high="97.5", direction="up", trend="better",
               trend_text="比上月高 0.6 个百分点", definition="办结的件数除以收到的件数；撤回和转送的不算。", table="#table"),
        Figure("办理用时中位数", "11.7", "天", n="1,926", direction="up", trend="worse", trend_text="比上月多 1.2 天",
               definition="从收到到告知的天数，一半的件比它短。", table="#table"),
        Figure("正在办理", "62", "件", direction="same", trend_text="和上月一样"),
    ]  # fmt: skip


def sample_receipt() -> Receipt:
    """A receipt as a citizen takes it home."""
    return Receipt(
        number="2648-3917-5062", code="K7QM-3XRD", follow_url="https://huiyin.example/follow/2648-3917-5062",
        handed_in=NOW, title="小区门口工地夜里两点还在施工", due=DUE, holder="群众诉求受理中心",
        basis="演示市群众诉求办理规定第十二条", signature="9f2c 41d7 88a0 5b13",
        next_steps=[
            ("今天", "工作人员看过后交给该管的单位。"),
            ("11 月 28 日以前", "单位答复您，我们发短信告诉您。"),
            ("收到答复以后", "请您评一评，没解决可以要求重办。"),
        ],
    )  # fmt: skip


def ways() -> list[Way]:
    """The navigation of a dispatcher."""
    return [
        Way("待办", "", "inbox", "#", 12, current=True),
        Way("超期", "", "clock", "#", 3, late=True),
        Way("登记", "", "phone", "#"),
        Way("统计", "", "chart-bar", "#"),
    ]


def components(request: HttpRequest) -> HttpResponse:
    """All components; ?shell=desk or ?shell=columns shows them as staff see them."""
    shell = request.GET.get("shell", "citizen")
    with wall.frozen(NOW):
        return render(
            request,
            f"components/showcase_{shell if shell in ('desk', 'columns') else 'citizen'}.html",
            _values(),
        )


def _values() -> dict:
    wrong = SampleForm(
        {"wrong-what": "", "wrong-phone": "12", "wrong-nature": "x", "wrong-hide": "on"}, prefix="wrong"
    )
    wrong.add_error("phone", "手机号是 11 位数字，您写了 2 位。")
    return {
        "clocks": clocks(),
        "turns": turns(),
        "events": events(),
        "matters": matters(),
        "figures": figures(),
        "trends": trends(),
        "largest": largest(),
        "by_size": by_size(),
        "receipt_values": sample_receipt(),
        "form": SampleForm(),
        "wrong": wrong,
        "wrong_fields": [field for field in wrong if field.errors],
        "icon_names": ICONS.read_text(encoding="utf-8").split(),
        "levels": ["success", "error", "warning", "info"],
        "pairs": [("地点", "清河街道 春风社区 12 号"), ("人数", "5 人"), ("来源", "网页")],
        "columns": [
            {"label": "单位"},
            {"label": "收到", "figures": True},
            {"label": "按时率", "figures": True},
        ],
        "rows": [
            [{"text": "城市管理局", "url": "#"}, "1,204", "96.1%"],
            ["水务局", "88", "91.0%"],
            ["住房和城乡建设局供热管理科", "431", "78.4%"],
        ],
        "consequences": ["三个单位会同时收到工单。", "派出以后期限开始计算，不能撤销。"],
        "nav": ways(),
        "who": {
            "name": "张三丰",
            "post": "分办员 · 群众诉求受理中心",
            "posts": [
                {"id": 1, "label": "分办员 · 群众诉求受理中心", "current": True},
                {"id": 2, "label": "审核员 · 群众诉求受理中心", "current": False},
            ],
            "switch_url": "#",
            "sign_out_url": "#",
        },
        "search_url": "#",
        "keys": [("d", "派单"), ("e", "编辑")],
    }
