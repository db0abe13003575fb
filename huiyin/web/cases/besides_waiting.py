"""Questions, calls to a place and suspensions as panels of the case page."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huiyin.cases.queries import CasePage
from huiyin.web.cases.clocks import shown_clock
from huiyin.web.cases.panels import Line, Panel
from huiyin.web.words import by, day, moment

TONES = {"open": "soon", "answered": "done", "proposed": "soon", "in_force": "active", "refused": "late"}


def question(page: CasePage, row: Any) -> Panel:
    """What was asked of whom, until when, and the answer; the petitioner's, whoever wrote it, masked for units."""
    opened = page.open_petitioners if row.kind == row.Kind.SUPPLEMENT else page.open
    answer = opened(row.answer)
    lines = [Line("", page.open(row.words)), Line(_("回复"), answer)]
    if row.act_by:
        lines.append(Line(_("最迟"), day(row.act_by)))
    asker = row.order.unit if row.order else row.case.desk
    return Panel(
        name=_("%(unit)s：%(kind)s") % {"unit": asker, "kind": row.get_kind_display()},
        state=row.get_state_display(),
        tone=TONES.get(row.state, "quiet"),
        lines=[line for line in lines if line.text],
        clock=shown_clock(row.clock) if row.clock and row.state == "open" else None,
        foot=_until(row) if row.state == "open" else _answered(row),
    )


def _until(row: Any) -> str:
    return _("%(time)s 提出，等到 %(until)s") % {"time": moment(row.asked_at), "until": by(row.until)}


def _answered(row: Any) -> str:
    who = row.answered_by.unit if row.answered_by else (_("诉求人") if row.party_id else "")
    when = moment(row.answered_at) if row.answered_at else moment(row.asked_at)
    return " · ".join(filter(None, (str(who), when)))


def whistle(page: CasePage, row: Any) -> Panel:
    """Who called whom to which place, who came when, and what both sides say of it."""
    lines = [
        Line(_("为什么吹哨、到哪里会合"), page.open(row.words)),
        Line(_("到场情况"), page.open(row.called_says)),
        Line(_("评语"), page.open(row.caller_says)),
    ]
    running = row.came_at is None and row.clock.stopped_at is None
    return Panel(
        name=_("%(caller)s叫%(called)s") % {"caller": row.order.unit, "called": row.called.unit},
        state=_came(row),
        tone={"came": "done", "late": "soon", "absent": "late"}.get(
            row.came, "soon" if running else "active"
        ),
        lines=[line for line in lines if line.text],
        clock=shown_clock(row.clock) if running else None,
        foot=_("%(time)s 吹哨") % {"time": moment(row.at)}
        + (_("，%(time)s 到场") % {"time": moment(row.came_at)} if row.came_at else ""),
    )


def _came(row: Any) -> str:
    if row.came:
        return row.get_came_display()
    return _("已报到") if row.came_at else pgettext("whistle", "还没有报到")


def suspension(page: CasePage, row: Any) -> Panel:
    """The plan, until which day, and who said yes or no to it."""
    lines = [Line(_("打算怎么办"), page.open(row.plan)), Line(_("批复意见"), page.open(row.decision))]
    proposer = row.proposed_by
    return Panel(
        name=_("挂账到 %(day)s") % {"day": day(row.until)},
        state=row.get_state_display(),
        tone=TONES.get(row.state, "quiet"),
        lines=[line for line in lines if line.text],
        foot=f"{proposer.unit} {proposer.user.name} · {moment(row.proposed_at)}" if proposer else "",
    )
