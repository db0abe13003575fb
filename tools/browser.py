"""Where a Chromium is, and how tests start it."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
# A test's browser asks nobody anything: no updates, no synchronising, no QUIC.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def executable() -> str | None:
    """The path of a Chromium on this machine (the system's, else Playwright's own), or None."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    own = sorted(folder.glob("chromium-*/chrome-linux*/chrome"))
    return str(own[-1]) if own else None
