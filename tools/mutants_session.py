"""A pytest plugin that tries mutants in forked children of one session: tools/mutants.py starts it in a mutated copy.

The session imports everything and makes the test database once. A first child runs each test with mutmut's trampolines
taking notes: which functions it reaches, how long it takes, whether it works after a fork at all. Then each mutant gets
a child of its own, which switches it on, runs the tests that reach its function until one fails, and ends.
"""

import gc
import hashlib
import json
import os
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, NoReturn

import hypothesis
import pytest
from mutmut.mutation import trampoline

APART = {
    "transactional_db",
    "live_server",
    "browser",
}  # threads, other processes, or a database that is not rolled back
MEMORY = 4 * 2**30  # bytes that a child may take: a mutant's endless list must not take the machine's
TICK, TICKS = 60.0, 15  # seconds of wall clock; after so many ticks a test that hardly computes hangs
# One failing example is enough, and the same in every child: no shrinking, which takes longer than all the rest.
hypothesis.settings.register_profile(
    "mutants",
    max_examples=50,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)
hypothesis.settings.load_profile("mutants")


class Work:
    """What was asked: the mutants by name with their functions, where to write, and how much each may cost."""

    def __init__(self, file: Path) -> None:
        asked = json.loads(file.read_text())
        self.mutants: dict[str, str] = asked["mutants"]
        self.digests: dict[str, str] = asked["digests"]
        self.suite: str = asked["suite"]
        self.results, self.study = Path(asked["results"]), Path(asked["study"])
        self.tests, self.seconds, self.workers = asked["tests"], asked["seconds"], asked["workers"]


def at_import(name: str, caller: str | None = None) -> None:
    """Note a function that runs while the program is read: what it made then is there before any mutant is."""
    EARLY.add(name)


EARLY: set[str] = set()
trampoline.record_trampoline_hit = at_import
if "MUTANT_UNDER_TEST" not in os.environ:
    trampoline.set_mutant_under_test("stats")


class Judge:
    """Runs tests inside a child and ends it at the first that fails."""

    def __init__(self) -> None:
        self.failed: Callable[[str], Any] | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, call: Any) -> None:
        """Before pytest words a failure, which is slow: it is enough to know."""
        if self.failed and call.excinfo and not isinstance(call.excinfo.value, pytest.skip.Exception):
            self.failed(call.excinfo.exconly()[:200])

    def run(self, item: pytest.Item) -> None:
        """One test with every fixture of its own; the session's stay."""
        item.ihook.pytest_runtest_protocol(item=item, nextitem=item.session)


def say(sentence: str) -> None:
    """One line to the terminal, past pytest's own."""
    print(sentence, file=sys.__stderr__, flush=True)


def fit(item: pytest.Item) -> bool:
    """Whether a test can run in a forked child beside others."""
    committing = any(mark.kwargs.get("transaction") for mark in item.iter_markers("django_db"))
    return not committing and not APART & set(item.fixturenames)  # type: ignore[attr-defined]


def forget() -> None:
    """Empty every cache of a function of the house: what was worked out before must be worked out by the mutant."""
    for name, module in list(sys.modules.items()):
        if name.startswith("huiyin"):
            for thing in list(vars(module).values()):
                if callable(clear := getattr(thing, "cache_clear", None)):
                    clear()


class Patience:
    """Ends a child whose test waits for something that never comes.

    It counts ticks, not the hour: a run that is held up (SIGSTOP, a laptop shut) hears one tick of it all.
    """

    def __init__(self) -> None:
        self.left = 0
        signal.signal(signal.SIGALRM, self.tick)

    def renew(self) -> None:
        """A test begins."""
        self.left = TICKS
        signal.setitimer(signal.ITIMER_REAL, TICK, TICK)

    def tick(self, *_: object) -> None:
        """A minute has passed: after the last one the child ends by the signal."""
        self.left -= 1
        if self.left <= 0:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGALRM)


