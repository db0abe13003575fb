"""Embedded SQLite under many at once: intakes while the worker drains, and a mix of everybody's requests."""

import random
import sqlite3
import time
from pathlib import Path

from benchmarks._browser import Browser, Timed, Visit, drive, for_seconds, never, percentile
from benchmarks._intake import CLIENTS, GROWS, NAMED, REGISTERED, fetched, matter, writes
from benchmarks._stand import ORIGIN, House

CROWD = 32  # connections at once in the mix
LOCKED = "database is locked"


def counts(house: House) -> dict[str, int]:
    """How many rows there are of each kind that a matter adds to."""
    with sqlite3.connect(f"file:{house.folder}/huiyin.sqlite3?mode=ro", uri=True) as file:
        return {
            table: file.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in (*GROWS, REGISTERED)
        }


def intakes(house: House, *, seconds: float) -> tuple[float, list[float]]:
    """Intakes a second with four clients while the worker runs, and how long each took."""
    form = fetched(house.ports["web"])
    everybody = [writes(form, random.Random(f"sqlite:{n}")) for n in range(CLIENTS)]
    drive(house.ports["web"], [writes(form, random.Random("warm"), times=20)], until=never)
    before, began = counts(house), time.perf_counter()
    timed = drive(house.ports["web"], everybody, until=for_seconds(seconds))
    took = time.perf_counter() - began
    after = counts(house)
    grown = {name: after[name] - before[name] for name in before}
    if set(grown.values()) != {len(timed)}:
        raise SystemExit(f"{len(timed)} matters were acknowledged, but the rows grew by {grown}")
    return len(timed) / took, [each.seconds for each in timed]


def mix(house: House, *, requests: int) -> list[Timed]:
    """So many requests of citizens and the desk at once. Raises NotServed when one is not answered as it should be."""
    form, port = fetched(house.ports["web"]), house.ports["web"]
    crowd: list[Visit] = []
    for number in range(CROWD):
        dice = random.Random(f"mix:{number}")
        if number % 4 == 0:
            crowd.append(_clerk(house.seated("centre-clerk"), dice))
        elif number % 4 == 1:
            crowd.append(writes(form, dice))
        else:
            crowd.append(_reader(dice))
    return drive(port, crowd, until=lambda done: done >= requests)


def _reader(dice: random.Random) -> Visit:
    browser = Browser(ORIGIN, address=f"10.4.{dice.randint(1, 250)}.{dice.randint(1, 250)}")
    while True:
        yield browser.get("read", dice.choice(["/", "/public/", "/new/", "/standards/"]))


def _clerk(browser: Browser, dice: random.Random) -> Visit:
    """Looks at the list, takes a matter down for somebody, looks again."""
    while True:
        yield browser.get("desk", "/work/desk/?tab=registered")
        page = yield browser.get("entry form", "/work/desk/entry/")
        told = matter(dice, page.token, [])
        del told["accused_unit"], told["accused"]
        told |= {"channel": "phone", "title": "路灯不亮", "track": "", "urgency": "normal"}
        told["step"] = "go_on"  # past what sounds alike: somebody has looked
        told["phone"] = f"139{dice.randrange(10**8):08d}"  # not somebody who has been here before
        yield browser.post("office act", "/work/desk/entry/", told)


def report(timed: list[Timed], took: float) -> str:
    """One line to print."""
    seconds = [each.seconds for each in timed]
    acts = sum(each.name in (NAMED, "office act") for each in timed)
    return (
        f"  mix of {len(timed):,} requests ({acts:,} of them write) over {CROWD} connections in {took:.0f} s:"
        f" p50 {percentile(seconds, 0.5) * 1000:.0f} ms, p99 {percentile(seconds, 0.99) * 1000:.0f} ms"
    )


def locked(log: Path) -> int:
    """How often a program complained of a locked database."""
    return log.read_text(errors="replace").count(LOCKED) if log.exists() else 0
