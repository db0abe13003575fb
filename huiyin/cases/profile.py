"""The rows of a profile that belong here: categories of matters, and reasons that can be cited."""

from typing import Any

from huiyin.cases.models import Category, Reason
from huiyin.kernel.loads import Load
from huiyin.kernel.tables import Row, each
from huiyin.organisation.profile import dates


def load_categories(rows: list[Row], *, into: Load) -> set[str]:
    """Bring categories.csv in, with successors and paths; all known codes. Raises BadTable."""

    def shape(row: Row) -> dict[str, Any]:
        facets = [facet.strip() for facet in row.optional("facets", most=200).split("|") if facet.strip()]
        names = {"name": row.text("name", most=60), "name_en": row.optional("name_en", most=120)}
        return {**names, "facets": facets, **dates(row)}

    return set(into.bring_tree("categories", rows, Category, longest_code=20, shape=shape))


def load_reasons(rows: list[Row], *, into: Load) -> None:
    """Bring reasons.csv in: grounds to decline, to object, to explain, each with its basis. Raises BadTable."""

    def shape(row: Row) -> dict[str, Any]:
        return {
            "kind": row.choice("kind", Reason.For.values),
            "text": row.text("text", most=200),
            "basis": row.text("basis", most=200),
            "route": row.optional("route", most=200),
            **dates(row),
        }

    for row, code, values in each(rows, lambda row: (row, row.code("code", most=40), shape(row))):
        into.bring("reasons", row, Reason, key={"code": code}, values=values)