def quiet() -> None:
    """Send what the child prints to nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


# -- what the tests reach -----------------------------------------------------------------------------------
def study(work: Work, items: list[pytest.Item], judge: Judge) -> dict[str, Any]:
    """Each fit test's functions and seconds: learnt in an earlier session, while the program and its file are the same.

    The file's name stands for the program; of a test that was written or changed since, nothing is known.
    """
    notes = json.loads(work.study.read_text()) if work.study.exists() else {}
    prints = {path: fingerprint(path) for path in {item.path for item in items}}
    new = [item for item in items if notes.get(item.nodeid, {}).get("file") != prints[item.path]]
    if new:
        say(f"Learning what {len(new)} tests reach …")
        aside = work.study.with_suffix(".part")
        child = os.fork()
        if not child:
            quiet()
            observe(aside, new, judge)
        if os.waitpid(child, 0)[1]:
            raise SystemExit("The child that learns what the tests reach has ended badly.")
        learnt = json.loads(aside.read_text())
        notes |= {item.nodeid: {**learnt[item.nodeid], "file": prints[item.path]} for item in new}
        aside.write_text(json.dumps(notes))
        aside.rename(work.study)
    return {item.nodeid: notes[item.nodeid] for item in items}


def fingerprint(file: Path) -> str:
    """What tells a file's text from another."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def observe(file: Path, items: list[pytest.Item], judge: Judge) -> NoReturn:
    """In a child: run these tests once with the trampolines taking notes, and write them down."""
    trampoline.set_mutant_under_test("stats")
    notes: dict[str, Any] = {}
    for item in items:
        reached: set[str] = set()
        broken: list[str] = []
        trampoline.record_trampoline_hit = lambda name, caller=None, seen=reached: seen.add(name)
        judge.failed = broken.append
        forget()
        began = time.process_time()
        judge.run(item)
        spent = time.process_time() - began
        notes[item.nodeid] = {"seconds": round(spent, 4), "works": not broken, "reaches": sorted(reached)}
    file.write_text(json.dumps(notes))
    os._exit(0)


def in_order(function: str, reaching: list[str], seconds: dict[str, float]) -> list[str]:
    """Tests of a function, the likeliest to notice first: of the file named after its module, then of each in turn."""
    own = f"test_{function.rpartition('.')[0].rpartition('.')[2]}.py::"
    files: dict[str, list[str]] = defaultdict(list)
    for test in sorted(reaching, key=seconds.__getitem__):
        files["" if own in test else test.partition("::")[0]].append(test)
    first = files.pop("", [])
    turns = zip_longest(*sorted(files.values(), key=lambda tests: seconds[tests[0]]))
    return first + [test for turn in turns for test in turn if test]


# -- mutants ------------------------------------------------------------------------------------------------
def attempt(
    mutant: str, tests: list[tuple[pytest.Item, float]], work: Work, judge: Judge, tell: int
) -> NoReturn:
    """In a child: switch the mutant on and run its tests until one fails; say what happened through the pipe."""
    state: dict[str, Any] = {"outcome": "survived", "by": "", "tests": 0}

    def end() -> NoReturn:
        os.write(tell, json.dumps(state).encode())
        os._exit(0)

    def killed(why: str) -> NoReturn:
        state.update(outcome="killed", why=why)
        end()

    quiet()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    trampoline.set_mutant_under_test(mutant)
    judge.failed, patience = killed, Patience()
    forget()
    spent = time.process_time()
    for item, usual in tests:
        if time.process_time() - spent + usual > work.seconds and state["tests"]:
            continue
        state |= {"by": item.nodeid, "tests": state["tests"] + 1}
        signal.setitimer(signal.ITIMER_PROF, 5 + 10 * usual)  # the signal's default ends the child
        patience.renew()
        judge.run(item)
    state["by"] = ""
    end()


