"""A bulletin's text with its figures in words: the document that every form of it is written from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.analytics.asking import Found
from huiyin.analytics.catalogue import COUNT, FIGURES, RATE
from huiyin.cases.models import Case
from huiyin.kernel import clock
from huiyin.publication.bulletins import binding, marking
from huiyin.publication.bulletins.document import (
    Block,
    Chart,
    Code,
    Matter,
    Paragraph,
    Run,
    Several,
    Table,
    levelled,
)
from huiyin.publication.bulletins.names import CUTS, FACTS, OVER_TIME
from huiyin.publication.bulletins.periods import Span, in_words

HIDDEN = "—"
MOST_BARS = 10
UNNAMED = {"unit": gettext_lazy("还没有单位答复"), "region": gettext_lazy("没有写到街道")}


@dataclass(frozen=True)
class Shown:
    """What a text is shown with: the bound figures, the facts of the bulletin, matters and the way to them."""

    bound: Mapping[str, Any]
    facts: Mapping[str, str]
    matters: Sequence[Mapping[str, str]] = ()
    url: str = ""


def blocks(text: str, shown: Shown) -> list[Block]:
    """The document's blocks, in the language of the place. Raises Refused for a name that nothing is known by."""
    with translation.override("zh-hans"):
        names = marking.figures_in(text)
        drawing = {
            "table": lambda parts: _table(shown, parts),
            "chart": lambda parts: _chart(shown, parts),
            "definitions": lambda parts: _definitions(shown, names),
            "matters": lambda parts: Several(_matters(shown)),
            "cases": lambda parts: Several([]),
            "code": lambda parts: Code(shown.url, _("扫码看全部公开的诉求和答复")),
        }
        found = marking.parsed(
            text,
            show=lambda name, way: _words(shown, name, way),
            draw=lambda name, parts: drawing[name](parts),
        )
        flat = [one for each in found for one in (each.blocks if isinstance(each, Several) else [each])]
        return levelled([_beside(each, after) for each, after in zip(flat, [*flat[1:], None], strict=True)])


def _beside(block: Block, after: Block | None) -> Block:
    """A chart knows whether the table that follows has its numbers: they need not stand twice."""
    if (
        isinstance(block, Chart)
        and isinstance(after, Table)
        and after.columns[:2] == [block.head, block.measure]
    ):
        return replace(block, tabled=len(after.rows) == len(block.points))
    return block


def title(pattern: str, facts: Mapping[str, str]) -> str:
    """A template's title with its facts put in."""
    return marking.PLACEHOLDER.sub(lambda found: facts.get(FACTS.get(found[1], found[1]), found[0]), pattern)


def typed_in(found: Sequence[Block]) -> list[str]:
    """The numbers in a document that somebody typed: they are bound to nothing, and whoever approves looks at them."""
    runs = [run for each in found for run in getattr(each, "runs", ())]
    runs += [
        run for each in found for row in getattr(each, "rows", ()) for run in row if isinstance(run, Run)
    ]
    return [run.text for run in runs if run.typed]


# -- figures -------------------------------------------------------------------------------------------------
def _words(shown: Shown, name: str, way: str) -> str:
    if name not in FIGURES:
        return shown.facts.get(name, HIDDEN)
    now, then = binding.found(shown.bound, name), binding.found(shown.bound, name, "then")
    if way == "before":
        return number(then)
    return change(now, then) if way == "change" else number(now)


def number(found: Found | None) -> str:
    """A figure as it is read; a dash where it is not told."""
    return HIDDEN if found is None or found.value is None else said(found.kind, found.value)


def said(kind: str, value: float) -> str:
    """A count with its commas, a share with one decimal, days with two: rounded here alone, half to even."""
    if kind == COUNT:
        return f"{value:,.0f}"
    return f"{value:.1%}" if kind == RATE else f"{value:,.2f}"


def change(now: Found | None, then: Found | None) -> str:
    """What moved since the period before: of a count in per cent, of a share in points, of days in days."""
    if now is None or then is None or now.value is None or then.value is None:
        return HIDDEN
    moved = now.value - then.value
    if now.kind == RATE:
        amount, up, down = round(abs(moved) * 100, 1), _("提高 %s 个百分点"), _("下降 %s 个百分点")
        return (up if moved > 0 else down) % f"{amount:.1f}" if amount else _("持平")
    if now.kind == COUNT:
        if not then.value:
            return HIDDEN if moved else _("持平")
        amount = round(abs(moved) / then.value * 100, 1)
        return (_("增加 %s%%") if moved > 0 else _("减少 %s%%")) % f"{amount:.1f}" if moved else _("持平")
    amount = round(abs(moved), 2)
    return (_("延长 %s 天") if moved > 0 else _("缩短 %s 天")) % f"{amount:.2f}" if amount else _("持平")


# -- tables and charts ---------------------------------------------------------------------------------------
def _head(by: str) -> str:
    return next(word for word, cut in CUTS.items() if cut == by)


def _named(by: str, row: Mapping[str, Any]) -> str:
    known = {"nature": Case.Nature.choices, "channel": Case.Channel.choices}.get(by, ())
    names = {str(value): str(label) for value, label in known}
    return names.get(row["key"], row["name"]) or str(UNNAMED.get(by, _("没有归类")))


