"""Intervals of shares: how far a figure may lie from what would be seen of more cases."""

from math import sqrt

Z95 = 1.959963984540054  # two-sided 95 % quantile of the normal distribution


def wilson(good: float, n: int, *, z: float = Z95, spread: float = 1.0) -> tuple[float, float]:
    """The score interval of a share, by default at 95 %: honest for small n and near 0 and 1, unlike ±2 σ.

    `spread` widens its variance. Raises ValueError for n = 0. Source: Wilson 1927, J. Am. Stat. Assoc. 22, 209–212.
    """
    if n < 1:
        raise ValueError("a share of nothing has no interval")
    share, z2 = good / n, z**2 * spread
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = sqrt(z2) / (1 + z2 / n) * sqrt(max(0.0, share * (1 - share)) / n + z2 / (4 * n**2))
    # Rounding must not leave out the share itself where it is 0 or 1.
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))
