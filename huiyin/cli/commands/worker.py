"""huiyin worker: the standing tasks (ledger order, clocks, silence, ratings)."""

import argparse
import os
import signal
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from huiyin.cli.frame import EXIT
from huiyin.cli.locks import only_one
from huiyin.cli.worker import LONG, OUTWARD, Worker, tasks

NAME = "worker"
GIVES_WAY = 10  # to the pages: on one small machine, whoever waits for an answer comes first
HELP = _("只运行后台任务（huiyin serve 已包含）")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One round or for ever."""
    parser.add_argument("--once", action="store_true", help=_("每项任务只做一次，然后结束"))


def run(options: argparse.Namespace) -> int:
    """Work until told to stop; 1 if --once met a failing task. Raises Refused if another worker has this home."""
    home = Path(settings.HUIYIN_HOME)
    with only_one(home / "worker.lock", sentence=_("这个数据目录已有一个后台任务在运行。")):
        worker = Worker(tasks(), home, long=tasks(LONG), outward=tasks(OUTWARD))
        signal.signal(signal.SIGTERM, worker.stop)
        signal.signal(signal.SIGINT, worker.stop)
        if options.once:
            return EXIT.DONE if worker.once() else EXIT.PROBLEMS
        os.nice(GIVES_WAY)
        worker.loop()
    return EXIT.DONE
