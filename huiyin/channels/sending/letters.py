"""What goes out, and what a way out must be able to say of it."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """A message in the clear; `key` is its own for ever, so that the other side can tell a repetition."""

    to: str
    text: str
    key: str
    subject: str = ""


class NotTaken(Exception):
    """The other side has certainly not taken the letter; `permanent` when trying again is of no use."""

    def __init__(self, why: str, *, permanent: bool) -> None:
        super().__init__(why)
        self.permanent = permanent


class WayOut(Protocol):
    """Delivers letters. Whatever it raises but `NotTaken` means: nobody knows whether the letter was taken.

    `knows_keys` says that a letter delivered twice with one key arrives once, so that an uncertain one may go again.
    """

    knows_keys: bool

    def deliver(self, letter: Letter) -> str:
        """Hand the letter over; what the other side calls it, "" if nothing."""
        ...
