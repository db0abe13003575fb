"""Reading one subject's events."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from huiyin.ledger.models import Event


def history(subject: str | Combinable) -> QuerySet[Event]:
    """The subject's events in the order in which they were written; an expression names it row by row."""
    return Event.objects.filter(subject=subject).order_by("subject_seq")


def latest(subject: str) -> Event | None:
    """The subject's newest event."""
    return Event.objects.filter(subject=subject).order_by("-subject_seq").first()


def actors_of(subject: str, *kinds: str) -> set[str]:
    """The ledger names of all who ever did one of these acts on the subject."""
    return set(Event.objects.filter(subject=subject, kind__in=kinds).values_list("actor", flat=True))


def of_kinds(subjects: Iterable[str], *kinds: str) -> QuerySet[Event]:
    """The events of these kinds on any of these subjects, in no order."""
    return Event.objects.filter(subject__in=list(subjects), kind__in=kinds)


def kinds_of(subject: str) -> set[str]:
    """The acts that were ever done on the subject."""
    return set(Event.objects.filter(subject=subject).order_by().values_list("kind", flat=True).distinct())


def actors_in(subjects: Iterable[str], *, but: Iterable[str]) -> set[str]:
    """The ledger names of all who ever did anything on these subjects but acts of the kinds `but`."""
    rows = Event.objects.filter(subject__in=list(subjects)).exclude(kind__in=list(but))
    return set(rows.values_list("actor", flat=True))
