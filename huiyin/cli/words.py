"""The command line's words before Django stands: the same catalogues, read without it."""

import gettext
import os
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[2] / "locale"


def language() -> str:
    """The tongue of this terminal: en where HUIYIN_LANGUAGE or the locale says English, else zh-hans."""
    for name in ("HUIYIN_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name, ""):
            return "en" if value.lower().startswith("en") else "zh-hans"
    return "zh-hans"


@cache
def catalogue(tongue: str) -> gettext.NullTranslations:
    """The compiled catalogue of a tongue; an empty one for Chinese, the source."""
    return gettext.translation("django", LOCALE, languages=[tongue], fallback=True)


def _(sentence: str) -> str:
    """The sentence in the terminal's tongue."""
    return catalogue(language()).gettext(sentence)
