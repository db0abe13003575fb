"""Has something set in a process of its own, which may neither hang nor fill the memory."""

import base64
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from huiyin.kernel import clock
from huiyin.publication.bulletins.press import fonts

HERE = Path(__file__).parent
WAIT = 90  # seconds until a setter that hangs is ended


class NotSet(Exception):
    """It could not be set; the setter's own words are in it."""


def as_pdf(content: Mapping[str, Any]) -> bytes:
    """The PDF of a bulletin's content. Raises NotSet, or Refused where the fonts are missing."""
    made = _set("bulletin.typ", content, into="pdf")
    if not made.startswith(b"%PDF"):
        raise NotSet("what came is no PDF")
    return made


def as_pictures(drawn: Sequence[str]) -> list[bytes]:
    """Each SVG as PNG, in order. Raises as `as_pdf`."""
    if not drawn:
        return []
    made = json.loads(_set("pictures.typ", {"pictures": list(drawn)}, into="png"))
    return [base64.b64decode(each) for each in made]


def _set(template: str, content: Mapping[str, Any], *, into: str) -> bytes:
    asked = {
        "template": str(HERE / template),
        "document": json.dumps(content, ensure_ascii=False),
        "fonts": fonts.folders(),
        "at": int(clock.now().timestamp()),
        "as": into,
    }
    try:
        done = subprocess.run(
            [sys.executable, str(HERE / "setter.py")],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=WAIT,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise NotSet("the setter took too long") from late
    if done.returncode:
        raise NotSet(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout
