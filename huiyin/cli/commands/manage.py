"""huiyin manage: Django's own commands, for developers."""

import argparse

from django.core.management import execute_from_command_line
from django.utils.translation import gettext as _

from huiyin.cli.frame import EXIT

NAME = "manage"
HELP = _("开发者用：Django 自带的命令，例如 huiyin manage makemigrations")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything is handed on as it is."""
    parser.add_argument("rest", nargs=argparse.REMAINDER)


def run(options: argparse.Namespace) -> int:
    """Hand over to Django."""
    execute_from_command_line(["huiyin manage", *options.rest])
    return EXIT.DONE
