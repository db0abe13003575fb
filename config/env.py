"""Strict readers of environment variables: a wrong value stops the program and says what to set."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off", ""}
HERE = {"127.0.0.1", "::1", "localhost"}  # names of this machine that no network carries


class Misconfigured(Exception):
    """A setting is missing or unreadable; the message names the variable and what to set."""


def text(name: str, *, default: str | None = None) -> str:
    """The variable as text without surrounding space. Raises Misconfigured when it is unset and has no default."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise Misconfigured(f"{name} is not set. Set it, for example: export {name}=…")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """The variable as yes (1, true, yes, on) or no (0, false, no, off)."""
    raw = os.environ.get(name)
    if raw is None:
        return default
    word = raw.strip().lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Misconfigured(f"{name} is {raw!r}, but must be 1 or 0.")


def number(name: str, *, default: int, least: int = 0, most: int = 10**9) -> int:
    """The variable as a whole number between least and most."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError:
        raise Misconfigured(f"{name} is {raw!r}, but must be a whole number.") from None
    if not least <= value <= most:
        raise Misconfigured(f"{name} is {value}, but must lie between {least} and {most}.")
    return value


def choice(name: str, *, default: str, among: Sequence[str]) -> str:
    """The variable, which must be one of a few words."""
    value = text(name, default=default)
    if value not in among:
        raise Misconfigured(f"{name} is {value!r}, but must be one of: {', '.join(among)}.")
    return value


def zone(name: str, *, default: str) -> str:
    """The variable as the name of a time zone that this machine knows."""
    value = text(name, default=default)
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise Misconfigured(
            f"{name} is {value!r}, but must name a time zone, for example {default}."
        ) from None
    return value


def path(name: str, *, default: Path) -> Path:
    """The variable as an absolute path; ~ stands for the home folder."""
    raw = os.environ.get(name, "").strip()
    return Path(raw).expanduser().absolute() if raw else default


def address(name: str, *, default: str) -> str:
    """The variable as the address of a house: http:// or https://, a host, no path."""
    value = text(name, default=default).rstrip("/")
    try:
        parts = urlsplit(value)
        lawful = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        lawful = lawful and not (parts.path or parts.query or parts.fragment or parts.username)
    except ValueError:
        lawful = False
    if not lawful:
        raise Misconfigured(f"{name} must be an address without a path, for example https://huiyin.example.")
    return value


def hosts(name: str) -> list[str]:
    """The variable as names of hosts, separated by commas; no addresses, nobody's wildcard."""
    found = words(name)
    for each in found:
        if "/" in each or each == "*" or " " in each:
            raise Misconfigured(
                f"{name} names {each!r}, but must be hosts with commas between, for example huiyin.example."
            )
    return found


def words(name: str) -> list[str]:
    """The variable as a list, separated by commas."""
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def mail(name: str, *, default: str) -> dict[str, Any]:
    """How e-mail goes out: none, folder (into a folder of this machine), or smtp://user:password@host:587.

    smtp:// asks for STARTTLS, smtps:// is encrypted from the start, smtp+plain:// never is. The sender is the user
    if that is an address. A character that means something in an address is written as %40 and the like.
    """
    value = text(name, default=default)
    found = {"way": value, "host": "", "port": 25, "user": "", "password": "", "sender": ""}
    found |= {"starttls": False, "ssl": False}
    if value in ("none", "folder"):
        return found
    try:
        parts = urlsplit(value)
        lawful = parts.scheme in {"smtp", "smtps", "smtp+plain"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        lawful = False
    if not lawful:
        raise Misconfigured(
            f"{name} must be none, folder or smtp://user:password@host:587 "
            "(the value is not shown here because it may hold a password)."
        )
    user = unquote(parts.username or "")
    return found | {
        "way": "smtp",
        "host": parts.hostname,
        "port": parts.port or {"smtp": 587, "smtps": 465, "smtp+plain": 25}[parts.scheme],
        "user": user,
        "password": unquote(parts.password or ""),
        "sender": user if "@" in user else "",
        "starttls": parts.scheme == "smtp",
        "ssl": parts.scheme == "smtps",
    }


def gateway(name: str, *, default: str) -> str:
    """How short messages go out: none, folder (into a folder of this machine), or the https:// address of a gateway.

    http:// is for a gateway on this machine alone: who is written to, and what, must not be read on the way.
    """
    value = text(name, default=default)
    if value in ("none", "folder"):
        return value
    try:
        parts = urlsplit(value)
        lawful = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in HERE)
        plain = value.isascii() and value.isprintable() and " " not in value and "@" not in parts.netloc
        lawful = lawful and plain and all((parts.hostname or "").split(".")) and parts.port != 0
    except ValueError:
        lawful = False
    if not lawful:
        raise Misconfigured(
            f"{name} must be none, folder, or the https:// address of a gateway for short messages "
            "(http:// on this machine alone; a secret belongs into HUIYIN_SMS_TOKEN)."
        )
    return parts.geturl()


def token(name: str) -> str:
    """A secret that goes into the head of a request; "" when unset. Letters, digits and signs on one line."""
    value = text(name, default="")
    if not (value.isascii() and value.isprintable()):
        raise Misconfigured(
            f"{name} must be one line of ASCII letters, digits and signs (it is not shown here)."
        )
    return value


def database(name: str, *, home: Path) -> dict[str, Any]:
    """Django's description of the database named by the variable.

    "sqlite" (the default) is a file under home. "postgresql://user:password@host:port/name" is a PostgreSQL
    server; a socket folder is given as "postgresql:///name?host=/folder", other libpq options likewise.
    """
    value = text(name, default="sqlite")
    if value == "sqlite":
        return sqlite(home / "huiyin.sqlite3")
    try:
        parts = urlsplit(value)
        lawful = parts.scheme in {"postgresql", "postgres"} and len(parts.path) >= 2 and parts.port != 0
    except ValueError:  # its message repeats what stands where the port should, perhaps half a password
        lawful = False
    if not lawful:
        raise Misconfigured(
            f"{name} must be sqlite or postgresql://user:password@host/name "
            "(the value is not shown here because it may hold a password)."
        )
    return postgresql(parts.geturl())


def sqlite(file: Path) -> dict[str, Any]:
    """SQLite as Huiyin uses it: writers queue at BEGIN, and a commit is on the disk when it returns."""
    pragmas = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32000"
    )
    return {
        "ENGINE": "huiyin.kernel.sqlite",
        "NAME": file,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": pragmas},
        # Seconds: a disk that is taken away is only noticed by opening the file again. Never kept after a fault.
        "CONN_MAX_AGE": 2,
        "TEST": {"NAME": str(file.with_name("test.sqlite3"))},
    }


# No question here runs as long as compiling it would take; and where several processes answer one, what comes first is
# left to chance (search.index asks quarter after quarter, and stops when it has enough).
SESSION = "-c jit=off -c max_parallel_workers_per_gather=0"


def postgresql(url: str) -> dict[str, Any]:
    """PostgreSQL through psycopg 3; each thread keeps a connection of its own."""
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or parts.hostname or ""
    # Counts only for statements that are bound by the server: those of kernel/together.py.
    options["prepare_threshold"] = None if options.get("prepare_threshold") == "none" else 0
    options.setdefault("connect_timeout", "5")  # seconds; then a visitor is told
    options["options"] = f"{SESSION} {options.get('options', '')}".strip()
    return {
        "ENGINE": "huiyin.kernel.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 3600,  # seconds: what the server keeps for a connection only grows
        "CONN_HEALTH_CHECKS": True,
    }
