"""The citizens' form against a bare insert, by turns in the same run on the same server."""

import random
import re
import statistics
import sys
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

from benchmarks._accounting import framing
from benchmarks._browser import Asked, Browser, Timed, Visit, drive, for_seconds, never, percentile
from benchmarks._stand import ORIGIN, House
from benchmarks.import_fast import SENTENCES

CLIENTS = 4
NAMED = "intake"
# What one matter by the form leaves behind: a row in each.
GROWS = (
    "cases_case",
    "cases_party",
    "cases_point",
    "cases_round",
    "people_person",
    "deadlines_clock",
)
REGISTERED = "ledger_event WHERE kind = 'register'"  # the worker may write other events meanwhile
REGIONS = re.compile(rb'<select name="region".*?</select>', re.DOTALL)
REGION = re.compile(rb'<option value="([^"]+)"')


@dataclass
class Measured:
    """One round of slices: requests, rates by slice, and milliseconds by who used them."""

    rates: dict[str, list[float]] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)
    spent: dict[str, Counter[str]] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def take(self, name: str, timed: list[Timed], took: float, spent: Counter[str]) -> None:
        """Add a slice."""
        self.rates.setdefault(name, []).append(len(timed) / took)
        self.requests[name] += len(timed)
        self.spent.setdefault(name, Counter()).update(spent)
        self.seconds.setdefault(name, []).extend(each.seconds for each in timed)

    def each(self, name: str, *who: str) -> float:
        """Milliseconds of processor time for a request, of these users of it."""
        return sum(self.spent[name][one] for one in who) / self.requests[name]

    def rate(self, name: str) -> float:
        """Requests a second, of the middling slice."""
        return statistics.median(self.rates[name])

    def ratio(self, name: str, limit: str) -> float:
        """The rate against the limit's, slice by slice; the middling one."""
        pairs = zip(self.rates[name], self.rates[limit], strict=True)
        return statistics.median(one / other for one, other in pairs)

    def line(self, name: str) -> str:
        """One line to print."""
        seconds = self.seconds[name]
        return (
            f"{name:<8} {self.rate(name):7.0f}/s   p50 {percentile(seconds, 0.5) * 1000:6.1f} ms"
            f"   p99 {percentile(seconds, 0.99) * 1000:6.1f} ms"
        )


@dataclass(frozen=True)
class Form:
    """The citizens' form as it was fetched: the browser with its cookie, the token, and the places to choose from."""

    browser: Browser
    token: str
    regions: list[str]


def fetched(port: int, *, origin: str = ORIGIN) -> Form:
    """Fetch the form once, as everybody does before sending it."""
    browser, found = Browser(origin), list[Form]()

    def fetches() -> Visit:
        page = yield browser.get("form", "/new/")
        browser.take(page)
        regions = [each.decode() for each in REGION.findall(REGIONS.findall(page.body)[0])]
        found.append(Form(browser, page.token, regions))

    drive(port, [fetches()], until=never)
    return found[0]


def writes(form: Form, dice: random.Random, *, times: int = sys.maxsize) -> Visit:
    """Matters of ever new people, each at an address of their own."""
    browser = Browser(form.browser.origin, cookies=dict(form.browser.cookies))
    for _each in range(times):
        browser.address = f"10.{dice.randint(1, 250)}.{dice.randint(1, 250)}.{dice.randint(1, 250)}"
        yield browser.send_form(NAMED, "/new/", matter(dice, form.token, form.regions))


def matter(dice: random.Random, token: str, regions: list[str]) -> dict[str, str]:
    """What somebody writes: some hundred letters, a place, mostly a name and a telephone number."""
    text = "".join(dice.choice(SENTENCES) for _each in range(dice.randint(4, 12)))
    open_to = dice.choices(("sealed", "open", "none"), weights=(6, 3, 1))[0]
    return {
        "csrfmiddlewaretoken": token,
        "key": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        "text": text,
        "nature": dice.choices(("appeal", "complaint", "suggestion", "inquiry"), weights=(5, 3, 1, 2))[0],
        "region": dice.choice(regions) if regions else "",
        "place": f"解放路 {dice.randint(1, 300)} 号",
        "confidentiality": "sealed" if open_to == "none" else open_to,
        "name": f"张{dice.choice('伟芳娜敏静丽强磊军洋')}",
        "phone": f"1380000{dice.randint(0, 9999):04d}",
        "accused_unit": "",
        "accused": "",
        "reply_required": "on",
        "headcount": "1",
    }


def bare(dice: random.Random) -> Visit:
    """The same number of letters to the bare view."""
    browser = Browser(ORIGIN)
    while True:
        text = "".join(dice.choice(SENTENCES) for _each in range(dice.randint(4, 12)))
        asked = browser.get("bare", "/")
        body = text.encode()
        head = asked.written.replace(b"GET", b"POST", 1).replace(
            b"\r\n\r\n", b"\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(body), 1
        )
        yield Asked("bare", head + body, status=302)


def counts(house: House) -> dict[str, int]:
    """How many rows there are of each kind that a matter adds to, and how many events of registering."""
    kinds = (*GROWS, REGISTERED)
    asked = ", ".join(f"(SELECT count(*) FROM {table})" for table in kinds)
    return dict(zip(kinds, house.rows(f"SELECT {asked}")[0], strict=True))


def require_growth(before: dict[str, int], after: dict[str, int], by: int) -> None:
    """Raise SystemExit unless every kind of row grew by exactly so many."""
    grown = {name: after[name] - before[name] for name in before}
    if set(grown.values()) != {by}:
        raise SystemExit(f"{by} matters were acknowledged, but the rows grew by {grown}")


def measure(house: House, *, slices: int, seconds: float) -> Measured:
    """Slices by turns. Raises SystemExit when the rows do not prove that every request did its work."""
    form, found = fetched(house.ports["web"]), Measured()
    for number in range(slices + 1):
        if number == 1:
            found = Measured()  # the first pair only warms up
        dice = [random.Random(f"{number}:{client}") for client in range(CLIENTS)]
        before = counts(house)
        done = _slice(house, found, NAMED, [writes(form, each) for each in dice], seconds)
        require_growth(before, counts(house), done)
        stood = house.count("limit_row")
        done = _slice(house, found, "limit", [bare(each) for each in dice], seconds)
        if house.count("limit_row") - stood != done:
            raise SystemExit("the bare view did not store every row")
    return found


def _slice(house: House, found: Measured, name: str, visits: list[Visit], seconds: float) -> int:
    """One slice, with the work that it leaves to the worker; how many requests were answered."""
    spent, began = house.spent(), time.perf_counter()
    timed = drive(house.ports["limit" if name == "limit" else "web"], visits, until=for_seconds(seconds))
    took = time.perf_counter() - began
    house.settle()
    found.take(name, timed, took, house.spent() - spent)
    return len(timed)


def asked_by_one(house: House, *, times: int = 20) -> tuple[list[str], int]:
    """The statements of the last of some intakes, and how many more only framed or set up the connection."""
    form = fetched(house.ports["web"])
    with house.statements() as written:
        for number in range(times):
            written.begin()
            one = writes(form, random.Random(f"asked:{number}"), times=1)
            drive(house.ports["web"], [one], until=never)
        time.sleep(0.5)  # what follows the answer
        told = written.told()
    content = [sql for sql in told if not framing(sql)]
    return content, len(told) - len(content)
