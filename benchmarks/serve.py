"""What the gates of speed are measured by: python -m benchmarks.serve [intake] [lists] [embedded] [--cases 10000,…].

Huiyin is served as in earnest (one process, one thread, behind a proxy, commits durable), by the command that
`huiyin serve` uses, with its worker beside it. Milliseconds of processor time are the system's own accounting: of
the web server, and of every process of the database server, also for the work that a request leaves to the worker.
Statements are those that the database server wrote down; BEGIN, COMMIT and the like are counted apart.

Each part renews its own figures in benchmarks/latest.json, with the time and the load at which they were taken; a list
is measured among as many cases as `--cases` says, and renews the figures of that number alone.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import _among, _embedded, _intake
from benchmarks._accounting import machine
from benchmarks._stand import House, on_postgresql, on_sqlite

LATEST = Path(__file__).with_name("latest.json")
Figures = dict[str, float]
Keep = Callable[
    [str, Figures], None
]  # puts down the figures of a part, or of a size, as soon as it is measured
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


def intake(options: argparse.Namespace, keep: Keep) -> None:
    """The citizens' form against the limit."""
    name = _intake.NAMED
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder, on_postgresql(Path(folder)) as house:
        house.prepare()
        house.start_web()
        told, framing = _intake.asked_by_one(house)
        if options.statements:
            print("\n".join(told))
            return
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
    keep(
        "intake",
        {
            "intake_ratio": found.ratio(name, "limit"),
            "intake_cpu_ms": web + database,
            "intake_statements": len(told),
            "intake_per_s": found.rate(name),
            "limit_per_s": found.rate("limit"),
            "limit_cpu_ms": found.each("limit", "limit", "database"),
        },
    )


def lists(options: argparse.Namespace, keep: Keep) -> None:
    """Lists, the page of a case and the public pages among ever more cases.

    The houses of all sizes stand side by side, so that the desk's lists can be measured in turns.
    """
    with ExitStack() as standing:
        houses = {cases: standing.enter_context(_among.filled(cases)) for cases in options.cases}
        for cases, house in houses.items():
            rows = house.count("cases_case")
            if rows < cases:
                raise SystemExit(f"{rows} cases stand where {cases} were to be made")
            house.start_web()
        desk = _among.lists(houses, seconds=options.seconds / 2)
        for cases, house in houses.items():
            _among_so_many(cases, house, desk[cases], options, keep)


def _among_so_many(
    cases: int, house: House, desk: Mapping[str, _among.Cost], options: argparse.Namespace, keep: Keep
) -> None:
    """What is measured of a house by itself, printed and kept with what its desk costs."""
    size = SIZES.get(cases, str(cases))
    others = _among.others(house, seconds=options.seconds / 2)
    pages = _among.case_pages(house)
    bare = _among.bare_insert(house, seconds=options.seconds / 2)
    public = _among.public(house, seconds=options.seconds)
    for name, cost in {**desk, **others}.items():
        print(f"  {size}: {name:<62} {cost}")
    told = ", ".join(f"{name} p95 {ms:.0f} ms" for name, ms in public.items())
    print(f"  {size}: pages of cases: {', '.join(map(str, pages.values()))} statements; {told};", end=" ")
    print(f"a bare insert {bare:.2f} ms")
    keep(
        f"lists {size}",
        {
            f"cases_{size}": house.count("cases_case"),
            f"bare_insert_cpu_ms_{size}": bare,
            f"list_cpu_ms_{size}": max(cost.milliseconds for cost in desk.values()),
            f"list_all_cpu_ms_{size}": desk["tab=all"].milliseconds,
            f"list_statements_{size}": max(cost.statements for cost in desk.values()),
            f"office_cpu_ms_{size}": max(cost.milliseconds for cost in others.values()),
            f"office_statements_{size}": max(cost.statements for cost in others.values()),
            f"first_visit_s_{size}": max(cost.first for cost in (*desk.values(), *others.values())),
            f"case_page_statements_{size}": max(pages.values()),
            **{f"{name.replace(' ', '_')}_p95_ms_{size}": ms for name, ms in public.items()},
        },
    )


def embedded(options: argparse.Namespace, keep: Keep) -> None:
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
    keep(
        "embedded",
        {
            "sqlite_intake_per_s": rate,
            "sqlite_intake_p99_ms": _embedded.percentile(seconds, 0.99) * 1000,
            "sqlite_mix_requests": len(timed),
            "sqlite_mix_locked": locked,
        },
    )


PARTS: Mapping[str, Callable[[argparse.Namespace, Keep], None]] = {
    "intake": intake,
    "lists": lists,
    "embedded": embedded,
}


def derived(figures: Figures) -> Figures:
    """What follows from figures of several sizes: the most statements, and how much a list grows."""
    found: Figures = {}
    for name in ("list_statements", "case_page_statements"):
        measured = [figures[f"{name}_{size}"] for size in SIZES.values() if f"{name}_{size}" in figures]
        found |= {name: max(measured)} if measured else {}
    for size in ("1e5", "1e6"):
        few, many = (figures.get(f"list_cpu_ms_{each}") for each in ("1e4", size))
        found |= {f"list_growth_{size}": many / few} if few and many else {}
    return found


def renewed(kept: dict[str, Any], part: str, figures: Figures, taken: dict[str, Any]) -> dict[str, Any]:
    """What `latest.json` holds after a part was measured: its figures, and under `taken` when and how busy it was."""
    apart = ("machine", "taken")
    standing = {name: value for name, value in kept.items() if name not in apart}
    standing |= {name: round(value, 3) for name, value in figures.items()}
    standing |= {name: round(value, 3) for name, value in derived(standing).items()}
    circumstances = ("at", "load", "load_before", "yardstick_ms")
    return {
        **dict(sorted(standing.items())),
        "machine": {name: value for name, value in taken.items() if name not in circumstances},
        "taken": {**kept.get("taken", {}), part: {name: taken[name] for name in circumstances}},
    }


def judged(figures: Mapping[str, Any]) -> list[str]:
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
    before = [round(each, 2) for each in os.getloadavg()]

    def keep(part: str, figures: Figures) -> None:
        kept = json.loads(LATEST.read_text()) if LATEST.exists() else {}
        now = renewed(kept, part, figures, machine(load_before=before))
        LATEST.write_text(json.dumps(now, indent=2, ensure_ascii=False) + "\n")

    for name in options.parts or PARTS:
        print(f"{name}:", flush=True)
        PARTS[name](options, keep)
    if not options.statements:
        found = json.loads(LATEST.read_text())
        print("\n".join([*(f"  {part}: {taken}" for part, taken in found["taken"].items()), *judged(found)]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
