"""huiyin import: replay a file of messages, with their replies if they have any, through the ordinary acts."""

import argparse
import os
import sys
from dataclasses import asdict
from datetime import datetime, time
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from huiyin.channels.bulk.columns import guess
from huiyin.channels.bulk.mapping import Mapping, read_mapping
from huiyin.channels.bulk.processes import SideBySide
from huiyin.channels.bulk.progress import bar, silent
from huiyin.channels.bulk.reading import Rows, open_rows
from huiyin.channels.bulk.rejects import Rejects
from huiyin.channels.bulk.replay import Replay
from huiyin.channels.bulk.rows import validated
from huiyin.channels.bulk.running import Run
from huiyin.channels.bulk.writers import OneByOne, Rehearsal, Together, Writer
from huiyin.cli.frame import EXIT
from huiyin.cli.locks import only_one
from huiyin.cli.output import add_json, as_json
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.sequencer import sequence
from huiyin.organisation import queries as organisation
from huiyin.organisation.models import Unit

NAME = "import"
MOST_PROCESSES = 4
HELP = _("导入留言和答复（csv 或 xlsx），逐条走完登记、派单、答复、告知、办结")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file, and how to read it."""
    parser.add_argument("file", type=Path, help=_("csv（utf-8 或 gb18030）或 xlsx 文件"))
    parser.add_argument("--mapping", type=Path, help=_("列的对应关系（TOML）；不给就按表头猜"))
    parser.add_argument("--save-mapping", type=Path, help=_("把用到的对应关系写进这个文件，下次可以改了再用"))
    parser.add_argument("--dry-run", action="store_true", help=_("只检查，不写入"))
    parser.add_argument("--yes", action="store_true", help=_("不再询问，直接开始"))
    parser.add_argument("--resume", action="store_true", help=_("接着上次中断处导入（已导入的总会跳过）"))
    parser.add_argument("--fast", action="store_true", help=_("成批写入，适合大量历史数据；结果与逐条相同"))
    parser.add_argument(
        "--processes",
        type=int,
        metavar="N",
        help=_("与 --fast 同用：几个进程一起写（默认按处理器数，最多 4 个）"),
    )
    parser.add_argument("--strict", action="store_true", help=_("写的地区不在本地资料里时退回这一行"))
    parser.add_argument("--as-of", type=_day, help=_("文件截至哪一天（YYYY-MM-DD）；更晚的时间算错误"))
    parser.add_argument("--unit", default="", help=_("没有写明单位的留言交给哪个单位（名称或编码）"))
    parser.add_argument("--source", default="import", help=_("来源系统的名字；同一来源里编号相同就是同一件"))
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Show the mapping, ask, import, tell what became of the rows."""
    given = read_mapping(options.mapping) if options.mapping else Mapping()
    rows = open_rows(options.file, layout=given.layout)
    mapping = guess(rows.header, rows.sample(), given=given)
    if not options.json:
        _show(rows, mapping)
    if options.save_mapping:
        options.save_mapping.write_text(mapping.to_toml(), encoding="utf-8")
    if not (options.yes or options.dry_run or options.json or _agreed()):
        print(_("没有导入。确认对应关系后加 --yes 再运行一次。"), file=sys.stderr)
        return EXIT.REFUSED
    as_of = options.as_of or clock.now()
    checked = validated(rows, mapping, zone=clock.zone(), as_of=as_of)
    replay = Replay(source=options.source, default_unit=_unit(options.unit, mapping), strict=options.strict)
    alone = only_one(settings.HUIYIN_HOME / "import.lock", sentence=_("另一个导入正在进行，请等它结束。"))
    with alone, _writer(options) as writer, Rejects(settings.HUIYIN_HOME, rows) as rejects:
        progress = silent(rows.count) if options.json else bar(rows.count, label=_label(options))
        running = Run(replay, mapping, rejects, progress, writer)
        try:
            with progress:
                running.over(checked)
        except KeyboardInterrupt:
            _finish(options, running, interrupted=True)
            raise
    return _finish(options, running, interrupted=False)


def _label(options: argparse.Namespace) -> str:
    return _("检查") if options.dry_run else _("导入")


def _writer(options: argparse.Namespace) -> Writer:
    if options.dry_run:
        return Rehearsal()
    if not options.fast:
        return OneByOne()
    processes = options.processes or min(os.cpu_count() or 1, MOST_PROCESSES)
    return SideBySide(processes) if processes > 1 else Together()


def _finish(options: argparse.Namespace, running: Run, *, interrupted: bool) -> int:
    """Put the new events in order, and tell what became of the rows."""
    if not options.dry_run:
        sequence()
    _tell(options, running, interrupted=interrupted)
    return EXIT.PROBLEMS if running.tally.rejected else EXIT.DONE


def _show(rows: Rows, mapping: Mapping) -> None:
    print(_("%(file)s：%(description)s，%(count)d 行") % {
        "file": rows.path.name, "description": rows.description, "count": rows.count
    })  # fmt: skip
    for label, header, certainty in mapping.preview():
        print(f"  {label} ← {header}  ({certainty})")
    if mapping.unused:
        print(_("  不导入的列：%(columns)s") % {"columns": "、".join(mapping.unused)})
    for remark in mapping.remarks:
        print(f"  ! {remark}")


def _agreed() -> bool:
    if not sys.stdin.isatty():
        return False
    return input(_("按上面的对应关系导入吗？[y/N] ")).strip().lower() in {"y", "yes", "是"}


def _unit(name: str, mapping: Mapping) -> Unit | None:
    wanted = name or mapping.defaults.get("unit", "")
    if not wanted:
        return None
    unit = organisation.unit_by_name(wanted)
    if unit is None:
        raise Refused(_("没有名为“%(name)s”的单位。请检查 --unit。") % {"name": wanted}, code="unit")
    return unit


def _tell(options: argparse.Namespace, running: Run, *, interrupted: bool) -> None:
    rejects = running.rejects
    figures = {
        **asdict(running.tally),
        "rejects": str(rejects.path) if rejects.path else None,
        "dry_run": options.dry_run,
        "interrupted": interrupted,
    }
    if options.json:
        print(as_json(figures))
        return
    print((_words(options) + _("，%(rejected)d 条有问题。")) % figures)
    if running.tally.elsewhere:
        named = "、".join(running.regions)
        print(
            _("%(count)d 条写的地区不在本地资料里（%(named)s 等）：地区写进了地点，由受理中心处理。")
            % {"count": running.tally.elsewhere, "named": named}
        )
    if rejects.path:
        print(_("有问题的行连同原因在 %(path)s，改好后可以再导入这个文件。") % {"path": rejects.path})
    if interrupted:
        print(
            _("这次没有做完：共 %(total)d 条。再运行一次同样的命令，会接着导入。")
            % {"total": running.bar.total}
        )


def _words(options: argparse.Namespace) -> str:
    if options.dry_run:
        return _("可以导入 %(taken)d 条，已有 %(known)d 条")
    if options.resume:
        return _("以前已导入 %(known)d 条，这次接着导入 %(taken)d 条")
    return _("已导入 %(taken)d 条，已有 %(known)d 条跳过")


def _day(text: str) -> datetime:
    try:
        return datetime.combine(datetime.strptime(text, "%Y-%m-%d").date(), time.max, clock.zone())
    except ValueError as fault:
        raise argparse.ArgumentTypeError(_("日期要写成 2026-01-31 这样")) from fault
