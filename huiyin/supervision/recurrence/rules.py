"""After how many days, and how many of what was closed, are drawn: the place's rules `[[recheck]]`."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from huiyin.kernel.folders import about_of
from huiyin.organisation.place import profile_folder

RULE = "sha256(seed:number), lowest first"  # how a draw goes; stands with each draw in the ledger


@dataclass(frozen=True)
class RecheckRule:
    """So many days after closing, this share (per cent) of a day's closed cases is asked, and `least` at the least."""

    days: int
    share: int
    least: int = 1
    until: int = 14  # days in which one may answer


def recheck_rules() -> list[RecheckRule]:
    """The rules `[[recheck]]`, in the profile's order; none where nobody is asked.

    What cannot be meant is passed over here; `huiyin profile check` says so.
    """
    rows = about_of(profile_folder(settings.HUIYIN_PROFILE)).get("recheck", [])
    return [rule for rule in map(rule_of, rows) if rule is not None]


def rule_of(row: dict[str, Any]) -> RecheckRule | None:
    """A row of the profile as a rule; None when it cannot be meant."""
    days, share, least, until = (row.get(name, usual) for name, usual in USUAL.items())
    whole = all(type(number) is int for number in (days, share, least, until))
    if not whole or not (1 <= days <= 730 and 1 <= share <= 100 and 0 <= least <= 1000 and 1 <= until <= 90):
        return None
    return RecheckRule(days, share, least, until)


USUAL = {"days": 0, "share": 0, "least": 1, "until": 14}
