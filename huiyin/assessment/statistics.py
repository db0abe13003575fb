"""The arithmetic of a fair comparison: shares with intervals, composites, shrinkage, funnels, bands; no Django.

A share is a mean of values between 0 and 1. Where these are not only 0 and 1 (基本满意 counts k, a composite is a
weighted sum), the interval for a share is still right, only wider than need be: of all values between 0 and 1 with
the mean m, those that are 0 or 1 vary most, by m (1 − m).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf, sqrt
from statistics import NormalDist

from huiyin.analytics.intervals import wilson

USUAL, STRICT = 0.95, 0.998  # the two limits of a funnel plot (Spiegelhalter 2005); 0.998 is about three σ
FEWEST_COMPARED = 3  # two units that are compared only say which is the other
FEWEST_SPREAD = 10  # with fewer nobody is outermost, and one bad unit would widen the limits for itself
WINSORISED = 0.1  # of the units on each side, when it is asked how far they vary beyond chance


class Band(StrEnum):
    """Where a unit lies, as far as its number of cases allows to say."""

    CLEARLY_ABOVE = "clearly_above"
    ABOVE = "above"
    WITHIN = "within"
    BELOW = "below"
    CLEARLY_BELOW = "clearly_below"
    TOO_FEW = "too_few"  # cases of its own
    FEW_PEERS = "few_peers"  # units of its kind with cases enough


UNCOMPARED = frozenset({Band.TOO_FEW, Band.FEW_PEERS})


@dataclass(frozen=True)
class Share:
    """A mean of `n` values between 0 and 1 that add up to `good` (a count, or a sum of parts)."""

    good: float
    n: int

    def __post_init__(self) -> None:
        if self.n < 0 or not -1e-9 <= self.good <= self.n + 1e-9:
            raise ValueError(f"{self.good} of {self.n} is no share")

    @property
    def rate(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.good / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval by Wilson; None of nothing."""
        return wilson(self.good, self.n) if self.n else None


@dataclass(frozen=True)
class Prior:
    """What is known of a unit before it is looked at: shares spread as Beta(p·m, (1 − p)·m) around `mean` p.

    `strength` m is how many cases that knowledge weighs as much as; infinite where units differ by chance alone.
    """

    mean: float
    strength: float


@dataclass(frozen=True)
class Limits:
    """Both funnels at one size: by chance one in twenty lies outside `usual`, one in 500 outside `strict`."""

    usual: tuple[float, float]
    strict: tuple[float, float]


