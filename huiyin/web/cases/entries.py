"""A case's entries in the ledgers of units: which acts about them make sense now, and how they stand beside it."""

from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases.queries import CasePage
from huiyin.supervision.entries import queries
from huiyin.supervision.entries.rules import DONE, acceptance_rules
from huiyin.web.cases.panels import Group, Line, Panel
from huiyin.web.words import moment

INSPECTING = ("accept_entry", "refuse_entry", "strike_entry")
ACTS = ("submit_entry", *INSPECTING)
TONES = {"submitted": "active", "refused": "late", "accepted": "done", "struck": "quiet"}


def apt(page: CasePage, act: str, target: Any) -> bool:
    """Whether an act about an entry makes sense now. A case that was never handed in asks an inspector's nothing."""
    if act == "submit_entry":
        return page.case.state in DONE and bool(acceptance_rules()) and queries.may_submit(target)
    handed_in = any(event.kind == "submit_entry" for event in page.history)
    return handed_in and bool(queries.waiting_for(page.case, page.by, act))


def groups(page: CasePage) -> list[Group]:
    """The entries that the reader may read, each with what its unit said and what inspectors saw."""
    found = queries.of_case(page)
    return [Group(_("民情台账"), [_panel(page, entry, looked) for entry, looked in found])] if found else []


def _panel(page: CasePage, entry: Any, looked: list[Any]) -> Panel:
    said = [Line(_("报验说明"), page.open(entry.words))]
    for each in looked:
        who = f"{each.by.unit} {each.by.user.name} · {moment(each.at)}" if each.by else moment(each.at)
        label = _("验收") if each.accepted else _("退回")
        said.append(Line(label, " · ".join(filter(None, (page.open(each.words), _photo(each), who)))))
    return Panel(
        name=str(entry.unit),
        state=entry.get_state_display(),
        tone=TONES[entry.state],
        lines=[line for line in said if line.text],
        foot=_("报验 %(at)s") % {"at": moment(entry.submitted_at)},
    )


def _photo(inspection: Any) -> str:
    return _("有现场照片，在“材料”里") if inspection.photo_id else ""
