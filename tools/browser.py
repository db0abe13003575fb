"""Where a Chromium is, and how tests start it."""

import os
import shutil
from pathlib import Path

# The headless shell is the same engine without windows, and needs half as much of a processor for a page.
LIGHT = ("chromium-headless-shell", "chrome-headless-shell")
NAMES = (*LIGHT, "chromium", "chromium-browser", "google-chrome", "chrome")
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


def executable(names: tuple[str, ...] = NAMES) -> str | None:
    """The path of a Chromium on this machine (the system's, else Playwright's own), or None."""
    for name in names:
        if found := shutil.which(name):
            return found
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    own = sorted(folder.glob("chromium_headless_shell-*/chrome-*/*headless*shell"))
    if names == NAMES:
        own = own or sorted(folder.glob("chromium-*/chrome-linux*/chrome"))
    return str(own[-1]) if own else None


def light() -> str | None:
    """The path of a headless shell, or None."""
    return executable(LIGHT)
