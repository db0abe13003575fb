"""House rules that no other linter knows, each with its reason."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("huiyin", "config", "tools", "benchmarks")
LONGEST_FUNCTION = 55  # a screenful: more than one act hides in a longer one
LONGEST_LINE = 120  # characters, for sentences; the formatter keeps code within 110
LONGEST_MODULE = 450  # what one can keep in mind; a longer one has an "and" in it
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "process", "data", "misc", "common"}


def faults(file: Path) -> Iterator[str]:
    """What a module does against the rules."""
    name = str(file.relative_to(ROOT))
    source = file.read_text(encoding="utf-8")
    tree = ast.parse(source)
    testing = "tests" in file.parts
    if file.stem in VAGUE:
        yield f"{name}: the name says nothing; name the module by what it is for"
    if source.count("\n") > LONGEST_MODULE and not testing:
        yield f"{name}: {source.count(chr(10))} lines; at most {LONGEST_MODULE}, split what needs an 'and'"
    if not ast.get_docstring(tree) and source.strip():
        yield f"{name}: no docstring; one sentence on what this module is for"
    for number, line in enumerate(source.splitlines(), start=1):
        if len(line) > LONGEST_LINE:
            yield f"{name}:{number}: {len(line)} characters; at most {LONGEST_LINE}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not testing:
            yield from (f"{name}:{node.lineno}: {fault}" for fault in function_faults(node))


def function_faults(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """What a function does against the rules."""
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    if length > LONGEST_FUNCTION:
        yield f"{node.name} has {length} lines; at most {LONGEST_FUNCTION}, a function does one act"
    for default in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
        if isinstance(default, ast.List | ast.Dict | ast.Set):
            yield f"{node.name} shares a mutable default between its calls"


def main() -> int:
    """0 when the house is in shape, else 1 and a line for each fault."""
    found: list[str] = []
    for place in PLACES:
        for file in sorted((ROOT / place).rglob("*.py")):
            if "migrations" not in file.parts:
                found += faults(file)
    print("\n".join(found) if found else "in shape")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
