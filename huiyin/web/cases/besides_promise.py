"""Promises beside a suggestion as panels."""

from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases.queries import CasePage
from huiyin.kernel import clock as wall
from huiyin.web.cases.panels import Line, Panel
from huiyin.web.words import day, moment

TONES = {"proposed": "quiet", "made": "soon", "fulfilled": "done", "changed": "quiet", "lapsed": "quiet"}


def promise(page: CasePage, row: Any) -> Panel:
    """What was promised by when, why its date moved, and how it was kept."""
    late = row.state == row.State.MADE and row.due_on < wall.local_date(wall.now())
    said = [
        Line(_("承诺"), row.text),
        Line(_("最迟"), day(row.due_on)),
        Line(_("调整的理由"), row.reason),
        Line(_("兑现"), row.fulfilment),
    ]
    return Panel(
        name=str(row.unit),
        state=_("承诺已过期") if late else row.get_state_display(),
        tone="late" if late else TONES[row.state],
        lines=[line for line in said if line.text],
        foot=moment(row.fulfilled_at or row.made_at),
    )
