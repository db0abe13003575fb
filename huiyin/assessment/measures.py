"""How each measure is counted, in words, and which way is better: every page and file says the same."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.analytics.dated import EVERY
from huiyin.assessment.models import Measure
from huiyin.assessment.source import FIGURE_OF
from huiyin.assessment.statistics import Band

# Counted from what people said at a call-back: told only in groups, of periods that are over.
RATED = (Measure.COMPOSITE, Measure.CONTACTED, Measure.SOLVED, Measure.SATISFIED, Measure.FIRST_TIME)
LOW_IS_GOOD = frozenset({Measure.RETURNED, Measure.REDONE, Measure.REPEATED})

MEASURES: Mapping[str, Any] = {str(value): label for value, label in Measure.choices}
DEFINITIONS: Mapping[str, Any] = {
    Measure.COMPOSITE: _("响应率、解决率、满意率按规则里的权重加权平均。"),
    **{measure: EVERY[name].definition for measure, name in FIGURE_OF.items()},
    Measure.SATISFIED: _("这一期收到的有效评价里，满意和非常满意的件数，加上基本满意的件数乘以规则里的折算数，除以全部有效评价。"),
}  # fmt: skip

BANDS = {
    Band.CLEARLY_ABOVE: _("明显高于同类"),
    Band.ABOVE: _("高于同类，可能碰巧"),
    Band.WITHIN: _("和同类相当"),
    Band.BELOW: _("低于同类，可能碰巧"),
    Band.CLEARLY_BELOW: _("明显低于同类"),
    Band.TOO_FEW: _("件数太少，不比"),
    Band.FEW_PEERS: _("同类单位太少，不比"),
}


def better_high(measure: str) -> bool:
    """Whether more is better."""
    return measure not in LOW_IS_GOOD


def met(measure: str, rate: float, percent: float) -> bool:
    """Whether a rate reaches a target in per cent: at least it, or at most where low is good."""
    return 100 * rate >= percent - 1e-9 if better_high(measure) else 100 * rate <= percent + 1e-9
