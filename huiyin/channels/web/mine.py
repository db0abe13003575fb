"""我的诉求: the matters of whoever has shown that a telephone or a mailbox is theirs.

By the blind index alone: nothing is opened to find them. A report, and whatever was brought without an identity, is
never among them: a telephone may be lent, lost or given to somebody else, and must not tell who has reported whom.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from huiyin.cases import access, released
from huiyin.cases.models import Case, Party
from huiyin.channels.models import Channel
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation.actors import Actor

PAGE = 20
INDEX = {Channel.SMS: "person__phone_index", Channel.MAIL: "person__email_index"}


@dataclass(frozen=True)
class Contact:
    """A telephone or mailbox that is proved, by its blind index; `shown` is what its owner recognises it by."""

    channel: str
    index: bytes
    shown: str = ""


@dataclass(frozen=True)
class Mine:
    """One matter as a list shows it to its party."""

    number: str
    title: str
    state: str
    received_at: datetime
    due_at: datetime | None
    unit: str
    joined: bool


def parties(contact: Contact) -> QuerySet[Party]:
    """Every part that its owner has in a matter."""
    rows = Party.objects.filter(
        **{INDEX[Channel(contact.channel)]: contact.index}, role__in=access.READING, left_at=None
    )
    return rows.exclude(case__nature=Case.Nature.REPORT)


def listing(contact: Contact, *, before: int | None = None) -> tuple[list[Mine], int | None]:
    """A page of matters, the newest first, and the key after which the next page begins; a handful of queries."""
    rows = parties(contact).select_related("case__holder_unit", "case__desk").order_by("-pk")
    found = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    shown = found[:PAGE]
    titles = released.titles_of([each.case for each in shown if each.role == Party.Role.JOINED])
    return _read(shown, titles), shown[-1].pk if len(found) > PAGE else None


def actor(contact: Contact, number: str) -> Actor | None:
    """The owner in their part of this matter; None when they have none, or it is not shown here."""
    row = parties(contact).filter(case__number=number).order_by("pk").first()
    return Actor.citizen(row.pk) if row else None


def _read(rows: Sequence[Party], titles: dict[int, str]) -> list[Mine]:
    return [
        Mine(
            number=row.case.number,
            title=_title(row, titles),
            state=row.case.state,
            received_at=row.joined_at,
            due_at=row.case.due_at if row.case.ended_at is None else None,
            unit=str(row.case.holder_unit or row.case.desk),
            joined=row.role == Party.Role.JOINED,
        )
        for row in rows
    ]


def _title(row: Party, titles: dict[int, str]) -> str:
    if row.role == Party.Role.JOINED:
        return titles.get(row.case_id, "")
    if row.role != Party.Role.PETITIONER:
        return row.case.title
    permit = Permit(holder=f"party:{row.pk}", purpose=Purpose.OWN)
    return row.case.original_title.open(permit)
