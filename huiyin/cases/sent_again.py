"""Whether a form that came again says something else than the case that its first sending made.

Only what nobody else can have changed since is compared, so that whoever sends the same form twice reads no warning.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.db.models import Model

from huiyin.cases.models import Attachment, Case, Party, Point
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation.actors import Actor
from huiyin.people import queries as people
from huiyin.people.models import Person

WORDS = ("original_title", "original_text", "original_place")
CHOSEN = ("nature", "channel", "confidentiality", "reply_required", "door")
UNTIL_ACCEPTED = ("region_id", "urgency", "track")
WITH_IT = timedelta(minutes=1)  # files are joined in the transaction that makes the case, some moments later


def differs(before: Case, parties: Sequence[Party], now: Case, rows: Sequence[Model], *, by: Actor) -> bool:
    """Whether `now` and its `rows`, not written, say something else than `before` with its `parties`."""
    permit = Permit(holder=by.name, purpose=Purpose.MATCH)
    brought = [row for row in rows if isinstance(row, Party)]
    return (
        any(_opened(before, name, permit) != _opened(now, name, permit) for name in WORDS)
        or any(getattr(before, name) != getattr(now, name) for name in CHOSEN)
        or (_untouched(before) and _rest_differs(before, now, rows))
        or [_place_of(party) for party in parties] != [_place_of(party) for party in brought]
        or any(_other(old.person, new.person, permit) for old, new in zip(parties, brought, strict=True))
        or (_as_they_came(before, parties) and before.headcount != now.headcount)
    )


def files_differ(before: Case, sender: Party, digests: Collection[str]) -> bool:
    """Whether other files come with the form now than those that came when it made the case.

    What the sender has added since is no part of the form.
    """
    held = dict(Attachment.objects.filter(party=sender).order_by("-at").values_list("digest", "at"))
    came = {digest for digest, at in held.items() if at <= before.recorded_at + WITH_IT}
    return not came <= set(digests) <= set(held)


def _opened(row: Model, name: str, permit: Permit) -> str:
    sealed = getattr(row, name)
    return sealed.open(permit) if sealed else ""


def _untouched(case: Case) -> bool:
    """Accepting it may have set the place and the urgency right, an incident makes it urgent."""
    return case.state == Case.State.REGISTERED and not case.incident


def _rest_differs(before: Case, now: Case, rows: Sequence[Model]) -> bool:
    asked = [row.text for row in rows if isinstance(row, Point)]
    kept = list(Point.objects.filter(case=before).order_by("ordinal").values_list("text", flat=True))
    return asked != kept or any(getattr(before, name) != getattr(now, name) for name in UNTIL_ACCEPTED)


def _place_of(party: Party) -> tuple[str, int | None, int | None]:
    return party.role, party.unit_id, party.post_id


def joins_otherwise(before: Party, person: Person | None, private: str, *, by: Actor) -> bool:
    """Whether whoever joined as `before` names somebody else now, or tells something else of their own.

    What they have told since stands below what they told then.
    """
    permit = Permit(holder=by.name, purpose=Purpose.MATCH)
    kept = _opened(before, "private", permit)
    added = bool(private) and kept.startswith(f"{private}\n")
    return _other(before.person, person, permit) or not (kept == private or added)


def _other(before: Person | None, now: Person | None, permit: Permit) -> bool:
    """Whether somebody else is named; of somebody who was erased nothing is known."""
    if before is not None and before.erased_at is not None:
        return False
    return _particulars(before, permit) != _particulars(now, permit)


def _particulars(person: Person | None, permit: Permit) -> dict[str, str]:
    return people.particulars(person, permit) if person else {}


def _as_they_came(case: Case, parties: Sequence[Party]) -> bool:
    """Whether nobody has joined or left since; both change the headcount."""
    return Party.objects.filter(case=case, left_at=None).count() == len(parties)
