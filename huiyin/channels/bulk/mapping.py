"""Which column holds what, what stands in for missing ones, how foreign words translate: as a TOML file."""

import json
import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from django.utils.translation import gettext as _

from huiyin.channels.bulk import vocabulary
from huiyin.channels.bulk.reading import Layout
from huiyin.kernel.refusals import Refused

DEFAULTABLE = ("unit", "nature", "category", "region", "petitioner", "received_at", "track", "channel")
TRANSLATABLE = ("nature", "unit", "category", "region")
LAYOUT = tuple(part.name for part in fields(Layout))


@dataclass(frozen=True, slots=True)
class Choice:
    """Why a field was given a column: `confidence` from 0 to 1, and the reason in words."""

    field: str
    header: str
    confidence: float
    reason: str


@dataclass(frozen=True)
class Mapping:
    """Columns by field, defaults by field, and translations of values by field.

    `columns` names headers; an empty header says that the field is in no column. `header`, `choices`,
    `unused` and `remarks` are filled when the mapping is settled for one file.
    """

    columns: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    layout: Layout = field(default_factory=Layout)
    header: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    unused: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @cached_property
    def positions(self) -> dict[str, int]:
        """The place of each mapped field's column, from 0."""
        return {name: self.header.index(title) for name, title in self.columns.items() if title}

    @cached_property
    def translations(self) -> dict[str, dict[str, str]]:
        """`values` with their words reduced to `vocabulary.key`."""
        return {
            name: {vocabulary.key(word): meaning for word, meaning in words.items()}
            for name, words in self.values.items()
        }

    def column(self, name: str) -> str:
        """The header above a field, or the field's own label when it has no column."""
        return self.columns.get(name) or str(vocabulary.LABELS.get(name, name))

    def with_default(self, name: str, value: str) -> Self:
        """The same mapping with one more default, unless it has one."""
        return replace(self, defaults={name: value, **self.defaults})

    def preview(self) -> list[tuple[str, str, str]]:
        """For showing before anything is done: label, header, and how sure it is, field by field."""
        return [
            (str(vocabulary.LABELS[choice.field]), choice.header, _certainty(choice))
            for choice in self.choices
        ]

    def to_toml(self) -> str:
        """The mapping as a file that `read_mapping` reads back."""
        layout = {part: getattr(self.layout, part) for part in LAYOUT if getattr(self.layout, part)}
        sections: list[tuple[str, Table[str, Any]]] = [
            ("file", layout),
            ("columns", self.columns),
            ("defaults", self.defaults),
            *((f"values.{name}", words) for name, words in self.values.items()),
        ]
        return "\n".join(_section(title, entries) for title, entries in sections if entries)


def read_mapping(path: Path) -> Mapping:
    """Read a mapping from a TOML file. Raises Refused, naming the place, when it is not one."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError:
        raise Refused(
            _("没有找到映射文件 %(path)s。请检查路径。") % {"path": path}, code="mapping_missing"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise Refused(
            _("映射文件 %(path)s 写得不对：%(fault)s") % {"path": path, "fault": fault}, code="mapping_form"
        ) from None
    return mapping_from(told)


def mapping_from(told: dict[str, Any]) -> Mapping:
    """A mapping from a TOML document. Raises Refused when it holds a word that means nothing here."""
    _only(told, ("file", "columns", "defaults", "values"), "")
    columns = _texts(told.get("columns", {}), vocabulary.FIELDS, "columns")
    defaults = _texts(told.get("defaults", {}), DEFAULTABLE, "defaults")
    values = told.get("values", {})
    _only(values, TRANSLATABLE, "values")
    words = {name: _texts(entries, None, f"values.{name}") for name, entries in values.items()}
    natures = {**words.get("nature", {}), **({"nature": defaults["nature"]} if "nature" in defaults else {})}
    known = {word: _nature(word, meaning) for word, meaning in natures.items()}
    if "nature" in defaults:
        defaults["nature"] = known["nature"]
    if "nature" in words:
        words["nature"] = {word: known[word] for word in words["nature"]}
    return Mapping(columns=columns, defaults=defaults, values=words, layout=_layout(told.get("file", {})))


def _nature(word: str, meaning: str) -> str:
    nature = vocabulary.nature_of(meaning)
    if nature is None:
        raise Refused(
            _("映射文件里“%(word)s”的性质“%(meaning)s”不认识。可以写：%(known)s。")
            % {"word": word, "meaning": meaning, "known": "、".join(vocabulary.NATURES)},
            code="mapping_nature",
        )
    return nature


def _layout(told: dict[str, Any]) -> Layout:
    _only(told, LAYOUT, "file")
    row = told.get("header_row", 0)
    order = told.get("date_order", "")
    if not isinstance(row, int) or row < 0 or order not in ("", "dmy", "mdy"):
        raise Refused(
            _("映射文件 [file] 里，header_row 应是行号，date_order 应是 dmy 或 mdy。"), code="mapping_form"
        )
    texts = {name: str(told.get(name, "")) for name in ("encoding", "delimiter", "sheet")}
    if len(texts["delimiter"]) > 1:
        raise Refused(_("映射文件 [file] 里，delimiter 只能是一个字符。"), code="mapping_form")
    return Layout(header_row=row, date_order=order, **texts)


def _only(told: Any, allowed: tuple[str, ...], place: str) -> None:
    strange = [name for name in told if name not in allowed] if isinstance(told, dict) else [str(told)]
    if strange:
        raise Refused(
            _("映射文件 [%(place)s] 里的“%(word)s”没有意义。可以写：%(known)s。")
            % {"place": place, "word": strange[0], "known": "、".join(allowed)},
            code="mapping_form",
        )


def _texts(told: Any, allowed: tuple[str, ...] | None, place: str) -> dict[str, str]:
    if not isinstance(told, dict):
        _only(told, allowed or (), place)
    if allowed is not None:
        _only(told, allowed, place)
    return {name: str(value) for name, value in told.items()}


def _section(title: str, entries: Table[str, Any]) -> str:
    lines = [f"[{title}]"]
    for name, value in entries.items():
        left = name if name.isascii() and name.replace("_", "").isalnum() else _quoted(name)
        lines.append(f"{left} = {value if isinstance(value, int) else _quoted(value)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # JSON's escapes are TOML's too


def _certainty(choice: Choice) -> str:
    if choice.confidence >= 0.9:
        sure = _("确定")
    elif choice.confidence >= 0.6:
        sure = _("很可能")
    else:
        sure = _("猜的，请核对")
    return _("%(sure)s（%(reason)s）") % {"sure": sure, "reason": choice.reason}