def _rows(shown: Shown, by: str) -> list[Mapping[str, Any]]:
    """The rows of a table: in time, or by size with what is not told at the end, by its code."""
    rows = list(shown.bound["tables"].get(by, ()))
    if by in OVER_TIME:
        return rows
    return sorted(
        rows, key=lambda row: (row["cells"]["received"] is None, -(row["cells"]["received"] or 0), row["key"])
    )


def _cell(name: str, value: Any) -> str:
    return HIDDEN if value is None else said(FIGURES[name].kind, value)


def _table(shown: Shown, parts: Sequence[str]) -> Table:
    by, *columns = parts
    rows = _rows(shown, by)
    notes = []
    if any(
        value is None
        for row in rows
        for name, value in row["cells"].items()
        if name in ("received", "answered")
    ):
        notes.append(_("“—”：少于 5 件的不单独公布，为了不让人从总数推算，有时别的行也一起不公布。"))
    if not rows:
        notes.append(_("这段时间没有可以列出的数。"))
    return Table(
        caption=_("%(period)s按%(what)s分") % {"period": _period_of(shown, by), "what": _head(by)},
        columns=[_head(by), *(_titled(name) for name in columns)],
        rows=[[_named(by, row), *(_cell(name, row["cells"][name]) for name in columns)] for row in rows],
        numeric=range(1, len(columns) + 1),
        note="".join(notes),
    )


def _titled(name: str) -> str:
    return _("%(title)s（%(unit)s）") % {"title": FIGURES[name].title, "unit": FIGURES[name].unit}


def _chart(shown: Shown, parts: Sequence[str]) -> Block:
    by, name = parts
    rows = [row for row in _rows(shown, by) if row["cells"][name] is not None]
    if by not in OVER_TIME:
        rows = sorted(rows, key=lambda row: -row["cells"][name])[:MOST_BARS]
    points = [(_named(by, row), float(row["cells"][name]), _cell(name, row["cells"][name])) for row in rows]
    if not points:
        return Paragraph([Run(_("这段时间没有可以画的数。"))])
    heading = _("%(period)s按%(what)s的%(title)s") % {
        "period": _period_of(shown, by), "what": _head(by), "title": FIGURES[name].title,
    }  # fmt: skip
    most = max(points, key=lambda point: point[1])
    summary = _("%(title)s：最多的是%(label)s，%(words)s；下面的表里有每一个数。") % {
        "title": heading, "label": most[0], "words": most[2],
    }  # fmt: skip
    return Chart("trend" if by in OVER_TIME else "bars", heading, _head(by), _titled(name), points, summary)


def _period_of(shown: Shown, by: str) -> str:
    return _("最近 12 个月") if by == "month" else shown.facts["period"]


def _definitions(shown: Shown, names: Sequence[str]) -> Table:
    """Every figure that the text shows: value, what it was counted from, how, and as of when."""
    rows = []
    for name in names:
        found, figure = binding.found(shown.bound, name), FIGURES[name]
        n = (
            ""
            if found is None
            else f"{found.whole:,} / {found.n:,}"
            if found.kind == RATE
            else f"{found.n:,}"
        )
        low_high = ""
        if found is not None and found.kind == RATE and found.interval:
            low_high = f"{found.interval[0]:.1%}–{found.interval[1]:.1%}"
        rows.append(
            [str(figure.title), number(found), n, low_high, str(figure.definition), _source(shown, name)]
        )
    return Table(
        caption=_("数字是怎么来的"),
        columns=[_("指标"), _("数值"), "n", _("95% 区间"), _("怎么算的"), _("数据")],
        rows=rows,
        numeric=(1, 2, 3),
        folded=True,
        note=_("数字由系统按同一份指标目录算出，随本期一起固定。账本第 %(n)s 条为止。")
        % {"n": f"{shown.bound['position']:,}"},
    )


def _source(shown: Shown, name: str) -> str:
    fixed = shown.bound["frozen"].get("now")
    if fixed and name in fixed["names"]:
        if fixed["revision"] == 1:
            return _("%(day)s 定稿") % {"day": fixed["day"]}
        return _("%(day)s 第 %(n)d 次更正") % {"day": fixed["day"], "n": fixed["revision"] - 1}
    return _("截至 %(time)s") % {"time": shown.facts["as_of"]}


def _matters(shown: Shown) -> list[Block]:
    if not shown.matters:
        return [Paragraph([Run(_("这段时间没有新公开的诉求。"))])]
    return [Matter(each["title"], each["about"], each["text"], each["answer"]) for each in shown.matters]


def facts_of(
    bound: Mapping[str, Any], span: Span, *, place: str, unit: str, scope: str, series: str
) -> dict[str, str]:
    """The facts that a text may name, in the language of the place."""
    with translation.override("zh-hans"):
        moment = datetime.fromisoformat(bound["as_of"]).astimezone(clock.zone())
        as_of = f"{in_words(date(moment.year, moment.month, moment.day))} {moment:%H:%M}"
        return {"place": place, "period": span.words, "before": span.before().words, "unit": unit, "as_of": as_of,
                "scope": scope, "series": series}  # fmt: skip
