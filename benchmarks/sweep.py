"""The sweep over 100,000 open orders, on both databases: python -m benchmarks.sweep [clocks].

Prints, for each database: the sweep that marks what is due (a quarter yellow, a quarter red), the sweep that finds
nothing (the usual one), and how long an act's own transaction waited at most while the large one ran.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

SIZE = 100_000
POSTGRESQL = "tools/postgres.py"


def both(size: int) -> int:
    """Run this file once on each database, in a house of its own."""
    worst = 0
    for command in ([sys.executable], [sys.executable, POSTGRESQL, sys.executable]):
        with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as home:
            environment = {**os.environ, "HUIYIN_HOME": home, "BENCH_HERE": "1"}
            done = subprocess.run(
                [*command, "-m", "benchmarks.sweep", str(size)], env=environment, check=False
            )
            worst = max(worst, done.returncode)
    return worst


def set_up() -> None:
    """An empty database in the temporary home."""
    from huiyin.kernel import keys

    keys.create(Path(os.environ["HUIYIN_HOME"]) / "secrets.toml")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def fill(size: int, at: datetime) -> float:
    """Clocks begun evenly over the ten days before `at`, under five working days; seconds it took."""
    from huiyin.deadlines import clocks, queries
    from huiyin.deadlines.models import Clock, Policy

    policy = Policy.objects.create(
        code="order", track="hotline", step="order", kind="working_days", amount=5, basis="bench"
    )
    calendar, began = queries.work_calendar(), time.perf_counter()
    step = timedelta(days=10) / size
    for first in range(0, size, 5000):
        Clock.objects.bulk_create(
            clocks.start(policy, at - step * n, f"{n:012d}", calendar=calendar)
            for n in range(first, min(first + 5000, size))
        )
    return time.perf_counter() - began


def sweep_at(at: datetime) -> tuple[dict[str, int], float]:
    """One sweep at a moment, and the seconds it took."""
    from huiyin.deadlines.tasks import sweep
    from huiyin.kernel.clock import frozen

    with frozen(at):
        began = time.perf_counter()
        told = sweep()
        return told, time.perf_counter() - began


def act_meanwhile(done: threading.Event, waits: list[float]) -> None:
    """Write small transactions, as acts do, until told to stop; notes how long each took."""
    from django.db import connection, transaction

    from huiyin.deadlines.models import Clock

    last = Clock.objects.order_by("-pk")[0]
    while not done.is_set():
        began = time.perf_counter()
        with transaction.atomic():
            Clock.objects.filter(pk=last.pk).update(prolonged="bench")
        waits.append(time.perf_counter() - began)
        time.sleep(0.01)
    connection.close()


def here(size: int) -> int:
    """Measure on the database of this process."""
    set_up()
    from django.db import connection

    at = datetime(2024, 5, 17, 4, tzinfo=UTC)
    filled = fill(size, at)
    if connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")
    done, waits = threading.Event(), []
    actor = threading.Thread(target=act_meanwhile, args=(done, waits))
    actor.start()
    told, first = sweep_at(at)
    done.set()
    actor.join()
    _, again = sweep_at(at)
    print(
        f"{connection.vendor}: {size:,} open clocks (written in {filled:.1f} s); sweep marks "
        f"{told['yellow']:,} yellow and {told['red']:,} red in {first:.2f} s; with nothing new "
        f"{again * 1000:.1f} ms; an act meanwhile waited {max(waits):.2f} s at most"
    )
    return 0


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else SIZE
    sys.exit(here(wanted) if os.environ.get("BENCH_HERE") else both(wanted))
