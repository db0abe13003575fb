"""The place's rules of supervision, as profile.toml has them: which mark raises a reminder, in which words."""

from dataclasses import dataclass

from django.conf import settings

from huiyin.kernel.folders import about_of
from huiyin.organisation.place import profile_folder

# Marks that say of one case that whoever has it should act (`cases.oversight`).
RAISING = ("late", "yellow", "redone", "hopping", "owed", "awaited", "instructed", "asked", "whistle")


@dataclass(frozen=True)
class ReminderRule:
    """A case with this mark is reminded of once a round, in these words, to be acted on within so many working days."""

    mark: str
    days: int
    words: str


def reminder_rules() -> list[ReminderRule]:
    """The rules `[[reminder]]`, in the profile's order; none where nobody is to be reminded by a machine.

    What cannot be meant (an unknown mark, no words) is passed over here; `huiyin profile check` says so.
    """
    rows = about_of(profile_folder(settings.HUIYIN_PROFILE)).get("reminder", [])
    rules = [
        ReminderRule(str(row.get("mark", "")), row.get("days", 1), str(row.get("words", "")).strip())
        for row in rows
    ]
    return [
        rule for rule in rules if rule.mark in RAISING and rule.words and type(rule.days) is int and rule.days
    ]
