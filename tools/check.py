"""Everything that can be checked without running the program: python tools/check.py [--fix] [NAME…].

Each check is named; all of them run even if one fails, and the last lines say which did.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.collect_static import throwaway_home  # noqa: E402

BIN = Path(sys.executable).parent
CODE = ["huiyin", "config", "tools", "tests", "benchmarks", "conftest.py"]


def tracked(*suffixes: str) -> list[str]:
    """The project's files with these endings, new ones included."""
    command = [
        "git",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
        *[f"*{s}" for s in suffixes],
    ]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in listed if (ROOT / name).exists()]


def checks() -> dict[str, list[str]]:
    """Name → command, in the order of their cost."""
    code = [name for name in CODE if (ROOT / name).exists()]
    spoken = [
        name
        for name in tracked(".py", ".html", ".po")
        if "/migrations/" not in name and "/tests/" not in name
    ]
    return {
        "format": [f"{BIN}/ruff", "format", "--check", "--quiet", *code],
        "lint": [f"{BIN}/ruff", "check", "--quiet", "--output-format=concise", *code],
        "shape": [sys.executable, "tools/check_shape.py"],
        "templates": [f"{BIN}/djade", "--target-version", "5.2", "--check", *tracked(".html")],
        "punctuation": [sys.executable, "tools/punctuation.py", *spoken],
        "translations": [sys.executable, "tools/check_translations.py"],
        "floors": [f"{BIN}/lint-imports", "--no-cache"],
        "migrations": [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
        "types": [f"{BIN}/mypy", "--no-error-summary"],
    }


def fixes() -> list[list[str]]:
    """What can be mended by a program."""
    code = [name for name in CODE if (ROOT / name).exists()]
    return [
        [f"{BIN}/ruff", "check", "--fix", "--quiet", *code],
        [f"{BIN}/ruff", "format", "--quiet", *code],
        [f"{BIN}/djade", "--target-version", "5.2", *tracked(".html")],
    ]


def passes(name: str, command: list[str]) -> bool:
    """Run one check; print what it says only when it fails."""
    began = time.monotonic()
    if command[-1] == "--check":  # nothing to look at
        return True
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    print(f"{'ok  ' if done.returncode == 0 else 'FAIL'}  {name:<13} {seconds:5.1f} s", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    """0 when every check passes. With --fix mend first what a program can mend."""
    if "--fix" in arguments:
        for command in fixes():
            subprocess.run(command, cwd=ROOT, check=False)
        return 0
    home = throwaway_home()
    try:
        wanted = {name: command for name, command in checks().items() if not arguments or name in arguments}
        failed = [name for name, command in wanted.items() if not passes(name, command)]
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
