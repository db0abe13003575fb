"""The templates of a place: files with a head (TOML) and a text (Markdown), the program's own or the profile's.

`bulletins/*.md` of a profile takes the place of the program's own of the same `code`. Several files of one code may
differ by `valid_from`; a bulletin takes the newest that held on the last day of its period.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from huiyin.kernel.refusals import Refused
from huiyin.organisation.place import profile_folder
from huiyin.publication.bulletins import marking
from huiyin.publication.bulletins.periods import KINDS

DEFAULTS = Path(__file__).parent / "texts"
HEAD = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n(.*)\Z", re.DOTALL)
AUDIENCES, FORMS, SCOPES = (
    ("public", "internal"),
    ("plain", "red", "notice"),
    ("", "category", "region", "unit"),
)
LONGEST = {"code": 40, "name": 40, "series": 60, "title": 100, "mark": 20}
TYPED = re.compile(r"\d")


class BadTemplate(Refused):
    """A template that cannot be read, with the file and what is wrong."""


@dataclass(frozen=True)
class Template:
    """How a bulletin is drafted: for whom, of what period and scope, in which form, with which text."""

    code: str
    name: str
    series: str
    title: str
    every: str
    audience: str
    form: str
    mark: str
    scope: str
    most: int  # published matters that it lists
    valid_from: date
    text: str
    digest: str


def in_force(day: date) -> list[Template]:
    """The templates that hold on a day, in the order of their names in the folder."""
    own = profile_folder(settings.HUIYIN_PROFILE) / "bulletins"
    newest: dict[str, Template] = {}
    for each in _all(own):
        if each.valid_from <= day and (
            each.code not in newest or newest[each.code].valid_from <= each.valid_from
        ):
            newest[each.code] = each
    return list(newest.values())


def named(code: str, day: date) -> Template:
    """The template of that code on a day. Raises Refused where there is none."""
    found = next((each for each in in_force(day) if each.code == code), None)
    if found is None:
        raise Refused(_("那时还没有这种简报的模板。请换一段时间，或换一种简报。"), code="no_template")
    return found


def faults(folder: Path) -> list[str]:
    """Every fault of a profile's templates, a sentence each."""
    found = []
    for file in sorted((folder / "bulletins").glob("*")):
        try:
            template = _read(file)
        except BadTemplate as wrong:
            found.append(str(wrong))
            continue
        found += [f"bulletins/{file.name}：{wrong}" for wrong in _wrong(template)]
    return found


def _wrong(template: Template) -> list[str]:
    """What a draft of it would trip over, and numbers that somebody typed."""
    try:
        marking.check(template.text, audience=template.audience, every=template.every)
    except Refused as fault:
        return [str(fault)]
    outside = marking.PLACEHOLDER.sub("", template.text)
    if TYPED.search(outside):
        return [_("模板里不能写死数字，请用大括号里的名称。")]
    return []


def _all(own: Path) -> list[Template]:
    files = sorted(own.glob("*.md")) if own.is_dir() else []
    return list(_reads(tuple((str(file), file.stat().st_mtime_ns) for file in files)))


@lru_cache(maxsize=8)
def _reads(files: tuple[tuple[str, int], ...]) -> tuple[Template, ...]:
    """The program's own and these; read again when a file has changed."""
    here = [_read(Path(file)) for file, _changed in files]
    taken = {each.code for each in here}
    ours = [_read(file) for file in sorted(DEFAULTS.glob("*.md"))]
    return tuple(_in_order([*(each for each in ours if each.code not in taken), *here]))


def _in_order(found: Iterable[Template]) -> list[Template]:
    order = list(KINDS)
    return sorted(found, key=lambda each: (order.index(each.every), each.scope, each.code, each.valid_from))


def _read(file: Path) -> Template:
    try:
        text = file.read_text(encoding="utf-8")
        parts = HEAD.match(text)
        if file.suffix != ".md" or parts is None:
            raise ValueError(_("要以 +++ 开头的一段说明开始，文件名以 .md 结尾"))
        head = tomllib.loads(parts[1])
        return _made(head, parts[2].strip(), digest=sha256(text.encode()).hexdigest())
    except (ValueError, UnicodeDecodeError) as wrong:
        raise BadTemplate(
            _("简报模板 bulletins/%(file)s 读不了：%(why)s。请改正。") % {"file": file.name, "why": wrong},
            code="bad_template",
        ) from wrong


def _made(head: dict[str, Any], text: str, *, digest: str) -> Template:
    """Raises ValueError that names the entry."""
    allowed = {"every": tuple(KINDS), "audience": AUDIENCES, "form": FORMS, "scope": SCOPES}
    given = {"form": "plain", "mark": "", "scope": "", "most": 0, **head}
    for name, values in allowed.items():
        if given.get(name) not in values:
            raise ValueError(_("%(name)s 要写 %(values)s") % {"name": name, "values": "、".join(values)})
    for name, most in LONGEST.items():
        if (
            not isinstance(given.get(name), str)
            or len(given[name]) > most
            or (name != "mark" and not given[name])
        ):
            raise ValueError(_("%(name)s 要写，最多 %(most)d 个字") % {"name": name, "most": most})
    if type(given.get("valid_from")) is not date or not isinstance(given["most"], int):
        raise ValueError(_("valid_from 要写成 2026-01-01 的样子，most 要写整数"))
    unknown = sorted(set(given) - set(Template.__dataclass_fields__))
    if unknown:
        raise ValueError(_("没有“%(name)s”这一项") % {"name": unknown[0]})
    return Template(**{**given, "text": text, "digest": digest})
