"""All figures over ten million matters, by street and month: python -m benchmarks.figures [--matters N].

DuckDB itself makes the star, as Parquet: matters of twelve months in 343 streets of 16 districts, with their rounds,
orders and ratings. Then every figure is asked by street and month, through the catalogue and in SQL written by hand
over the same files, in turns; the best of each counts. Both must find the same numbers.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

MATTERS = 10_000_000
TURNS = 3
BY = "region+month"
GATES = {"figures_s_1e7": 3.0, "figures_ratio_1e7": 1.3}

MATTER = """
    SELECT i AS key, 'N' || i AS number, DATE '2025-01-01' + (i * 365 // {n})::INTEGER AS received_on,
        ['appeal', 'suggestion', 'inquiry', 'complaint', 'praise'][1 + die(i, 1, 5)] AS nature,
        ['phone', 'web', 'mailbox', 'visit'][1 + die(i, 2, 4)] AS channel, '' AS door,
        (1000 + die(i, 3, 343))::BIGINT AS region_id, (1 + die(i, 4, 700))::BIGINT AS unit_id,
        (1 + die(i, 5, 200))::BIGINT AS category_id, false AS accused, 'hotline' AS track, 'normal' AS urgency,
        (1 + (die(i, 6, 50) = 0)::INTEGER * 9)::BIGINT AS headcount,
        CASE WHEN die(i, 7, 50) = 0 THEN 'handling' WHEN die(i, 7, 50) < 3 THEN 'declined' ELSE 'closed' END AS state,
        received_on::TIMESTAMP AS received_at,
        CASE WHEN die(i, 7, 50) >= 3 THEN received_on + to_seconds(600 + die(i, 8, 1000000)) END AS answered_at,
        answered_at AS ended_at, answered_at::DATE AS ended_on, received_on + INTERVAL 7 DAY AS due_at,
        state = 'handling' AS open, state = 'handling' AS waiting, state <> 'handling' AS concluded,
        date_diff('microsecond', received_at, answered_at) / 86400000000.0::DOUBLE AS took_days, 1::BIGINT AS rounds
    FROM range({n}) made(i)"""
OF_MATTER = "m.received_on, m.nature, m.channel, m.door, m.region_id, m.unit_id, m.category_id, m.accused"
ROUND = f"""
    SELECT m.key, m.key AS matter, {OF_MATTER}, 1::BIGINT AS number,
        CASE WHEN die(m.key, 9, 20) = 0 THEN 'unsolved' ELSE 'first' END AS cause, NOT m.open AS told,
        m.ended_at AS told_at, m.took_days < 7 AS on_time, CASE WHEN m.open THEN m.due_at END AS due_at,
        die(m.key, 10, 30) = 0 AS extended,
        'reply' AS policy, 'working_days' AS policy_kind, 5::BIGINT AS policy_amount, '' AS policy_basis
    FROM matters m"""
ORDER = f"""
    SELECT m.key, m.key AS matter, {OF_MATTER}, 'lead' AS part, 'approved' AS state, m.received_at AS sent_at,
        1::BIGINT AS post_id, false AS omitted, m.due_at, m.received_at + INTERVAL 1 DAY AS sign_until,
        die(m.key, 11, 40) > 0 AS signed, signed AS signed_in_time, NOT m.open AS answered, m.took_days < 5 AS on_time,
        answered AND on_time AS in_time,
        die(m.key, 12, 25) = 0 AS objected, die(m.key, 13, 30) = 0 AS returned
    FROM matters m WHERE m.state <> 'declined'"""
RATING = f"""
    SELECT m.key, m.key AS matter, {OF_MATTER}, m.ended_on + 3 AS rated_on, 'self' AS how,
        m.unit_id AS judged_id, false AS omitted, 1::BIGINT AS round, rated_on::TIMESTAMP AS rated_at,
        die(m.key, 14, 9) > 0 AS contacted,
        ['yes', 'yes', 'yes', 'partly', 'no'][1 + die(m.key, 15, 5)] AS solved,
        (1 + die(m.key, 16, 5))::BIGINT AS satisfied
    FROM matters m WHERE m.state = 'closed' AND die(m.key, 17, 3) = 0"""
REGION = """
    SELECT i AS key, 'r' || i AS code, 'r' || i AS name, '' AS name_en,
        CASE WHEN i < 1000 THEN 'county' ELSE 'street' END AS level,
        CASE WHEN i < 1000 THEN '/c/r' || i || '/' ELSE '/c/r' || i % 16 || '/r' || i || '/' END AS path,
        50000::BIGINT AS population, NULL::DATE AS valid_from, NULL::DATE AS valid_to, NULL::BIGINT AS successor,
        NULL::BIGINT AS province, NULL::BIGINT AS city, CASE WHEN i < 1000 THEN i ELSE i % 16 END AS county,
        CASE WHEN i >= 1000 THEN i END AS street, NULL::BIGINT AS community, NULL::BIGINT AS grid
    FROM (FROM range(16) a(i) UNION ALL FROM range(1000, 1343) b(i))"""
EMPTY = ("answers", "exclusions", "units", "categories", "dates")

BY_HAND = (
    """SELECT r.street, date_trunc('month', received_on) AS began, count(*), sum(headcount),
        count(*) FILTER (nature = 'suggestion'), count(*) FILTER (nature <> 'suggestion'),
        count(*) FILTER (nature = 'inquiry'), count(*) FILTER (nature = 'complaint'), count(*) FILTER (concluded),
        count(took_days), count(*) FILTER (state = 'declined'), count(*) FILTER (state = 'withdrawn'),
        count(*) FILTER (open), sum(headcount) FILTER (open), count(*) FILTER (waiting AND due_at < $now),
        quantile_cont(took_days, [0.5, 0.9]), avg(took_days), max(took_days)
    FROM matters LEFT JOIN regions r ON r.key = region_id GROUP BY 1, 2""",
    """SELECT r.street, date_trunc('month', received_on) AS began, count(*) FILTER (told AND on_time),
        count(*) FILTER (told OR due_at < $now), count(*) FILTER ((told OR due_at < $now) AND extended),
        count(*) FILTER (cause IN ('unsolved', 'contested', 'reopened', 'appealed', 'revoked')), count(*)
    FROM rounds LEFT JOIN regions r ON r.key = region_id WHERE $now IS NOT NULL GROUP BY 1, 2""",
    """SELECT r.street, date_trunc('month', received_on) AS began, count(*), count(*) FILTER (signed),
        count(*) FILTER (objected), count(*) FILTER (returned), count(*) FILTER (answered OR returned)
    FROM orders LEFT JOIN regions r ON r.key = region_id WHERE $now IS NOT NULL GROUP BY 1, 2""",
    """SELECT r.street, date_trunc('month', received_on) AS began, count(*), count(*) FILTER (contacted),
        count(*) FILTER (solved = 'yes'), count(*) FILTER (satisfied >= 4), count(*) FILTER (satisfied >= 3)
    FROM evaluations LEFT JOIN regions r ON r.key = region_id WHERE $now IS NOT NULL GROUP BY 1, 2""",
)


def make(folder: Path, matters: int) -> None:
    """Write the star into a folder, in the parts that a snapshot has, one day's matters after the other's."""
    from huiyin.analytics.building import PART
    from huiyin.analytics.engine import all_of, duck, quoted
    from huiyin.analytics.star import FACTS, TABLES

    types = {"int64": "BIGINT", "string": "VARCHAR", "date": "DATE", "timestamp": "TIMESTAMP", "boolean": "BOOLEAN",
             "float64": "DOUBLE"}  # fmt: skip
    with duck() as connection:
        connection.execute("CREATE MACRO die(i, salt, sides) AS (hash(i, salt) % sides)::BIGINT")
        made = {"matters": MATTER.format(n=matters), "rounds": ROUND, "orders": ORDER, "evaluations": RATING,
                "regions": REGION}  # fmt: skip
        for name, columns in TABLES.items():
            empty = ", ".join(f'NULL::{types[each.type]} AS "{column}"' for column, each in columns.items())
            listed = ", ".join(f'"{column}"' for column in columns)
            sql = f"SELECT {listed} FROM ({made[name]})" if name in made else f"SELECT {empty} WHERE false"
            how = "FORMAT PARQUET, COMPRESSION ZSTD"
            if name in FACTS and name in made:
                parted = f"SELECT *, key // {PART} AS part FROM ({sql})"
                connection.execute(f"COPY ({parted}) TO {quoted(folder / name)} ({how}, PARTITION_BY (part))")
            else:
                file = folder / name / "none.parquet" if name in FACTS else folder / f"{name}.parquet"
                file.parent.mkdir(exist_ok=True)
                connection.execute(f"COPY ({sql}) TO {quoted(file)} ({how})")
            if name == "matters":
                connection.execute(f"CREATE VIEW matters AS {all_of(folder, name)}")


def measure(folder: Path, now: datetime) -> tuple[float, float, int]:
    """Seconds by the catalogue and by hand, best of some turns, and how many lines; both must find the same."""
    from huiyin.analytics import asking
    from huiyin.analytics.catalogue import FIGURES
    from huiyin.analytics.engine import opened

    question = asking.Question(now)
    plain = now.replace(tzinfo=None)

    def by_catalogue(star: Any) -> Any:
        return asking.ask(star, FIGURES, question, by=BY)

    def by_hand(star: Any) -> Any:
        return [star.connection.execute(sql, {"now": plain}).fetchall() for sql in BY_HAND]

    best: dict[Callable[[Any], Any], float] = {}
    found: dict[Callable[[Any], Any], Any] = {}
    for turn in range(TURNS):
        for way in (by_catalogue, by_hand) if turn % 2 == 0 else (by_hand, by_catalogue):
            with opened(folder) as star:
                began = time.perf_counter()
                found[way] = way(star)
                took = time.perf_counter() - began
            best[way] = min(took, best.get(way, took))
    same(found[by_catalogue], found[by_hand])
    return best[by_catalogue], best[by_hand], len(found[by_catalogue])


def same(lines: Any, tables: Any) -> None:
    """Both ways found the same: the sums over all lines of a count of each table, and of the medians."""
    ours = {name: sum(line.figures[name].value or 0 for line in lines)
            for name in ("received", "concluded", "extended", "orders", "ratings", "median_days")}  # fmt: skip
    theirs = {"received": sum(row[2] for row in tables[0]), "concluded": sum(row[8] for row in tables[0]),
              "extended": sum(row[4] for row in tables[1]), "orders": sum(row[2] for row in tables[2]),
              "ratings": sum(row[2] for row in tables[3]),
              "median_days": sum(row[15][0] if row[15] else 0 for row in tables[0])}  # fmt: skip
    assert all(abs(ours[name] - theirs[name]) < 1e-6 * max(1, theirs[name]) for name in ours), (ours, theirs)


def main(arguments: list[str]) -> int:
    """Make, measure, print, and keep in latest.json; 1 when a gate is missed by the full number."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--matters", type=int, default=MATTERS)
    options = parser.parse_args(arguments)
    before = [round(each, 2) for each in os.getloadavg()]
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as home:
        set_up(Path(home))
        folder = Path(home) / "star"
        folder.mkdir()
        began = time.perf_counter()
        make(folder, options.matters)
        made = time.perf_counter() - began
        size = sum(file.stat().st_size for file in folder.rglob("*.parquet")) / 2**20
        ours, theirs, lines = measure(folder, datetime(2026, 1, 3, tzinfo=UTC))
    print(
        f"{options.matters:,} matters ({size:,.0f} MB of Parquet, made in {made:.0f} s): all figures,"
        f" {lines:,} lines by street and month, {ours:.2f} s by the catalogue,"
        f" {theirs:.2f} s by hand, ratio {ours / theirs:.2f}"
    )
    if options.matters != MATTERS:
        return 0
    found = {"figures_s_1e7": ours, "figures_by_hand_s_1e7": theirs, "figures_ratio_1e7": ours / theirs}
    keep(found, before)
    for name, most in GATES.items():
        print(f"  {'pass' if found[name] <= most else 'FAIL'}  {name:<20} {found[name]:.2f}  ≤ {most:g}")
    return int(any(found[name] > most for name, most in GATES.items()))


def keep(found: dict[str, float], before: list[float]) -> None:
    """Put the figures beside those of the other benchmarks."""
    from benchmarks._accounting import machine
    from benchmarks.serve import LATEST, renewed

    kept = json.loads(LATEST.read_text()) if LATEST.exists() else {}
    now = renewed(kept, "figures", found, machine(load_before=before))
    LATEST.write_text(json.dumps(now, indent=2, ensure_ascii=False) + "\n")


def set_up(home: Path) -> None:
    """The words of the figures need Django; the database stays empty."""
    from huiyin.kernel import keys

    os.environ["HUIYIN_HOME"] = str(home)
    keys.create(home / "secrets.toml")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
