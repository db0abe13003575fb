"""The place's rules of calling back, as profile.toml has them: whom, how many by lot, how often, in which words."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.folders import about_of
from huiyin.organisation.models import named
from huiyin.organisation.place import profile_folder

SCRIPT = """您好，这里是{office}的回访员。您反映的“{title}”（编号 {number}），办理单位已经答复。
想用两分钟听您说三件事：办事的人联系过您没有？问题解决没有？您满意不满意？
您怎么说我就怎么记。办理单位只会知道“解决没有”，看不到您的打分和您说的话。"""

# Whom a place can have called without drawing lots, by the code in its profile.
NAMED: Mapping[str, Any] = {
    "unsatisfied": _("自己评了没解决或不满意"),
    "urgent": _("紧急、特急"),
    "redone": _("第二轮以后"),
    "late": _("超过期限才答复"),
    "hopping": _("换过承办单位"),
    "group": _("几个人一起反映"),
    "brought": _("由别人转达"),
    "explained": _("只作了解释，或没有支持"),
    "category": _("指定的类别"),
}
# It names somebody after they have rated, and so no count of whom the rules name may have it: it would tell the grade.
ASK_WHY = "unsatisfied"


@dataclass(frozen=True)
class CallBackRules:
    """`[call_back]` of profile.toml.

    `share`: how many in a hundred are called by lot; `always`: whom besides (codes of `NAMED`); `categories`: codes
    whose matters are always called; `tries`: after how many a call-back is invalid 无效回访; `days`: how long one
    waits to be made; `wait_hours`: how long the party is left to rate by themselves first; `gap_hours`: between two
    tries; `claim_minutes`: how long somebody of the desk has a person to themselves; `contest_days`: for
    how many days after a rating its unit may contest it; `script`: what is read out.
    """

    share: float = 10
    always: tuple[str, ...] = ("unsatisfied", "redone", "late", "brought")
    categories: tuple[str, ...] = ()
    tries: int = 3
    days: int = 10
    wait_hours: int = 24
    gap_hours: int = 3
    claim_minutes: int = 30
    contest_days: int = 5
    script: str = SCRIPT
    script_en: str = ""

    @property
    def thousandth(self) -> int:
        """The share, in a thousand."""
        return round(self.share * 10)

    def read_out(self, **values: str) -> str:
        """The script in the reader's language, with these words where it has room for them."""
        text = named(self.script, self.script_en)
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", value)
        return text.strip()


def call_back_rules() -> CallBackRules:
    """The rules of this place; what it does not set, or sets beyond reason, is as the program comes."""
    row = about_of(profile_folder(settings.HUIYIN_PROFILE)).get("call_back", {})
    return rules_of(row if isinstance(row, dict) else {})


def rules_of(row: Mapping[str, Any]) -> CallBackRules:
    """The rules in such a part of a profile, without what `faults_of` finds wrong."""
    wrong = set(faults_of(row))
    known = {field.name for field in fields(CallBackRules)}
    good = {name: value for name, value in row.items() if name in known and name not in wrong}
    lists = {name: tuple(good[name]) for name in ("always", "categories") if name in good}
    return CallBackRules(**{**good, **lists})


def faults_of(row: Mapping[str, Any]) -> list[str]:
    """The names of the settings that cannot be meant."""
    return [name for name, value in row.items() if name not in MEANT or not MEANT[name](value)]


def _whole(least: int, most: int) -> Any:
    return lambda value: type(value) is int and least <= value <= most


def _codes(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


MEANT: Mapping[str, Any] = {
    "share": lambda value: type(value) in (int, float) and 0 <= value <= 100,
    "always": lambda value: _codes(value) and set(value) <= set(NAMED) - {"category"},
    "categories": _codes,
    "tries": _whole(1, 9),
    "days": _whole(1, 60),
    "wait_hours": _whole(0, 240),
    "gap_hours": _whole(0, 72),
    "claim_minutes": _whole(5, 240),
    "contest_days": _whole(1, 60),
    "script": _text,
    "script_en": _text,
}


@dataclass(frozen=True)
class Ground:
    """A ground on which a unit may contest a call-back: what was wrong, the unit (`unit`) or the person (`person`)."""

    code: str
    text: str
    basis: str
    about: str
    since: date | None = None
    until: date | None = None

    @property
    def faulty(self) -> bool:
        """Whether it cannot be meant."""
        words = all(isinstance(each, str) and each.strip() for each in (self.code, self.text, self.basis))
        days = all(each is None or type(each) is date for each in (self.since, self.until))
        return not words or not days or self.about not in ABOUT or len(self.code) > 40

    def __str__(self) -> str:
        return f"{self.text}（{self.basis}）"


ABOUT = ("unit", "person")


def grounds(on: date) -> list[Ground]:
    """The grounds `[[contest]]` of the place that hold on a day, in its order; none where nobody may contest."""
    found = [ground_of(row) for row in _contests() if isinstance(row, dict)]
    return [each for each in found if not each.faulty and (each.since or on) <= on <= (each.until or on)]


def ground_of(row: Mapping[str, Any]) -> Ground:
    """A ground as a profile writes it."""
    code, text, basis, about = (row.get(name, "") for name in ("code", "text", "basis", "about"))
    return Ground(code, text, basis, about, row.get("since"), row.get("until"))


def _contests() -> list[Any]:
    rows = about_of(profile_folder(settings.HUIYIN_PROFILE)).get("contest", [])
    return rows if isinstance(rows, list) else []