class Children:
    """At most so many children at once; what each came to, as it ends."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.running: dict[int, tuple[str, int, float]] = {}

    def start(self, mutant: str, child: Callable[[int], NoReturn]) -> Iterator[dict[str, Any]]:
        """Fork a child for a mutant, after waiting for a place."""
        while len(self.running) >= self.work.workers:
            yield self.reap()
        hear, tell = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(hear)
            child(tell)
        os.close(tell)
        self.running[pid] = (mutant, hear, time.monotonic())

    def reap(self) -> dict[str, Any]:
        """Wait for one child and read what it said; one that said nothing was ended by a signal or ended itself."""
        pid, status = os.wait()
        mutant, hear, began = self.running.pop(pid)
        with os.fdopen(hear, "rb") as pipe:
            said = pipe.read()
        ended = "timeout" if os.WIFSIGNALED(status) else "killed"
        found = json.loads(said) if said else {"outcome": ended, "by": "", "tests": 0}
        return {"mutant": mutant, **found, "seconds": round(time.monotonic() - began, 2)}


def try_all(
    work: Work, items: list[pytest.Item], notes: dict[str, Any], judge: Judge
) -> Iterator[dict[str, Any]]:
    """What each mutant came to."""
    by_name = {item.nodeid: item for item in items}
    seconds = {name: note["seconds"] for name, note in notes.items()}
    reaching: dict[str, list[str]] = defaultdict(list)
    for name, note in notes.items():
        for function in note["reaches"] if note["works"] and name in by_name else ():
            reaching[function].append(name)
    killers: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    children = Children(work)

    def heard(found: dict[str, Any]) -> dict[str, Any]:
        if found["outcome"] == "killed" and found["by"]:
            killers[work.mutants[found["mutant"]]][found["by"]] += 1
        elif found["outcome"] in ("survived", "unreached") and work.mutants[found["mutant"]] in EARLY:
            found["outcome"] = "early"  # what the function made while the program was read is there already
        return found

    for mutant, function in work.mutants.items():
        tests = in_order(function, reaching[function], seconds)
        if not tests:
            yield heard({"mutant": mutant, "outcome": "unreached", "by": "", "tests": 0, "seconds": 0})
            continue
        tests.sort(key=lambda test, known=killers[function]: -known[test])  # steady: the rest keeps its order
        chosen = [(by_name[test], seconds[test]) for test in tests[: work.tests]]
        child = lambda tell, m=mutant, t=chosen: attempt(m, t, work, judge, tell)  # noqa: E731
        yield from map(heard, children.start(mutant, child))
    while children.running:
        yield heard(children.reap())


# -- the session --------------------------------------------------------------------------------------------
@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """The judge hears of every test; the test database is in memory, so that each child has a copy of its own."""
    from django.conf import settings

    settings.DATABASES["default"]["TEST"]["NAME"] = ":memory:"
    config.pluginmanager.register(judge := Judge(), "mutants_judge")
    config.stash[JUDGE] = judge


JUDGE = pytest.StashKey[Judge]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Instead of running the suite: learn what it reaches, then try each mutant. Without work, pytest's own loop."""
    if "MUTANTS_WORK" not in os.environ:
        return None
    work, judge = Work(Path(os.environ["MUTANTS_WORK"])), session.config.stash[JUDGE]
    if os.environ.get("HUIYIN_DATABASE", "sqlite") != "sqlite":
        raise pytest.UsageError("Mutants are tried on SQLite: children would share a server's database.")
    items = [item for item in session.items if fit(item)]
    say(
        f"{len(session.items)} tests, {len(session.items) - len(items)} of them cannot run in a forked child."
    )
    first = next(item for item in items if "db" in item.fixturenames)  # type: ignore[attr-defined]
    trampoline.set_mutant_under_test("")
    judge.run(first)  # makes the database, which stays: the session's fixtures are never torn down in between
    gc.collect()
    gc.freeze()
    notes = study(work, items, judge)
    for name in (name for name, note in notes.items() if not note["works"]):
        say(f"Left out, as it fails without any mutant: {name}")
    with work.results.open("a") as results:
        for number, found in enumerate(try_all(work, items, notes, judge), start=1):
            if number % 100 == 0:
                say(f"{number} of {len(work.mutants)} mutants tried.")
            row = {**found, "digest": work.digests[found["mutant"]], "suite": work.suite}
            results.write(json.dumps(row, ensure_ascii=False) + "\n")
            results.flush()
    return True
