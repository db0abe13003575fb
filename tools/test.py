"""The whole suite, on SQLite and then on PostgreSQL: python tools/test.py [pytest's arguments].

PostgreSQL runs as a private cluster that starts and stops with its pass; why it opens fewer pages in a browser, and
leaves out what has no way to a database, is told in docs/decisions. What the tests need of the system and is absent
is installed by apt when root; otherwise a sentence says what to type and that part is left out, except under CI=true,
where absence is a failure. Each pass ends with its ten slowest tests and the time since the start; the last line is
pytest's own.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import postgres  # noqa: E402
from tools.browser import executable, light  # noqa: E402

CI = os.environ.get("CI", "").lower() in {"1", "true"}
# What is looked for, and the packages of Debian and Ubuntu that bring it.
NEEDS: dict[str, tuple[Callable[[], object], list[str]]] = {
    "PostgreSQL": (postgres.binaries, ["postgresql"]),
    "Chromium": (executable, ["chromium", "fonts-noto-cjk"]),
}
# A worker is given one test at a time: a batch would hold all the long ones, and the other worker wait for it.
PYTEST = ["-m", "pytest", "--maxschedchunk", "1", "--durations", "10", "--durations-min", "1"]
ON_POSTGRESQL = "not embedded and not apart and (not browser or everywhere)"
LEFT_BEHIND = ("huiyin-test-*", "huiyin-pg-*", "huiyin-build-*", "huiyin-bench-*")  # by runs that were killed
DAY = 24 * 3600


def say(sentence: str) -> None:
    """One line to the terminal, in order with what the children print."""
    print(sentence, flush=True)


def install(packages: list[str]) -> None:
    """Install system packages; only root can."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-qq", "update"], env=environment, check=False, stdout=subprocess.DEVNULL)
    subprocess.run(
        ["apt-get", "-qq", "-y", "--no-install-recommends", "install", *packages],
        env=environment,
        check=False,
        stdout=subprocess.DEVNULL,
    )


def clear_away() -> None:
    """Remove the temporary folders that killed runs of ours left behind more than a day ago."""
    for place in {Path(tempfile.gettempdir()), Path("/tmp")}:  # noqa: S108
        for folder in (found for pattern in LEFT_BEHIND for found in place.glob(pattern)):
            status = folder.lstat()
            if folder.is_dir() and not folder.is_symlink() and time.time() - status.st_mtime > DAY:
                shutil.rmtree(folder, ignore_errors=True)


def lighten() -> None:
    """Where a machine that nobody sits at has no headless shell, try to get it: it halves what pages cost."""
    if CI and not light() and os.geteuid() == 0 and Path("/usr/bin/apt-get").exists():
        say("Installing the headless shell of Chromium …")
        install(["chromium-headless-shell", "fonts-noto-cjk"])


def missing() -> list[str]:
    """Names of what the system lacks, after trying to install it."""
    absent = [name for name, (found, _) in NEEDS.items() if not found()]
    if absent and os.geteuid() == 0 and Path("/usr/bin/apt-get").exists():
        say(f"Installing {' and '.join(absent)} …")
        install([package for name in absent for package in NEEDS[name][1]])
        absent = [name for name in absent if not NEEDS[name][0]()]
    for name in absent:
        packages = " ".join(NEEDS[name][1])
        say(f"{name} is missing, so what needs it cannot be tested. Type: sudo apt-get install {packages}")
    return absent


def suite(arguments: list[str], *, database: str) -> int:
    """One pass of pytest on one database; its exit code."""
    environment = {**os.environ, "HUIYIN_DATABASE": database}
    command = [sys.executable, *PYTEST, "-n", str(min(os.cpu_count() or 1, 4)), *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def main(arguments: list[str]) -> int:
    """Both passes; 0 only when both were green and nothing that CI must test was left out."""
    os.environ["HUIYIN_TESTS_SINCE"] = str(time.time())
    clear_away()
    lighten()
    absent = missing()
    if absent and CI:
        say("Under CI nothing may be left out: failed.")
        return 1
    os.environ["HUIYIN_REQUIRED"] = "1" if CI else "0"
    first = suite(arguments, database="sqlite")
    if "PostgreSQL" in absent:
        return first
    if first:
        say(
            f"The pass on SQLite has failed (exit code {first}); the pass on PostgreSQL follows all the same."
        )
    with postgres.cluster() as address:
        second = suite(["-m", ON_POSTGRESQL, *arguments], database=address)
    return first or second


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the cluster is stopped too
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
