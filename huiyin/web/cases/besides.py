"""The rows beside a case as panels: what it is, how it stands, until when, and the words."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from huiyin.cases.queries import CasePage
from huiyin.cases.wording import act_name
from huiyin.kernel import clock as wall
from huiyin.web.cases import (
    besides_outside,
    besides_peers,
    besides_people,
    besides_petition,
    besides_promise,
    besides_waiting,
)
from huiyin.web.cases.clocks import shown_clock
from huiyin.web.cases.panels import Group, Line, Panel
from huiyin.web.words import day, moment


def instruction(page: CasePage, row: Any) -> Panel:
    """A leader's note, who has to report on it by when, and what was reported."""
    said = [Line(_("批示"), page.open(row.words)), Line(_("回报"), page.open(row.report))]
    running = row.state == row.State.GIVEN
    giver = row.given_by
    return Panel(
        name=str(row.unit),
        state=row.get_state_display(),
        tone={"given": "soon", "settled": "done"}.get(row.state, "active"),
        lines=[line for line in said if line.text],
        clock=shown_clock(row.clock) if running else None,
        foot=f"{giver.unit} {giver.user.name} · {moment(row.given_at)}" if giver else moment(row.given_at),
    )


def progress(page: CasePage, row: Any) -> Panel:
    """How an instruction stood on a day, in the words of the unit that was told."""
    giver = row.noted_by
    return Panel(
        name=str(row.instruction.unit),
        lines=[Line("", page.open(row.words))],
        foot=f"{giver.unit} {giver.user.name} · {moment(row.noted_at)}" if giver else moment(row.noted_at),
    )


def reminder(page: CasePage, row: Any) -> Panel:
    """Who was asked to act by when, in which words, and what they did."""
    tones = {"given": "late" if overdue(row) else "soon", "heeded": "done"}
    did = f"{act_name(row.act)} · {moment(row.ended_at)}" if row.act else ""
    lines = [
        Line(_("最迟"), day(row.act_by)),
        Line(_("催办内容"), page.open(row.words)),
        Line(_("办了"), did),
    ]
    giver = row.given_by
    return Panel(
        name=_("%(unit)s，第 %(n)d 次") % {"unit": row.unit, "n": row.times},
        state=_("过期未动") if overdue(row) else row.get_state_display(),
        tone=tones.get(row.state, "quiet"),
        lines=[line for line in lines if line.text],
        foot=f"{f'{giver.unit} {giver.user.name}' if giver else _('按规则自动催办')} · {moment(row.given_at)}",
    )


def overdue(row: Any) -> bool:
    """Whether the day by which a reminder asks to act is over, and nobody has acted."""
    return row.state == row.State.GIVEN and row.act_by < wall.local_date(wall.now())


def statement(page: CasePage, row: Any) -> Panel:
    """What the public is owed, by when, or what was said."""
    made = row.made_by.unit if row.made_by else ""
    return Panel(
        name=_("公开说明"),
        state=row.get_state_display(),
        tone={"owed": "soon", "made": "done"}.get(row.state, "quiet"),
        lines=[line for line in (Line("", row.text), Line(_("更正或收回的理由"), row.reason)) if line.text],
        clock=shown_clock(row.clock) if row.state == row.State.OWED else None,
        foot=f"{made} · {moment(row.made_at)}" if row.made_at else "",
    )


def released_title(page: CasePage, row: Any) -> Panel:
    """The title that the public reads, and since when; or that it was taken back."""
    taken = row.taken_back_at is not None
    giver = row.released_by
    return Panel(
        name=row.title,
        state=_("已收回") if taken else _("已公开"),
        tone="quiet" if taken else "active",
        lines=[],
        foot=f"{giver.unit} {giver.user.name} · {moment(row.taken_back_at or row.released_at)}",
    )


Shown = Callable[[CasePage, Any], Panel]
SHOWN: dict[str, tuple[Any, Shown]] = {
    "referral": (gettext_lazy("转出"), besides_outside.referral),
    "termination": (gettext_lazy("终止办理"), besides_outside.termination),
    "promise": (gettext_lazy("承诺"), besides_promise.promise),
    "released_title": (gettext_lazy("公开的标题"), released_title),
    "statement": (gettext_lazy("公开说明"), statement),
    "instruction": (gettext_lazy("批示"), instruction),
    "progress": (gettext_lazy("批示进展"), progress),
    "reminder": (pgettext_lazy("heading", "催办"), reminder),
    "prior_step": (gettext_lazy("以前的办理"), besides_petition.prior_step),
    "opinion": (gettext_lazy("处理意见书"), besides_petition.opinion),
    "peer_view": (gettext_lazy("单位复看"), besides_peers.peer_view),
    "private_answer": (gettext_lazy("单独答复"), besides_people.private_answer),
    "review": (gettext_lazy("复查复核"), besides_petition.review),
    "question": (gettext_lazy("提问"), besides_waiting.question),
    "whistle": (gettext_lazy("吹哨报到"), besides_waiting.whistle),
    "suspension": (gettext_lazy("挂账"), besides_waiting.suspension),
}  # the name of a kind of row: its heading, and what shows one


def panels(page: CasePage) -> list[Group]:
    """Every group that has something to show to this reader."""
    return [
        Group(str(SHOWN[name][0]), [SHOWN[name][1](page, row) for row in rows])
        for name, rows in page.asides.items()
        if name in SHOWN
    ]
