"""Units to which the duty list would give a case, each with a key that gives it to them at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from huiyin.cases import choices
from huiyin.cases.queries import CasePage

MOST = 3  # as many as have a key: 1, 2, 3


@dataclass(frozen=True)
class Suggestion:
    """A unit whose duty list names the category of the case; sending `lead` to `url` dispatches it there."""

    key: str
    unit: str
    lead: str
    url: str
    category: str
    basis: str


def suggestions(page: CasePage, acts: Sequence[Mapping[str, Any]]) -> list[Suggestion]:
    """The units that come first, where the reader can dispatch the case now."""
    url = next((act["url"] for act in acts if act["name"] == "dispatch"), "")
    if not url:
        return []
    lines = choices.likely_lines(page.case)[:MOST]
    category = str(page.case.category)
    return [
        Suggestion(str(place), str(line.unit), str(line.unit_id), url, category, line.basis)
        for place, line in enumerate(lines, start=1)
    ]
