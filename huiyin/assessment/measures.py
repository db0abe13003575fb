"""How each measure is counted, in words, and which way is better: every page and file says the same."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.assessment.models import Measure

# Counted from what people said at a call-back: told only in groups, of periods that are over.
RATED = (Measure.COMPOSITE, Measure.CONTACTED, Measure.SOLVED, Measure.SATISFIED, Measure.FIRST_TIME)
LOW_IS_GOOD = frozenset({Measure.RETURNED, Measure.REDONE, Measure.REPEATED})

MEASURES: Mapping[str, Any] = {str(value): label for value, label in Measure.choices}
DEFINITIONS: Mapping[str, Any] = {
    Measure.COMPOSITE: _("响应率、解决率、满意率按规则里的权重加权平均。"),
    Measure.CONTACTED: _("这一期收到的有效评价里，诉求人说单位联系过自己的，除以全部有效评价。"),
    Measure.SOLVED: _("这一期收到的有效评价里，诉求人说已经解决的，除以全部有效评价。部分解决不算解决。"),
    Measure.SATISFIED: _("这一期收到的有效评价里，满意和非常满意的件数，加上基本满意的件数乘以规则里的折算数，除以全部有效评价。"),
    Measure.FIRST_TIME: _("这一期收到的有效评价里，第一轮办理就说已经解决的，除以全部有效评价。"),
    Measure.ON_TIME: _("期限落在这一期的主办工单里，在期限内答复的，除以已经答复和已经超期的。改派、撤销的工单不算。"),
    Measure.SIGNED: _("这一期派出的主办工单里，在提出异议的时限以内签收的，除以已经签收和时限已过的。"),
    Measure.RETURNED: _("这一期派出的主办工单里，单位提出异议的，除以全部派出的。越低越好。"),
    Measure.REDONE: _("这一期作出的答复里，后来被审核退回、或者诉求人说没有解决而重办的，除以全部答复。越低越好。"),
    Measure.REPEATED: _("这一期作出的答复里，后来同一件事又重启的，除以全部答复。越低越好。"),
}  # fmt: skip


def better_high(measure: str) -> bool:
    """Whether more is better."""
    return measure not in LOW_IS_GOOD


def met(measure: str, rate: float, percent: float) -> bool:
    """Whether a rate reaches a target in per cent: at least it, or at most where low is good."""
    return 100 * rate >= percent - 1e-9 if better_high(measure) else 100 * rate <= percent + 1e-9
