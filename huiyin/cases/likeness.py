"""Whether two short texts speak of the same thing: by the pairs of letters that they share, rare ones counting more."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

Row = TypeVar("Row")
ENOUGH = 2  # a pair that few of the compared texts have counts two, any other one
FEW = 0.05  # of the compared texts, and at least three of them
_RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]{2,}")
# Pairs that nearly every matter has, and that say nothing of what it is about.
COMMON = frozenset(
    [
        "没有",
        "一个",
        "我们",
        "你们",
        "他们",
        "希望",
        "问题",
        "这个",
        "那个",
        "不能",
        "小区",
        "社区",
        "街道",
        "已经",
        "一直",
        "请求",
        "解决",
        "反映",
        "有人",
        "没人",
        "人管",
        "请问",
        "什么",
        "多次",
        "影响",
        "严重",
        "附近",
        "时候",
        "可以",
        "能不",
        "不能",
        "怎么",
        "建议",
        "政府",
        "部门",
        "领导",
        "现在",
        "今天",
        "昨天",
        "每天",
        "晚上",
        "早上",
        "凌晨",
        "白天",
        "一天",
        "两天",
        "三天",
        "几天",
        "天了",
        "好几",
        "个月",
        "半年",
        "年了",
        "村里",
        "路上",
        "楼下",
        "楼上",
        "家里",
        "门口",
        "旁边",
        "地方",
        "情况",
        "事情",
        "感谢",
        "谢谢",
        "您好",
        "你好",
    ]
)


def pairs(text: str) -> frozenset[str]:
    """Every two neighbouring Chinese characters, and every Latin word, but for those that say nothing."""
    found: set[str] = set()
    for run in _RUNS.findall(text.lower()):
        found.update([run] if run.isascii() else (run[at : at + 2] for at in range(len(run) - 1)))
    return frozenset(found - COMMON)


def likest(text: str, rows: Sequence[Row], title: Callable[[Row], str], *, most: int) -> list[Row]:
    """The rows whose title shares most with the text, the likest first; of equals, the first of them."""
    asked = pairs(text)
    shared = [asked & pairs(title(row)) for row in rows]
    spread = Counter(pair for found in shared for pair in found)
    rare = {pair for pair, n in spread.items() if n <= max(3, FEW * len(rows))}
    scored = [
        (sum(2 if pair in rare else 1 for pair in found), row)
        for found, row in zip(shared, rows, strict=True)
    ]
    scored = [each for each in scored if each[0] >= ENOUGH]
    scored.sort(key=lambda each: -each[0])
    return [row for _score, row in scored[:most]]
