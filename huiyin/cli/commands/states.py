"""huiyin states: draw the state tables of cases and orders."""

import argparse
from pathlib import Path

from django.utils.translation import gettext as _

from huiyin.cases import drawing
from huiyin.cli.frame import EXIT

NAME = "states"
HELP = _("画出案件和派单的状态图：每一步由谁做、从哪里到哪里")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Print or write, the page or the diagrams alone."""
    parser.add_argument("--mermaid", action="store_true", help=_("只要两张图的 Mermaid 文本"))
    parser.add_argument("--write", type=Path, metavar="FILE", help=_("写入文件，例如 docs/acts.md"))


def run(options: argparse.Namespace) -> int:
    """Draw."""
    drawn = drawing.case_diagram() + "\n" + drawing.order_diagram() if options.mermaid else drawing.page()
    if options.write is None:
        print(drawn, end="")
    else:
        options.write.write_text(drawn, encoding="utf-8")
        print(_("已写入 %(file)s。") % {"file": options.write})
    return EXIT.DONE
