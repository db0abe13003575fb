"""What the gates of speed are measured by: python -m benchmarks.serve [intake] [--slices 5] [--seconds 6].

Huiyin is served as in earnest (one process, one thread, behind a proxy, commits durable), by the command that
`huiyin serve` uses, with its worker beside it. Milliseconds of processor time are the system's own accounting: of
the web server, and of every process of the database server, also for the work that a request leaves to the worker.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks import _intake
from benchmarks._stand import on_postgresql

PARTS = ("intake",)


def intake(folder: Path, options: argparse.Namespace) -> dict[str, float]:
    """The citizens' form against the limit."""
    with on_postgresql(folder) as house:
        house.prepare()
        house.start_web()
        if options.statements:
            told, _more = _intake.asked_by_one(house)
            print("\n".join(told))
            return {}
        told, framing = _intake.asked_by_one(house)
        house.start_limit()
        house.start_worker()
        found = _intake.measure(house, slices=options.slices, seconds=options.seconds)
    for name in (_intake.NAMED, "limit"):
        print("  " + found.line(name))
    print(f"  load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    web, database = found.each(_intake.NAMED, "web"), found.each(_intake.NAMED, "database")
    print(
        f"  intake: web {web:.2f} ms, database {database:.2f} ms (of it for the web"
        f" {found.each(_intake.NAMED, 'database for web'):.2f}, for the worker"
        f" {found.each(_intake.NAMED, 'database for worker'):.2f}); the worker itself"
        f" {found.each(_intake.NAMED, 'worker'):.2f}; {len(told)} statements and {framing} that frame them"
    )
    print(
        f"  limit: server {found.each('limit', 'limit'):.2f} ms, database {found.each('limit', 'database'):.2f} ms"
    )
    return {
        "intake_ratio": found.ratio(_intake.NAMED, "limit"),
        "intake_cpu_ms": web + database,
        "intake_statements": len(told),
        "intake_per_s": found.rate(_intake.NAMED),
        "limit_per_s": found.rate("limit"),
        "limit_cpu_ms": found.each("limit", "limit", "database"),
    }


def main(arguments: list[str]) -> int:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []])
    parser.add_argument("--slices", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--statements", action="store_true", help="only print what an intake asks")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
        print(intake(Path(folder), options))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
