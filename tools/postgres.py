"""A private PostgreSQL that lives as long as one command: python tools/postgres.py COMMAND…

The command runs with HUIYIN_DATABASE set. Nothing is installed or left behind; an existing server is not touched.
"""

import os
import pwd
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BINARIES = ("initdb", "postgres", "pg_ctl")
# A test's data need not survive a power cut.
SPEED = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "128MB",
    "max_connections": "60",
    "listen_addresses": "",
    "lc_messages": "C",
}


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine, or None."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda f: -float(f.parent.name)):
        if all((folder / name).exists() for name in BINARIES):
            return folder
    found = shutil.which("initdb")
    if found is None:
        return None
    folder = Path(found).resolve().parent
    return folder if all((folder / name).exists() for name in BINARIES) else None


def somebody() -> pwd.struct_passwd:
    """Whom the server runs as: oneself, or, because the server refuses root, postgres or nobody."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("Neither user postgres nor nobody exists, and PostgreSQL refuses to run as root.")


def options(settings: Mapping[str, str]) -> str:
    """The server's command-line settings."""
    return " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in settings.items())


def run(command: list[str], *, owner: pwd.struct_passwd, folder: Path) -> None:
    """Run one of PostgreSQL's commands as its owner; SystemExit with what it said when it fails."""
    as_owner: dict[str, Any] = {}
    if os.geteuid() == 0:
        as_owner = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    done = subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **as_owner,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}")


@contextmanager
def cluster(*, settings: Mapping[str, str] = SPEED, kept: Path | None = None) -> Iterator[str]:
    """A running cluster of its own in a temporary folder; gives its address and takes everything away at the end.

    With `kept` its data lie in that folder, and stay there for the next time.
    """
    found = binaries()
    if found is None:
        raise SystemExit("PostgreSQL's server is not installed. Type: sudo apt-get install postgresql")
    owner = somebody()
    folder = Path(tempfile.mkdtemp(prefix="huiyin-pg-", dir="/tmp"))  # a socket's path must stay short
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    base = kept or folder / "base"
    try:
        if not (base / "PG_VERSION").exists():
            if kept:
                kept.mkdir(parents=True, exist_ok=True, mode=0o700)
                os.chown(kept, owner.pw_uid, owner.pw_gid)
            make = [str(found / "initdb"), "-D", str(base), "-U", "huiyin", "-A", "trust", "--no-sync"]
            run([*make, "-E", "UTF8", "--locale=C.UTF-8"], owner=owner, folder=folder)
        # pg_ctl hands its output to the server: without a log file the pipe would never close.
        start = [str(found / "pg_ctl"), "-D", str(base), "-l", str(folder / "log"), "-w", "-t", "60"]
        run([*start, "-o", f"-k {folder} {options(settings)}", "start"], owner=owner, folder=folder)
        try:
            yield f"postgresql://huiyin@/postgres?host={folder}"
        finally:
            how = "fast" if kept else "immediate"
            run([str(found / "pg_ctl"), "-D", str(base), "-m", how, "stop"], owner=owner, folder=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def away(address: str) -> Iterator[None]:
    """The server of a cluster of ours is stopped outright, as by a crash, and started again after the block."""
    found, owner, folder = binaries(), somebody(), Path(address.partition("host=")[2])
    base = (folder / "base").resolve()
    control = [str(found / "pg_ctl"), "-D", str(base), "-w", "-t", "60"]  # type: ignore[operator]
    given = shlex.split((base / "postmaster.opts").read_text())[1:]
    run([*control, "-m", "immediate", "stop"], owner=owner, folder=folder)
    try:
        yield
    finally:
        start = [*control, "-l", str(folder / "log"), "-o", shlex.join(given), "start"]
        run(start, owner=owner, folder=folder)


def main(command: list[str]) -> int:
    """Run the command beside a private cluster and return its exit code."""
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the cluster is stopped too
    with cluster() as address:
        return subprocess.run(command, env={**os.environ, "HUIYIN_DATABASE": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
