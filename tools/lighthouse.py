"""Lighthouse on the five pages that carry the product: python tools/lighthouse.py [--url URL] [--runs 3].

Lighthouse is fetched from npm into a folder of its own (`~/.cache/huiyin`), the first time only: it is no part of the
product, of its set-up or of its tests. It drives the system's Chromium against a demonstration that is thrown away
afterwards, or against the one at --url. Citizens' pages are measured as on a slow phone, the office's as on a desk's
computer, both by Lighthouse's own settings; of each page the median of the runs counts. Writes docs/lighthouse.md,
and fails when a page is below what is promised there.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import browser as chromium  # noqa: E402
from tools.screenshots import PHONE, Camera, demonstration, submit  # noqa: E402

VERSION = "12.8.2"
FOLDER = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "huiyin" / f"lighthouse-{VERSION}"
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100}
TIMES = {
    "first-contentful-paint": "first paint",
    "total-blocking-time": "blocked",
    "total-byte-weight": "weight",
}
REPORT = ROOT / "docs" / "lighthouse.md"
HEAD = """# Lighthouse

Written by `make lighthouse`: Lighthouse {version}, {browser}, median of {runs} runs on a demonstration of sixty cases.
The first three pages are measured as on a slow phone (four times slower processor, 1.6 Mbit/s), the last two as on a
desk's computer. Promised are at least {least}.

| page | performance | accessibility | best practices | first paint | blocked | weight |
|---|---|---|---|---|---|---|
"""


@dataclass
class Sight:
    """A page as somebody sees it: its name, its address, whose cookies, and on a phone or on a desk."""

    name: str
    address: str
    cookies: str
    desk: bool


def program() -> Path:
    """Lighthouse's command, fetched when it is not there. Raises SystemExit when npm cannot fetch it."""
    command = FOLDER / "node_modules" / ".bin" / "lighthouse"
    if not command.exists():
        print(f"Fetching Lighthouse {VERSION} into {FOLDER} …", flush=True)
        FOLDER.mkdir(parents=True, exist_ok=True)
        options = [
            "--prefix",
            str(FOLDER),
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--no-package-lock",
        ]
        done = subprocess.run(["npm", "install", *options, f"lighthouse@{VERSION}"], check=False)
        if done.returncode:
            raise SystemExit(
                "npm could not fetch Lighthouse. It wants Node.js 18 or newer and the npm registry."
            )
    return command


def sights(url: str) -> Iterator[Sight]:
    """The five pages, each opened by whoever sees it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.executable(), args=chromium.ARGUMENTS)
        camera = Camera(running, url, Path(), "zh-hans")
        page = camera.visitor(PHONE)
        page.goto("/new/")
        page.locator("textarea[name=text]").fill("小区东门的路灯坏了，已经三天。")
        submit(page)
        follow = page.locator("main a[href^='/follow/']").first.get_attribute("href")
        yield Sight("home", "/", "", desk=False)
        yield Sight("new case", "/new/", "", desk=False)
        yield Sight("one's own case", follow, _cookies(page), desk=False)
        clerk, leader = camera.official("centre-dispatcher"), camera.official("xianwei-leader")
        yield Sight("the desk's list", "/work/desk/?tab=all", _cookies(clerk), desk=True)
        yield Sight("the leader's figures", "/work/today/", _cookies(leader), desk=True)
        running.close()


def _cookies(page: Any) -> str:
    return "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies())


def run(command: Path, url: str, sight: Sight) -> dict[str, Any]:
    """One report of Lighthouse. Raises CalledProcessError with what it said."""
    flags = " ".join(["--headless=new", *chromium.ARGUMENTS])
    with tempfile.TemporaryDirectory(prefix="huiyin-lighthouse-") as folder:
        report = Path(folder) / "report.json"
        options = [
            f"--chrome-flags={flags}",
            f"--only-categories={','.join(LEAST)}",
            "--quiet",
            "--output=json",
        ]
        options += [f"--output-path={report}", "--no-enable-error-reporting"]
        options += ["--preset=desktop"] if sight.desk else []
        options += [f"--extra-headers={json.dumps({'Cookie': sight.cookies})}"] if sight.cookies else []
        environment = {**os.environ, "CHROME_PATH": str(chromium.executable())}
        subprocess.run([command, f"{url}{sight.address}", *options], env=environment, check=True)
        return json.loads(report.read_text(encoding="utf-8"))


def measured(command: Path, url: str, runs: int) -> Iterator[tuple[str, dict[str, int], list[str]]]:
    """Of each page its name, its median scores, and its times in words; what is wrong is printed."""
    for sight in sights(url):
        reports = [run(command, url, sight) for _each in range(runs)]
        scores = {
            name: round(100 * statistics.median(each["categories"][name]["score"] for each in reports))
            for name in LEAST
        }
        last = sorted(reports, key=lambda each: each["categories"]["performance"]["score"])[runs // 2]
        times = [last["audits"][name]["displayValue"].removeprefix("Total size was ") for name in TIMES]
        if any(scores[name] < least for name, least in LEAST.items()):
            for name, audit in last["audits"].items():
                if audit["score"] is not None and audit["score"] < 0.9:
                    print(f"    {name}: {audit['title']} {audit.get('displayValue', '')}", flush=True)
        yield sight.name, scores, times


def main() -> int:
    """Measure, print and write the table; 1 when a page falls short."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="a demonstration that runs already")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    command, rows, short = program(), [], []
    with nullcontext(options.url) if options.url else demonstration() as url:
        for name, scores, times in measured(command, url, options.runs):
            rows.append(f"| {name} | {' | '.join(map(str, scores.values()))} | {' | '.join(times)} |")
            print(rows[-1], flush=True)
            short += [f"{name}: {each}" for each, least in LEAST.items() if scores[each] < least]
    said = subprocess.run(
        [str(chromium.executable()), "--version"], capture_output=True, text=True, check=True
    ).stdout
    head = HEAD.format(
        version=VERSION,
        browser=" ".join(said.split()[:2]),
        runs=options.runs,
        least=", ".join(f"{value} for {name.replace('-', ' ')}" for name, value in LEAST.items()),
    )
    REPORT.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    print("; ".join(short) or f"Every page keeps what is promised: {REPORT.relative_to(ROOT)}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
