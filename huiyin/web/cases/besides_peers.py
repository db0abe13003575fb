"""What other units were asked and said, as panels of the case page: for the desk and those who oversee."""

from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases.queries import CasePage
from huiyin.kernel import clock as wall
from huiyin.web.cases.panels import Line, Panel
from huiyin.web.words import day, moment

TONES = {"given": "soon", "followed": "done", "departed": "active"}


def peer_view(page: CasePage, row: Any) -> Panel:
    """Which unit was asked what by whom, what it thinks on which basis, and whether it was followed."""
    late = row.state == row.State.ASKED and row.due_on < wall.local_date(wall.now())
    lines = [
        Line(_("请它看什么"), page.open(row.question)),
        Line(_("最迟"), day(row.due_on) if row.state == row.State.ASKED else ""),
        Line(_("能不能解决"), row.get_verdict_display()),
        Line(_("意见"), page.open(row.opinion)),
        Line(_("依据"), page.open(row.basis)),
        Line(_("不采纳的理由"), page.open(row.reason)),
    ]
    return Panel(
        name=str(row.unit),
        state=_("过期没有回音") if late else row.get_state_display(),
        tone="late" if late else TONES.get(row.state, "quiet"),
        lines=[line for line in lines if line.text],
        foot=_foot(row),
    )


def _foot(row: Any) -> str:
    asker = row.asked_by
    asked = _("%(who)s %(at)s 请") % {
        "who": f"{asker.unit} {asker.user.name}" if asker else "",
        "at": moment(row.asked_at),
    }
    if row.given_by is None:
        return asked
    said = _("%(who)s %(at)s 回") % {"who": row.given_by.user.name, "at": moment(row.given_at)}
    return f"{asked} · {said}"
