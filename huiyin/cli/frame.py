"""The frame of the command line: finds the command, sets the house up, and turns endings into exit codes."""

import argparse
import ast
import importlib
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.utils import InterfaceError, OperationalError

from config.env import Misconfigured
from huiyin.cli.words import _, language
from huiyin.kernel import disk
from huiyin.kernel.keys import KeysRefused
from huiyin.kernel.refusals import Refused

COMMANDS = Path(__file__).with_name("commands")
HISTORIES = "huiyin.cli.histories.command"  # `demo --profile NAME`: of another place, prepared if need be


class EXIT(IntEnum):
    """What an exit code means, for every command."""

    DONE = 0
    PROBLEMS = 1
    USAGE = 2
    REFUSED = 3
    MISCONFIGURED = 4
    FAULT = 70
    INTERRUPTED = 130


@dataclass(frozen=True)
class Command:
    """What can be said of a command without running its module."""

    name: str
    help: str
    module: str
    setup: bool


def _constant(node: ast.expr) -> object:
    """The literal in an assignment, also inside _("…")."""
    if isinstance(node, ast.Call) and node.args:
        node = node.args[0]
    return ast.literal_eval(node)


def read_command(file: Path) -> Command | None:
    """NAME, HELP and SETUP of a command's file; None if it is no command."""
    found: dict[str, object] = {}
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in {"NAME", "HELP", "SETUP"}:
                found[name] = _constant(node.value)
    if "NAME" not in found:
        return None
    module = f"huiyin.cli.commands.{file.stem}"
    return Command(str(found["NAME"]), str(found.get("HELP", "")), module, bool(found.get("SETUP", True)))


@cache
def commands() -> dict[str, Command]:
    """Every command by its name, in the order of the alphabet."""
    read = (read_command(file) for file in sorted(COMMANDS.glob("*.py")))
    return {command.name: command for command in sorted(filter(None, read), key=lambda command: command.name)}


def exit_codes() -> str:
    """The exit codes in words, printed under every --help."""
    return _(
        "退出码：0 完成；1 查出问题；2 用法有误；3 现在不能这样做（说明会写出原因）；"
        "4 配置有误；70 程序故障；130 被中断。"
    )


def overview() -> str:
    """What `huiyin --help` prints."""
    rows = commands().values()
    width = max(len(command.name) for command in rows)
    lines = [f"  {command.name:<{width}}  {_(command.help)}" for command in rows]
    usage = _("用法：huiyin 命令 [选项]。每个命令都有 --help。")
    return "\n".join([_("回音：听见诉求，给出可查证的答复。"), "", usage, "", *lines, "", exit_codes()])


def set_up() -> None:
    """Make Django's registry ready and speak the terminal's tongue."""
    import django  # the frame itself must start, and explain itself, where settings are broken
    from django.utils import translation

    django.setup()
    translation.activate(language())


def run(command: Command, arguments: Sequence[str]) -> int:
    """Import the command, read its arguments and run it."""
    if command.setup:
        set_up()
    module = importlib.import_module(command.module)
    parser = argparse.ArgumentParser(
        prog=f"huiyin {command.name}",
        description=_(command.help),
        epilog=exit_codes(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(list(arguments))))


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(overview())
        return EXIT.DONE if arguments else EXIT.USAGE
    command = commands().get(arguments[0])
    if command is None:
        complain(_("没有命令 {name}。").format(name=arguments[0]))
        print(overview(), file=sys.stderr)
        return EXIT.USAGE
    if command.name == "demo" and any(each.split("=")[0] == "--profile" for each in arguments[1:]):
        command = replace(command, module=HISTORIES, setup=False)
    return guarded(command, arguments[1:])


def guarded(command: Command, arguments: Sequence[str]) -> int:
    """Run a command, and turn every way of ending into an exit code."""
    try:
        return run(command, arguments)
    except Refused as refusal:
        complain(str(refusal))
        if refusal.instead:
            complain(refusal.instead)
        return EXIT.REFUSED
    except (Misconfigured, KeysRefused) as fault:
        complain(str(fault))
        complain(_("设置有误，什么也没有做。上面一句写着是哪一项、应当怎么写；改好后再运行一次。"))
        return EXIT.MISCONFIGURED
    except (OperationalError, InterfaceError) as fault:
        complain(_("数据库用不了：{reason}").format(reason=_masked(_without_password(str(fault))).strip()))
        complain(_("请查 HUIYIN_DATABASE、数据库服务是否启动、结构是否最新（huiyin migrate），再试一次。"))
        return EXIT.MISCONFIGURED
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 — the reader has gone; say nothing more to it
        return EXIT.DONE
    except KeyboardInterrupt:
        complain(_("已中断。"))
        return EXIT.INTERRUPTED
    except Exception as fault:  # noqa: BLE001 — the last door: a fault must not pass for "found problems" (1)
        if disk.refuses(fault) or isinstance(fault, PermissionError):
            complain(_("磁盘写不进去：{reason}").format(reason=fault))
            complain(_("请腾出空间，或者让运行回音的用户能写这个目录，再运行一次。已经存下的都在。"))
            return EXIT.REFUSED
        complain(_masked(traceback.format_exc()))
        return EXIT.FAULT


def _without_password(text: str) -> str:
    """A driver's words without the database's password, should they ever repeat it."""
    password = settings.DATABASES["default"].get("PASSWORD", "")
    return text.replace(password, "***") if password else text


def _masked(text: str) -> str:
    """The traceback as the log would show it, without the numbers of anybody."""
    from config.logs import Masked

    return Masked("%(message)s").format(logging.makeLogRecord({"msg": text}))


def complain(sentence: str) -> None:
    """A line for the person at the terminal, on standard error."""
    print(sentence, file=sys.stderr)
