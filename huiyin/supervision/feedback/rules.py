"""What stands on the form and who gets it: the table `[feedback]` of the profile."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.folders import about_of
from huiyin.organisation.place import profile_folder

# The fields of the form (Antu, DOMAIN §3), by the name that the profile uses.
FIELDS = {
    "matter": _("诉求事项"),
    "facts": _("基本情况"),
    "request": _("诉求人的要求"),
    "units": _("涉及单位"),
    "suggestion": _("拟办意见"),
    "deadline": _("办理期限"),
    "recipients": _("报送"),
    "result": _("办理结果"),
    "acceptance": _("销账验收"),
}
LEAD = "@lead"  # among the recipients: whoever has the lead order in hand


@dataclass(frozen=True)
class FeedbackRule:
    """The fields in their order, the recipients (posts by code, and LEAD), and the days in which to give receipt."""

    title: str
    fields: tuple[str, ...]
    recipients: tuple[str, ...]
    days: int


def feedback_rule() -> FeedbackRule | None:
    """The place's form; None where it has none, or one that cannot be meant."""
    return rule_of(about_of(profile_folder(settings.HUIYIN_PROFILE)).get("feedback"))


def rule_of(row: Any) -> FeedbackRule | None:
    """The table as a rule; None when it cannot be meant."""
    if not isinstance(row, dict):
        return None
    fields = row.get("fields", list(FIELDS))
    recipients, days = row.get("recipients", []), row.get("days", 3)
    if not isinstance(fields, list) or not fields or not set(map(str, fields)) <= set(FIELDS):
        return None
    if not isinstance(recipients, list) or not recipients or type(days) is not int or not 1 <= days <= 30:
        return None
    title = str(row.get("title", "")).strip() or str(_("诉求问题反馈表"))
    return FeedbackRule(title, tuple(fields), tuple(dict.fromkeys(map(str, recipients))), days)
