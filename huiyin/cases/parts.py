"""What part a unit has in cases, with the units that were merged into it, and what is kept from it."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from huiyin.cases.models import Case, Exclusion, Order, Party, Review
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.organisation.succession import units_of_post, with_lineage, within


def own_units(by: Actor) -> tuple[int, ...]:
    """The ids of the units for which the actor's own answers: itself, and those that were merged into it."""
    return units_of_post(by.post)


def units_in(by: Actor, case: Case) -> tuple[int, ...]:
    """The same for one case: the actor's own unit alone where somebody of it, or below it, is complained of."""
    units = own_units(by)
    return units[:1] if len(units) > 1 and accused_here(by).filter(case=case).exists() else units


def theirs(by: Actor) -> Q:
    """The condition on a case that the actor's unit has a part in it."""
    found = Q(Exists(Order.objects.filter(own_part(by), case=OuterRef("pk"))))
    if organisation.superiors().isdisjoint(own_units(by)):
        return found
    return found | Q(Exists(Review.objects.filter(own_part(by), case=OuterRef("pk"))))


def own_part(by: Actor) -> Q:
    """The same on its order or review, or any row of a case that names a unit.

    What came with a unit complains of nobody below the one that it came to, and of none of its people.
    """
    own, *merged = own_units(by)
    if not merged:
        return Q(unit=own)
    accused = accused_here(by).filter(case=OuterRef("case"))
    return Q(unit__in=(own, *merged)) & ~Q(Exists(accused), unit__in=merged)


def accused_here(by: Actor) -> QuerySet[Exclusion]:
    """Where the actor's unit is complained of, one below it, or somebody who serves in one of these today."""
    here = within([by.post.unit.path], prefix="unit__")
    serving = organisation.valid_on(Post.objects.filter(here), organisation.today())
    return Exclusion.objects.filter(here | Q(user__in=serving.values("user")))


def untold(unit: int) -> Q:
    """The condition that a report at another desk complains of somebody whom nobody has put a name to yet.

    An overseer of the place may be that very person, or a colleague; until somebody is named, only the desk reads it.
    """
    respondent = Party.objects.filter(
        case=OuterRef("pk"), role=Party.Role.RESPONDENT, unit=None, private__isnull=False
    )
    named = Exclusion.objects.filter(case=OuterRef("pk"))
    return Q(~Q(desk=unit), Exists(respondent), ~Exists(named), nature=Case.Nature.REPORT)


def still_theirs(by: Actor) -> Q:
    """The condition on an order that the actor's unit has not taken it over, and so has another for it."""
    merged = own_units(by)[1:]
    return ~Q(unit__in=merged, state=Order.State.SUCCEEDED) if merged else Q()


def had_a_hand(by: Actor) -> Q:
    """The condition on a case that a body in a line of mergers with the actor's is its desk, worked on it, or decided.

    No such body is asked for a review (`cases.reviewing`): this tells of those that came into the line since.
    """
    line = with_lineage(own_units(by))
    if len(line) < 2:
        return Q(pk__in=[])
    here = {"case": OuterRef("pk"), "unit__in": line}
    decided = Review.objects.filter(state=Review.State.DECIDED, round=OuterRef("round") - 1, **here)
    return Q(desk__in=line) | Q(Exists(Order.objects.filter(**here))) | Q(Exists(decided))
