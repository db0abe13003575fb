"""Permits: whoever opens something sealed says who they are and what for."""

from dataclasses import dataclass
from enum import StrEnum


class Purpose(StrEnum):
    """What a sealed text may be opened for. A purpose not listed here is no purpose."""

    OWN = "own"  # the person whom it is about reads it
    REDACT = "redact"  # a clerk makes the text that handlers will see
    READ_ORIGINAL = "read_original"  # somebody reads the original, with a reason, on the record
    WORK = "work"  # colleagues read what the office itself wrote: answers, notes, reasons
    CONTACT = "contact"  # a call or visit to the petitioner, on the record
    NOTICE = "notice"  # the programme sends a notice or a receipt
    MATCH = "match"  # the programme looks for the same person or matter
    EXPORT = "export"  # a lawful copy for the person or for a supervising body
    VERIFY = "verify"  # the ledger checks a commitment
    RESEAL = "reseal"  # rotation of keys


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to open sealed texts: the ledger name of the holder, and a `Purpose`.

    Raises ValueError for an empty holder or an unknown purpose. A permit records nothing by itself:
    the act that makes one writes the event.
    """

    holder: str
    purpose: str

    def __post_init__(self) -> None:
        if not self.holder:
            raise ValueError("a permit names its holder")
        Purpose(self.purpose)
