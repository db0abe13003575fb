"""The roles a post can carry; what each may do is in the rooms' access pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Roles after DOMAIN §1: one word each, used by posts and by every permission map."""

    CLERK = "clerk", _("受理员")
    DISPATCHER = "dispatcher", _("分办员")
    REVIEWER = "reviewer", _("审核员")
    CALLER = "caller", _("回访员")
    HANDLER = "handler", _("经办人")
    UNIT_LEADER = "unit_leader", _("分管负责人")
    SUPERVISOR = "supervisor", _("督办员")
    LEADER = "leader", _("领导")
    REPRESENTATIVE = "representative", _("代表委员")
    MONITOR = "monitor", _("监督员")
    ADMINISTRATOR = "administrator", _("系统管理员")
    AUDITOR = "auditor", _("安全审计员")


DESK = frozenset({Role.CLERK, Role.DISPATCHER, Role.REVIEWER, Role.CALLER})
UNIT = frozenset({Role.HANDLER, Role.UNIT_LEADER})
OVERSIGHT = frozenset({Role.SUPERVISOR, Role.LEADER})
