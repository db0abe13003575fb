"""huiyin ledger: check the ledger, and show its head."""

import argparse
import json
import sys
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from huiyin.ledger.head import stored_head
from huiyin.ledger.verify import Counted, Report, verify

NAME = "ledger"
HELP = gettext_lazy("核对账本，或显示账本的头")
COUNTING = "huiyin.cases.queries"  # the room above the ledger that counts its own events


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`verify` or `head`, each with --json."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="verify|head")
    for name, help_text in (
        ("verify", _("核对全部记录；有问题时以 1 结束")),
        ("head", _("显示记录条数和累计指纹")),
    ):
        act = acts.add_parser(name, help=help_text)
        act.add_argument("--json", action="store_true", help=_("用 JSON 输出"))


def run(options: argparse.Namespace) -> int:
    """0 when the ledger is sound or its head was shown, 1 when anything is wrong."""
    return _verify(options) if options.act == "verify" else _head(options)


def _verify(options: argparse.Namespace) -> int:
    if options.json or not sys.stderr.isatty():
        report = verify(expected=_expected())
    else:
        report = _verify_with_bar()
    if options.json:
        print(json.dumps(_figures(report), ensure_ascii=False, indent=2))
    else:
        _tell(report)
    return 0 if report.sound else 1


def _verify_with_bar() -> Report:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_("正在核对"), total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return verify(progress=show, expected=_expected())


def _expected() -> Counted | None:
    """How many events each case should have, if there is a room of cases."""
    if find_spec(COUNTING) is None:
        return None
    room = import_module(COUNTING)
    return Counted(prefix=room.EVENT_PREFIX, counts=room.event_counts)


def _figures(report: Report) -> dict[str, object]:
    return {
        "sound": report.sound,
        "sequenced": report.sequenced,
        "unsequenced": report.unsequenced,
        "erased": report.erased,
        "running": report.running,
        "found": report.found,
        "problems": [asdict(problem) for problem in report.problems],
        "notes": report.notes,
    }


def _tell(report: Report) -> None:
    names = {"sequenced": report.sequenced, "unsequenced": report.unsequenced, "erased": report.erased}
    print(_("已排序 %(sequenced)s 条，待排序 %(unsequenced)s 条，已抹去私密内容 %(erased)s 条。") % names)
    print(_("累计指纹：%(running)s") % {"running": report.running})
    for note in report.notes:
        print(_("提示：%(note)s") % {"note": note})
    if report.sound:
        print(_("账本完好，没有被改动的痕迹。"))
        return
    for problem in report.problems:
        print(f"✗ {problem.sentence}")
    print(
        _("共发现 %(found)s 处问题。请保留数据库和 ledger-head.json 原样，先做备份，再查明原因。")
        % {"found": report.found}
    )


def _head(options: argparse.Namespace) -> int:
    head = stored_head()
    if options.json:
        print(json.dumps(head.as_json() if head else None, indent=2))
    elif head is None:
        print(_("账本里还没有排序的记录。"))
    else:
        names = {"count": head.count, "running": head.running.hex(), "at": head.as_json()["at"]}
        print(_("%(count)s 条记录，累计指纹 %(running)s，时间 %(at)s") % names)
    return 0
