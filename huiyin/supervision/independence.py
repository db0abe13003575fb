"""Who is independent of a unit: nobody looks at the work of their own unit, nor of one above or below it."""

from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Unit


def independent(by: Actor, unit: Unit) -> bool:
    """Whether no post that the person holds today is in this unit, above it or below it."""
    if by.user is None or unit.pk in by.barred_unit_ids:
        return False
    own = organisation.posts_of(by.user, organisation.today()).values_list("unit__path", flat=True)
    return not any(unit.path.startswith(path) for path in own)
