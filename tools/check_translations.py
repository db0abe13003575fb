"""Every Chinese sentence a person may see stands in a translation call and has its English.

Reads the msgids out of Python (gettext and its kin) and templates (translate tags), and reports those without
English in locale/en, placeholders that differ, and Chinese that stands in a template outside a translate tag.
`--missing` prints the missing msgids as a catalogue to fill in; `--merge FILE…` adds filled-in ones.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
ENGLISH = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLACES = ("huiyin", "config")
DAY = datetime(2026, 1, 1, tzinfo=UTC)
HAN = re.compile(r"[\u3400-\u9fff]")
# With its punctuation, for a msgid may be a mark alone.
CHINESE = re.compile(r"[\u3001-\u303f\u3400-\u9fff\uff01-\uff5e]")
# call → which arguments are msgids; a context comes first in the p-forms
CALLS = {
    "_": (0,),
    "gettext": (0,),
    "gettext_lazy": (0,),
    "gettext_noop": (0,),
    "ngettext": (0, 1),
    "ngettext_lazy": (0, 1),
    "pgettext": (1,),
    "pgettext_lazy": (1,),
    "npgettext": (1, 2),
    "npgettext_lazy": (1, 2),
}
TAG = re.compile(r"""\{%\s*(?:translate|trans)\s+(?:"([^"]*)"|'([^']*)')([^%]*)%\}""")
BLOCK = re.compile(
    r"\{%\s*(?:blocktranslate|blocktrans)\b(.*?)%\}(.*?)\{%\s*end(?:blocktranslate|blocktrans)\s*%\}",
    re.DOTALL,
)
PLURAL = re.compile(r"\{%\s*plural\s*%\}")
FILTERED = re.compile(r"""_\((?:"([^"]*)"|'([^']*)')\)""")
COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}|<!--.*?-->", re.DOTALL)
VARIABLE = re.compile(r"\{\{\s*(.*?)\s*\}\}")
HOLES = re.compile(r"%\((\w+)\)[sd]|\{(\w*)[^{}]*\}|%[sd]")


@dataclass(frozen=True)
class Sentence:
    """A msgid, its context, and where it stands."""

    text: str
    context: str | None
    place: str
    counted: bool = False  # it has a singular and a plural


def python_sentences(file: Path) -> Iterator[Sentence]:
    """The msgids in gettext calls of a module."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        numbers = CALLS.get(name, ())
        context = _literal(node.args[0]) if "pgettext" in name and node.args else None
        for number in numbers:
            if number < len(node.args) and (text := _literal(node.args[number])):
                place = f"{file.relative_to(ROOT)}:{node.lineno}"
                yield Sentence(text, context, place, counted="ngettext" in name or "npgettext" in name)


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def template_sentences(file: Path) -> Iterator[Sentence]:
    """The msgids in translate tags of a template."""
    source = file.read_text(encoding="utf-8")
    place = str(file.relative_to(ROOT))
    for found in TAG.finditer(source):
        yield Sentence(_tag_text(found[1] or found[2] or ""), _context(found[3]), place)
    for found in FILTERED.finditer(source):
        yield Sentence(_tag_text(found[1] or found[2] or ""), None, place)
    for found in BLOCK.finditer(source):
        forms = PLURAL.split(found[2])
        for form in forms:
            text = _block_text(form, trimmed="trimmed" in found[1])
            yield Sentence(text, _context(found[1]), place, counted=len(forms) > 1)


def _tag_text(text: str) -> str:
    """A tag's msgid as Django makes it: each % is doubled."""
    return text.replace("%", "%%")


def _context(rest: str) -> str | None:
    found = re.search(r"""context\s+(?:"([^"]*)"|'([^']*)')""", rest)
    return (found[1] or found[2]) if found else None


def _block_text(form: str, *, trimmed: bool) -> str:
    """A block's msgid as Django makes it: {{ name }} becomes %(name)s."""
    text = VARIABLE.sub(r"%(\1)s", form.replace("%", "%%"))
    return " ".join(line.strip() for line in text.strip().splitlines()) if trimmed else text


def bare_chinese(file: Path) -> Iterator[str]:
    """Lines of a template that show Chinese outside every translate tag."""
    source = file.read_text(encoding="utf-8")
    for pattern in (COMMENT, BLOCK, TAG, FILTERED):
        source = pattern.sub(lambda found: "\n" * found[0].count("\n"), source)
    for number, line in enumerate(source.splitlines(), start=1):
        if HAN.search(line):
            yield f"{file.relative_to(ROOT)}:{number}: Chinese outside a translate tag: {line.strip()[:70]}"


