"""回访异议 beside a case: what the unit says was wrong, and what those who decide found; never what anybody rated."""

from django.utils.translation import gettext as _

from huiyin.cases.queries import CasePage
from huiyin.evaluation import contests
from huiyin.web.cases.panels import Group, Line, Panel
from huiyin.web.words import moment

ACTS = ("contest_rating", "uphold_contest", "refuse_contest")
TONES = {"asked": "active", "upheld": "done", "refused": "quiet"}


def apt(page: CasePage, act: str) -> bool:
    """Whether an act about a contest makes sense now. A case without any asks nothing but of the unit that answered."""
    if act == "contest_rating":
        rated = any(event.kind in ("rate", "call_back") for event in page.history)
        return rated and contests.may_contest(page.case, page.by)
    contested = any(event.kind == "contest_rating" for event in page.history)
    return contested and contests.to_decide(page.case, page.by) is not None


def groups(page: CasePage) -> list[Group]:
    """The contests that the reader may read."""
    found = contests.of_page(page)
    return [Group(_("回访异议"), [_panel(page, row) for row in found])] if found else []


def _panel(page: CasePage, row: contests.Contest) -> Panel:
    state = row.get_state_display()
    if row.state == row.State.ASKED and row.first_by_id is not None:
        state = _("已有一人核准，还要一人")
    lines = [
        Line(_("理由"), row.clause),
        Line(_("证据"), page.open(row.why)),
        Line(_("不成立的理由"), page.open(row.why_not) if row.why_not else ""),
    ]
    return Panel(
        name=str(row.unit),
        state=state,
        tone=TONES[row.state],
        lines=[line for line in lines if line.text],
        foot=_("提出 %(at)s") % {"at": moment(row.asked_at)},
    )
