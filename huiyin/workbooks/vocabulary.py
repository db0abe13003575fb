"""The names that a template may use, in Chinese and English, and what each of them stands for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from huiyin.analytics.catalogue import FIGURES
from huiyin.assessment.measures import MEASURES
from huiyin.assessment.periods import NotAPeriod, period_of
from huiyin.cases import exporting
from huiyin.cases.models import Case, Category
from huiyin.organisation.models import Region, Unit
from huiyin.workbooks.syntax import Asked, Each, plain

# What a block is written for, by the words behind 每 or each: (the same dimensions as analytics.asking, and lists).
BLOCKS: Mapping[str, tuple[str, ...]] = {
    "unit": ("单位", "部门"),
    "region": ("区域", "地区", "街道", "乡镇"),
    "region:county": ("县区", "county"),
    "region:community": ("社区", "community"),
    "category": ("类别",),
    "category:top": ("大类", "top"),
    "month": ("月", "月份"),
    "quarter": ("季度", "季"),
    "nature": ("性质",),
    "channel": ("渠道",),
    "case": ("诉求", "件"),
    "order": ("工单",),
    "figure": ("统计项", "指标"),
    "assessed": ("考核单位",),
    "post": ("考核岗位", "岗位"),
    "representative": ("代表", "代表委员"),
    "measure": ("考核指标",),
}
COUNTED = (
    "unit", "region", "region:county", "region:community", "category", "category:top",
    "month", "quarter", "nature", "channel",
)  # fmt: skip
LISTS = ("case", "order")
OF_TIME = ("month", "quarter")  # in which ratings may stand, beside the whole
WORDS: Mapping[str, tuple[str, ...]] = {
    "period": ("期间",),
    "since": ("开始", "开始日期"),
    "until": ("结束", "结束日期"),
    "year": ("年", "年份"),
    "month": ("月", "月份"),
    "place": ("地点", "地区", "区域"),
    "unit": ("填报单位", "本单位"),
    "post": ("填报人", "填报岗位"),
    "filled": ("填写时间", "填报时间"),
    "as_of": ("数据截至", "截至"),
    "rule": ("考核规则",),
}
PARTS: Mapping[str, tuple[str, ...]] = {
    "n": ("分母",),
    "low": ("下限", "区间下限"),
    "high": ("上限", "区间上限"),
    "title": ("名称",),
    "definition": ("定义",),
    "unit": ("计量单位", "单位"),
    "basis": ("依据",),
    "denominator": ("分母说明",),
}
OF_MEASURE: Mapping[str, tuple[str, ...]] = {
    "n": ("分母", "件数"),
    "low": PARTS["low"],
    "high": PARTS["high"],
    "band": ("档", "落在哪里"),
    "target": ("目标",),
    "reached": ("达标",),
    "whole": ("不剔除",),
    "whole_n": ("不剔除分母",),
    "adjusted": ("调整后",),
    "shrunk": ("收缩后",),
    "definition": ("定义",),
}
OF_POST: Mapping[str, tuple[str, ...]] = {
    "on_time": ("按时办结率",),
    "signed": ("按时签收率",),
    "redone": ("重办率",),
}
OF_SHARE: Mapping[str, tuple[str, ...]] = {
    name: OF_MEASURE[name] for name in ("n", "low", "high", "whole", "whole_n", "definition")
}
CUTS: Mapping[str, tuple[str, ...]] = {
    "unit": ("单位", "部门"),
    "region": ("区域", "地区", "地点", "街道"),
    "category": ("类别",),
    "nature": ("性质",),
    "period": ("期间", "月", "month", "year", "年"),
    "late": ("超期",),
    "open": ("在办",),
}
NAMED_PERIODS: Mapping[str, tuple[str, ...]] = {
    "this": ("本期",),
    "previous": ("上期", "上月"),
    "year_before": ("去年同期",),
    "year_to_date": ("累计", "本年累计"),
}
ONLY_LISTS = ("late", "open")
YES = ("yes", "on", "1", "是")
# What offices call figures of the catalogue in their forms, beside the catalogue's own titles.
CALLED = {
    "受理": "received", "受理件数": "received", "收件": "received", "登记": "received", "来件": "received",
    "办结件数": "concluded", "答复": "answered", "超期": "overdue", "在办": "open", "按期率": "on_time_rate",
    "按时答复率": "on_time_rate", "签收": "signed_rate", "退回率": "return_rate", "异议率": "objection_rate",
}  # fmt: skip
ENDINGS = ("件数", "数量", "总数", "数", "量")
FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "counted": {"no": ("序号",), "name": ("名称",), "code": ("编码", "编号")},
    "figure": {
        "no": ("序号",), "name": ("名称",), "code": ("编码",), "definition": ("定义",), "unit": ("计量单位", "单位"),
        "denominator": ("分母", "分母说明"), "basis": ("依据",),
    },
    "measure": {"no": ("序号",), "name": ("名称",), "code": ("编码",), "definition": ("定义",)},
    "assessed": {"no": ("序号",), "name": ("名称", "单位"), "code": ("编码",), "kind": ("类型",)},
    "post": {"no": ("序号",), "name": ("名称", "岗位"), "code": ("编码",), "unit": ("单位",), "person": ("姓名",)},
    "representative": {
        "no": ("序号",), "name": ("名称", "代表"), "code": ("编码",), "unit": ("单位",), "person": ("姓名", "代表姓名"),
        "brought": ("转达",), "answered": ("已答复",), "rated": ("本人评价",),
        "share": ("答复占比",), "low": PARTS["low"], "high": PARTS["high"],
    },
}  # fmt: skip


Cuts = tuple[tuple[str, str], ...]


class Unknown(ValueError):
    """A name that stands for nothing here; its words say what to write instead."""


@dataclass(frozen=True)
class Meaning:
    """What is meant: a figure, measure, share (of a post), field (of a line) or word, by its name in the code."""

    kind: str
    name: str
    part: str = ""
    cuts: tuple[tuple[str, str], ...] = ()


# -- blocks ----------------------------------------------------------------------------------------------------
@cache
def block_of(each: Each) -> str:
    """What a block is written for. Raises Unknown."""
    found = _key(BLOCKS, each.of)
    if found is None:
        raise Unknown(
            _("没有“每%(of)s”。可以写：%(known)s。")
            % {"of": each.of, "known": "、".join(f"每{names[0]}" for names in BLOCKS.values())}
        )
    return found


def meaning_of(asked: Asked, block: str, narrowed: Cuts = ()) -> Meaning:
    """What a name means in a block ("" outside of blocks) that is narrowed by cuts of its own. Raises Unknown."""
    cuts = canonical(asked.cuts)
    if not asked.figure and (field := _field(asked.name, block)):
        return _whole(Meaning("field", field), asked)
    if block == "assessed":
        measure = _measure(asked.name)
        if measure:
            return Meaning("measure", measure, _part(asked, OF_MEASURE))
    elif block == "post":
        share = _key(OF_POST, asked.name)
        if share:
            return Meaning("share", share, _part(asked, OF_SHARE))
    figure = figure_named(asked.name) if block in ("", *COUNTED) else None
    if figure:
        meaning = Meaning("figure", figure, _part(asked, PARTS), cuts)
        _require_tellable(meaning, block, narrowed)
        return meaning
    if not asked.figure and (word := _key(WORDS, asked.name)):
        return _whole(Meaning("word", word), asked)
    raise Unknown(_unknown(asked, block))


def _whole(meaning: Meaning, asked: Asked) -> Meaning:
    if asked.part or asked.cuts:
        raise Unknown(_("“%(name)s”后面不能再加条件。请只写 {{%(name)s}}。") % {"name": asked.name})
    return meaning


def _require_tellable(meaning: Meaning, block: str, narrowed: Cuts) -> None:
    """What people say of a unit stands in the sheets of assessment alone, which hide what is small. Raises Unknown."""
    if any(name in ONLY_LISTS for name, _value in meaning.cuts):
        raise Unknown(
            _("“超期”“在办”只能用来选清单，写在“每件诉求”后面。要这个数，请写 {{超期未答复}} 或 {{还在办}}。")
        )
    if FIGURES[meaning.name].over != "evaluations":
        return
    cuts = (*meaning.cuts, *narrowed)
    if (block and block not in OF_TIME) or any(name != "period" for name, _value in cuts):
        raise Unknown(
            _(
                "评价的指标（%(name)s）只能列全部的，不能按单位、区域、类别或性质分。按单位的请用考核表：{{每个考核单位}}。"
            )
            % {"name": FIGURES[meaning.name].title}
        )


def _unknown(asked: Asked, block: str) -> str:
    shown = {"name": asked.name}
    if block in LISTS:
        heads = "、".join(str(head) for head, _cell in exporting.COLUMNS[_list(block)])
        return _("清单里没有“%(name)s”这一栏。可以写：%(heads)s。") % {**shown, "heads": heads}
    near = [title for title in _titles() if asked.name[:1] and asked.name[:1] in title][:6]
    known = "、".join(near) or _("收到、办结、办结率、按期答复率")
    return _("没有“%(name)s”这个数。相近的有：%(known)s。全部名称见样例的“说明”表。") % {
        **shown,
        "known": known,
    }


def _titles() -> list[str]:
    return [str(figure.title) for figure in FIGURES.values()]


# -- names -----------------------------------------------------------------------------------------------------
def _key(known: Mapping[str, tuple[str, ...]], word: str) -> str | None:
    """The entry of this name, or that has it among its other names."""
    word = plain(word).casefold()
    return next((key for key, names in known.items() if word == key or word in names), None)


def _part(asked: Asked, known: Mapping[str, tuple[str, ...]]) -> str:
    if not asked.part:
        return ""
    found = _key(known, asked.part)
    if found is None:
        raise Unknown(
            _("“%(name)s”没有“%(part)s”。点号后面可以写：%(known)s。")
            % {
                "name": asked.name,
                "part": asked.part,
                "known": "、".join(names[0] for names in known.values()),
            }
        )
    return found


@cache
def _named_figures() -> Mapping[str, str]:
    found = dict(CALLED)
    for language in ("en", "zh-hans"):
        with translation.override(language):
            found |= {plain(str(figure.title)).casefold(): name for name, figure in FIGURES.items()}
    return found | {name: name for name in FIGURES}


def figure_named(word: str) -> str | None:
    """The figure of this name or title; with a 件数 behind it too."""
    word, known = plain(word).casefold(), _named_figures()
    for ending in ("", *ENDINGS):
        if word.endswith(ending) and (found := known.get(word.removesuffix(ending) if ending else word)):
            return found
    return None


@cache
def _named_measures() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            found |= {plain(str(title)).casefold(): name for name, title in MEASURES.items()}
    return found | {name: name for name in MEASURES}


def _measure(word: str) -> str | None:
    return _named_measures().get(plain(word).casefold())


def _list(block: str) -> Any:
    return {"case": exporting.Export.Of.CASES, "order": exporting.Export.Of.ORDERS}[block]


@cache
def columns_of(block: str) -> Mapping[str, int]:
    """The columns of a list by their heads, in both languages, and their places."""
    found: dict[str, int] = {"序号": -1, "no": -1}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            heads = [plain(str(head)).casefold() for head, _cell in exporting.COLUMNS[_list(block)]]
            found |= {head: at for at, head in enumerate(heads)}
    return found


def _field(word: str, block: str) -> str:
    """The field of a line of this block; "" where it has none of this name."""
    if not block:
        return ""
    if block in LISTS:
        at = columns_of(block).get(plain(word).casefold())
        return "" if at is None else str(at)
    if block in COUNTED and _key({block: BLOCKS[block]}, word):
        return "name"
    return _key(FIELDS.get(block, FIELDS["counted"]), word) or ""


# -- cuts ------------------------------------------------------------------------------------------------------
def canonical(cuts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Cuts by their names in the code, with codes for values. Raises Unknown."""
    return tuple(sorted(_canonical(cuts)))


