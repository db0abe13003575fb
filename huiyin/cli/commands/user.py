"""huiyin user: the accounts of people who sign in."""

import argparse
import secrets
import sys
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from huiyin.accounts.actions import keep
from huiyin.accounts.models import User
from huiyin.cli.frame import EXIT
from huiyin.cli.output import add_json, as_json
from huiyin.kernel.refusals import Refused
from huiyin.organisation.models import Post
from huiyin.organisation.place import demo_posts

NAME = "user"
HELP = _("管理账号：新建、设密码、停用、启用、清除第二步验证、列出")
BY = "system:cli"
ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that is read two ways


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A verb, then whose account."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=_("动作"))
    create = verbs.add_parser("create", help=_("新建账号（岗位由资料或管理页面给）"))
    create.add_argument("username")
    create.add_argument("--name", required=True, help=_("姓名"))
    create.add_argument("--phone", default="", help=_("办公电话"))
    password = verbs.add_parser("password", help=_("设新密码"))
    password.add_argument("username")
    for verb in (create, password):
        sentence = _("从标准输入读密码；不给则生成一个并显示一次")
        verb.add_argument("--password-stdin", action="store_true", help=sentence)
    for name, sentence in (
        ("disable", _("停用账号，已登录的随即退出")),
        ("enable", _("重新启用账号")),
        ("reset-second-factor", _("清除丢失的第二步验证")),
    ):
        verbs.add_parser(name, help=sentence).add_argument("username")
    for name, sentence in (("list", _("列出账号")), ("demo", _("列出演示账号，每种角色一个"))):
        add_json(verbs.add_parser(name, help=sentence))


def find(username: str) -> User:
    """The account. Raises Refused if there is none."""
    try:
        return User.objects.get(username=username)
    except User.DoesNotExist:
        raise Refused(
            _("没有账号 {name}。").format(name=username), instead=_("列出账号：huiyin user list")
        ) from None


def chosen_password(options: argparse.Namespace) -> tuple[str, bool]:
    """The password, and whether it was made here and must be shown."""
    if options.password_stdin:
        return sys.stdin.readline().rstrip("\n"), False
    return "-".join("".join(secrets.choice(ALPHABET) for _each in range(5)) for _group in range(3)), True


def create(options: argparse.Namespace) -> str:
    """Open an account."""
    password, made = chosen_password(options)
    user = keep.open_account(
        options.username, name=options.name, phone=options.phone, password=password, by=BY
    )
    return with_password(_("已新建账号 {name}。").format(name=user.username), password if made else "")


def set_password(options: argparse.Namespace) -> str:
    """Give an account a new password."""
    password, made = chosen_password(options)
    user = find(options.username)
    keep.set_password(user, password=password, by=BY)
    return with_password(
        _("已设新密码，账号 {name} 在别处的登录已失效。").format(name=user.username), password if made else ""
    )


def with_password(sentence: str, password: str) -> str:
    """The sentence, and the password that was made, shown this once."""
    return (
        sentence + "\n" + _("密码（只显示这一次）：{password}").format(password=password)
        if password
        else sentence
    )


def listed() -> list[dict[str, Any]]:
    """Every account with its posts; usernames and roles, no phones."""
    posts: dict[int, list[str]] = {}
    for post in Post.objects.filter(valid_to__isnull=True).order_by("pk"):
        posts.setdefault(post.user_id, []).append(post.code)
    rows = User.objects.order_by("pk").values_list("pk", "username", "is_active")
    return [{"username": name, "active": active, "posts": posts.get(key, [])} for key, name, active in rows]


def demo_sign_ins() -> list[dict[str, Any]]:
    """The demonstration's sign-ins, one a role, in the profile's order; none outside the demo profile."""
    return [
        {
            "page": reverse("demo_sign_in"),
            "role": str(post.get_role_display()),
            "name": post.user.name,
            "unit": post.unit.name,
        }
        for post in demo_posts()
    ]


def show(rows: list[dict[str, Any]], *, as_text: bool) -> None:
    """Print accounts."""
    if not as_text:
        print(as_json(rows))
        return
    for row in rows:
        print("  ".join(" ".join(value) if isinstance(value, list) else str(value) for value in row.values()))


def run(options: argparse.Namespace) -> int:
    """Do what the verb says."""
    if options.verb in {"list", "demo"}:
        show(listed() if options.verb == "list" else demo_sign_ins(), as_text=not options.json)
    elif options.verb in {"create", "password"}:
        print(create(options) if options.verb == "create" else set_password(options))
    else:
        act = {
            "disable": keep.disable,
            "enable": keep.enable,
            "reset-second-factor": keep.clear_second_factor,
        }
        act[options.verb](find(options.username), by=BY)
        print(_("已完成。"))
    return EXIT.DONE
