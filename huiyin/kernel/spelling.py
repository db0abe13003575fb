"""Names as people write them: padded, dotted, in wide letters."""

import re
import unicodedata

_HAN = re.compile(r"[\u3400-\u9fff]")
# What stands within a name: 王　强, 阿·里, and marks that nobody sees. No stop or comma: there the next sentence begins.
_WITHIN = re.compile(r"[^\S\n]+|[·•・‧.\-_\u200b-\u200f\u2060\ufeff]+")


def drawn_together(text: str) -> str:
    """The text in one width and case, without what people put between the letters of a name."""
    return _WITHIN.sub("", unicodedata.normalize("NFKC", text)).casefold()


def is_chinese(name: str) -> bool:
    """Whether a name has Chinese letters, so that it ends where it ends, with no space around it."""
    return _HAN.search(name) is not None


class Read:
    """A text in which names are looked for, however they are spelled in it."""

    def __init__(self, text: str) -> None:
        self._plain = unicodedata.normalize("NFKC", text).casefold()
        self._together = drawn_together(text)

    def names(self, name: str) -> bool:
        """Whether a full name of two letters or more stands in it: a Chinese one anywhere, others as words."""
        sought = drawn_together(name)
        if len(sought) < 2:
            return False
        if is_chinese(sought):
            return sought in self._together
        plain = unicodedata.normalize("NFKC", name).casefold()
        # Not \b: a Chinese letter beside a Latin name is no part of it.
        return (
            re.search(rf"(?<![^\W_\u3400-\u9fff]){re.escape(plain)}(?![^\W_\u3400-\u9fff])", self._plain)
            is not None
        )
