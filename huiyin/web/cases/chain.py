"""With whom a case lay, from its ledger and its orders: for those who watch over it, and for the desk."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from huiyin.cases import states
from huiyin.cases.queries import CasePage
from huiyin.cases.wording import act_name, state_name
from huiyin.kernel import clock as wall
from huiyin.web.components.chain import Chain, Lane, Mark, Span

S, O = states.Case, states.Order  # noqa: E741
# Where a matter lies while it is in a state; while units handle it, their orders say it.
PETITIONER, OUTSIDE, REVIEWERS, NOBODY, DESK = "petitioner", "outside", "reviewers", "rest", "desk"
WHERE: Mapping[str, str] = {
    S.REGISTERED: DESK,
    S.ACCEPTED: DESK,
    S.REVIEWING: DESK,
    S.TELLING: DESK,
    S.TOLD: PETITIONER,
    S.FORWARDED: OUTSIDE,
    S.REFERRED: OUTSIDE,
    S.SUSPENDED: NOBODY,
    S.IN_REVIEW: REVIEWERS,
}
TONES = {DESK: "active", PETITIONER: "quiet", OUTSIDE: "quiet", NOBODY: "paused", REVIEWERS: "active"}
MARKED = {"redo": "late", "object": "soon", "reopen": "late", "contest": "late"}


def chain(page: CasePage) -> Chain:
    """The lanes of a case: the desk first, then the units in the order in which they were given it, then others."""
    kept: dict[str, list[Span]] = {}
    for where, state, start, end in _stays(page):
        kept.setdefault(where, []).append(Span(start, end, state_name(state), TONES[where]))
    named = {
        DESK: str(page.case.desk),
        PETITIONER: _("诉求人"),
        OUTSIDE: _("外部"),
        REVIEWERS: _("复查复核机关"),
        NOBODY: _("挂账"),
    }
    first = [Lane(named[DESK], kept[DESK], _marks(page))] if DESK in kept else []
    others = [Lane(named[where], kept[where]) for where in named if where in kept and where != DESK]
    return Chain(
        began=page.case.received_at,
        lanes=[*first, *_of_units(page), *others],
        ended=page.case.ended_at,
        due=page.case.due_at,
    )


def _stays(page: CasePage) -> Iterator[tuple[str, str, datetime, datetime | None]]:
    """Each stay outside the units: where, in which state, from when to when (None: still)."""
    state, since = "", page.case.received_at
    for event in sorted(page.history, key=lambda event: event.subject_seq):
        after = event.facts.get("to", S.REGISTERED if event.kind == "register" else state)
        if after == state:
            continue
        if state in WHERE:
            yield WHERE[state], state, since, event.occurred_at
        state, since = after, event.occurred_at
    if state in WHERE:
        yield WHERE[state], state, since, None


def _of_units(page: CasePage) -> list[Lane]:
    """A lane for each unit, with a span for each of its orders."""
    lanes: dict[str, list[Span]] = {}
    for order in page.orders:
        clock, going = order.clock, order.state in O.OPEN
        late = clock.due_at < wall.now() if going and clock.due_at else clock.late
        end = None if going else order.answered_at or clock.stopped_at or order.sent_at
        span = Span(order.sent_at, end, order.get_state_display(), "late" if late else "active")
        lanes.setdefault(str(order.unit), []).append(span)
    return [Lane(name, spans) for name, spans in lanes.items()]


def _marks(page: CasePage) -> list[Mark]:
    """What turned the matter round."""
    return [
        Mark(event.occurred_at, act_name(event.kind), MARKED[event.kind])
        for event in page.history
        if event.kind in MARKED
    ]
