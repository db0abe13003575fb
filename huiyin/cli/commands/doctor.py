"""huiyin doctor: is this installation well, and what to do if not."""

import argparse
from importlib import import_module

from config.env import Misconfigured
from huiyin.cli.frame import EXIT, set_up
from huiyin.cli.output import add_json, as_json
from huiyin.cli.words import _
from huiyin.kernel.keys import KeysRefused

NAME = "doctor"
HELP = _("体检：配置、密钥、磁盘、数据库、队列、后台任务、时钟；有问题时说明怎么办")
SETUP = False  # it must explain itself where settings cannot even be read


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Figures for programs."""
    add_json(parser)


def findings() -> list[dict[str, object]]:
    """What was found; when settings cannot be read, only that."""
    try:
        set_up()
    except (Misconfigured, KeysRefused) as fault:
        return [
            {"check": "configuration", "well": False, "found": type(fault).__name__, "advice": str(fault)}
        ]
    health = import_module("huiyin.cli.health")  # reads models, so only now
    return [finding.as_json() for finding in health.examine()]


def run(options: argparse.Namespace) -> int:
    """0 when all is well, 1 when something is not."""
    seen = findings()
    well = all(finding["well"] for finding in seen)
    if options.json:
        print(as_json({"well": well, "findings": seen}))
        return EXIT.DONE if well else EXIT.PROBLEMS
    for finding in seen:
        print(f"{'✓' if finding['well'] else '✗'} {finding['check']:<11} {finding['found']}")
        if not finding["well"]:
            print(f"  → {finding['advice']}")
    print(_("一切正常。") if well else _("有问题，请按箭头后的话处理。"))
    return EXIT.DONE if well else EXIT.PROBLEMS
