"""huiyin search rebuild: put every case on the shelves of the full-text search anew."""

import argparse
from time import monotonic

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.channels.bulk.progress import bar, silent
from huiyin.cli.frame import EXIT
from huiyin.cli.output import add_json, as_json
from huiyin.kernel.bulk import much_to_write
from huiyin.publication.shelf import PUBLIC
from huiyin.search import following
from huiyin.search.office import OFFICE

NAME = "search"
HELP = gettext_lazy("全文检索：从头重建索引")
SHELVES = (OFFICE, PUBLIC)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The one act, and the form of its figures."""
    parser.add_argument("act", choices=["rebuild"], help=_("rebuild：逐件核对并重写索引，可以中断后再运行"))
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """0 when every shelf stands. Searching goes on meanwhile; may be interrupted and run again."""
    figures = {}
    for shelf in SHELVES:
        began, total = monotonic(), following.cases()
        progress = silent(total) if options.json else bar(total, label=_("重建索引：%s") % shelf.name)
        with progress, much_to_write():
            for count in following.rebuild(shelf):
                progress.advance(count)
        figures[shelf.name] = {"cases": progress.done, "seconds": round(monotonic() - began, 1)}
    if options.json:
        print(as_json(figures))
    else:
        print(_("索引已重建：查找、公开检索都是最新的。"))
    return EXIT.DONE
