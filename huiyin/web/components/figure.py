"""Figure: a number with its unit, its n, its interval, its trend and its definition."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A figure ready to be read: numbers are already formatted strings.

    `n` is what it was counted from (“1,883 / 1,945”), `low` and `high` the 95 % interval. `direction` is up, down
    or same, `trend` whether that is better, worse or neither (same), with `trend_text` in words. `definition` says
    how it is computed, `table` is the address of the table behind it.
    """

    label: Any
    value: str
    unit: Any = ""
    n: str = ""
    low: str = ""
    high: str = ""
    direction: str = ""
    trend: str = "same"
    trend_text: Any = ""
    definition: Any = ""
    table: str = ""
