"""The rows of a profile that belong here: how long each step may take."""

from django.utils.translation import gettext as _

from huiyin.deadlines import policies
from huiyin.deadlines.models import Policy
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


def _merge(row: Row) -> Merged:
    return policies.load([row.cells])[0]


def _take(row: Row) -> None:
    columns = {column: row.cells.get(column, empty) for column, empty in policies.COLUMNS.items()}
    Policy.objects.update_or_create(
        code=row.cells["code"], defaults={**columns, "pauses": list(columns["pauses"] or ())}
    )
