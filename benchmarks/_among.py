"""Lists, the page of a case and the public pages among ten thousand, a hundred thousand and a million cases.

The filled databases are kept, as long as the tables and the generator stay what they are: making a million takes
minutes. Processor time is of the web server and of every process of the database server.
"""

import hashlib
import os
import random
import re
import time
from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from benchmarks._accounting import framing
from benchmarks._browser import Browser, Visit, drive, for_seconds, never, percentile
from benchmarks._intake import bare
from benchmarks._stand import ORIGIN, ROOT, House, on_postgresql

Name = TypeVar("Name", bound=Hashable)
CLIENTS = 4
TURNS = 5
COLD = 600.0  # seconds that the first visit of a page may take, whose rows still lie on the disk
REGION = re.compile(rb'<select name="region".*?</select>', re.DOTALL)
CODE = re.compile(rb'value="([^"]+)"')
# What the desk asks: the ordinary tabs, and combinations that hardly any case answers to.
TABS = ("tab=all", "tab=registered", "tab=handling", "tab=reviewing&urgent_first=on")
RARE = (
    "tab=all&nature=praise&urgency=immediate",
    "tab=told&nature=report&late=on",
    "tab=handling&urgency=pressing&region={region}",
)
OTHERS = {
    "centre-dispatcher": (
        "/work/search/?q=%E8%B7%AF%E7%81%AF",
        "/work/search/?q=%E7%94%B5%E6%A2%AF&order=best",
    ),
    "chengguan-handler": ("/work/unit/?tab=open", "/work/unit/?tab=all"),
    "duban-supervisor": (
        "/work/supervision/",
        *(
            f"/work/supervision/matters/?tab={tab}"
            for tab in ("open", "late", "yellow", "hopping", "owed", "all")
        ),
        "/work/supervision/matters/?tab=all&nature=praise&urgency=immediate",
    ),
    "xianwei-leader": ("/work/today/",),
}
# What the public looks for: found in every tenth matter, in one of a hundred, in a few, in none.
WORDS = ("物业 涨价", "停车", "退学费", "电梯", "工资", "医院", "油烟", "不存在的词语")


def cache() -> Path:
    """Where filled databases are kept; the server's own user must get there."""
    return Path("/var/cache/huiyin-bench") if os.geteuid() == 0 else Path.home() / ".cache" / "huiyin-bench"


def digest_of(*patterns: str) -> str:
    """What the files of these patterns hold, as a few letters."""
    whole = hashlib.sha256()
    for file in sorted(file for pattern in patterns for file in ROOT.glob(pattern)):
        whole.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()[:12]


@contextmanager
def filled(cases: int) -> Iterator[House]:
    """A house with so many cases, made now or before; the server's statistics and the search index are up to date.

    Another generator or profile makes others. New tables and columns are added to those that stand; one that was cut
    short in the making is gone on with.
    """
    made_by = digest_of("huiyin/cli/demo/*.py", "huiyin/cli/commands/demo.py", "profiles/demo/*.*")
    tables = digest_of("huiyin/*/migrations/[0-9]*.py")
    folder = cache() / f"{made_by}-{cases}"
    (folder / "home").mkdir(parents=True, mode=0o755, exist_ok=True)
    made = folder / "made"
    with on_postgresql(folder / "home", kept=folder / "base") as house:
        began = time.perf_counter()
        if not made.exists():
            house.prepare()
            house.huiyin("demo", "--cases", str(cases), "--json")
            print(f"  {cases:,} cases made in {time.perf_counter() - began:.0f} s", flush=True)
            house.huiyin("search", "rebuild", "--json")
        if not made.exists() or made.read_text() != tables:
            house.huiyin("migrate")
            house.vacuum()
            print(f"  ready after {time.perf_counter() - began:.0f} s", flush=True)
            made.write_text(tables)
        yield house


Used = tuple[float, float]  # by the web server, by the database


@dataclass(frozen=True)
class Cost:
    """What a page costs: milliseconds of processor time of the web server and of the database, and statements.

    And how many seconds the first visit took, before anything was measured.
    """

    web: float
    database: float
    statements: int
    first: float

    @property
    def milliseconds(self) -> float:
        """Of both."""
        return self.web + self.database

    def __str__(self) -> str:
        parts = f"(web {self.web:.1f}, database {self.database:.1f})"
        slow = f", first visit {self.first:.1f} s" if self.first >= 1 else ""
        return f"{self.milliseconds:6.1f} ms {parts} {self.statements:3} statements{slow}"


def visits(browser: Browser, name: str, paths: list[str]) -> Visit:
    """One page after another, over and over."""
    while True:
        for path in paths:
            answer = yield browser.get(name, path)
            browser.take(answer)


@dataclass(frozen=True)
class Page:
    """A page that four people ask one house for, over and over."""

    house: House
    seats: Sequence[Browser]
    path: str


