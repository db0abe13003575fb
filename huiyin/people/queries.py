"""Finding a person again, without opening anything, by what they gave."""

from datetime import date

from django.db.models import QuerySet

from huiyin.kernel.permits import Permit
from huiyin.kernel.sealing import blind_index
from huiyin.people.acts import identity_of, phone_of
from huiyin.people.models import ContactMeasure, Person


def by_phone(phone: str) -> QuerySet[Person]:
    """Everybody kept under this phone number, newest first; nobody for an empty one. Raises Unreadable."""
    number = phone_of(phone)
    found = (
        Person.objects.filter(phone_index=blind_index("phone", number)) if number else Person.objects.none()
    )
    return found.order_by("-id")


def by_identity(number: str, *, kind: str = Person.Kind.NATURAL) -> QuerySet[Person]:
    """Everybody kept under this identity number or credit code, newest first. Raises Unreadable."""
    identity = identity_of(number, kind=kind)
    index = blind_index("identity", identity) if identity else None
    return (Person.objects.filter(identity_index=index) if index else Person.objects.none()).order_by("-id")


def particulars(person: Person, permit: Permit) -> dict[str, str]:
    """Name, phone, address and e-mail in the clear; what was not given is "". The caller has recorded why."""
    kept = {field: getattr(person, field) for field in ("name", "phone", "address", "email")}
    return {field: sealed.open(permit) if sealed else "" for field, sealed in kept.items()}


def measures_on(phone_index: bytes | None, day: date) -> list[ContactMeasure]:
    """What is agreed on a local day with whoever has this phone, by its blind index; the eldest first."""
    if phone_index is None:
        return []
    held = ContactMeasure.objects.filter(
        phone_index=phone_index, state=ContactMeasure.State.IN_FORCE, since__lte=day, until__gte=day
    )
    return list(held.order_by("pk"))


def measures_of_phone(phone: str, day: date) -> list[ContactMeasure]:
    """What is agreed on a local day with whoever has this phone number. Raises Unreadable."""
    number = phone_of(phone)
    return measures_on(blind_index("phone", number), day) if number else []
