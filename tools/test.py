"""The whole suite, on SQLite and then on PostgreSQL: python tools/test.py [pytest's arguments].

PostgreSQL runs as a private cluster that starts and stops with its pass. What the tests need of the system and is
absent is installed by apt when root; otherwise a sentence says what to type and that part is left out, except under
CI=true, where absence is a failure. The last line is pytest's own.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import postgres  # noqa: E402
from tools.browser import executable  # noqa: E402

CI = os.environ.get("CI", "").lower() in {"1", "true"}
NEEDS = {  # what is looked for, and the packages of Debian and Ubuntu that bring it
    "PostgreSQL": (postgres.binaries, ["postgresql"]),
    "Chromium": (executable, ["chromium", "fonts-noto-cjk"]),
}


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
    command = [sys.executable, "-m", "pytest", "-n", str(min(os.cpu_count() or 1, 4)), *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def main(arguments: list[str]) -> int:
    """Both passes; 0 only when both were green and nothing that CI must test was left out."""
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
        second = suite(["-m", "not embedded", *arguments], database=address)
    return first or second


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
