"""Reading promises for lists: those in force, by their last day; a unit reads its own and those that came to it."""

from datetime import date

from django.db.models import Q, QuerySet

from huiyin.accounts.roles import UNIT
from huiyin.cases import access
from huiyin.cases.models import Promise
from huiyin.cases.paging import HIGHEST_ID, ID_DIGITS, PAGE, Listing
from huiyin.kernel import clock as wall
from huiyin.organisation.actors import Actor


def in_force(by: Actor) -> QuerySet[Promise]:
    """The promises still to be kept that the actor may know of."""
    made = Promise.objects.filter(state=Promise.State.MADE, case__in=access.visible(by))
    if by.role in UNIT and by.post is not None:
        return made.filter(unit__in=access.own_units(by))
    return made


def overdue_count(by: Actor) -> int:
    """How many of them are past their last day."""
    return in_force(by).filter(due_on__lt=wall.local_date(wall.now())).count()


def listing(by: Actor, *, after: str = "", before: str = "") -> Listing:
    """A page of them by (last day, id); `after` and `before` are keys of rows on the last page shown."""
    rows = in_force(by).select_related("unit", "case")
    key, back = _key(before or after), bool(before)
    if key is not None:
        rows = rows.filter(_beyond(key, "lt" if back else "gt"))
    reverse = back and key is not None
    order = ("-due_on", "-id") if reverse else ("due_on", "id")
    found = list(rows.order_by(*order)[: PAGE + 1])
    more, found = len(found) > PAGE, found[:PAGE]
    if reverse:
        found.reverse()
    earlier, later = (more, True) if reverse else (key is not None, more)
    return Listing(
        found,
        earlier=_written(found[0]) if found and earlier else "",
        later=_written(found[-1]) if found and later else "",
    )


def _beyond(key: tuple[date, int], sign: str) -> Q:
    day, row = key
    return Q(**{f"due_on__{sign}": day}) | Q(**{"due_on": day, f"id__{sign}": row})


def _written(promise: Promise) -> str:
    return f"{promise.due_on.isoformat()}~{promise.pk}"


def _key(text: str) -> tuple[date, int] | None:
    """A key as it was written; anything else (an address typed by hand) begins at the first page."""
    day, _tilde, row = text.partition("~")
    if not (row.isascii() and row.isdecimal() and len(row) <= ID_DIGITS and int(row) <= HIGHEST_ID):
        return None
    try:
        return date.fromisoformat(day), int(row)
    except ValueError:
        return None
