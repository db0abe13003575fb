"""What the commands about months that are closed and corrected have in common."""

import argparse
from collections.abc import Mapping

from huiyin.cli.output import add_json


def add_verbs(parser: argparse.ArgumentParser, sentences: Mapping[str, str], *, reason: str) -> None:
    """A verb for each sentence, each about one month; `revise` asks for its reason, which is explained so."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, sentence in sentences.items():
        inner = verbs.add_parser(verb, help=sentence)
        inner.add_argument("month", metavar="YYYY-MM")
        if verb == "revise":
            inner.add_argument("--reason", required=True, help=reason)
        add_json(inner)
