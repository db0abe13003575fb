"""What people write of the representative who brought their matter in: for supervisors alone, ten ratings at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from huiyin.accounts.roles import Role
from huiyin.cases.models import Party
from huiyin.evaluation.models import RepresentativeRating
from huiyin.evaluation.representatives import batches
from huiyin.kernel import clock
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation import queries as organisation
from huiyin.organisation.actors import Actor
from huiyin.people import identity
from huiyin.people import queries as people

PAGE = 10


@dataclass(frozen=True)
class Remarks:
    """What the raters of one full batch wrote, in no order of theirs: without grades, matters, names and days.

    `month` is the month in which the batch became full. Whoever reads it knows that it was one of ten, and no more
    (decision 0028).
    """

    key: int
    name: str
    unit: str
    month: date
    words: tuple[str, ...]


def page(by: Actor, *, before: int | None = None) -> tuple[list[Remarks], int | None]:
    """A page of the batches in which somebody wrote something, the newest first, and the key before the next page.

    A batch is one of those whose grades are told (`representatives.told`); what is in no full batch yet waits. For
    supervisors of the place, without what is written of themselves. Raises PermissionDenied for everybody else.
    """
    rows = _visible(by)
    keys: dict[int, list[int]] = defaultdict(list)
    for key, post in rows.order_by("pk").values_list("pk", "post"):
        keys[post].append(key)
    full = [batch for mine in keys.values() for batch in batches(mine)]
    spoken = set(rows.filter(words__isnull=False).values_list("pk", flat=True))
    told = sorted((batch for batch in full if not spoken.isdisjoint(batch)), key=lambda batch: -batch[-1])
    rest = [batch for batch in told if before is None or batch[-1] < before]
    shown = rest[:PAGE]
    return _opened(shown, by), shown[-1][-1] if len(rest) > PAGE else None


def _visible(by: Actor) -> QuerySet[RepresentativeRating]:
    if by.role != Role.SUPERVISOR or by.unit is None or by.user is None:
        raise PermissionDenied(_("您的岗位不能看这一页。"))
    placed = RepresentativeRating.objects.filter(
        organisation.placed_in(by.unit.region.path, prefix="unit__region")
    )
    return placed.exclude(post__user=by.user)


def _opened(shown: Sequence[Sequence[int]], by: Actor) -> list[Remarks]:
    keys = [key for batch in shown for key in batch]
    found = RepresentativeRating.objects.select_related("post__user", "unit").in_bulk(keys)
    known = _petitioners({row.case_id for row in found.values() if row.words}, by)
    permit = Permit(holder=by.name, purpose=Purpose.NOTICE)
    remarks = []
    for batch in shown:
        last = found[batch[-1]]
        said = [
            _nameless(row.words.open(permit), known.get(row.case_id, ()))
            for row in (found[key] for key in batch)
            if row.words
        ]
        full_on = clock.local_date(last.at).replace(day=1)
        remarks.append(Remarks(last.pk, str(last.post.user), str(last.unit), full_on, _mixed(said)))
    return remarks


def _petitioners(cases: set[int], by: Actor) -> dict[int, list[identity.Particulars]]:
    """The particulars of everybody for whom these matters were brought."""
    permit = Permit(holder=by.name, purpose=Purpose.MATCH)
    found: dict[int, list[identity.Particulars]] = defaultdict(list)
    for party in Party.objects.filter(case__in=cases, person__isnull=False).select_related("person"):
        if party.person is not None:
            found[party.case_id].append(people.particulars(party.person, permit))
    return found


def _nameless(text: str, known: Iterable[identity.Particulars]) -> str:
    return identity.masked(identity.without(text, known))


def _mixed(said: Iterable[str]) -> tuple[str, ...]:
    """In an order that hangs on the words alone: neither who was first nor who was last can be told."""
    return tuple(sorted(said, key=lambda text: sha256(text.encode()).digest()))
