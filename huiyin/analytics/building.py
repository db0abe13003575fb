"""From the rows that were read to the tables of the star, in DuckDB's own SQL: Parquet in, Parquet out."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from huiyin.analytics import reading
from huiyin.analytics.engine import quoted
from huiyin.analytics.star import LEVELS, TABLES
from huiyin.cases import states
from huiyin.cases.models import Round
from huiyin.kernel import clock

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ANEW = {"id": reading.KEY}
# Open, and somebody waits for an answer: a told case is open, but nobody waits for one any more.
WAITING = tuple(state for state in states.Case.OPEN if state != states.Case.TOLD)
CONCLUDED = tuple(s for s in states.Case.ENDED if s not in (states.Case.WITHDRAWN, states.Case.MERGED))
OF_MATTER = "m.received_on, m.nature, m.channel, m.door, m.region_id, m.unit_id, m.category_id, m.accused"

REDO = (Round.Cause.REVIEW.value, Round.Cause.UNSOLVED.value)
# Whether the matter of a row, or its parent, is left out of the figures of the row's unit.
LEFT_OUT = """
        LEFT JOIN all_omissions own ON own.case_id = c.id AND own.unit_id = {unit}
        LEFT JOIN all_omissions parents ON parents.case_id = c.parent_id AND parents.unit_id = {unit}"""


def build(connection: "DuckDBPyConnection", folder: Path, *, before: Path | None) -> None:
    """Make the star in a folder from the CSV files there, and from the rows of the snapshot before."""
    _take_in(connection, folder, before)
    sizes = {
        "waiting": _listed(WAITING),
        "open": _listed(states.Case.OPEN),
        "concluded": _listed(CONCLUDED),
        "of_matter": OF_MATTER,
        "own_unit": OF_MATTER.replace("m.unit_id, ", ""),
        "omitted": "coalesce(own.unit_id, parents.unit_id) IS NOT NULL AS omitted",
        **{f"left_out_of_{row}": LEFT_OUT.format(unit=f"{row}.unit_id") for row in "oae"},
        "redo": _listed(REDO),
        "zone": clock.zone().key,
    }
    for name, sql in STAR.items():
        columns = ", ".join(f'"{column}"' for column in TABLES[name])
        connection.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM ({sql.format(**sizes)})")
        _write(connection, f"SELECT * FROM {name}", folder / f"{name}.parquet")


def _take_in(connection: "DuckDBPyConnection", folder: Path, before: Path | None) -> None:
    """The raw tables: what was read now, and of the snapshot before what was not read anew."""
    _from_csv(connection, "anew", ANEW, folder / "anew.csv")
    for name, source in reading.OF_CASES.items():
        file = folder / f"{name}.csv"
        _from_csv(connection, "read_now", source.columns, file)
        kept = "SELECT DISTINCT * FROM read_now"
        if before is not None:
            old = quoted(before / f"{name}.parquet")
            kept += f" UNION ALL FROM read_parquet({old}) kept ANTI JOIN anew ON anew.id = kept.{source.case}"
        connection.execute(f"CREATE TABLE {name} AS {kept}")
        _write(connection, f"SELECT * FROM {name}", folder / f"{name}.parquet")
        connection.execute("DROP TABLE read_now")
    of_place = {name: columns for name, (_model, columns) in reading.OF_PLACE.items()}
    for name, columns in {**of_place, **reading.BESIDE}.items():
        _from_csv(connection, name, columns, folder / f"{name}.csv")


def _from_csv(connection: "DuckDBPyConnection", name: str, columns: Mapping[str, str], file: Path) -> None:
    typed = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
    listed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    if not file.exists() or not file.stat().st_size:
        connection.execute(f"CREATE TABLE {name} ({listed})")
        file.unlink(missing_ok=True)
        return
    how = f"header=false, auto_detect=false, delim=',', quote='\"', escape='\"', columns={{{typed}}}"
    connection.execute(f"CREATE TABLE {name} AS FROM read_csv({quoted(file)}, {how})")
    file.unlink()


def _write(connection: "DuckDBPyConnection", sql: str, file: Path) -> None:
    connection.execute(f"COPY ({sql}) TO {quoted(file)} (FORMAT PARQUET, COMPRESSION ZSTD)")


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _level(level: str) -> str:
    """The key of the region of a level in whose path each region lies."""
    return (
        f"(SELECT above.id FROM all_regions above WHERE above.level = '{level}'"
        f" AND starts_with(r.path, above.path) ORDER BY length(above.path) DESC LIMIT 1) AS {level}"
    )


LOCAL = "({0} AT TIME ZONE 'UTC' AT TIME ZONE '{{zone}}')::DATE"
STAR: Mapping[str, str] = {
    "matters": f"""
        WITH first AS (
            SELECT case_id, arg_min(unit_id, (given_at, id)) AS unit_id FROM case_answers
            WHERE state = 'approved' GROUP BY case_id
        )
        SELECT
            c.id AS key, c.number, c.received_on, c.nature, c.channel, coalesce(c.door, '') AS door, c.region_id,
            coalesce(own.unit_id, parents.unit_id) AS unit_id, c.category_id,
            c.id IN (SELECT case_id FROM case_accused) AS accused, c.track, c.urgency, c.headcount, c.state,
            c.received_at, c.first_answered_at AS answered_at, c.ended_at, {LOCAL.format("c.ended_at")} AS ended_on,
            c.due_at, c.state IN ({{open}}) AS open, c.state IN ({{waiting}}) AS waiting,
            CASE WHEN c.state = 'merged' THEN coalesce(parent.state IN ({{concluded}}), false)
                 ELSE c.state IN ({{concluded}}) END AS concluded,
            date_diff('microsecond', c.received_at, c.first_answered_at) / 86400000000.0::DOUBLE AS took_days,
            c.round AS rounds
        FROM cases c
        LEFT JOIN first own ON own.case_id = c.id
        LEFT JOIN first parents ON parents.case_id = c.parent_id
        LEFT JOIN cases parent ON parent.id = c.parent_id
        ORDER BY c.received_on, c.id""",
    "rounds": """
        SELECT
            r.id AS key, m.key AS matter, {of_matter}, r.number, r.cause, r.told_at IS NOT NULL AS told, r.told_at,
            coalesce(NOT r.clock__late, false) AS on_time,
            CASE WHEN r.told_at IS NULL AND r.number = m.rounds AND m.waiting AND r.clock__state = 'running'
                 THEN r.clock__due_at END AS due_at,
            coalesce(r.clock__prolonged, '') <> '' AS extended,
            p.code AS policy, p.kind AS policy_kind, p.amount AS policy_amount, p.basis AS policy_basis
        FROM case_rounds r JOIN matters m ON m.key = r.case_id JOIN all_policies p ON p.id = r.clock__policy_id
        ORDER BY m.received_on, r.id""",
    "orders": """
        SELECT
            o.id AS key, m.key AS matter, {own_unit}, o.unit_id, o.part, o.state, o.person_id AS post_id,
            {omitted}, o.sent_at, o.due_at, o.objection_until AS sign_until, o.signed_at IS NOT NULL AS signed,
            coalesce(o.signed_by_id IS NOT NULL AND o.signed_at <= o.objection_until, false) AS signed_in_time,
            o.answered_at IS NOT NULL AS answered, coalesce(o.answered_at <= o.due_at, false) AS on_time,
            coalesce(o.answered_at IS NOT NULL AND NOT o.clock__late, false) AS in_time,
            EXISTS (SELECT 1 FROM case_objections x WHERE x.order_id = o.id) AS objected,
            o.state = 'returned' AS returned
        FROM case_orders o JOIN matters m ON m.key = o.case_id JOIN cases c ON c.id = o.case_id {left_out_of_o}
        ORDER BY m.received_on, o.id""",
    "answers": """
        SELECT
            a.id AS key, m.key AS matter, {own_unit}, a.unit_id, a.given_by_id AS post_id, {omitted}, a.given_at,
            coalesce(a.order__part, 'lead') = 'lead' AS lead,
            a.state = 'returned' OR coalesce(later.cause IN ({redo}), false) AS redone,
            coalesce(later.cause = 'reopened', false) AS again
        FROM case_answers a JOIN matters m ON m.key = a.case_id JOIN cases c ON c.id = a.case_id {left_out_of_a}
        LEFT JOIN case_rounds later ON later.case_id = a.case_id AND later.number = a.round + 1
        ORDER BY m.received_on, a.id""",
    "evaluations": f"""
        SELECT
            e.id AS key, m.key AS matter, {{of_matter}}, e.unit_id AS judged_id, {{omitted}}, e.round, e.at AS rated_at,
            {LOCAL.format("e.at")} AS rated_on, e.how, e.contacted, e.solved, e.satisfied
        FROM case_ratings e JOIN matters m ON m.key = e.case_id JOIN cases c ON c.id = e.case_id {{left_out_of_e}}
        ORDER BY m.received_on, e.id""",
    "exclusions": f"""
        SELECT x.id AS key, m.key AS matter, {{own_unit}}, x.unit_id, x.clause__code AS clause,
            {LOCAL.format("x.decided_at")} AS decided_on
        FROM all_omissions x JOIN matters m ON m.key = x.case_id
        ORDER BY m.received_on, x.id""",
    "regions": f"""
        SELECT r.id AS key, r.code, r.name, coalesce(r.name_en, '') AS name_en, r.level, r.path, r.population,
            r.valid_from, r.valid_to, r.successor_id AS successor, {", ".join(map(_level, LEVELS))}
        FROM all_regions r ORDER BY r.path""",
    "units": """
        SELECT id AS key, code, coalesce(nullif(short_name, ''), name) AS name, coalesce(name_en, '') AS name_en, kind,
            path, region_id, valid_from, valid_to, successor_id AS successor
        FROM all_units ORDER BY path""",
    "categories": """
        SELECT c.id AS key, c.code, c.name, coalesce(c.name_en, '') AS name_en, c.path,
            (SELECT t.id FROM all_categories t WHERE t.path = '/' || split_part(c.path, '/', 2) || '/') AS top,
            c.valid_from, c.valid_to, c.successor_id AS successor
        FROM all_categories c ORDER BY c.path""",
    "dates": """
        SELECT day, strftime(day, '%Y-%m') AS month, strftime(day, '%Y') || '-Q' || quarter(day) AS quarter,
            strftime(day, '%Y') AS year,
            strftime(CASE WHEN day(day) > 18 THEN day + INTERVAL 1 MONTH ELSE day END, '%Y-%m') AS assessed
        FROM (
            SELECT unnest(generate_series(min(received_on), max(received_on), INTERVAL 1 DAY))::DATE AS day FROM matters
        )""",
}