def z_of(confidence: float) -> float:
    """The two-sided quantile of the normal distribution: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def satisfied(*, content: int, fairly: int, n: int, k: float) -> Share:
    """满意率: satisfied ones and k of the fairly satisfied (基本满意), of all that were asked."""
    return Share(content + k * fairly, n)


def composite(shares: Mapping[str, Share], weights: Mapping[str, float]) -> Share:
    """The weighted mean of shares of the same `n`; weights need not add up to 1 or 100.

    Each case then has a score between 0 and 1, so that this is a share too. Raises ValueError where the shares
    stand for different numbers of cases: such a sum would have no denominator and no interval.
    """
    total = sum(weights.values())
    sizes = {shares[name].n for name, weight in weights.items() if weight}
    if total <= 0 or min(weights.values()) < 0 or len(sizes) != 1:
        raise ValueError("a composite needs weights from 0 and shares of the same cases")
    good = sum(weight * shares[name].good for name, weight in weights.items() if weight) / total
    return Share(good, sizes.pop())


def pooled(shares: Sequence[Share]) -> Share:
    """All cases of all units in one."""
    return Share(sum(each.good for each in shares), sum(each.n for each in shares))


def prior_of(shares: Sequence[Share]) -> Prior:
    """How far units differ beyond chance, from their shares, by moments with weights n.

    Source: Kleinman 1973, J. Am. Stat. Assoc. 68, 46–54 (beta-binomial). Units without cases say nothing.
    """
    known = [each for each in shares if each.n]
    whole = pooled(known)
    if not whole.n:
        raise ValueError("no cases, no prior")
    mean = whole.good / whole.n
    spread = sum(each.n * (each.good / each.n - mean) ** 2 for each in known)
    by_chance = sum(1 - each.n / whole.n for each in known)
    by_unit = sum(each.n * (1 - each.n / whole.n) for each in known)
    pq = mean * (1 - mean)
    if pq <= 0 or by_unit <= by_chance:
        return Prior(mean, inf)
    likeness = (spread - pq * by_chance) / (pq * (by_unit - by_chance))
    if likeness <= 0:
        return Prior(mean, inf)
    return Prior(mean, max(0.0, 1 / min(likeness, 1.0) - 1))


def shrunk(share: Share, prior: Prior) -> float:
    """A unit's share drawn towards all units', the more the fewer cases it has (empirical Bayes).

    The mean of Beta(good + p·m, n − good + (1 − p)·m). Source: Efron & Morris 1975, J. Am. Stat. Assoc. 70, 311–319.
    """
    if prior.strength == inf:
        return prior.mean
    weight = share.n + prior.strength
    return (share.good + prior.mean * prior.strength) / weight if weight else prior.mean


def funnel(centre: float, n: int, *, spread: float = 1.0) -> Limits:
    """Between which shares a unit of `n` cases lies by chance, if it is like all others.

    Source: Spiegelhalter 2005, Statistics in Medicine 24, 1185–1202, with the normal approximation.
    """
    if n < 1:
        raise ValueError("a funnel needs cases")
    error = sqrt(max(0.0, centre * (1 - centre)) * spread / n)
    usual, strict = (z_of(confidence) * error for confidence in (USUAL, STRICT))
    return Limits(_cut(centre - usual, centre + usual), _cut(centre - strict, centre + strict))


def spread_of(shares: Sequence[Share], centres: Sequence[float]) -> float:
    """How many times the variance of chance units vary around what is expected of each; at least 1.

    The mean square of their z-scores, the outermost tenth on each side drawn in, so that a few bad units do not
    excuse themselves; 1 unless it is beyond what chance gives. Source: Spiegelhalter 2005, as above.
    """
    scores = sorted(
        (each.good / each.n - centre) / sqrt(centre * (1 - centre) / each.n)
        for each, centre in zip(shares, centres, strict=True)
        if each.n and 0 < centre < 1
    )
    if len(scores) < FEWEST_SPREAD:
        return 1.0
    cut = int(WINSORISED * len(scores))
    low, high = scores[cut], scores[-1 - cut]
    phi = sum(min(max(score, low), high) ** 2 for score in scores) / len(scores)
    return phi if phi > 1 + 2 * sqrt(2 / len(scores)) else 1.0


def band(share: Share, centre: float, *, fewest: int, spread: float = 1.0) -> Band:
    """Where a unit lies: outside only where its own interval leaves out what is expected of it.

    This and the funnel are one test seen from two sides. A unit of fewer than `fewest` cases is not compared.
    """
    if share.n < max(1, fewest):
        return Band.TOO_FEW
    for confidence, above, below in (
        (STRICT, Band.CLEARLY_ABOVE, Band.CLEARLY_BELOW),
        (USUAL, Band.ABOVE, Band.BELOW),
    ):
        low, high = wilson(share.good, share.n, z=z_of(confidence), spread=spread)
        if low > centre + 1e-12:
            return above
        if high < centre - 1e-12:
            return below
    return Band.WITHIN


def expected(sizes: Mapping[str, int], standard: Mapping[str, float]) -> float | None:
    """The share that all units together would reach on a unit's own mix of categories; None without cases.

    `sizes` counts the unit's cases by category, `standard` is the share of all units in each. Indirect
    standardisation: Breslow & Day 1987, Statistical Methods in Cancer Research II, chapter 2.
    """
    n = sum(sizes.values())
    return sum(size * standard[category] for category, size in sizes.items()) / n if n else None


def adjusted(share: Share, own: float, whole: float) -> float | None:
    """A unit's share as it would be on everybody's mix: observed to expected, times the share of all; at most 1.

    None where nothing is observed or expected.
    """
    return min(1.0, share.good / share.n / own * whole) if share.n and own > 0 else None


def _cut(low: float, high: float) -> tuple[float, float]:
    return max(0.0, low), min(1.0, high)
