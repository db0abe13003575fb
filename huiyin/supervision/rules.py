"""The place's rules of supervision, as profile.toml has them: what a mark raises, the limits, the clauses of fault."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from huiyin.kernel.folders import about_of
from huiyin.organisation.place import profile_folder
from huiyin.supervision.marks import OF_MATTERS

# Marks that say of one case that whoever has it should act (`cases.oversight`, `supervision.marks`).
RAISING = (
    "late", "yellow", "redone", "hopping", "owed", "awaited", "instructed", "asked", "whistle", *OF_MATTERS,
)  # fmt: skip


@dataclass(frozen=True)
class ReminderRule:
    """A case with this mark is reminded of once a round, in these words, to be acted on within so many working days.

    `basis` is what the rule rests on, as the profile says.
    """

    mark: str
    days: int
    words: str
    basis: str = ""


def reminder_rules() -> list[ReminderRule]:
    """The rules `[[reminder]]`, in the profile's order; none where nobody is to be reminded by a machine.

    What cannot be meant (an unknown mark, no words) is passed over here; `huiyin profile check` says so.
    """
    rows = _rows("reminder")
    rules = [
        ReminderRule(
            str(row.get("mark", "")),
            row.get("days", 1),
            str(row.get("words", "")).strip(),
            str(row.get("basis", "")),
        )
        for row in rows
    ]
    return [
        rule for rule in rules if rule.mark in RAISING and rule.words and type(rule.days) is int and rule.days
    ]


# -- from the supervision order upward -----------------------------------------------------------------------
KINDS = ("order", "listing", "talk", "circular", "advice", "charge", "fault")
# What a rule may propose about a case: a circular and a charge are nobody's but a person's idea.
PROPOSED = ("order", "listing", "talk", "advice")
DAYS = {"order": 5, "listing": 30, "talk": 5, "advice": 15, "charge": 60, "fault": 10}


@dataclass(frozen=True)
class RungRule:
    """How many working days a rung of this kind leaves: those proposed, the most, and what both rest on."""

    kind: str
    days: int
    most: int
    basis: str = ""


@dataclass(frozen=True)
class ProposalRule:
    """A case with this mark (`supervision.marks`) has this rung proposed once a round, in these words."""

    mark: str
    kind: str
    words: str


@dataclass(frozen=True)
class Clause:
    """A fault as the place's rules name it, with the article, from one day to another."""

    code: str
    text: str
    basis: str
    since: date | None = None
    until: date | None = None

    def __str__(self) -> str:
        return f"{self.text}（{self.basis}）"


def rung_rule(kind: str) -> RungRule:
    """The rule `[[rung]]` of this kind; where the profile has none, days of the program's own without a basis."""
    row = next((each for each in _rows("rung") if each.get("kind") == kind), {})
    days = _days(row.get("days"), DAYS.get(kind, 5))
    most = max(days, _days(row.get("most"), days))
    return RungRule(kind, days, most, str(row.get("basis", "")))


def proposal_rules() -> list[ProposalRule]:
    """The rules `[[proposal]]`, in the profile's order; what cannot be meant is passed over, as for reminders."""
    rules = [
        ProposalRule(str(row.get("mark", "")), str(row.get("kind", "")), str(row.get("words", "")).strip())
        for row in _rows("proposal")
    ]
    return [rule for rule in rules if rule.kind in PROPOSED and rule.words]


def clauses(on: date) -> list[Clause]:
    """The faults `[[fault]]` that the place's rules know on a day, in the profile's order."""
    found = [
        Clause(str(row.get("code", "")), str(row.get("text", "")), str(row.get("basis", "")),
               _day(row.get("since")), _day(row.get("until")))
        for row in _rows("fault")
    ]  # fmt: skip
    return [
        each for each in found if each.code and each.text and (each.since or on) <= on <= (each.until or on)
    ]


def citizens_are_told() -> bool:
    """Whether the petitioner reads that the matter is supervised from above: `[supervision] tell_citizen`."""
    told = about_of(profile_folder(settings.HUIYIN_PROFILE)).get("supervision", {})
    return isinstance(told, dict) and told.get("tell_citizen") is True


def _rows(name: str) -> list[dict[str, Any]]:
    """The tables of this name in profile.toml."""
    rows = about_of(profile_folder(settings.HUIYIN_PROFILE)).get(name, [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _days(value: Any, otherwise: int) -> int:
    return value if type(value) is int and value > 0 else otherwise


def _day(value: Any) -> date | None:
    return value if type(value) is date else None
