"""评价代表和工作室: what people say of representatives and studios, in batches of ten that never change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from huiyin.accounts.roles import OVERSIGHT, Role
from huiyin.evaluation.models import Rating, RepresentativeRating
from huiyin.evaluation.spans import FULL, Span, count_told, sum_told, together
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor

CONTENT = Rating.Satisfied.SATISFIED


@dataclass(frozen=True)
class Told:
    """The ratings of one representative, or of all of one studio: `n` is 0 while there are too few to tell.

    How many were content, and the sum of the grades, lie in a span: what is told of a batch gives none in it away.
    """

    key: str
    name: str
    unit: str
    n: int
    content: Span
    grades: Span


def told(by: Actor) -> tuple[list[Told], list[Told]]:
    """Each representative, and each studio, of the place that somebody oversees; or a representative's own.

    Ratings are told in batches of ten, in the order in which they came. What is in no full batch yet is in no figure.
    A studio's figure is made of those of its representatives, so that nothing can be subtracted. Raises
    PermissionDenied for everybody else.
    """
    rows = RepresentativeRating.objects.select_related("post__user", "unit__region").order_by("pk")
    if by.role in OVERSIGHT and by.unit is not None:
        rows = rows.filter(organisation.placed_in(by.unit.region.path, prefix="unit__region"))
    elif by.role == Role.REPRESENTATIVE:
        rows = rows.filter(post=by.post)
    else:
        raise PermissionDenied(_("您的岗位不能看这一页。"))
    mine: dict[int, list[RepresentativeRating]] = defaultdict(list)
    for row in rows:
        mine[row.post_id].append(row)
    each = [_of(rows[0].post.code, str(rows[0].post.user), rows) for rows in mine.values()]
    return each, [] if by.role == Role.REPRESENTATIVE else list(_studios(each))


def _of(key: str, name: str, rows: Sequence[RepresentativeRating]) -> Told:
    full = list(batches([row.satisfied for row in rows]))
    return Told(
        key=key,
        name=name,
        unit=str(rows[0].unit),
        n=FULL * len(full),
        content=together(count_told(sum(grade >= CONTENT for grade in batch), FULL) for batch in full),
        grades=together(sum_told(sum(batch), FULL) for batch in full),
    )


def batches(grades: Sequence[int]) -> list[Sequence[int]]:
    """The full batches of grades in their order, ten each, whatever they are."""
    return [grades[at : at + FULL] for at in range(0, len(grades) - FULL + 1, FULL)]


def _studios(each: Iterable[Told]) -> Iterator[Told]:
    found: dict[str, list[Told]] = defaultdict(list)
    for one in each:
        found[one.unit].append(one)
    for unit, of in sorted(found.items()):
        content, grades = together(one.content for one in of), together(one.grades for one in of)
        yield Told(unit, unit, unit, sum(one.n for one in of), content, grades)
