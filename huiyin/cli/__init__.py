"""The command line: one file per command.

To add a command, put a module into huiyin/cli/commands/ with

    NAME = "stats"                                   what is typed after `huiyin`
    HELP = _("…")                                    one line, a Chinese msgid (from gettext_lazy)
    def add_arguments(parser) -> None                argparse; `--json` where it prints figures
    def run(options) -> int                          the exit code, see huiyin.cli.frame.EXIT

The frame reads NAME and HELP without running the module, sets Django up, imports the module and runs it in the
language of the terminal. A module that must work without Django's registry says `SETUP = False` and takes `_` from
huiyin.cli.words. `Refused` may rise from run: the frame prints its sentence and ends with 3.
"""

from huiyin.cli.frame import main

__all__ = ["main"]
