"""The rows of a profile that belong here: assessment.toml with its rules and clauses, and targets.csv."""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huiyin.assessment.models import Clause, Measure, Rule, Target
from huiyin.assessment.periods import LATEST_BEGIN
from huiyin.kernel import clock
from huiyin.kernel.loads import Load
from huiyin.kernel.tables import BadTable, Row, each, read_tables
from huiyin.organisation.models import Unit
from huiyin.organisation.profile import dates

FILE, TARGETS = "assessment.toml", "targets.csv"


def load_assessment(file: Path, *, into: Load) -> None:
    """Bring assessment.toml in, where there is one. Raises BadTable, naming every bad row.

    A rule that is in force is never changed by a load: its figures were told to units. The dates of the file count
    only while no rule was ever in force; later versions wait until a named person switches them on.
    """
    if not file.is_file():
        return
    _load_rules(read_tables(file, "rule"), into)
    for row, code, values in each(read_tables(file, "clause"), lambda row: (row, *clause_of(row))):
        into.bring("clauses", row, Clause, key={"code": code}, values=values)


def load_targets(rows: list[Row], *, into: Load) -> None:
    """Bring targets.csv in: what units have promised to reach in a year. Raises BadTable."""
    units = {unit.code: unit for unit in Unit.objects.all()}

    def shape(row: Row) -> tuple[Row, dict[str, Any]]:
        return row, {"unit": row.needed("unit", units, file="units.csv"), **target_of(row)}

    for row, values in each(rows, shape):
        key = {name: values.pop(name) for name in ("unit", "year", "measure")}
        into.bring("targets", row, Target, key=key, values=values)


def _load_rules(rows: list[Row], into: Load) -> None:
    begun = Rule.objects.exclude(valid_from=None).exists()
    shaped = each(rows, lambda row: (row, row.code("code", most=40), rule_of(row), row.day("valid_from")))
    standing = {rule.code: rule for rule in Rule.objects.all()}
    _require_unchanged(
        [(row, standing[code], values) for row, code, values, _day in shaped if code in standing]
    )
    for row, code, values, day in shaped:
        rule = into.bring("rules", row, Rule, key={"code": code}, values=values)
        if rule is not None and not begun and day is not None:
            Rule.objects.filter(pk=rule.pk).update(valid_from=day, switched_on_at=clock.now())


def _require_unchanged(rows: list[tuple[Row, Rule, dict[str, Any]]]) -> None:
    """Refuse to rewrite what is or was in force."""
    bad = []
    for row, rule, values in rows:
        other = [name for name, value in values.items() if getattr(rule, name) != value]
        if rule.valid_from is not None and other:
            sentence = _("这条规则已经生效，不能改。请另写一条，用新的编码，再在网页上启用。")
            bad.append(str(row.bad(other[0], sentence)))
    if bad:
        raise BadTable(bad)


def rule_of(row: Row) -> dict[str, Any]:
    """What a `[[rule]]` says. Raises BadRow."""
    weights = {name: whole(row, name, 0, 100) for name in ("contacted", "solved", "satisfied")}
    if not sum(weights.values()):
        raise row.bad("solved", _("三个权重不能都是 0。"))
    shown = row.cells.get("measures", [])
    if not isinstance(shown, list) or not shown or set(shown) - set(Measure.values):
        sentence = _("要列出指标的编码，可以写：%(all)s。") % {"all": "、".join(Measure.values)}
        raise row.bad("measures", sentence)
    return {
        "name": row.text("name", most=60),
        **weights,
        "k": part(row, "k"),
        "fewest": whole(row, "fewest", 5, 1000),
        "month_begins": whole(row, "month_begins", 1, LATEST_BEGIN),
        "day_begins": whole(row, "day_begins", 0, 23),
        "measures": list(dict.fromkeys(shown)),
        "basis": row.text("basis", most=200),
    }


def target_of(row: Row) -> dict[str, Any]:
    """What a line of targets.csv says, but for its unit. Raises BadRow."""
    year = row.count("year")
    if year is None or not 1900 <= year <= 2999:
        raise row.bad("year", _("要是四位的年份，例如 2026。"))
    return {
        "year": year,
        "measure": row.choice("measure", Measure.values),
        "percent": percent(row, "percent"),
        "basis": row.text("basis", most=200),
    }


def clause_of(row: Row) -> tuple[str, dict[str, Any]]:
    """What a `[[clause]]` says: its code and the rest. Raises BadRow."""
    values = {"text": row.text("text", most=200), "basis": row.text("basis", most=200), **dates(row)}
    return row.code("code", most=40), values


def whole(row: Row, column: str, least: int, most: int) -> int:
    """A whole number within bounds. Raises BadRow."""
    number = row.cells.get(column)
    if type(number) is not int or not least <= number <= most:
        raise row.bad(column, _("要是 %(least)d 到 %(most)d 的整数。") % {"least": least, "most": most})
    return number


def part(row: Row, column: str) -> Decimal:
    """A number from 0 to 1 with two places at most. Raises BadRow."""
    number = _decimal(row, column)
    if number is None or not 0 <= number <= 1 or number != round(number, 2):
        raise row.bad(column, _("要是 0 到 1 的数，最多两位小数，例如 0.9。"))
    return round(number, 2)


def percent(row: Row, column: str) -> Decimal:
    """Per cent with one place at most. Raises BadRow."""
    number = _decimal(row, column)
    if number is None or not 0 <= number <= 100 or number != round(number, 1):
        raise row.bad(column, _("要是 0 到 100 的百分数，最多一位小数，例如 95.5。"))
    return round(number, 1)


def _decimal(row: Row, column: str) -> Decimal | None:
    cell = row.cells.get(column)
    if isinstance(cell, bool):
        return None
    try:
        number = Decimal(str(cell))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
