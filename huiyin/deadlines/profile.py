"""The rows of a profile that belong here: how long each step may take."""

from huiyin.deadlines import policies
from huiyin.deadlines.models import Policy
from huiyin.kernel.loads import Load
from huiyin.kernel.tables import BadTable, Row


def load_policies(rows: list[Row], *, into: Load) -> None:
    """Bring the `[[policy]]` tables of policies.toml in, all or none. Raises BadTable, naming file and line."""
    for row in rows:  # every row is checked before the first conflict is shown
        _checked(row)
    for row in rows:
        name = f"policies:{row.cells['code']}"
        wanted = {column: row.cells.get(column, empty) for column, empty in policies.COLUMNS.items()}
        wanted["pauses"] = list(wanted["pauses"])  # type: ignore[call-overload]
        merged = into.settle(
            name,
            merge=lambda row=row: policies.load([row.cells])[0],  # type: ignore[misc]
            take=lambda row=row, wanted=wanted: Policy.objects.update_or_create(  # type: ignore[misc]
                code=row.cells["code"], defaults=wanted
            ),
        )
        into.note(name, row, Policy, merged)
