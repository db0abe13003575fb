"""huiyin demo --profile NAME: a place of its own, prepared if need be, with the history that it has published."""

import argparse
import os
import sys
from contextlib import redirect_stdout
from importlib import import_module

from huiyin.cli.commands import prepare, setup_secrets
from huiyin.cli.frame import EXIT
from huiyin.cli.histories.elsewhere import go_to
from huiyin.cli.output import add_json, as_json
from huiyin.cli.words import _
from huiyin.kernel.refusals import Refused


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which place, and by which chance."""
    parser.add_argument("--profile", required=True, metavar="NAME", help=_("哪份资料，例如 yantian"))
    parser.add_argument("--seed", type=int, default=1, help=_("同一个数得到同样的历史"))
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Prepare the place without other invented cases, then make what is missing of its history."""
    os.environ["HUIYIN_PROFILE"] = options.profile
    os.environ.setdefault("HUIYIN_DEMO_CASES", "0")
    with redirect_stdout(sys.stderr):  # standard output is for what was asked
        setup_secrets.run(argparse.Namespace(if_missing=True))
        prepare.run(argparse.Namespace(reset_demo=False))
    go_to(options.profile)
    filling = import_module("huiyin.cli.histories.filling")  # reads models, so only now
    place = import_module("huiyin.organisation.place")
    if not place.is_demonstration():
        raise Refused(_("这套系统用的不是演示资料，没有装入任何诉求。"), code="not_demo")
    made = filling.fill(seed=options.seed, silently=options.json)
    if options.json:
        print(as_json({"made": made}))
    else:
        print(_("装入 {made} 件虚构诉求。看数字：huiyin figures --profile {name}").format(
            made=made, name=options.profile
        ))  # fmt: skip
    return EXIT.DONE
