"""huiyin reseal: add a new sealing key, and bring everything sealed under it."""

import argparse
import json
import os

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huiyin.kernel import keys
from huiyin.kernel.refusals import Refused
from huiyin.kernel.resealing import reseal, sealed_models

NAME = "reseal"
HELP = gettext_lazy("更换封存密钥：加一把新密钥，或用它重新封存全部内容")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--new-key adds the key; without it, everything is brought under the newest one."""
    parser.add_argument("--new-key", action="store_true", help=_("只在密钥文件里加一把新密钥"))
    parser.add_argument("--json", action="store_true", help=_("用 JSON 输出"))


def run(options: argparse.Namespace) -> int:
    """0 when done. May be interrupted and run again. Refuses --new-key where the keys come as text."""
    figures = _new_key() if options.new_key else _reseal(show=not options.json)
    if options.json:
        print(json.dumps(figures, ensure_ascii=False))
    elif options.new_key:
        print(_("已加入新密钥 %(current)s。请备份密钥文件，重启所有服务，再运行：huiyin reseal") % figures)
    else:
        print(_("完成：%(resealed)s 处已改用密钥 %(current)s。旧密钥请保留到备份都过期。") % figures)
    return 0


def _new_key() -> dict[str, object]:
    if os.environ.get(keys.TEXT_VARIABLE, "").strip():
        raise Refused(
            _(
                "密钥来自环境变量 HUIYIN_KEYS，这里无法改写。请在那里的 [sealing] 下加一把新密钥并改 current。"
            ),
            code="keys_in_environment",
        )
    return {"current": keys.rotate(keys.locate(settings.HUIYIN_HOME)).current}


def _reseal(*, show: bool) -> dict[str, object]:
    """Running servers must know the newest key before this begins: they read the keys when they start."""
    total = 0
    for model in sealed_models():
        count = reseal(model)
        total += count
        if show and count:
            print(f"{model._meta.label_lower}: {count}")
    return {"current": settings.HUIYIN_KEYS.current, "resealed": total}