def files(suffix: str) -> Iterator[Path]:
    """The project's own files, without migrations and tests."""
    for place in PLACES:
        for file in sorted((ROOT / place).rglob(f"*{suffix}")):
            if not {"migrations", "tests", "node_modules"} & set(file.relative_to(ROOT).parts):
                yield file


def sentences() -> list[Sentence]:
    """Every Chinese msgid of the project."""
    found = [sentence for file in files(".py") for sentence in python_sentences(file)]
    found += [
        sentence
        for suffix in (".html", ".txt")
        for file in files(suffix)
        for sentence in template_sentences(file)
    ]
    return [sentence for sentence in found if CHINESE.search(sentence.text)]


def empty() -> Catalog:
    """A new catalogue; its dates stand still, so that it changes only when a sentence does."""
    return Catalog(
        locale="en",
        domain="django",
        header_comment="# Huiyin in English, kept by tools/check_translations.py --merge.",
        project="Huiyin",
        version="1",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        charset="utf-8",
        creation_date=DAY,
        revision_date=DAY,
        fuzzy=False,
    )


def catalogue(file: Path) -> Catalog:
    """A catalogue, or an empty one where there is none yet."""
    if not file.exists():
        return empty()
    with file.open("rb") as stream:
        return read_po(stream, locale="en", domain="django", abort_invalid=True)


def holes(text: str) -> set[str]:
    """The placeholders in a sentence."""
    return {found[0] for found in HOLES.finditer(text.replace("%%", ""))}


def faults(wanted: Iterable[Sentence], english: Catalog) -> Iterator[str]:
    """What is missing or does not fit, a line each."""
    for sentence in wanted:
        entry = english.get(sentence.text, sentence.context)
        strings = [] if entry is None or entry.fuzzy else _strings(entry.string)
        if not strings or not all(strings):
            yield f"{sentence.place}: no English for: {sentence.text[:80]!r}"
        elif sentence.counted and len(strings) < 2:
            yield f"{sentence.place}: the English needs a singular and a plural: {sentence.text[:80]!r}"
        elif holes(strings[-1]) - _permitted(entry, sentence):
            yield f"{sentence.place}: the English has other placeholders: {sentence.text[:80]!r}"


def _permitted(entry: object, sentence: Sentence) -> set[str]:
    ids = getattr(entry, "id", sentence.text)
    return set().union(*(holes(text) for text in _strings(ids)))


def _strings(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list | tuple) else [str(value or "")]


def missing(wanted: Iterable[Sentence], english: Catalog) -> Catalog:
    """A catalogue of the sentences without English, for somebody to fill in."""
    bare = empty()
    for sentence in wanted:
        entry = english.get(sentence.text, sentence.context)
        strings = [] if entry is None else _strings(entry.string)
        if not strings or not all(strings) or (sentence.counted and len(strings) < 2):
            ids = (sentence.text, sentence.text) if sentence.counted else sentence.text
            bare.add(
                ids,
                ("", "") if sentence.counted else "",
                auto_comments=[sentence.place],
                context=sentence.context,
            )
    return bare


def merge(names: Iterable[str], wanted: Iterable[Sentence]) -> None:
    """Take the English of the named catalogues into ours; what no page says any more leaves."""
    english = catalogue(ENGLISH)
    for name in names:
        for entry in catalogue(Path(name)):
            if entry.id and all(_strings(entry.string)):
                english.add(entry.id, entry.string, context=entry.context)
    alive = {(sentence.text, sentence.context) for sentence in wanted}
    kept = empty()
    entries = [entry for entry in english if entry.id and (_strings(entry.id)[0], entry.context) in alive]
    for entry in sorted(entries, key=lambda entry: (_strings(entry.id), entry.context or "")):
        kept.add(entry.id, entry.string, context=entry.context)
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    with ENGLISH.open("wb") as stream:
        write_po(stream, kept, width=0, omit_header=False, ignore_obsolete=True)


def main(arguments: list[str]) -> int:
    """0 when everything is translated, else 1 and a line for each fault."""
    wanted = sentences()
    if arguments[:1] == ["--merge"]:
        merge(arguments[1:], wanted)
    english = catalogue(ENGLISH)
    if arguments[:1] == ["--missing"]:
        write_po(sys.stdout.buffer, missing(wanted, english), width=0, omit_header=True)
        return 0
    found = sorted(
        {*faults(wanted, english), *(line for file in files(".html") for line in bare_chinese(file))}
    )
    print("\n".join(found[:200]))
    print(
        f"{len(found)} faults in {len({s.text for s in wanted})} sentences"
        if found
        else "every sentence has its English"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
