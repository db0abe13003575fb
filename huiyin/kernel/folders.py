"""Where the files of a profile lie: in its own folder, or in that of another profile with which it shares them.

Knows no Django: the settings ask here too.
"""

import tomllib
from pathlib import Path
from typing import Any

ABOUT = "profile.toml"


def about_of(folder: Path) -> dict[str, Any]:
    """What profile.toml says; nothing when the file is not there or cannot be read (`profile check` says why)."""
    try:
        return tomllib.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}


def shared_with(folder: Path) -> dict[str, Path]:
    """The files that the part `[shared]` of profile.toml takes from elsewhere, by the name they have here."""
    shared = about_of(folder).get("shared")
    if not isinstance(shared, dict):
        return {}
    return {str(name): (folder / str(where)).resolve() for name, where in shared.items()}


def file_of(folder: Path, name: str) -> Path:
    """A file of the profile: its own if it has one, else the one it shares, else where its own would be."""
    own = folder / name
    return own if own.is_file() else shared_with(folder).get(name, own)


def files_of(folder: Path) -> list[tuple[str, Path]]:
    """Every file of the profile by its name, own and shared, in the order of the names."""
    own = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*.*") if file.is_file()}
    own |= {f"papers/{file.name}": file for file in folder.glob("papers/*.*")}
    shared = {name: file for name, file in shared_with(folder).items() if file.is_file()}
    return sorted({**shared, **own}.items())


def is_demonstration(folder: Path) -> bool:
    """Whether this is an invented place whose sign-ins are public and whose data may be thrown away.

    Its profile.toml has a part `[demo]` that names this very folder: a copy under another name is none, even
    when nobody remembered to take that part out.
    """
    demo = about_of(folder).get("demo")
    return isinstance(demo, dict) and bool(demo.get("of") == folder.name)


def home_of(base: Path, folder: Path) -> Path:
    """Where data lies when nobody says otherwise: var; for a further demonstration, a folder of its own in var."""
    home = base / "var"
    return home / folder.name if folder.name != "demo" and is_demonstration(folder) else home
