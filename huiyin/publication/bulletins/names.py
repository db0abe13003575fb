"""The names that may stand in braces in a bulletin's text: figures, facts, tables, charts; Chinese or the code's."""

from collections.abc import Mapping
from functools import cache

from django.utils import translation

from huiyin.analytics.catalogue import FIGURES

FACTS: Mapping[str, str] = {
    "地方": "place", "本期": "period", "上期": "before", "单位": "unit", "截至": "as_of", "范围": "scope",
    "刊名": "series",
}  # fmt: skip
WAYS: Mapping[str, str] = {
    "上期": "before",
    "变化": "change",
}  # of a figure: the period before; the difference
BLOCKS: Mapping[str, str] = {
    "表": "table", "图": "chart", "口径": "definitions", "公开事例": "matters", "二维码": "code", "选取的诉求": "cases",
}  # fmt: skip
CUTS: Mapping[str, str] = {
    "类别": "category:top", "性质": "nature", "单位": "unit", "街道": "region", "渠道": "channel",
    "日": "day", "月份": "month",
}  # fmt: skip
OVER_TIME = ("day", "month")
COLUMNS = (
    "received",
    "people",
    "answered",
    "median_days",
    "mean_days",
)  # of every table; no ratings (see `binding`)


@cache
def figure_names() -> Mapping[str, str]:
    """The name of each figure by its Chinese title and by itself."""
    with translation.override("zh-hans"):
        titles = {str(figure.title): name for name, figure in FIGURES.items()}
    return {**titles, **{name: name for name in FIGURES}}


def known(table: Mapping[str, str], word: str) -> str:
    """The code's word for a word in either tongue; "" for an unknown one."""
    return table.get(word, word if word in table.values() else "")
