"""What is answered to one of a group alone, as a panel of the case page."""

from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases.queries import CasePage
from huiyin.web.cases.panels import Line, Panel
from huiyin.web.cases.people import places_of
from huiyin.web.words import moment


def private_answer(page: CasePage, row: Any) -> Panel:
    """To whom, what, and whether the reviewer has let it out."""
    return Panel(
        name=_("给%(who)s") % {"who": places_of(page)[row.party_id]},
        state=row.get_state_display(),
        tone={"given": "active", "approved": "done"}.get(row.state, "quiet"),
        lines=[Line("", page.open(row.text))],
        foot=f"{row.order.unit} · {moment(row.given_at)}",
    )
