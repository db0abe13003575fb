"""What forms and lists name: the places and units of a region, and who sits where today."""

from dataclasses import dataclass, field

from huiyin.organisation.models import Post, Region, Unit
from huiyin.organisation.queries import holds_on, today, valid_on
from huiyin.organisation.remembering import remembered


@remembered
def places_within(path: str) -> tuple[Region, ...]:
    """The place with this path and all below it, but no grids: they mean nothing to those who live there."""
    below = Region.objects.filter(path__startswith=path).exclude(level=Region.Level.GRID)
    return tuple(valid_on(below, today()).order_by("path"))


@remembered
def units_in(path: str) -> tuple[Unit, ...]:
    """The units whose jurisdiction lies in the region with this path or below it."""
    units = Unit.objects.filter(region__path__startswith=path)
    return tuple(valid_on(units, today()).order_by("path"))


def indented(places: tuple[Region, ...]) -> list[tuple[str, str]]:
    """Codes and names of places for a form, each as far to the right as it is deep."""
    top = min((place.path.count("/") for place in places), default=0)
    return [(place.code, "\u3000" * (place.path.count("/") - top) + str(place)) for place in places]


@dataclass(frozen=True)
class Entry:
    """A unit with the posts that are held in it."""

    unit: Unit
    posts: list[Post] = field(default_factory=list)


def directory() -> list[Entry]:
    """Every unit that stands today, in the order of the tree, with the posts held today: two queries."""
    units = valid_on(Unit.objects.select_related("region", "liaison"), today()).order_by("path")
    entries = {unit.pk: Entry(unit) for unit in units}
    for post in valid_on(Post.objects.select_related("user"), today()).order_by("unit_id", "id"):
        if post.unit_id in entries:
            entries[post.unit_id].posts.append(post)
    return list(entries.values())


def unit_coded(code: str, *, within: str) -> Unit | None:
    """The unit of this code, also one that has ended, in the region with this path or below it."""
    return Unit.objects.filter(code=code, region__path__startswith=within).select_related("region").first()


def post_coded(code: str, *, unit: Unit) -> Post | None:
    """The post of this code in the unit, also one that has ended."""
    return Post.objects.filter(code=code, unit=unit).select_related("user", "unit").first() if code else None


def post_held(code: str) -> Post | None:
    """The post of this code, if somebody holds it today in a unit that stands."""
    held = valid_on(Post.objects.filter(code=code, user__is_active=True), today())
    standing = held.filter(holds_on(today(), prefix="unit__"))
    return standing.select_related("user", "unit__region").first()
