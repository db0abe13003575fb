"""What the gates of speed are measured by: python -m benchmarks.serve [intake] [lists] [embedded] [--cases 10000,…].

Huiyin is served as in earnest (one process, one thread, behind a proxy, commits durable), by the command that
`huiyin serve` uses, with its worker beside it. Milliseconds of processor time are the system's own accounting: of
the web server, and of every process of the database server, also for the work that a request leaves to the worker.
Statements are those that the database server wrote down; BEGIN, COMMIT and the like are counted apart.

A run of all parts writes benchmarks/latest.json.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import _among, _embedded, _intake
from benchmarks._accounting import machine
from benchmarks._stand import on_postgresql, on_sqlite

LATEST = Path(__file__).with_name("latest.json")
Figures = dict[str, float]
# What each figure must reach: at most (or, with a minus before it, at least) so much.
GATES: Mapping[str, float] = {
    "intake_statements": 10,
    "intake_cpu_ms": 5,
    "intake_ratio": -0.2,
    "list_statements": 8,
    "list_cpu_ms_1e4": 20,
    "list_cpu_ms_1e5": 20,
    "list_cpu_ms_1e6": 20,
    "list_growth_1e6": 1.2,
    "case_page_statements": 15,
    "public_list_p95_ms_1e6": 50,
    "public_search_p95_ms_1e6": 50,
    "sqlite_intake_per_s": -150,
    "sqlite_intake_p99_ms": 250,
    "sqlite_mix_locked": 0,
}
SIZES = {10_000: "1e4", 100_000: "1e5", 1_000_000: "1e6"}


def intake(options: argparse.Namespace) -> Figures:
    """The citizens' form against the limit."""
    name = _intake.NAMED
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder, on_postgresql(Path(folder)) as house:
        house.prepare()
        house.start_web()
        told, framing = _intake.asked_by_one(house)
        if options.statements:
            print("\n".join(told))
            return {}
        house.start_limit()
        house.start_worker()
        found = _intake.measure(house, slices=options.slices, seconds=options.seconds)
    for each in (name, "limit"):
        print("  " + found.line(each))
    web, database = found.each(name, "web"), found.each(name, "database")
    parts = [f"{who} {found.each(name, f'database for {who}'):.2f}" for who in ("web", "worker", "itself")]
    print(f"  intake: web {web:.2f} ms + database {database:.2f} ms (for {', '.join(parts)})")
    print(
        f"  the worker's own {found.each(name, 'worker'):.2f} ms; {len(told)} statements, {framing} around them"
    )
    print(
        f"  limit: web {found.each('limit', 'limit'):.2f} ms + database {found.each('limit', 'database'):.2f} ms"
    )
    return {
        "intake_ratio": found.ratio(name, "limit"),
        "intake_cpu_ms": web + database,
        "intake_statements": len(told),
        "intake_per_s": found.rate(name),
        "limit_per_s": found.rate("limit"),
        "limit_cpu_ms": found.each("limit", "limit", "database"),
    }


def lists(options: argparse.Namespace) -> Figures:
    """Lists, the page of a case and the public pages among ever more cases."""
    found: Figures = {}
    for cases in options.cases:
        size = SIZES.get(cases, str(cases))
        with _among.filled(cases) as house:
            house.start_web()
            told = _among.lists(house, seconds=options.seconds / 2)
            pages = _among.case_pages(house)
            public = _among.public(house, seconds=options.seconds)
        for asked, (ms, statements) in told.items():
            print(f"  {size}: {asked:<52} {ms:6.1f} ms  {statements:3} statements")
        print(f"  {size}: pages of cases: {', '.join(map(str, pages.values()))} statements; " + ", ".join(
            f"{name} p95 {ms:.0f} ms" for name, ms in public.items()))  # fmt: skip
        found |= {
            f"list_cpu_ms_{size}": max(ms for ms, _statements in told.values()),
            f"list_all_cpu_ms_{size}": told["tab=all"][0],
            "list_statements": max(statements for _ms, statements in told.values()),
            "case_page_statements": max(pages.values()),
            f"public_list_p95_ms_{size}": public["public list"],
            f"public_search_p95_ms_{size}": public["public search"],
        }
    for size in ("1e5", "1e6"):
        if f"list_cpu_ms_{size}" in found and "list_cpu_ms_1e4" in found:
            found[f"list_growth_{size}"] = found[f"list_cpu_ms_{size}"] / found["list_cpu_ms_1e4"]
    return found


def embedded(options: argparse.Namespace) -> Figures:
    """SQLite with its worker: intakes, and a mix of everybody's requests."""
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder, on_sqlite(Path(folder)) as house:
        house.prepare()
        house.start_web()
        house.start_worker()
        rate, seconds = _embedded.intakes(house, seconds=options.slices * options.seconds)
        print(
            f"  {rate:.0f} intakes/s, p50 {_embedded.percentile(seconds, 0.5) * 1000:.0f} ms,"
            f" p99 {_embedded.percentile(seconds, 0.99) * 1000:.0f} ms, worst {max(seconds) * 1000:.0f} ms"
        )
        began = time.perf_counter()
        timed = _embedded.mix(house, requests=options.requests)
        print(_embedded.report(timed, time.perf_counter() - began))
        locked = sum(_embedded.locked(house.log(name)) for name in ("web", "worker"))
    return {
        "sqlite_intake_per_s": rate,
        "sqlite_intake_p99_ms": _embedded.percentile(seconds, 0.99) * 1000,
        "sqlite_mix_requests": len(timed),
        "sqlite_mix_locked": locked,
    }


PARTS: Mapping[str, Callable[[argparse.Namespace], Figures]] = {
    "intake": intake,
    "lists": lists,
    "embedded": embedded,
}


def judged(figures: Figures) -> list[str]:
    """Each gate that was measured: its figure, what it must reach, and whether it does."""
    lines = []
    for name, bound in GATES.items():
        if name in figures:
            value, least = figures[name], bound < 0
            passed = value >= -bound if least else value <= bound
            sign = "≥" if least else "≤"
            lines.append(f"  {'pass' if passed else 'FAIL'}  {name:<26} {value:8.2f}  {sign} {abs(bound):g}")
    return lines


def main(arguments: list[str]) -> int:
    """Read the options and measure; 0 also when a gate is not reached, an exception when a count is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all of them if none is named")
    parser.add_argument("--slices", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument(
        "--cases", type=lambda said: [int(each) for each in said.split(",")], default=list(SIZES)
    )
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--statements", action="store_true", help="only print what an intake asks")
    options = parser.parse_args(arguments)
    figures: Figures = {}
    before = os.getloadavg()
    for name in options.parts or PARTS:
        print(f"{name}:", flush=True)
        figures |= PARTS[name](options)
    where = machine(load_before=[round(each, 2) for each in before])
    print(
        f"load {where['load_before']} before, {where['load']} after; {where['processors']} × {where['processor']}"
    )
    print("\n".join(judged(figures)))
    if not options.parts:
        kept = {name: round(value, 3) for name, value in figures.items()}
        LATEST.write_text(json.dumps({**kept, "machine": where}, indent=2, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
