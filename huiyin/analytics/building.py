"""From the rows that were read to the tables of the star, in DuckDB's own SQL: Parquet in, Parquet out."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huiyin.analytics import reading
from huiyin.analytics.engine import all_of, from_parquet, quoted
from huiyin.analytics.star import FACTS, LEVELS, TABLES
from huiyin.cases import states
from huiyin.cases.models import Round
from huiyin.kernel import clock

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ANEW = {"id": reading.KEY}
LAID = "laid_in_part"  # the column by which files are laid into folders; no table may have one of this name
PART = 122_880  # keys of matters in a part: as many as a group of rows has in Parquet
MOVING = -1  # the part of all that is open
BESIDE = ("all_policies", "all_omissions")  # what rows of ended matters take from others
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
    """Make the star in a folder from the CSV files there, and from the snapshot before.

    Rows lie in parts: those of open matters in one, those of ended ones by key, PART to a part. Only parts in which
    something has changed are made again; the others are the same files, whatever their number.
    """
    parts = _take_in(connection, folder, before)
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
        if name in FACTS:
            _write_parts(connection, name, "key" if name == "matters" else "matter", folder)
            _take_over(name, folder, before, parts)
        else:
            _write(connection, f"SELECT * FROM {name}", folder / f"{name}.parquet")
        if name == "matters":
            connection.execute(f"CREATE VIEW every_matter AS {all_of(folder, name)}")


def _take_in(connection: "DuckDBPyConnection", folder: Path, before: Path | None) -> set[int]:
    """The raw tables: what was read now, and what was not read anew in the parts that are made again; gives those."""
    for listed in ("anew", "changed"):
        _from_csv(connection, listed, ANEW, folder / f"{listed}.csv")
    of_place = {name: columns for name, (_model, columns) in reading.OF_PLACE.items()}
    for name, columns in {**of_place, **reading.BESIDE}.items():
        _from_csv(connection, name, columns, folder / f"{name}.csv")
    parts = _made_again(connection, folder, before)
    for name, source in reading.OF_CASES.items():
        _from_csv(connection, "read_now", source.columns, folder / f"{name}.csv")
        if name == "cases":  # one that ended while others were read is in no list of open ones any more
            connection.execute("INSERT INTO anew SELECT id FROM read_now")
        kept = "SELECT DISTINCT * FROM read_now"
        if old := _files(before, name, parts):
            files = ", ".join(map(quoted, old))
            kept += (
                f" UNION ALL FROM read_parquet([{files}], hive_partitioning = false) kept"
                f" ANTI JOIN anew ON anew.id = kept.{source.case}"
            )
        connection.execute(f"CREATE TABLE {name} AS {kept}")
        connection.execute("DROP TABLE read_now")
        if name == "cases":
            part = f"CASE WHEN state IN ({_listed(states.Case.OPEN)}) THEN {MOVING} ELSE id // {PART} END"
            connection.execute(f"CREATE TABLE parts AS SELECT id, {part} AS {LAID} FROM cases")
        _write_parts(connection, name, source.case, folder)
        _take_over(name, folder, before, parts)
    return parts


def _made_again(connection: "DuckDBPyConnection", folder: Path, before: Path | None) -> set[int]:
    """The parts that are made again: of open matters, of those that changed, and of those beside which others lie now.

    What lies beside them all, as the limits of a policy, is kept to be compared: where it is another, all parts are.
    """
    for name in BESIDE:
        _write(connection, f"SELECT * FROM {name}", folder / f"{name}.parquet")
    if before is None:
        return {MOVING}
    if _other_rows(connection, "all_policies", before):
        return {MOVING, *(part for part, _folder in _parts_in(before, "cases"))}
    moved = {row[1] for row in _other_rows(connection, "all_omissions", before)}
    if moved:
        cases = all_of(before, "cases")
        merged = connection.execute(
            f"SELECT id FROM ({cases}) WHERE parent_id IN ({', '.join(map(str, moved))})"
        )
        moved |= {row[0] for row in merged.fetchall()}
    moved |= {row[0] for row in connection.execute("SELECT id FROM changed").fetchall()}
    return {MOVING, *(key // PART for key in moved)}


def _other_rows(connection: "DuckDBPyConnection", name: str, before: Path) -> list[tuple[Any, ...]]:
    """The rows of a table that were not there in the snapshot before, or are no more."""
    old = f"FROM {from_parquet(before / f'{name}.parquet')}"
    differing = f"(FROM {name} EXCEPT {old}) UNION ALL ({old} EXCEPT FROM {name})"
    return connection.execute(differing).fetchall()


def _write_parts(connection: "DuckDBPyConnection", name: str, case: str, folder: Path) -> None:
    """A table as a folder with a folder for each part, and an empty file, so that there always is one."""
    (folder / name).mkdir()
    rows = f"SELECT t.*, parts.{LAID} FROM {name} t JOIN parts ON parts.id = t.{case}"
    connection.execute(
        f"COPY ({rows}) TO {quoted(folder / name)} (FORMAT PARQUET, COMPRESSION ZSTD, PARTITION_BY ({LAID}))"
    )
    _write(connection, f"SELECT * FROM {name} LIMIT 0", folder / name / "none.parquet")


def _take_over(name: str, folder: Path, before: Path | None, parts: Collection[int]) -> None:
    """The files of the parts in which nothing has changed: the same, under the new folder too."""
    for part, old in _parts_in(before, name):
        if part not in parts:
            (folder / name / old.name).mkdir()
            for file in old.iterdir():
                os.link(file, folder / name / old.name / file.name)


def _files(before: Path | None, name: str, parts: set[int]) -> list[Path]:
    """The files of these parts in a snapshot."""
    folders = dict(_parts_in(before, name))
    return [file for part in sorted(parts & folders.keys()) for file in folders[part].glob("*")]


def _parts_in(before: Path | None, name: str) -> list[tuple[int, Path]]:
    """The parts of a table in a snapshot, and the folder of each."""
    if before is None:
        return []
    found = [folder for folder in before.joinpath(name).iterdir() if folder.is_dir()]
    return [(int(folder.name.removeprefix(f"{LAID}=")), folder) for folder in found]


def _from_csv(connection: "DuckDBPyConnection", name: str, columns: Mapping[str, str], file: Path) -> None:
    typed = ", ".join(f"'{column}': '{kind}'" for column, kind in columns.items())
    listed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    if not file.exists() or not file.stat().st_size:
        connection.execute(f"CREATE TABLE {name} ({listed})")
        file.unlink(missing_ok=True)
        return
    how = (
        f"header=false, auto_detect=false, delim=',', quote='\"', escape='\"', columns={{{typed}}},"
        " hive_partitioning=false"
    )
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
        ), parents AS (
            SELECT id, arg_min(parent__answers__unit_id, (parent__answers__given_at, parent__answers__id)) AS unit_id
            FROM parent_answers GROUP BY id
        )
        SELECT
            c.id AS key, c.number, c.received_on, c.nature, c.channel, coalesce(c.door, '') AS door, c.region_id,
            coalesce(own.unit_id, parents.unit_id) AS unit_id, c.category_id,
            c.id IN (SELECT case_id FROM case_accused) AS accused, c.track, c.urgency, c.headcount, c.state,
            c.received_at, c.first_answered_at AS answered_at, c.ended_at, {LOCAL.format("c.ended_at")} AS ended_on,
            c.due_at, c.state IN ({{open}}) AS open, c.state IN ({{waiting}}) AS waiting,
            CASE WHEN c.state = 'merged'
                 THEN coalesce(c.parent__state IN ({{concluded}}) AND c.parent__nature <> 'report', false)
                 ELSE c.state IN ({{concluded}}) END AS concluded,
            date_diff('microsecond', c.received_at, c.first_answered_at) / 86400000000.0::DOUBLE AS took_days,
            c.round AS rounds
        FROM cases c
        LEFT JOIN first own ON own.case_id = c.id
        LEFT JOIN parents ON parents.id = c.id
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
            SELECT unnest(generate_series(min(received_on), max(received_on), INTERVAL 1 DAY))::DATE AS day
            FROM every_matter
        )""",
}
