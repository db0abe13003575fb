"""huiyin import: replay a file of messages, with their replies if they have any, through the ordinary acts."""

import argparse
import sys
from dataclasses import asdict
from datetime import datetime, time
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from huiyin.channels.bulk.columns import guess
from huiyin.channels.bulk.mapping import Mapping, read_mapping
from huiyin.channels.bulk.progress import bar, silent
from huiyin.channels.bulk.reading import Rows, open_rows
from huiyin.channels.bulk.rejects import Rejects
from huiyin.channels.bulk.replay import Replay
from huiyin.channels.bulk.rows import MessageRow, validated
from huiyin.channels.bulk.running import OneByOne, Run, Tally, Together
from huiyin.cli.frame import EXIT
from huiyin.cli.locks import only_one
from huiyin.cli.output import add_json, as_json
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.sequencer import sequence
from huiyin.organisation import queries as organisation
from huiyin.organisation.models import Unit

NAME = "import"
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
    alone = only_one(settings.HUIYIN_HOME / "import.lock", sentence=_("另一个导入正在进行，请等它结束。"))
    with alone, Rejects(settings.HUIYIN_HOME, rows) as rejects:
        progress = silent(rows.count) if options.json else bar(rows.count, label=_("导入"))
        with progress:
            if options.dry_run:
                tally = _only_look(checked, rejects)
            else:
                writer = Together() if options.fast else OneByOne()
                replay = Replay(source=options.source, default_unit=_unit(options.unit, mapping))
                tally = Run(replay, mapping, rejects, progress, writer).over(checked)
    if not options.dry_run:
        sequence()
    _tell(options, tally, rejects)
    return EXIT.PROBLEMS if tally.rejected else EXIT.DONE


def _only_look(checked: object, rejects: Rejects) -> Tally:
    tally = Tally()
    for raw, found in checked:  # type: ignore[attr-defined]
        tally.rows += 1
        if isinstance(found, MessageRow):
            tally.taken += 1
        else:
            rejects.add(raw, found)
            tally.rejected += 1
    return tally


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


def _tell(options: argparse.Namespace, tally: Tally, rejects: Rejects) -> None:
    figures = {
        **asdict(tally),
        "rejects": str(rejects.path) if rejects.path else None,
        "dry_run": options.dry_run,
    }
    if options.json:
        print(as_json(figures))
        return
    words = _("可以导入 %(taken)d 条") if options.dry_run else _("已导入 %(taken)d 条，已有 %(known)d 条跳过")
    print((words + _("，%(rejected)d 条有问题。")) % figures)
    if rejects.path:
        print(_("有问题的行连同原因在 %(path)s，改好后可以再导入这个文件。") % {"path": rejects.path})


def _day(text: str) -> datetime:
    try:
        return datetime.combine(datetime.strptime(text, "%Y-%m-%d").date(), time.max, clock.zone())
    except ValueError as fault:
        raise argparse.ArgumentTypeError(_("日期要写成 2026-01-31 这样")) from fault
