"""Figures on the terminal: for people as lines, for programs as JSON."""

import argparse
import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


def add_json(parser: argparse.ArgumentParser) -> None:
    """Give a command its --json."""
    parser.add_argument("--json", action="store_true", help="JSON")


def as_json(figures: Any) -> str:
    """Figures as JSON: Chinese readable, moments in ISO 8601, keys in the order given."""
    return json.dumps(figures, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)


def as_lines(figures: Mapping[str, Any]) -> str:
    """Figures as aligned lines, one a name."""
    width = max((len(name) for name in figures), default=0)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in figures.items())