def _canonical(cuts: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str]]:
    for key, value in cuts:
        name = _key(CUTS, key)
        if name is None:
            known = "、".join(names[0] for names in CUTS.values())
            raise Unknown(_("不能按“%(key)s”选。可以写：%(known)s。") % {"key": key, "known": known})
        yield name, _value(name, value)


def _value(name: str, value: str) -> str:
    if name in ("late", "open"):
        return "yes" if value.casefold() in YES else ""
    if name == "period":
        found = _key(NAMED_PERIODS, value)
        if found is None:
            try:
                found = period_of(value).code
            except NotAPeriod:
                known = "、".join(names[0] for names in NAMED_PERIODS.values())
                raise Unknown(
                    _("没有“%(value)s”这个期间。可以写：%(known)s，或者 2026-10、2026-Q4、2026。")
                    % {"value": value, "known": known}
                ) from None
        return found
    if name == "nature":
        found = next((str(code) for code, label in Case.Nature.choices if value in (code, str(label))), None)
    else:
        found = _coded({"unit": Unit, "region": Region, "category": Category}[name], value)
    if found is None:
        raise Unknown(_("没有叫“%(value)s”的。请写它的名称或编码，名称里不要有空格。") % {"value": value})
    return found


def _coded(model: Any, value: str) -> str | None:
    """The code of a unit, region or category that is called so, one that stands before one that has ended."""
    names = ("code", "name", *(["short_name"] if model is Unit else []))
    said = Q()
    for name in names:
        said |= Q(**{name: value})
    rows = list(model.objects.filter(said).order_by("valid_to").values_list("code", "valid_to"))
    if not rows:  # names with full-width brackets, which were read as the others
        every = model.objects.values_list("code", "valid_to", *names[1:])
        rows = [row[:2] for row in every if value in map(plain, row[2:])]
    standing = [code for code, until in rows if until is None]
    return next(iter(standing or [code for code, _until in rows]), None)
