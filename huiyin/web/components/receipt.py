"""Receipt: what a citizen takes home, with a number, a code, a deadline and what happens next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True)
class Receipt:
    """`follow_url` is the absolute address that the QR code opens; it carries the number, never the code.

    `next_steps` are pairs (what, explanation); `due` is the citizen's own deadline, `basis` its legal ground.
    """

    number: str
    code: str
    follow_url: str
    handed_in: datetime
    title: str = ""
    due: datetime | None = None
    basis: str = ""
    holder: str = ""
    next_steps: Sequence[tuple[Any, Any]] = ()
    signature: str = ""  # the head of the ledger event's hash, so that the receipt can be checked later


def qr(text: str) -> SafeString:
    """An address as a QR code in inline SVG (ISO/IEC 18004, error correction M)."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        border=1, omitsize=True, lineclass=None, svgclass=None
    )
    return mark_safe(drawn)  # noqa: S308 - segno draws modules, the text is not part of the markup
