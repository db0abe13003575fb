"""What forms choose from: outcomes by nature, and the units that may get a matter, likely ones first."""

from collections.abc import Sequence
from typing import Any

from huiyin.accounts.roles import UNIT, Role
from huiyin.cases.models import (
    Case,
    Contact,
    Exclusion,
    Note,
    Notice,
    Opinion,
    Order,
    Party,
    Point,
    PriorStep,
    Referral,
    Review,
    Whistle,
)
from huiyin.cases.promising import ADOPTED
from huiyin.deadlines.models import Policy
from huiyin.kernel import clock
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post, Unit
from huiyin.organisation.succession import line_of

_O = Point.Outcome
OUTCOMES: dict[str, Sequence[str]] = {
    Case.Nature.SUGGESTION: (_O.ADOPTED, _O.PARTLY_ADOPTED, _O.KEPT, _O.NOT_ADOPTED),
    Case.Nature.INQUIRY: (_O.INFORMED, _O.EXPLAINED),
    Case.Nature.PRAISE: (_O.INFORMED,),
}
OTHERWISE = (_O.SOLVED, _O.PARTLY, _O.EXPLAINED, _O.REFUSED)


def outcomes(nature: str) -> list[tuple[str, Any]]:
    """The outcomes that make sense for a matter of this nature, with their words."""
    return [(str(value), _O(value).label) for value in OUTCOMES.get(nature, OTHERWISE)]


def outcomes_at_once(nature: str) -> list[tuple[str, Any]]:
    """The outcomes that need no promise beside them, for an answer in the same breath as the registration."""
    return [(value, label) for value, label in outcomes(nature) if value not in ADOPTED]


def takes_promises(case: Case) -> bool:
    """Whether an answer to the case may be a promise."""
    return case.nature == Case.Nature.SUGGESTION


def receiving_units(case: Case, *, part: str = Order.Part.LEAD) -> tuple[list[Unit], list[Unit]]:
    """Units that may be given the case: those whose duty list names it, then all others that may receive it."""
    today = clock.local_date(clock.now())
    likely = list(organisation.leaders_in(case.category.path, today)) if case.category else []
    accused = Exclusion.objects.filter(case=case, unit__isnull=False).values_list("unit__path", flat=True)
    paths = line_of(accused)  # a report is not offered to whom it is about
    others = [
        unit
        for unit in organisation.units_within(organisation.root(), day=today)
        if unit not in likely and organisation.may_receive(unit, case.category, part=part, day=today)
    ]
    return _reachable(likely, paths), _reachable(others, paths)


def receivers() -> list[Unit]:
    """Every unit that stands today and has somebody to receive work; whether a case suits it, the act says."""
    units = organisation.units_within(organisation.root(), day=clock.local_date(clock.now()))
    return [unit for unit in units if unit.liaison_id is not None and unit.kind not in NO_RECEIVERS]


def likely_lines(case: Case) -> list[Any]:
    """The duty list's lines that name a unit for the case's category, the nearest first, one for each unit.

    Units that cannot be given it (nobody to receive it, or complained of in it) are left out.
    """
    if case.category is None:
        return []
    today = clock.local_date(clock.now())
    lines = organisation.leading_lines(case.category.path, today)
    first = {line.unit: line for line in reversed(lines)}
    units = _reachable(list(dict.fromkeys(line.unit for line in lines)), _accused(case))
    return [first[unit] for unit in units]


def _accused(case: Case) -> tuple[str, ...]:
    """The paths of the units that the case complains of, and of their line; nothing to ask where it is no report."""
    if case.nature != Case.Nature.REPORT:
        return ()
    rows = Exclusion.objects.filter(case=case, unit__isnull=False)
    return line_of(rows.values_list("unit__path", flat=True))


def assisting_units(case: Case) -> list[Unit]:
    """Units that may be asked to assist with the case, those that could lead it first."""
    likely, others = receiving_units(case, part=Order.Part.ASSIST)
    return [*likely, *others]


def _reachable(units: Sequence[Unit], accused: tuple[str, ...]) -> list[Unit]:
    return [unit for unit in units if unit.liaison_id is not None and not unit.path.startswith(accused)]


NO_RECEIVERS = (Unit.Kind.CENTRE, Unit.Kind.SUPERVISION, Unit.Kind.LEADERSHIP)
CALLERS = (Unit.Kind.STREET, Unit.Kind.COMMUNITY)  # who may call others to a place (吹哨)
CAME = Whistle.Came.choices
NATURES = Case.Nature.choices
URGENCIES = Case.Urgency.choices
CONFIDENTIALITIES = Case.Confidentiality.choices
TRACKS = Policy.Track.choices
CONTACT_WAYS = Contact.How.choices
TELLING_WAYS = [
    choice for choice in Notice.How.choices if choice[0] in (Notice.How.SPOKEN, Notice.How.POSTED)
]
READERS = Note.Readers.choices
CONCLUSIONS = Opinion.Conclusion.choices
DECISIONS = Review.Decision.choices
PRIOR_STEPS = PriorStep.Kind.choices
PROCEDURES = Referral.Procedure.choices


def whom_to_accuse() -> tuple[list[Unit], list[tuple[str, list[Post]]]]:
    """Every unit, and every post of the office under its unit's name."""
    region = organisation.root()
    by_unit: dict[str, list[Post]] = {}
    for post in organisation.posts_within(region):
        by_unit.setdefault(str(post.unit), []).append(post)
    return list(organisation.units_within(region)), list(by_unit.items())


def readers_for(by: Actor) -> list[tuple[str, Any]]:
    """Who a note or file of this actor may be for: a unit cannot write past the desk, nor to itself alone."""
    return [choice for choice in READERS if by.role not in UNIT or choice[0] != Note.Readers.DESK]


JOINING_ROLES = [(str(role), role.label) for role in (Party.Role.MEMBER, Party.Role.SPOKESPERSON)]


def representatives() -> list[Post]:
    """Everybody of the office who may act for a group 集体代理诉求."""
    return list(organisation.posts_within(organisation.root()).filter(role=Role.REPRESENTATIVE))
