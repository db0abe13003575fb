"""Puts a year's working-day table into force, and has the open clocks follow it."""

from django.db import transaction

from huiyin import ledger
from huiyin.deadlines.calendars import YearTable
from huiyin.deadlines.models import CalendarYear
from huiyin.kernel.clock import now
from huiyin.organisation import remembering


@transaction.atomic
def load_year(table: YearTable, *, actor: str = "system") -> bool:
    """Store a year's notice and write the event; False when it was in force already.

    Clocks that are open keep their due times until `tasks.restate` has gone through them.
    """
    fields = {
        "holidays": sorted(day.isoformat() for day in table.holidays),
        "workdays": sorted(day.isoformat() for day in table.workdays),
        "basis": table.basis,
    }
    row, created = CalendarYear.objects.select_for_update().get_or_create(year=table.year, defaults=fields)
    if not created and fields == {name: getattr(row, name) for name in fields}:
        return False
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    ledger.record(f"calendar:{table.year}", "load_calendar", actor=actor, occurred_at=now(), facts=fields)
    remembering.clear()
    return True
