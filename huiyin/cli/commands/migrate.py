"""huiyin migrate: bring the database to the shape that this version expects."""

import argparse

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from huiyin.cli.frame import EXIT
from huiyin.cli.output import add_json, as_json

NAME = "migrate"
HELP = _("把数据库更新到当前版本的结构")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Look or act."""
    parser.add_argument("--check", action="store_true", help=_("只看有没有待更新的，不改动；有则退出码为 1"))
    add_json(parser)


def pending() -> list[str]:
    """Migrations not applied yet, in order, as room.name."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def bring_up_to_date() -> list[str]:
    """Apply what is pending, make the cache's table, and return what was applied."""
    names = pending()
    if names:
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    return names


def run(options: argparse.Namespace) -> int:
    """Apply, or with --check only tell."""
    names = pending() if options.check else bring_up_to_date()
    if options.json:
        print(as_json({"pending" if options.check else "applied": names}))
    elif not names:
        print(_("数据库结构已是最新。"))
    else:
        print(_("待更新：") if options.check else _("已更新："))
        print("\n".join(f"  {name}" for name in names))
    return EXIT.PROBLEMS if options.check and names else EXIT.DONE
