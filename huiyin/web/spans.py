"""What is told of a block of ratings, in words: a number, at least, at most, or from and to."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from huiyin.evaluation.spans import Span


def share(span: Span, n: int) -> str:
    """How many of `n` in hundredths: "80%", "至少 70%", "至多 30%"; rounded so that it stays true."""
    return _said(span, Span(0, n), lambda count: f"{count * 100 // n}%", lambda count: f"{-(-count * 100 // n)}%",
                 exact=f"{100 * span.low / n:.0f}%")  # fmt: skip


def mean(span: Span, n: int) -> str:
    """The mean of `n` grades whose sum is told: "4.80", "至少 4.00"; rounded so that it stays true."""
    return _said(span, Span(n, 5 * n), lambda total: _hundredths(total * 100 // n),
                 lambda total: _hundredths(-(-total * 100 // n)), exact=f"{span.low / n:.2f}")  # fmt: skip


def _hundredths(number: int) -> str:
    return f"{number / 100:.2f}"


def _said(
    span: Span, possible: Span, down: Callable[[int], str], up: Callable[[int], str], *, exact: str
) -> str:
    if span.exact:
        return exact
    if span == possible:
        return _("说不准")
    if span.high == possible.high:
        return _("至少 %(figure)s") % {"figure": down(span.low)}
    if span.low == possible.low:
        return _("至多 %(figure)s") % {"figure": up(span.high)}
    return _("%(low)s 到 %(high)s") % {"low": down(span.low), "high": up(span.high)}
