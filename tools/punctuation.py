"""Chinese sentences carry full-width punctuation: finds, and with --fix mends, what was typed half-width.

Looks only at the sentences inside gettext calls and translate tags, and at msgid lines of catalogues: anywhere else
a bracket may be a pattern. Usage: python tools/punctuation.py [--fix] FILE…
"""

import ast
import re
import sys
from pathlib import Path

HAN = r"[\u3007\u3400-\u9fff\uff08\uff09\u3001\u3002\u201c\u201d\u300a\u300b]"
WIDE = {",": "，", ":": "：", ";": "；", "?": "？", "!": "！", "(": "（", ")": "）"}
AFTER = re.compile(rf"(?<={HAN})([,:;?!()]) ?")
BEFORE = re.compile(rf" ?([()])(?={HAN})")
INSIDE = re.compile(r"（([^（）()]*)\)|\(([^（）()]*)）")
SPOKEN = {
    "_",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
    "npgettext_lazy",
}
TAG = re.compile(
    r"\{%\s*(?:translate|trans)\s+(\"[^\"]*\"|'[^']*')"
    r"|\{%\s*blocktrans(?:late)?\b.*?%\}(.*?)\{%\s*endblocktrans(?:late)?",
    re.DOTALL,
)
MSGID = re.compile(r"^(?:msgid|msgid_plural|msgctxt)\s.*(?:\n\".*)*", re.MULTILINE)


def widened(sentence: str) -> str:
    """The sentence with full-width marks beside Chinese characters; brackets are kept in pairs."""
    previous = None
    while previous != sentence:
        previous = sentence
        sentence = AFTER.sub(lambda mark: WIDE[mark[1]], sentence)
        sentence = BEFORE.sub(lambda mark: WIDE[mark[1]], sentence)
        sentence = INSIDE.sub(lambda pair: f"（{pair[1] if pair[1] is not None else pair[2]}）", sentence)
    return sentence


def python_spans(source: str) -> list[tuple[int, int]]:
    """Where the string literals inside gettext calls stand, as offsets."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def offset(line: int, column: int) -> int:
        text = source[starts[line - 1] : starts[line]]
        return starts[line - 1] + len(text.encode()[:column].decode())

    spans = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        for argument in node.args if name in SPOKEN else []:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                assert argument.end_lineno is not None and argument.end_col_offset is not None
                end = offset(argument.end_lineno, argument.end_col_offset)
                spans.append((offset(argument.lineno, argument.col_offset), end))
    return spans


def spans(file: Path, source: str) -> list[tuple[int, int]]:
    """Where the sentences of a file stand."""
    if file.suffix == ".py":
        return python_spans(source)
    if file.suffix == ".po":
        return [found.span() for found in MSGID.finditer(source)]
    return [found.span(1) if found[1] else found.span(2) for found in TAG.finditer(source)]


def mended(file: Path, source: str) -> str:
    """The file's text with its sentences widened."""
    for start, end in sorted(spans(file, source), reverse=True):
        source = source[:start] + widened(source[start:end]) + source[end:]
    return source


def main(arguments: list[str]) -> int:
    """1 if something is half-width; with --fix it is mended instead."""
    fix = "--fix" in arguments
    found = 0
    for name in arguments:
        if name == "--fix":
            continue
        file = Path(name)
        source = file.read_text(encoding="utf-8")
        better = mended(file, source)
        if better == source:
            continue
        if fix:
            file.write_text(better, encoding="utf-8")
            continue
        for number, (old, new) in enumerate(
            zip(source.splitlines(), better.splitlines(), strict=True), start=1
        ):
            if old != new:
                found += 1
                print(f"{name}:{number}: half-width punctuation in Chinese: {old.strip()[:90]}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
