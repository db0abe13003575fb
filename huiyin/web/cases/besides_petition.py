"""The petition track's rows beside a case: earlier steps, opinions, reviews."""

from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases.queries import CasePage
from huiyin.web.cases.clocks import shown_clock
from huiyin.web.cases.panels import Line, Panel
from huiyin.web.words import day, moment


def prior_step(page: CasePage, row: Any) -> Panel:
    """What another body did about the matter before."""
    lines = [Line(_("文号"), row.reference)] if row.reference else []
    if row.result is not None:
        lines.append(Line(_("结果"), page.open(row.result)))
    on = day(row.on) if row.on else ""
    return Panel(name=row.body, state=str(row.get_kind_display()), tone="quiet", lines=lines, foot=on)


def opinion(page: CasePage, row: Any) -> Panel:
    """Which conclusion a unit came to; the whole text stands among the answers."""
    return Panel(
        name=row.reference,
        state=str(row.get_conclusion_display()),
        lines=[Line("", str(row.order.unit))] if row.order else [],
        foot=moment(row.given_at),
    )


def review(page: CasePage, row: Any) -> Panel:
    """A review: by whom, until when, why it was asked, and what was decided."""
    lines = [Line(_("决定机关"), str(row.unit))]
    if reason := page.open_request(row):
        lines.append(Line(_("申请的理由"), reason))
    if row.hearing_until is not None:
        lines.append(Line(_("听证，最晚到"), day(row.hearing_until)))
    if row.decision:
        lines.append(Line(row.reference, str(row.get_decision_display())))
    over = row.state != row.State.ASKED
    return Panel(
        name=str(row.get_level_display()),
        state=str(row.get_state_display()),
        tone={"decided": "done", "taken_back": "quiet"}.get(row.state, "active"),
        lines=lines,
        clock=None if over else shown_clock(row.clock),
        foot=moment(row.asked_at),
    )
