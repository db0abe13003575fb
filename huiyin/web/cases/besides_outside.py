"""Referrals and proposals to terminate as panels of the case page."""

from typing import Any

from django.utils.translation import gettext as _

from huiyin.cases.queries import CasePage
from huiyin.cases.referring import where
from huiyin.web import words
from huiyin.web.cases.clocks import shown_clock
from huiyin.web.cases.panels import Line, Panel

TONES = {"proposed": "soon", "confirmed": "late"}


def referral(page: CasePage, row: Any) -> Panel:
    """To whom it went, what they confirmed, until when somebody looks again, and what came of it."""
    waits = row.clock is not None and row.ended_at is None and row.receipt_at is None
    return Panel(
        name=where(row),
        state=row.get_procedure_display() if row.procedure else row.get_kind_display(),
        tone="quiet" if row.ended_at else "active",
        lines=[Line(label, text) for label, text in _lines(page, row) if text],
        clock=shown_clock(row.clock) if waits else None,
        foot=_who(row.sent_by, row.sent_at),
    )


def _lines(page: CasePage, row: Any) -> list[tuple[str, str]]:
    chased = row.chased_at and _("%(n)d 次，最近 %(when)s") % {
        "n": row.chases,
        "when": words.moment(row.chased_at),
    }
    receipt = row.receipt_at and f"{row.receipt_number} {words.day(row.receipt_at)}".strip()
    return [
        (_("理由"), row.reason.text if row.reason else ""),
        (_("文号"), row.reference),
        (_("说明"), page.open(row.words)),
        (_("催问"), chased or ""),
        (_("回执"), receipt or ""),
        (_("最迟"), words.by(row.until) if row.until and row.ended_at is None else ""),
        (_("结果"), page.open(row.outcome)),
    ]


def termination(page: CasePage, row: Any) -> Panel:
    """Who proposed to end it and why, and what the second person said."""
    decided = _who(row.decided_by, row.decided_at) if row.decided_by and row.decided_at else ""
    lines = [
        (_("依据"), row.reason.basis),
        (_("说明"), page.open(row.words)),
        (_("复核"), " ".join(filter(None, (page.open(row.decision), decided)))),
    ]
    return Panel(
        name=row.reason.text,
        state=row.get_state_display(),
        tone=TONES.get(row.state, "quiet"),
        lines=[Line(label, text) for label, text in lines if text],
        foot=_who(row.proposed_by, row.proposed_at),
    )


def _who(post: Any, at: Any) -> str:
    return f"{post.unit} {post.user.name} · {words.moment(at)}" if post else words.moment(at)
