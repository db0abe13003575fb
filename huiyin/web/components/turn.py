"""Whose turn: who holds a matter now, and since when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

HOLDERS = ("unit", "person", "citizen", "over")


@dataclass(frozen=True)
class Turn:
    """`holder` is unit, person, citizen or over; `you` is true when the reader is the holder.

    `name` is a unit or a post, never a petitioner's name; `note` says in a few words what is awaited.
    """

    name: str
    holder: str = "unit"
    since: datetime | None = None
    you: bool = False
    note: Any = ""

    @property
    def face(self) -> str:
        """The character on the crest: the first one of the name that tells units apart."""
        told = self.name.lstrip("市县区镇乡街道省州")
        return (told or self.name)[:1].upper()
