"""huiyin bulletin: whether issues still say what they said, files made again, and an issue's files in a folder."""

import argparse
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from huiyin.cli.frame import EXIT
from huiyin.cli.output import add_json, as_json
from huiyin.kernel.refusals import Refused
from huiyin.publication.bulletins import files, queries

NAME = "bulletin"
HELP = _("简报：核对签发的有没有被改过，重新生成文件，把一期的文件取出来")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Check, remake or export."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    add_json(verbs.add_parser("check", help=_("签发的每一期是不是还和签发时一样")))
    add_json(verbs.add_parser("remake", help=_("没有生成的 PDF 和 Word 文件，再生成一次")))
    export = verbs.add_parser("export", help=_("把一期的文件写进一个文件夹"))
    export.add_argument("key", type=int, help=_("地址里的号，例如 /bulletins/3/ 的 3"))
    export.add_argument("folder", type=Path)
    add_json(export)


def run(options: argparse.Namespace) -> int:
    """Do it; 1 when an issue was changed or a file could not be made."""
    if options.verb == "check":
        changed = [{"key": row.pk, "title": row.title, "number": row.number} for row in queries.tampered()]
        _say(
            options,
            changed,
            [_("签发以后被改过：%(key)s %(title)s") % each for each in changed] or [_("都和签发时一样。")],
        )
        return EXIT.PROBLEMS if changed else EXIT.DONE
    if options.verb == "remake":
        asked = files.ask_again()
        files.make_waiting()
        failed = files.failed()
        told = {"asked": asked, "failed": failed}
        _say(options, told, [_("重新生成 %(asked)d 份，没有成的 %(failed)d 份。") % told])
        return EXIT.PROBLEMS if failed else EXIT.DONE
    written = _export(options.key, options.folder)
    _say(options, written, written)
    return EXIT.DONE


def _export(key: int, folder: Path) -> list[str]:
    """The paths of the files of one issue, whole or not at all."""
    found = files.of_issue(key)
    if not found:
        raise Refused(_("没有这一期，或者它的文件还没有生成。"), code="no_issue")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for row in found:
        path = folder / f"{row.bulletin.year}-{row.bulletin.number}-{row.bulletin_id}.{row.kind}"
        beside = path.with_suffix(".part")
        with files.content(row) as stream:
            beside.write_bytes(stream.read())
        beside.replace(path)
        written.append(str(path))
    return written


def _say(options: argparse.Namespace, told: Any, lines: list[str]) -> None:
    print(as_json(told) if options.json else "\n".join(lines))
