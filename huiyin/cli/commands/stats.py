"""huiyin stats: `huiyin figures` under its old name."""

from huiyin.cli.commands.figures import add_arguments, run
from huiyin.cli.words import _

NAME = "stats"
HELP = _("即 huiyin figures，旧名称照样能用")
SETUP = False

__all__ = ["HELP", "NAME", "SETUP", "add_arguments", "run"]
