"""The pictures of the README, taken from a demonstration: python tools/screenshots.py [--to FOLDER] [--language en].

Starts a demonstration of its own in a folder that is thrown away afterwards, or uses the one at --url. The cases are
invented and the same each time, but their dates are those of the day on which the pictures are taken.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import browser as chromium  # noqa: E402

PHONE = {"width": 390, "height": 780}
DESK = {"width": 1440, "height": 900}
STARTS_WITHIN = 180  # seconds
STORY = {
    "zh-hans": "小区东门的路灯坏了\n已经三天，晚上回家看不清台阶，有老人绊倒。请尽快修好。",
    "en": "Street lamp at the east gate\nIt has been out for three days, and at night the steps cannot be seen.",
}


@contextmanager
def demonstration() -> Iterator[str]:
    """The address of a new demonstration; it ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tempfile.mkdtemp(prefix="huiyin-pictures-")
    environment = {**os.environ, "HUIYIN_HOME": home, "HUIYIN_PROFILE": "demo", "PORT": str(port)}
    huiyin = [sys.executable, "-m", "huiyin.cli"]
    try:
        for step in (["setup-secrets"], ["prepare"]):
            subprocess.run([*huiyin, *step], cwd=ROOT, env=environment, check=True)
        serving = subprocess.Popen([*huiyin, "serve"], cwd=ROOT, env=environment)
        try:
            yield answered(f"http://127.0.0.1:{port}")
        finally:
            serving.terminate()
            serving.wait()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def answered(url: str) -> str:
    """The address, once it answers. Raises TimeoutError after three minutes."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return url
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"{url} does not answer")


class Camera:
    """Opens pages of one demonstration and keeps pictures of them."""

    def __init__(self, running: Any, url: str, folder: Path, language: str) -> None:
        self.running, self.url, self.folder, self.language = running, url, folder, language

    def visitor(self, size: dict[str, int]) -> Any:
        """A new visitor's page, at the size of a phone or of a desk."""
        tongue = "en-GB" if self.language == "en" else "zh-CN"
        context = self.running.new_context(
            viewport=size, base_url=self.url, locale=tongue, timezone_id="Asia/Shanghai"
        )
        context.set_default_timeout(20_000)
        return context.new_page()

    def official(self, post: str) -> Any:
        """The page of somebody who has signed in under a post of the demonstration."""
        page = self.visitor(DESK)
        page.goto("/accounts/demo/")
        page.locator(f"button[name=post][value={post}]").click()
        page.wait_for_load_state("networkidle")
        return page

    def keep(self, page: Any, name: str) -> None:
        """What the page shows, as a picture."""
        page.wait_for_load_state("networkidle")
        page.screenshot(path=self.folder / f"{name}.png")
        print(self.folder / f"{name}.png", flush=True)


def citizen(camera: Camera) -> None:
    """The home page, the receipt, and the case as whoever brought it in sees it."""
    page = camera.visitor(PHONE)
    page.goto("/")
    camera.keep(page, "home")
    page = camera.visitor(PHONE)
    page.goto("/new/")
    page.locator("textarea[name=text]").fill(STORY[camera.language])
    submit(page)
    camera.keep(page, "receipt")
    page.locator("main a[href^='/follow/']").first.click()
    camera.keep(page, "follow")


def submit(page: Any) -> None:
    """Go through the form's steps to its end, and on to the receipt."""
    onward = page.locator("[data-steps-next]")
    while onward.is_visible():
        appeal = page.locator("input[name=nature][value=appeal]")
        if appeal.is_visible():
            appeal.check()
        onward.click()
    page.locator("[data-steps-send]").click()
    page.wait_for_url("**/new/*-*-*/")


def office(camera: Camera) -> None:
    """The desk's list, one case, and the leader's figures."""
    page = camera.official("centre-dispatcher")
    to_dispatch = page.url
    page.goto("/work/desk/?tab=all")
    camera.keep(page, "desk")
    page.goto(to_dispatch)
    page.locator("main [data-row-link]").first.click()
    camera.keep(page, "case")
    camera.keep(camera.official("xianwei-leader"), "figures")


def take(url: str, folder: Path, language: str) -> None:
    """Every picture."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.ARGUMENTS)
        camera = Camera(running, url, folder, language)
        for scene in (citizen, office):
            scene(camera)
        running.close()


def main() -> None:
    """Read the arguments and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "pictures", help="folder for the pictures")
    parser.add_argument("--language", choices=sorted(STORY), default="zh-hans")
    parser.add_argument("--url", help="a demonstration that runs already")
    options = parser.parse_args()
    if options.url:
        take(options.url, options.to, options.language)
        return
    with demonstration() as url:
        take(url, options.to, options.language)


if __name__ == "__main__":
    main()
