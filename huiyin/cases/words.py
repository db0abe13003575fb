"""Checks on what people type: present, short enough, no characters that cannot be read."""

import hashlib
import re
import unicodedata

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from huiyin.kernel.refusals import Refused

LONGEST_TEXT = 100_000
LONGEST_REASON = 2_000
# Control characters, lone surrogates and marks that turn the reading direction: they hide or forge text.
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def clean(text: str) -> str:
    """The text as people read it: normalised (NFC), line ends unified, unreadable characters dropped."""
    return _UNREADABLE.sub(
        "", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    ).strip()


def required(text: str, what: str | Promise, *, most: int = LONGEST_REASON) -> str:
    """The cleaned text, or a refusal that names the field and says what to do."""
    words = clean(text)
    if not any(
        unicodedata.category(letter)[0] in "LNPS" for letter in words
    ):  # spaces of no width are no words
        raise Refused(_("请填写%(what)s。") % {"what": what}, code="missing")
    return _short_enough(words, what, most)


def optional(text: str, what: str | Promise, *, most: int = LONGEST_REASON) -> str:
    """The cleaned text, which may be empty."""
    return _short_enough(clean(text), what, most)


def _short_enough(words: str, what: str | Promise, most: int) -> str:
    if len(words) > most:
        raise Refused(
            _("%(what)s有 %(length)d 个字，最多 %(most)d 个字。请缩短，或分成几件提交；您写的内容还在。")
            % {"what": what, "length": len(words), "most": most},
            code="too_long",
        )
    return words


def digest(text: str) -> str:
    """SHA-256 of a text, hex: what an event commits to (salted) instead of repeating the text."""
    return hashlib.sha256(text.encode()).hexdigest()
