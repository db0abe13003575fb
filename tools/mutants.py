"""Mutation testing of the rooms that hold the rules: python tools/mutants.py [--room ROOM] … (docs/mutation.md).

mutmut makes the mutants and the trampolines that switch one on. Trying them is ours: mutmut's own runner would start
the suite, with a database of its own, for each of twenty thousand. See tools/mutants_session.py.
"""

import argparse
import difflib
import hashlib
import json
import math
import os
import random
import re
import resource
import subprocess
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mutmut.mutation.file_mutation import mutate_file_contents

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("deadlines", "cases")
KEPT = ROOT / "var" / "mutants"
TREE = KEPT / "tree"
SUITE = ("huiyin/deadlines", "huiyin/cases")
LONG = "huiyin/cases/tests/test_properties.py::test_whatever_people_try_the_rules_hold_and_every_case_can_end"
LEFT_OUT = {  # files without mutants, and why
    "huiyin/cases/drawing.py": "it draws the rules by looking into functions, and finds the trampolines instead",
}
BUILT = ("locale/*/LC_MESSAGES/*.mo", "huiyin/web/static/built/*", "staticfiles/**/*")
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "tools.mutants_session", "-p", "no:cacheprovider")
CAUGHT = ("killed", "timeout")


@dataclass(frozen=True)
class Mutant:
    """One change of one function: its name for the trampoline, its function, and what it changes."""

    name: str
    function: str
    file: str
    digest: str
    diff: str


# -- making mutants -----------------------------------------------------------------------------------------
def sources(room: str) -> list[Path]:
    """The files of a room that are mutated: all but tests and migrations."""
    files = sorted((ROOT / "huiyin" / room).rglob("*.py"))
    files = [file.relative_to(ROOT) for file in files if not {"tests", "migrations"} & set(file.parts)]
    return [file for file in files if str(file) not in LEFT_OUT]


def mutated(file: Path) -> tuple[str, list[Mutant]]:
    """A file's text with every mutant in it, and the mutants; kept between runs, as it takes minutes."""
    text = (ROOT / file).read_text(encoding="utf-8")
    kept = KEPT / "made" / f"{hashlib.sha256(f'{file}:{text}'.encode()).hexdigest()[:24]}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        made = mutate_file_contents(str(file), text)
        rows = [asdict(mutant) for mutant in described(file, made)]
        kept.write_text(json.dumps({"code": made.code, "mutants": rows}, ensure_ascii=False))
    found = json.loads(kept.read_text())
    return found["code"], [Mutant(**row) for row in found["mutants"]]


def described(file: Path, made: Any) -> Iterator[Mutant]:
    """Each mutant of a file with its name as the trampoline knows it, and its diff."""
    module = ".".join(file.with_suffix("").parts).removesuffix(".__init__")
    lines = made.code.splitlines(keepends=True)
    for name in made.mutant_names:
        key = name.rpartition("__mutmut_")[0]
        before, after = (
            body(lines, made.line_span_by_function_name[which]) for which in (f"{key}__mutmut_orig", name)
        )
        diff = "".join(list(difflib.unified_diff(before, after, n=2))[2:])
        digest = hashlib.sha256(("".join(before) + diff).encode()).hexdigest()[:12]
        yield Mutant(f"{module}.{name}", f"{module}.{key}", str(file), digest, diff)


def body(lines: list[str], span: Any) -> list[str]:
    """A generated function as it would read in the source."""
    text = textwrap.dedent("".join(lines[span.start - 1 : span.end])).strip("\n") + "\n"
    return re.sub(r"x(?:_|ǁ\w+?ǁ)(\w+?)__mutmut_\w+", r"\1", text, count=1).splitlines(keepends=True)


def chosen(options: argparse.Namespace) -> list[Mutant]:
    """The mutants that were asked for: of rooms, of a file, or a random sample of them."""
    rooms = [options.room] if options.room else ROOMS
    files = [
        file for room in rooms for file in sources(room) if not options.file or options.file in str(file)
    ]
    found = [mutant for file in files for mutant in mutated(file)[1]]
    if (
        options.sample
    ):  # the first of all of them, shuffled: a larger sample goes on where a smaller one ended
        random.Random(options.seed).shuffle(found)  # noqa: S311
        found = found[: options.sample]
    return found


