"""The keys of this installation: read from a strict-mode file or the environment, never from the database.

This module knows no Django: the settings are made with it.
"""

import base64
import binascii
import os
import secrets
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

FILE_VARIABLE = "HUIYIN_KEYS_FILE"
TEXT_VARIABLE = "HUIYIN_KEYS"
FILE_NAME = "secrets.toml"
KEY_BYTES = 32
LONGEST_KEY_ID = 8


class KeysRefused(Exception):
    """The keys cannot be used as they are; the sentence says what to type.

    Raised before any translation is loaded, so the sentence is in Chinese and in English.
    """


@dataclass(frozen=True)
class Keys:
    """Everything secret that an installation needs. Printing it shows only the names of the keys."""

    sealing: Mapping[str, bytes] = field(repr=False)
    current: str
    index: bytes = field(repr=False)
    ledger: bytes = field(repr=False)
    secret_key: str = field(repr=False)


def locate(home: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """Where the key file is: `HUIYIN_KEYS_FILE`, or secrets.toml in the home folder."""
    named = environ.get(FILE_VARIABLE, "").strip()
    return Path(named) if named else home / FILE_NAME


def find(home: Path, environ: Mapping[str, str] = os.environ) -> Keys:
    """The keys from the text in `HUIYIN_KEYS` (for containers), else from the key file.

    Raises KeysRefused when there are none, or when they may not be used.
    """
    text = environ.get(TEXT_VARIABLE, "")
    if text.strip():
        return _parse(text, f"${TEXT_VARIABLE}")
    return load(locate(home, environ))


def load(path: Path) -> Keys:
    """Read the key file. Raises KeysRefused if it is absent, malformed, or readable by anyone else."""
    try:
        with path.open("rb") as file:
            _refuse_if_open_to_others(path, os.fstat(file.fileno()))
            content = file.read()
    except FileNotFoundError:
        raise KeysRefused(
            f"没有密钥文件 {path}。请运行：huiyin setup-secrets\n"
            f"There is no key file {path}. Type: huiyin setup-secrets"
        ) from None
    except PermissionError:
        raise KeysRefused(
            f"无权读取密钥文件 {path}。请用它的所有者身份运行。\n"
            f"The key file {path} may not be read. Run as the user who owns it."
        ) from None
    try:
        return _parse(content.decode(), str(path))
    except UnicodeDecodeError:
        raise _malformed(str(path), "not UTF-8") from None


def create(path: Path) -> Keys:
    """Make fresh keys in a new file of mode 0600. Raises FileExistsError rather than lose older keys."""
    keys = fresh()
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_new(path, dump(keys))
    return keys


def rotate(path: Path) -> Keys:
    """Add a new sealing key to the file and make it current; older keys stay, to open what they sealed.

    Run `reseal` on every model with sealed fields afterwards. Raises KeysRefused as `load` does.
    """
    keys = load(path)
    number = 1 + max(int(name[1:]) for name in keys.sealing if name[1:].isdigit())
    name = f"k{number}"
    turned = replace(keys, sealing={**keys.sealing, name: secrets.token_bytes(KEY_BYTES)}, current=name)
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    _write_new(beside, dump(turned))
    beside.replace(path)
    return turned


def fresh() -> Keys:
    """New random keys, kept nowhere: for `create`, and for tests."""
    return Keys(
        sealing={"k1": secrets.token_bytes(KEY_BYTES)},
        current="k1",
        index=secrets.token_bytes(KEY_BYTES),
        ledger=secrets.token_bytes(KEY_BYTES),
        secret_key=secrets.token_urlsafe(48),
    )


def dump(keys: Keys) -> str:
    """The keys as the text of a key file."""
    lines = [
        "# 回音的密钥。丢失后已封存的内容无法恢复：请另行备份，不要与数据库放在一起。",
        "# Huiyin's keys. Without them nothing sealed can be opened: keep a copy apart from the database.",
        f'secret_key = "{keys.secret_key}"',
        f'index = "{_encode(keys.index)}"',
        f'ledger = "{_encode(keys.ledger)}"',
        f'current = "{keys.current}"',
        "",
        "[sealing]",
        *(f'{name} = "{_encode(key)}"' for name, key in keys.sealing.items()),
    ]
    return "\n".join(lines) + "\n"


def _refuse_if_open_to_others(path: Path, status: os.stat_result) -> None:
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise KeysRefused(
            f"密钥文件 {path} 可被他人读取，已拒绝使用。请运行：chmod 600 {path}\n"
            f"The key file {path} is open to others and is not used. Type: chmod 600 {path}"
        )


def _parse(text: str, origin: str) -> Keys:
    try:
        table: dict[str, Any] = tomllib.loads(text)
        sealing = {name: _decode(value) for name, value in table["sealing"].items()}
        keys = Keys(
            sealing=sealing,
            current=table["current"],
            index=_decode(table["index"]),
            ledger=_decode(table["ledger"]),
            secret_key=table["secret_key"],
        )
    except KeyError as missing:
        raise _malformed(origin, f"{missing} is missing") from None
    except (tomllib.TOMLDecodeError, binascii.Error, ValueError, TypeError, AttributeError) as fault:
        raise _malformed(origin, type(fault).__name__) from None
    _refuse_if_unfit(keys, origin)
    return keys


def _refuse_if_unfit(keys: Keys, origin: str) -> None:
    if keys.current not in keys.sealing:
        raise _malformed(origin, f"current = {keys.current!r} names no key under [sealing]")
    for name, key in [*keys.sealing.items(), ("index", keys.index), ("ledger", keys.ledger)]:
        if len(key) != KEY_BYTES:
            raise _malformed(origin, f"{name} is not {KEY_BYTES} bytes long")
    if any(not name.isascii() or not 0 < len(name) <= LONGEST_KEY_ID for name in keys.sealing):
        raise _malformed(origin, f"a key's name has 1 to {LONGEST_KEY_ID} ASCII letters")
    if not isinstance(keys.secret_key, str) or len(keys.secret_key) < KEY_BYTES:
        raise _malformed(origin, f"secret_key is shorter than {KEY_BYTES} letters")


def _malformed(origin: str, reason: str) -> KeysRefused:
    return KeysRefused(
        f"密钥 {origin} 不完整：{reason}。请从备份恢复;若是新装且尚无数据，删除后运行:huiyin setup-secrets\n"
        f"The keys in {origin} cannot be used: {reason}. Restore them from your copy; "
        "on a new installation without data, delete the file and type: huiyin setup-secrets"
    )


def _write_new(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _encode(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
