"""huiyin workbook: a template filled for a month, quarter or year, as whoever holds a post would get it on the page."""

import argparse
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from time import sleep

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huiyin.assessment.periods import Period
from huiyin.cases import exporting
from huiyin.cases.models import Export
from huiyin.cli.frame import EXIT
from huiyin.cli.output import add_json, as_json, as_lines
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor
from huiyin.organisation.directory import post_held
from huiyin.organisation.queries import today
from huiyin.workbooks import access, actions, queries, spans
from huiyin.workbooks.models import Template
from huiyin.workbooks.shipped import SHIPPED, Shipped

NAME = "workbook"
HELP = _("Excel 报表：按一个月、季度或年填好模板，写进一个文件；列出有哪些模板")
ASKED_AGAIN = 1.0  # seconds, while the worker is writing it


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Fill or list, always as somebody: a workbook holds what its reader may see."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    fill = verbs.add_parser("fill", help=_("填好一份，写进文件"))
    fill.add_argument("period", metavar="YYYY-MM", help=_("月份；季度写 2026-Q4，年写 2026"))
    fill.add_argument("file", type=Path, metavar="FILE.xlsx")
    fill.add_argument("--template", default="", help=_("模板的名称或自带报表的代码；不写是自带的第一份"))
    listed = verbs.add_parser("list", help=_("这个岗位能填哪些"))
    for verb in (fill, listed):
        sentence = _("以哪个岗位的身份，写岗位编码（huiyin user list 里有）；填出来的是这个岗位看得到的")
        verb.add_argument("--post", required=True, metavar="CODE", help=sentence)
        add_json(verb)


def run(options: argparse.Namespace) -> int:
    """Do it; 1 when it could not be written."""
    by = _holder(options.post)
    if options.verb == "list":
        rows = [{"template": each.name, "title": each.title} for each in offered(by)]
        print(as_json(rows) if options.json else as_lines({row["template"]: row["title"] for row in rows}))
        return EXIT.DONE
    row = written(ask(by, options.template, spans.named(options.period, today())))
    told = {"title": row.title, "rows": row.written, "said": row.said}
    if row.state != Export.State.READY:
        print(as_json(told) if options.json else row.said or _("没有写成。请查看日志。"))
        return EXIT.PROBLEMS
    save(by, row, options.file)
    told["file"] = str(options.file)
    print(as_json(told) if options.json else _("%(title)s，写进了 %(file)s") % told)
    return EXIT.DONE


def _holder(code: str) -> Actor:
    """Whoever holds the post today and fills workbooks. Raises Refused."""
    post = post_held(code)
    if post is None:
        raise Refused(
            _("没有岗位 {code}，或者现在没有人在岗。").format(code=code),
            code="no_post",
            instead=_("各账号的岗位：huiyin user list"),
        )
    by = Actor.of(post)
    try:
        access.require_filler(by)
    except PermissionDenied as denied:
        raise Refused(str(denied), code="no_filler") from denied
    return by


@dataclass(frozen=True)
class Offered:
    """What may be filled: how it is named here, its title, and the act that asks for it."""

    name: str
    title: str
    fill: Callable[..., Export]
    of: Template | Shipped


def offered(by: Actor) -> list[Offered]:
    """All that the actor may fill: what comes with the program, then the office's own."""
    shipped = [each for each in SHIPPED.values() if by.role in each.roles]
    return [
        *(Offered(each.code, str(each.title), actions.fill_shipped, each) for each in shipped),
        *(Offered(row.name, str(row), actions.fill, row) for row in queries.fillable(by)),
    ]


def ask(by: Actor, name: str, period: Period) -> Export:
    """Ask for the workbook as the page does. Raises Refused for a template that there is not."""
    found = next((each for each in offered(by) if name in ("", each.name)), None)
    if found is None:
        raise Refused(
            _("没有在用的模板“{name}”。").format(name=name),
            code="no_template",
            instead=_("能填的有：huiyin workbook list --post {code}").format(code=by.post and by.post.code),
        )
    language = get_language() or "zh-hans"
    return found.fill(found.of, by=by, period=period, language=language, through="command")


def written(row: Export) -> Export:
    """Write it here, or wait for the worker that has begun it; how it ended."""
    row = exporting.write_now(row)
    while row.waits:
        sleep(ASKED_AGAIN)
        row = exporting.write_now(row)
    return row


def save(by: Actor, row: Export, file: Path) -> None:
    """The workbook in a file that its owner alone may read, whole or not at all.

    The ledger notes that it was taken when all of it is on the disk, and before it has its name.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = mkstemp(prefix=f".{file.name}.", suffix=".part", dir=file.parent)
    beside = Path(name)
    try:
        with transaction.atomic(), os.fdopen(handle, "wb") as target:
            _row, stream = exporting.fetch(by, row.pk)
            with stream:
                shutil.copyfileobj(stream, target)
            target.flush()
            os.fsync(target.fileno())
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
