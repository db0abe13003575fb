"""What may be done on each kind of rung and from which state: data, one row a step, no Django and no database."""

from typing import NamedTuple

NEW = ""


class Step(NamedTuple):
    """One lawful step on a rung of a kind; `why` explains an odd row."""

    kind: str
    act: str
    before: str
    after: str
    why: str = ""


LADDER = (
    Step("order", "issue", NEW, "waiting"),
    Step("order", "reply", "waiting", "replied"),
    Step("order", "accept", "replied", "done"),
    Step("order", "send_back", "replied", "waiting", "the reply does not do: another, by a new day"),
    Step("order", "withdraw", "waiting", "withdrawn"),
    Step("listing", "issue", NEW, "waiting"),
    Step("listing", "inspect", "waiting", "waiting", "seen, and not good enough: it stays listed"),
    Step("listing", "inspect", "waiting", "done", "taken off by nothing but an inspection"),
    Step("listing", "hide", "waiting", "waiting", "the public reads it no more, it stays listed"),
    Step("talk", "issue", NEW, "waiting"),
    Step("talk", "hold", "waiting", "held", "what was promised by when"),
    Step("talk", "hold", "waiting", "done", "nothing was left to promise"),
    Step("talk", "accept", "held", "done", "what was promised is done"),
    Step("talk", "withdraw", "waiting", "withdrawn"),
    Step("circular", "issue", NEW, "done", "nobody owes a reply; who has read it stands on the receipts"),
    Step("circular", "withdraw", "done", "withdrawn"),
    Step("advice", "issue", NEW, "waiting"),
    Step("advice", "reply", "waiting", "done", "adopted, in part, or not, with reasons"),
    Step("advice", "withdraw", "waiting", "withdrawn"),
    Step("charge", "issue", NEW, "waiting"),
    Step("charge", "progress", "waiting", "waiting"),
    Step("charge", "end", "waiting", "done"),
    Step("fault", "issue", NEW, "waiting"),
    Step("fault", "reply", "waiting", "waiting", "the unit is heard, as often as it has something to say"),
    Step("fault", "appeal", "waiting", "appealed"),
    Step("fault", "decide", "appealed", "upheld"),
    Step("fault", "decide", "appealed", "revoked"),
    *(Step("fault", "exempt", state, "exempted") for state in ("waiting", "appealed", "upheld")),
    Step("fault", "accept", "waiting", "done", "heard, and no appeal within the limit: it stands"),
)


def after(kind: str, act: str, before: str) -> tuple[str, ...]:
    """The states to which an act takes a rung of a kind from a state; none when it is not lawful."""
    return tuple(row.after for row in LADDER if row[:3] == (kind, act, before))


def acts_from(kind: str, state: str) -> tuple[str, ...]:
    """What may be done with a rung of a kind in a state, in the order of the table."""
    return tuple(dict.fromkeys(row.act for row in LADDER if (row.kind, row.before) == (kind, state)))
