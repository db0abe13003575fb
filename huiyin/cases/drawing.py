"""The state tables drawn for people: Mermaid diagrams, and a page that says who may do what from where to where."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from django.utils import translation

from huiyin.accounts.roles import Role
from huiyin.cases import states
from huiyin.cases.access import PERMITTED, Rule
from huiyin.cases.models import Case, Order
from huiyin.cases.states import NEW, Transition
from huiyin.cases.wording import act_name

Names = Mapping[str, str]
PLAIN = {
    "any_staff": "whoever of the office sees the case",
    "bringer": "who brought it in",
    "concerned": "the party whose matter it is",
    "joined": "whoever joined by the title, for themselves",
    "newcomer": "anybody of the public, by the title that is out",
    "in_charge": "the person in charge of the order",
    "coordinating": "the leader who coordinates",
    "instructed": "whoever a leader has told something",
    "asked_for_view": "of a unit without a part in it that was asked for its view",
    "nobody": "the program alone",
    "any_unit": "whoever of a unit sees the case",
    "overseer": "supervisor or leader over the place",
    "party": "any party with a code",
    "reviewing": "the body that reviews the opinion",
    "agent": "a representative who acts for a party",
    "sender": "the dispatcher who sent this order",
    "supervising": "a supervisor over the place",
}
HEAD = """# Acts and states

Drawn by `huiyin states --write` from the tables in `huiyin/cases/states.py` and the permission map in
`huiyin/cases/access.py`. Do not edit: a test compares this page with the code.
"""


def page() -> str:
    """The whole page, in Markdown, with the source language's names beside the code's."""
    with translation.override("zh-hans"):
        parts = [
            HEAD,
            "## A case\n\nActs that leave a case where it is are in the table below, not in the picture.\n",
            _fenced(case_diagram()),
            "## An order\n",
            _fenced(order_diagram()),
            "## Who may do what with a case\n",
            _table(states.CASE_TABLE, _case_names(), who=_who_may),
            "## What an act does to an order\n",
            _table(states.ORDER_TABLE, _order_names(), who=None),
        ]
        return "\n".join(parts)


def case_diagram() -> str:
    """The states of a case, in Mermaid."""
    return _diagram(states.CASE_TABLE, _case_names(), ends=states.Case.ENDED)


def order_diagram() -> str:
    """The states of an order, in Mermaid."""
    return _diagram(states.ORDER_TABLE, _order_names(), ends=[s for s in states.Order.ALL if _is_last(s)])


def _is_last(state: str) -> bool:
    return not any(row.before == state != row.after for row in states.ORDER_TABLE)


def _case_names() -> Names:
    return {value: str(label) for value, label in Case.State.choices}


def _order_names() -> Names:
    return {value: str(label) for value, label in Order.State.choices}


def _fenced(diagram: str) -> str:
    return f"```mermaid\n{diagram}```\n"


def _diagram(table: Iterable[Transition], names: Names, *, ends: Iterable[str]) -> str:
    lines = ["stateDiagram-v2", *[f'    state "{name} {value}" as {value}' for value, name in names.items()]]
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in table:
        if row.before != row.after:
            arrows.setdefault((row.before, row.after), []).append(row.act)
    for (before, after), acts in arrows.items():
        said = ", ".join(f"{act_name(act)} {act}" for act in dict.fromkeys(acts))
        lines.append(f"    {'[*]' if before == NEW else before} --> {after}: {said}")
    lines += [f"    {state} --> [*]" for state in ends]
    return "\n".join(lines) + "\n"


def _table(table: Iterable[Transition], names: Names, *, who: Callable[[str], str] | None) -> str:
    rows = list(table)
    head = ["Act", "", *(["Who"] if who else []), "From → to", "Why"]
    lines = [_line(head), _line(["---"] * len(head))]
    for act in dict.fromkeys(row.act for row in rows):
        own = [row for row in rows if row.act == act]
        reasons = "; ".join(dict.fromkeys(row.why for row in own if row.why))
        moves = "<br>".join(_moves(own, names))
        lines.append(_line([f"`{act}`", act_name(act), *([who(act)] if who else []), moves, reasons]))
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _moves(rows: Iterable[Transition], names: Names) -> Iterator[str]:
    """Each step; the states in which the act changes nothing together in one line."""
    stays = [row.before for row in rows if row.before == row.after]
    for row in rows:
        if row.before != row.after:
            yield f"{names.get(row.before, 'new')} → {names[row.after]}"
    if len(stays) == len(names):
        yield "any state, which stays"
    elif stays:
        yield "stays: " + "、".join(names[state] for state in stays)


def _who_may(act: str) -> str:
    return ", or ".join(_in_words(PERMITTED[act]))


def _in_words(rule: Rule) -> Iterator[str]:
    """A permission rule in words, read from the factory that made it and the roles it was given."""
    kind = rule.__qualname__.split(".")[0]
    code, cells = rule.__code__, rule.__closure__ or ()
    given = {name: cell.cell_contents for name, cell in zip(code.co_freevars, cells, strict=True)}
    if kind == "either":
        for each in given["rules"]:
            yield from _in_words(each)
    elif kind == "as_asker":
        yield from (*_in_words(given["desk"]), *_in_words(given["unit"]))
    elif kind in PLAIN:
        yield PLAIN[kind]
    else:
        roles = " ".join(role for role in Role.values if role in given["roles"])
        yield f"at the desk: {roles}" if kind == "at_desk" else f"of the order's unit: {roles}"
