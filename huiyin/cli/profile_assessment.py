"""What is missing or contradictory in a profile's rules of assessment, told in words before it is loaded."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from huiyin.assessment.profile import clause_of, rule_of, target_of
from huiyin.cli.profile_papers import Finding, Papers, about_file, at, bad_cells, cell


def assessment(papers: Papers) -> Iterator[Finding]:
    """Rules and clauses that can be read, each code once, and a rule that is in force today."""
    rules, clauses = papers.rows("assessment.rule"), papers.rows("assessment.clause")
    if not rules and not clauses:
        return
    for rows, read in ((rules, rule_of), (clauses, clause_of)):
        seen: set[str] = set()
        for row in rows:
            yield from bad_cells("assessment", row, lambda: row.code("code", most=40), lambda: read(row))  # noqa: B023
            yield from bad_cells("assessment", row, lambda: row.day("valid_from"))  # noqa: B023
            if cell(row, "code") in seen:
                yield at("assessment", row, "code", _("这个编码前面已经有了。请换一个，或者删去一行。"))
            seen.add(cell(row, "code"))
    yield from _in_force(papers)


def _in_force(papers: Papers) -> Iterator[Finding]:
    days = [cell(row, "valid_from") for row in papers.rows("assessment.rule")]
    if not any(day and day <= papers.day.isoformat() for day in days):
        yield about_file(
            "assessment", "assessment.toml", _("没有今天生效的考核规则。请给一条写上 valid_from。")
        )
    if len([day for day in days if day]) > len({day for day in days if day}):
        yield about_file("assessment", "assessment.toml", _("有两条考核规则同一天生效。请改正其中一条。"))


def targets(papers: Papers) -> Iterator[Finding]:
    """Targets that can be read, each once, of units that there are."""
    units, seen = papers.coded("units.csv"), set()
    for row in papers.rows("targets.csv"):
        yield from bad_cells("targets", row, lambda: target_of(row))  # noqa: B023
        if cell(row, "unit") not in units:
            yield at("targets", row, "unit", _("没有这个单位。请先在 units.csv 里写上它。"))
        key = (cell(row, "unit"), cell(row, "year"), cell(row, "measure"))
        if key in seen:
            yield at("targets", row, "measure", _("这个单位这一年的这项目标前面已经有了。请删去一行。"))
        seen.add(key)