def costs(pages: Mapping[Name, Page], *, seconds: float) -> dict[Name, Cost]:
    """What each of these pages costs, by the names that they are given.

    The middle one of several turns through all of them: what else the machine does for a moment makes no page dear,
    and what it does for longer makes all of them dear alike, those of one house and of another.
    """
    first = {name: first_visit(page) for name, page in pages.items()}
    turns: dict[Name, list[Used]] = {name: [] for name in pages}
    for _turn in range(TURNS):
        for name, page in pages.items():
            turns[name].append(used(page, seconds=seconds / TURNS))
    asked = {name: len(statements(each.house, each.seats[0], each.path)) for name, each in pages.items()}
    return {
        name: Cost(*sorted(each, key=sum)[TURNS // 2], asked[name], first[name])
        for name, each in turns.items()
    }


def first_visit(page: Page) -> float:
    """Seconds that a page takes whose rows nobody has read since the machine was started: not what it costs later."""

    def once() -> Visit:
        yield page.seats[0].get(page.path, page.path)

    [timed] = drive(page.house.ports["web"], [once()], until=never, patience=COLD)
    return timed.seconds


def used(page: Page, *, seconds: float) -> Used:
    """Milliseconds of the web server's and of the database's processor time for it, in this stretch of time."""
    house, port = page.house, page.house.ports["web"]
    drive(port, [visits(each, page.path, [page.path]) for each in page.seats], until=for_seconds(0.3))
    spent = house.spent()
    timed = drive(
        port, [visits(each, page.path, [page.path]) for each in page.seats], until=for_seconds(seconds)
    )
    grown = house.spent() - spent
    return grown["web"] / len(timed), grown["database"] / len(timed)


def bare_insert(house: House, *, seconds: float) -> float:
    """Milliseconds of processor time of the bare view with one durable insert, in the same minutes: it tells how busy
    the machine is better than its load does, since alone on two cores it takes 0.8.
    """
    house.start_limit()
    dice = [random.Random(each) for each in range(CLIENTS)]
    drive(house.ports["limit"], [bare(each) for each in dice], until=for_seconds(0.5))
    spent = house.spent()
    timed = drive(house.ports["limit"], [bare(each) for each in dice], until=for_seconds(seconds))
    used = house.spent() - spent
    house.stop("limit")
    return (used["limit"] + used["database"]) / len(timed)


def statements(house: House, browser: Browser, path: str) -> list[str]:
    """What the page asks the database, without what frames a transaction.

    The fewest of three: what is known of units and places is asked anew every few seconds, and is not the page's.
    """

    def once() -> Visit:
        yield browser.get(path, path)

    with house.statements() as written:
        tries = []
        for _each in range(3):
            drive(house.ports["web"], [once()], until=never)
            time.sleep(0.3)
            written.begin()
            drive(house.ports["web"], [once()], until=never)
            time.sleep(0.3)
            tries.append([sql for sql in written.told() if not framing(sql)])
    return min(tries, key=len)


def lists(houses: Mapping[int, House], *, seconds: float) -> dict[int, dict[str, Cost]]:
    """Each list of the desk, by its filters, in houses of so many cases, which take turns at each of them."""
    pages: dict[str, dict[int, Page]] = {}
    for cases, house in houses.items():
        seats = [house.seated("centre-dispatcher") for _each in range(CLIENTS)]
        rare = [each.format(region=_small_place(house, seats[0])) for each in RARE]
        for asked in (*TABS, *rare):
            pages.setdefault(asked, {})[cases] = Page(house, seats, f"/work/desk/?{asked}")
    named = {(cases, asked): page for asked, sizes in pages.items() for cases, page in sizes.items()}
    found = costs(named, seconds=seconds)
    return {
        cases: {asked: cost for (size, asked), cost in found.items() if size == cases} for cases in houses
    }


def others(house: House, *, seconds: float) -> dict[str, Cost]:
    """The lists and figures of those who do not sit at the desk, and the office's search."""
    found = dict[str, Cost]()
    for post, paths in OTHERS.items():
        if "search" in paths[0] and not indexed(house, "office"):
            continue
        seats = [house.seated(post) for _each in range(CLIENTS)]
        found |= costs({f"{post} {path}": Page(house, seats, path) for path in paths}, seconds=seconds)
    return found


def _small_place(house: House, browser: Browser) -> str:
    """The last place of the filter: a small one."""
    seen: list[bytes] = []

    def look() -> Visit:
        seen.append((yield browser.get("list", "/work/desk/?tab=all")).body)

    drive(house.ports["web"], [look()], until=never)
    choice = REGION.search(seen[0])
    codes = CODE.findall(choice[0]) if choice else []
    return codes[-1].decode() if codes else ""


def case_pages(house: House) -> dict[str, int]:
    """The statements of the pages of a case that has just come, and of those with the longest histories."""
    browser = house.seated("centre-dispatcher")
    longest = house.rows("SELECT number FROM cases_case ORDER BY version DESC, id LIMIT 3")
    newest = house.rows(
        "SELECT number FROM cases_case WHERE nature <> 'report' ORDER BY version, id DESC LIMIT 1"
    )
    return {
        number: len(statements(house, browser, f"/work/cases/{number}/")) for (number,) in (*newest, *longest)
    }


def indexed(house: House, shelf: str) -> bool:
    """Whether the index of the search is built to its end."""
    return bool(house.rows(f"SELECT 1 FROM search_reading WHERE shelf = '{shelf}' AND built_to IS NULL"))


def public(house: House, *, seconds: float) -> dict[str, float]:
    """p95 in milliseconds of the public list, and of finding words in it, with four visitors at once.

    Nothing is said of a search whose index is not built to its end.
    """
    dice, port = random.Random(1), house.ports["web"]
    [(category,)] = house.rows(
        "SELECT code FROM cases_category WHERE parent_id IS NULL ORDER BY code LIMIT 1"
    )
    kinds = {"public list": ["/public/", f"/public/?category={category}", "/public/?nature=suggestion"]}
    if indexed(house, "public"):
        kinds["public search"] = [f"/public/?q={quote(words)}" for words in WORDS]
    found = dict[str, float]()
    for name, paths in kinds.items():
        for path in paths:
            first_visit(Page(house, [Browser(ORIGIN, address="10.3.0.0")], path))
        everybody = [
            visits(Browser(ORIGIN, address=f"10.3.0.{n}"), name, dice.sample(paths, len(paths)))
            for n in range(CLIENTS)
        ]
        timed = drive(port, everybody, until=for_seconds(seconds))
        found[name] = percentile([each.seconds for each in timed], 0.95) * 1000
    return found
