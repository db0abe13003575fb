"""Compile locale/*/LC_MESSAGES/*.po into .mo with Babel, so that no system gettext is needed."""

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_catalogue(source: Path) -> None:
    """Write the .mo beside a .po; fuzzy entries are left out, as gettext does."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
    target = source.with_suffix(".mo")
    beside = target.with_suffix(f".mo.{os.getpid()}")  # two may compile at once
    with beside.open("wb") as file:
        write_mo(file, catalogue)
    beside.replace(target)


def main() -> int:
    """Compile every catalogue that is newer than what was compiled from it."""
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime <= source.stat().st_mtime:
            compile_catalogue(source)
    return 0


if __name__ == "__main__":
    sys.exit(main())
