"""Gather every static file into staticfiles/, named by its content; needs no keys and no database of its own."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def throwaway_home() -> Path:
    """A home with keys for a command that needs settings but no data."""
    from huiyin.kernel import keys

    home = Path(tempfile.mkdtemp(prefix="huiyin-build-"))
    keys.create(home / keys.FILE_NAME)
    os.environ["HUIYIN_HOME"] = str(home)
    os.environ["HUIYIN_DATABASE"] = "sqlite"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    for name in (keys.FILE_VARIABLE, keys.TEXT_VARIABLE, "HUIYIN_DEBUG"):
        os.environ.pop(name, None)
    return home


def main() -> None:
    """Django's collectstatic, into an empty folder."""
    home = throwaway_home()
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