# -- trying them --------------------------------------------------------------------------------------------
def copy_tree() -> str:
    """Bring the copy of the working tree up to date, with every mutant of every room in it; a digest of all but tests.

    The copy stays between runs, and a file that has not changed is left alone: what was compiled is still good.
    """
    wanted = {file: (ROOT / file).read_bytes() for file in copied()}
    wanted |= {file: mutated(file)[0].encode() for room in ROOMS for file in sources(room)}
    for file, content in wanted.items():
        if not (TREE / file).exists() or (TREE / file).read_bytes() != content:
            (TREE / file).parent.mkdir(parents=True, exist_ok=True)
            (TREE / file).write_bytes(content)
    for file in [file.relative_to(TREE) for file in TREE.rglob("*") if file.is_file()]:
        if file not in wanted and "__pycache__" not in file.parts:
            (TREE / file).unlink()
    total = hashlib.sha256()
    tests = ("tools/mutants*.py", "test_*.py", "*.md")
    for file in sorted(file for file in wanted if not any(file.match(pattern) for pattern in tests)):
        total.update(f"{file}\0".encode() + wanted[file])
    return total.hexdigest()[:24]


def copied() -> list[Path]:
    """What tests need of the working tree: its files, and what was built of them."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    files = [Path(name) for name in names if name and (ROOT / name).is_file()]
    for pattern in BUILT:
        files += [file.relative_to(ROOT) for file in ROOT.glob(pattern) if file.is_file()]
    return files


def try_mutants(mutants: list[Mutant], options: argparse.Namespace) -> None:
    """Try the mutants in one session of pytest on a copy of the tree, adding to what is known."""
    study, suite = KEPT / "studies" / f"{copy_tree()}.json", options.suite or SUITE
    study.parent.mkdir(exist_ok=True)
    asked: dict[str, Any] = {
        "mutants": {mutant.name: mutant.function for mutant in mutants},
        "study": str(study),
        "suite": " ".join(options.suite),
    }
    asked |= {
        "digests": {mutant.name: mutant.digest for mutant in mutants},
        "results": str(KEPT / "found.jsonl"),
    }
    asked |= {"tests": options.tests, "seconds": options.seconds, "workers": options.workers}
    work = KEPT / f"work-{os.getpid()}.json"
    work.write_text(json.dumps(asked))
    environment = {**os.environ, "MUTANTS_WORK": str(work), "PYTHONPATH": path_of(TREE)}
    command = [
        *PYTEST,
        "--capture=sys",
        "-o",
        "timeout=0",
        f"--deselect={LONG}",
        *suite,
    ]
    if subprocess.run(command, cwd=TREE, env=environment, check=False).returncode not in (0, 5):
        raise SystemExit("The session has ended badly; what was found until then is kept.")
    work.unlink()


def try_early(mutants: list[Mutant], options: argparse.Namespace) -> None:
    """Give each mutant of what runs while the program is read a process of its own, with the mutant on from the first.

    What such a function made, a rule or a signal's receiver, is there already when a child could switch a mutant on.
    A process that has used ten times the seconds of others is ended, and its mutant has survived.
    """
    suite = options.suite or reversed(SUITE)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        f"--deselect={LONG}",
        *suite,
    ]
    most = int(10 * options.seconds)
    for mutant in mutants:
        environment = {**os.environ, "MUTANT_UNDER_TEST": mutant.name, "PYTHONPATH": path_of(TREE)}
        begun = time.monotonic()
        run = subprocess.run(
            command,
            cwd=TREE,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5)),
        )
        failed = re.search(r"^(?:FAILED|ERROR) (\S+)", run.stdout, flags=re.MULTILINE)
        row: dict[str, Any] = {
            "mutant": mutant.name,
            "outcome": "killed" if run.returncode > 0 else "survived",
        }
        row |= {"by": failed[1] if failed else "", "tests": 0, "seconds": round(time.monotonic() - begun, 2)}
        row |= {"digest": mutant.digest, "suite": " ".join(options.suite)}
        with (KEPT / "found.jsonl").open("a") as results:
            results.write(json.dumps(row, ensure_ascii=False) + "\n")


def path_of(tree: Path) -> str:
    """Where Python looks first: in the copy."""
    return os.pathsep.join([str(tree), *filter(None, [os.environ.get("PYTHONPATH")])])


def known() -> dict[tuple[str, str], dict[str, Any]]:
    """What is known of each mutant, by name and digest: a function that was changed since is unknown again.

    Of two findings the later one holds; but what is caught stays caught, and what some tests reached is not unreached.
    """
    file = KEPT / "found.jsonl"
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in map(json.loads, file.read_text().splitlines() if file.exists() else ()):
        key = row["mutant"], row["digest"]
        better = row["outcome"] != "unreached" and key in found and found[key]["outcome"] not in CAUGHT
        if key not in found or better:
            found[key] = row
    return found


# -- reporting ----------------------------------------------------------------------------------------------
def wilson(hits: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, in per cent (Wilson, JASA 22, 1927)."""
    z, share = 1.959964, hits / of
    centre, spread = share + z * z / (2 * of), z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return tuple(100 * (centre + sign * spread) / (1 + z * z / of) for sign in (-1, 1))  # type: ignore[return-value]


