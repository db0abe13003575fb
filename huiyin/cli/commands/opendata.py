"""huiyin opendata: files from which everybody can work out the public figures again, and the check that they can."""

import argparse
from pathlib import Path

from django.utils.translation import gettext as _

from huiyin.analytics import opendata
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
        print(_("写好了。公布的数字 %(n)d 个，都能由这些文件重算。") % {"n": numbers})
    return EXIT.DONE


def _check(options: argparse.Namespace) -> int:
    numbers, wrong = opendata.differences(options.folder)
    if options.json:
        rows = [{**vars(each), "recomputed": value} for each, value in wrong]
        print(as_json({"numbers": numbers, "different": rows}))
    else:
        for each, value in wrong:
            what = " ".join(part for part in each.place if part)
            print(
                _("%(what)s：公布的是 %(told)s，重算是 %(found)s")
                % {"what": what, "told": each.value, "found": "–" if value is None else value}
            )
        print(_("公布的数字 %(n)d 个，重算不一致 %(wrong)d 个。") % {"n": numbers, "wrong": len(wrong)})
    return EXIT.PROBLEMS if wrong else EXIT.DONE
