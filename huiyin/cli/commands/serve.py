"""huiyin serve: the web server and the worker as one command."""

import argparse
import json
import logging
import os
import socket
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from config import env
from huiyin.cli.address import Address, forget
from huiyin.cli.frame import EXIT
from huiyin.cli.locks import only_one
from huiyin.cli.supervisor import Child, Supervisor
from huiyin.cli.words import _
from huiyin.kernel.refusals import Refused

NAME = "serve"
HELP = _("启动网页服务和后台任务，直到按 Ctrl-C")
SETUP = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen."""
    parser.add_argument("--host", default="127.0.0.1", help=_("监听地址，默认 127.0.0.1"))
    port = env.number("PORT", default=8000, least=1, most=65535)
    parser.add_argument("--port", type=int, default=port, help=_("端口，默认 8000，也可用 PORT= 设置"))


def web_command(host: str, port: int) -> list[str]:
    """granian, with processes and threads as set by HUIYIN_WEB_PROCESSES and HUIYIN_WEB_THREADS."""
    processes = env.number("HUIYIN_WEB_PROCESSES", default=min(2, os.cpu_count() or 1), least=1, most=256)
    threads = env.number("HUIYIN_WEB_THREADS", default=min(4, 2 * (os.cpu_count() or 1)), least=1, most=256)
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", str(threads), "--respawn-failed-workers"),
        *(
            "--workers-kill-timeout",
            "5",
            "--no-ws",
            "--log-level",
            "warning",
            "huiyin.cli.served:application",
        ),
    ]


def refuse_taken(host: str, port: int) -> None:
    """Raise Refused if something already listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise Refused(
                _("端口 {port} 已被别的程序占用。").format(port=port),
                instead=_("换一个端口，例如：PORT={port} make run").format(port=port + 1),
            ) from None


class Announcement:
    """Says once, when the first page answers, that the web is up, where it is and who may sign in to try it."""

    def __init__(self, address: Address, web: Child) -> None:
        self.address = address
        self.web = web
        self.made = False

    def __call__(self) -> None:
        """Try the page; print when it answers."""
        if self.made or not self.address.answers():
            return
        self.made = self.web.up = True
        address = str(self.address)
        lines = ["", _("回音已启动：{address}").format(address=f"{address}/"), *sign_in_lines(address)]
        print("\n".join([*lines, _("按 Ctrl-C 停止。"), ""]), flush=True)


def sign_in_lines(address: str) -> list[str]:
    """The demonstration's sign-ins, one line a role; none outside the demo profile."""
    command = [sys.executable, "-m", "huiyin.cli", "user", "demo", "--json"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    people = json.loads(asked.stdout) if asked.returncode == 0 else []
    if not people:
        return []
    head = _("演示账号在 {page}，点一下就以该角色进入：").format(page=address + people[0]["page"])
    rows = [f"  {person['role']}　{person['name']}（{person['unit']}）" for person in people]
    return [head, *rows]


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop. Raises Refused if this home is served already or the port is taken."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    home = Path(settings.HUIYIN_HOME)
    sentence = _("这个数据目录（{home}）已有一个回音在运行。").format(home=home)
    with only_one(home / "serve.lock", sentence=sentence):
        refuse_taken(options.host, options.port)
        address = Address.of(options.host, options.port)
        address.write(home)
        web = Child("web", web_command(options.host, options.port), vital=True)
        supervisor = Supervisor(
            children=[
                web,
                Child("worker", [sys.executable, "-m", "huiyin.cli", "worker"]),
            ],
            environment={**os.environ, "PORT": str(options.port), "HUIYIN_HOME": str(home)},
            on_tick=Announcement(address, web),
        )
        if supervisor.run():
            forget(home)
            print(_("已停止。"), flush=True)
            return EXIT.DONE
    print(_("网页服务启动不了，原因见上面几行。可运行：huiyin doctor"), file=sys.stderr)
    return EXIT.PROBLEMS
