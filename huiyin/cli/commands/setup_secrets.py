"""huiyin setup-secrets: the key file of a new installation."""

import argparse
import os
from pathlib import Path

from config import env
from huiyin.cli.frame import EXIT
from huiyin.cli.words import _
from huiyin.kernel import folders, keys
from huiyin.kernel.refusals import Refused

NAME = "setup-secrets"
HELP = _("为新装的系统生成密钥文件（只有本人可读）")
SETUP = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether an existing file is fine."""
    parser.add_argument("--if-missing", action="store_true", help=_("已有密钥文件时不报错"))


def run(options: argparse.Namespace) -> int:
    """Make the file. Raises Refused rather than replace one: what it sealed could never be opened again."""
    base = Path(__file__).resolve().parents[3]
    profile = env.path("HUIYIN_PROFILES", default=base / "profiles") / env.text(
        "HUIYIN_PROFILE", default="demo"
    )
    home = env.path("HUIYIN_HOME", default=folders.home_of(base, profile))
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = keys.locate(home)
    if os.environ.get(keys.TEXT_VARIABLE, "").strip() and options.if_missing:
        return EXIT.DONE
    try:
        keys.create(file)
    except FileExistsError:
        if options.if_missing:
            return EXIT.DONE
        raise Refused(
            _("密钥文件 {file} 已经存在，没有改动。").format(file=file),
            instead=_("换新密钥请用轮换，不要删除旧文件：旧密钥封存的内容只有它能打开。"),
        ) from None
    print(_("已生成密钥文件 {file}。请另存一份，不要和数据库放在一起。").format(file=file))
    return EXIT.DONE
