"""The rows of a profile that belong here: how long each step may take, and provisional working-day tables."""

from pathlib import Path

from django.utils.translation import gettext as _

from huiyin.deadlines import policies
from huiyin.deadlines.loading import load_year
from huiyin.deadlines.models import CalendarYear, Policy
from huiyin.deadlines.notices import read_notice
from huiyin.kernel.loads import Load
from huiyin.kernel.profiles import Merged
from huiyin.kernel.tables import BadTable, Row


def load_policies(rows: list[Row], *, into: Load) -> None:
    """Bring the `[[policy]]` tables of policies.toml in. Raises BadTable, naming file and line of every bad one."""
    bad = []
    for row in rows:
        name = f"policies:{row.cells.get('code', '')}"
        try:
            merged = into.settle(name, merge=lambda: _merge(row), take=lambda: _take(row))  # noqa: B023 called at once
        except policies.BadPolicy as fault:
            where = {"file": row.file, "line": row.line, "sentence": fault}
            bad.append(_("%(file)s 第 %(line)d 行：%(sentence)s") % where)
            continue
        into.note(name, row, Policy, merged)
    if bad:
        raise BadTable(bad)


def load_calendar(file: Path) -> list[int]:
    """Put the profile's working-day tables into force, if it has any; the years. A year known already stands."""
    known = set(CalendarYear.objects.values_list("year", flat=True))
    new = [table for table in read_notice(file) if table.year not in known] if file.is_file() else []
    for table in new:
        load_year(table, actor="system:profile")
    return [table.year for table in new]


def _merge(row: Row) -> Merged:
    return policies.load([row.cells])[0]


def _take(row: Row) -> None:
    columns = {column: row.cells.get(column, empty) for column, empty in policies.COLUMNS.items()}
    Policy.objects.update_or_create(
        code=row.cells["code"], defaults={**columns, "pauses": list(columns["pauses"] or ())}
    )
