"""Refused: not now, or not so, in a sentence for the person who asked."""

from typing import Any


class Refused(Exception):
    """An act that cannot happen now, or not in this way.

    `str(refusal)` is the sentence to show; `instead` says what is possible instead, and may be empty;
    `code` is a stable word for programs. Sentences may be lazy translations: they are turned into the
    reader's language when shown. Who may not act at all meets `PermissionDenied`, not this.
    """

    def __init__(self, sentence: Any, *, code: str = "refused", instead: Any = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self._instead = instead

    @property
    def instead(self) -> str:
        """What the reader can do instead; empty when there is nothing."""
        return str(self._instead)

    def __str__(self) -> str:
        return str(self.sentence)