def report(mutants: list[Mutant], options: argparse.Namespace) -> None:
    """A table of rooms and files: mutants tried, caught, and the share with its interval where it is a sample."""
    found = known()
    tried = [(mutant, found[key]) for mutant in mutants if (key := (mutant.name, mutant.digest)) in found]
    if options.survivors:
        for mutant, row in tried:
            if row["outcome"] not in CAUGHT:
                print(f"## {mutant.name} ({row['outcome']}, {row['tests']} tests)\n{mutant.diff}")
    print(
        "| | mutants tried | caught by the rooms' tests | by others | survived | unreached | early | caught |"
    )
    print(f"|---|{'---:|' * 7}")
    for room in ROOMS:
        of_room = [(m, row) for m, row in tried if m.file.startswith(f"huiyin/{room}/")]
        if of_room:
            print(line(f"**{room}**", of_room))
            for file in sorted({mutant.file for mutant, _ in of_room}):
                rows = [(m, row) for m, row in of_room if m.file == file]
                print(line(f"`{file.removeprefix('huiyin/')}`", rows))
            print(
                f"\n{room}: {share_of(of_room, own=False)}; by the rooms' own: {share_of(of_room, own=True)}\n"
            )
    if len(tried) < len(mutants):
        print(f"{len(mutants) - len(tried)} of {len(mutants)} have not been tried yet.")


def caught_by(row: dict[str, Any]) -> str:
    """Whose test caught a mutant: "own" (the two rooms'), "others", or nobody's."""
    if row["outcome"] not in CAUGHT:
        return ""
    own = (
        row["by"].startswith(SUITE) if row["by"] else not row.get("suite")
    )  # of a test that hung, the name is lost
    return "own" if own else "others"


def share_of(rows: list[tuple[Mutant, dict[str, Any]]], *, own: bool) -> str:
    """How many of the mutants were caught, by anybody or by the rooms' own tests, with the interval of a sample."""
    caught = sum(caught_by(row) in (("own",) if own else ("own", "others")) for _, row in rows)
    low, high = wilson(caught, len(rows))
    share = 100 * caught / len(rows)
    return f"{caught} of {len(rows)}, {share:.1f} % (95 % interval if a sample: {low:.1f} to {high:.1f})"


def line(name: str, rows: list[tuple[Mutant, dict[str, Any]]]) -> str:
    """One line of the table."""
    caught, count = Counter(caught_by(row) for _, row in rows), Counter(row["outcome"] for _, row in rows)
    share = 100 * (caught["own"] + caught["others"]) / len(rows)
    cells = [
        len(rows),
        caught["own"],
        caught["others"],
        count["survived"],
        count["unreached"],
        count["early"],
    ]
    return f"| {name} | {' | '.join(map(str, cells))} | {share:.1f} % |"


def options_of(arguments: list[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--room", choices=ROOMS, help="only this room (both unless given)")
    parser.add_argument("--file", help="only files whose path has this in it")
    parser.add_argument("--sample", type=int, help="a random sample of so many")
    parser.add_argument("--seed", type=int, default=1, help="which sample (1)")
    parser.add_argument("--again", action="store_true", help="try anew those that nothing has caught yet")
    parser.add_argument("--report", action="store_true", help="try nothing, only report")
    parser.add_argument(
        "--survivors", action="store_true", help="report with what each uncaught mutant changes"
    )
    parser.add_argument("--workers", type=int, default=1, help="children at a time (1)")
    parser.add_argument("--tests", type=int, default=60, help="tests for each mutant at most (60)")
    parser.add_argument(
        "--seconds", type=float, default=20, help="seconds of computing for each at most (20)"
    )
    parser.add_argument(
        "--early", action="store_true", help="try what runs while the program is read too: minutes for each"
    )
    parser.add_argument("suite", nargs="*", help="tests to use instead of those of the rooms")
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> None:
    """Try what is not known yet, then report."""
    options = options_of(arguments)
    mutants = chosen(options)
    if not (options.report or options.survivors):
        found = known()
        rows = [(mutant, found.get((mutant.name, mutant.digest))) for mutant in mutants]
        uncaught = [mutant for mutant, row in rows if row is not None and row["outcome"] not in CAUGHT]
        todo = uncaught if options.again else [mutant for mutant, row in rows if row is None]
        print(f"{len(mutants)} mutants, {len(todo)} to try.", flush=True)
        if todo:
            try_mutants(todo, options)
        if options.early:
            found = known()
            try_early([m for m in mutants if found[m.name, m.digest]["outcome"] == "early"], options)
    report(mutants, options)


if __name__ == "__main__":
    main(sys.argv[1:])
