"""huiyin opendata: files from which everybody can work out the public figures again, and the check that they can."""

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huiyin.analytics import opendata, recomputing
from huiyin.cli.frame import EXIT
from huiyin.cli.output import add_json, as_json

NAME = "opendata"
HELP = _("开放数据：导出（CSV 和 Parquet，附数据字典），或核对公布的数字能不能重算出来")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Export or check."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, sentence in (
        ("export", _("把开放数据写进一个文件夹")),
        ("check", _("只用文件夹里的文件，把公布的每个数字重算一遍")),
    ):
        inner = verbs.add_parser(verb, help=sentence)
        inner.add_argument("folder", type=Path)
        add_json(inner)


def run(options: argparse.Namespace) -> int:
    """Do it; 1 when a published number does not come out."""
    return _export(options) if options.verb == "export" else _check(options)


def _export(options: argparse.Namespace) -> int:
    numbers = opendata.export(options.folder)
    if options.json:
        print(as_json({"folder": str(options.folder), "numbers": numbers}))
    else:
        print(
            _("写好了。公布的数字 %(n)d 个；除了只公布的和定稿以后变了的，都能由这些文件重算。")
            % {"n": numbers}
        )
    return EXIT.DONE


def _check(options: argparse.Namespace) -> int:
    found = recomputing.checked(options.folder)
    if options.json:
        print(
            as_json(
                {
                    "numbers": len(found.numbers),
                    "different": _rows(found.wrong),
                    "moved": _rows(found.moved),
                    "frozen": [
                        {"period": month, "revision": n, "day": day} for month, n, day in found.compared
                    ],
                }
            )
        )
    else:
        _say(found)
    return EXIT.PROBLEMS if found.wrong else EXIT.DONE


def _rows(numbers: Iterable[tuple[opendata.Published, float | None]]) -> list[dict[str, Any]]:
    return [{**vars(each), "recomputed": value} for each, value in numbers]


def _say(found: recomputing.Checked) -> None:
    for each, value in found.wrong:
        print(
            _("%(what)s：公布的是 %(told)s，重算是 %(found)s")
            % {"what": _what(each), "told": each.value, "found": "–" if value is None else value}
        )
    for month, n, day in found.compared:
        print(_("%(month)s 核对的是第 %(n)d 版，%(day)s 定稿。") % {"month": month, "n": n, "day": day})
    for each, value in found.moved:
        print(
            _("%(what)s：定稿以后数据变了，公布的是 %(told)s，现在是 %(found)s；这不算不一致。")
            % {"what": _what(each), "told": each.value, "found": "–" if value is None else value}
        )
    rest = [each for each in found.numbers if each.given_by in (opendata.ONLY_TOLD, opendata.SUPERSEDED)]
    if rest:
        print(_("%(n)d 个只公布、不能重算：满意率，和后来更正过的旧版。") % {"n": len(rest)})
    print(
        _("公布的数字 %(n)d 个，重算不一致 %(wrong)d 个。")
        % {"n": len(found.numbers), "wrong": len(found.wrong)}
    )


def _what(each: opendata.Published) -> str:
    return " ".join(part for part in each.place if part)
