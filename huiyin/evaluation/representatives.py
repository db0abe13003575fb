"""评价代表和工作室: what people say of representatives and studios, in batches of five and more that never change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from huiyin.accounts.roles import OVERSIGHT, Role
from huiyin.evaluation.groups import LEAST
from huiyin.evaluation.models import RepresentativeRating
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor


@dataclass(frozen=True)
class Told:
    """The ratings of one representative, or of all of one studio: `n` is 0 while there are too few to tell."""

    key: str
    name: str
    unit: str
    n: int = 0
    content: int = 0
    grades: int = 0

    @property
    def mean(self) -> float | None:
        """The mean grade, 1 to 5; None while there are too few."""
        return self.grades / self.n if self.n else None


def told(by: Actor) -> tuple[list[Told], list[Told]]:
    """Each representative, and each studio, of the place that somebody oversees; or a representative's own.

    Ratings are told in batches, in the order in which they came: five, or as many more as it takes that not all are of
    one grade. What is in no full batch yet is in no figure. A studio's figure is the sum of those of its
    representatives, so that nothing can be subtracted. Raises PermissionDenied for everybody else.
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
    full = [grade for batch in batches([row.satisfied for row in rows]) for grade in batch]
    return Told(
        key=key,
        name=name,
        unit=str(rows[0].unit),
        n=len(full),
        content=sum(grade >= 4 for grade in full),
        grades=sum(full),
    )


def batches(grades: Iterable[int]) -> Iterator[list[int]]:
    """The full batches of grades in their order: five and more each, never all alike."""
    batch: list[int] = []
    for grade in grades:
        batch.append(grade)
        if len(batch) >= LEAST and len(set(batch)) > 1:
            yield batch
            batch = []


def _studios(each: Iterable[Told]) -> Iterator[Told]:
    found: dict[str, list[Told]] = defaultdict(list)
    for one in each:
        found[one.unit].append(one)
    for unit, of in sorted(found.items()):
        yield Told(
            unit, unit, unit, *(sum(getattr(one, name) for one in of) for name in ("n", "content", "grades"))
        )
