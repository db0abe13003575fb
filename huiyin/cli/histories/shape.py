"""The shape that a profile's history.toml asks for, and which matters it takes beyond those that are there."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from django.utils.translation import gettext as _

from huiyin.analytics import asking, snapshot
from huiyin.analytics.asking import Question
from huiyin.kernel.refusals import Refused
from huiyin.kernel.tables import read_toml

FILE = "history.toml"
COUNTED = ("received", "suggestions", "concluded", "ratings", "satisfaction_rate")


@dataclass(frozen=True)
class Shape:
    """How many matters of each kind, of which so many ended, so many were rated, and so many said satisfied."""

    received: int
    suggestions: int
    concluded: int
    ratings: int
    satisfied: int


@dataclass(frozen=True, order=True)
class Kind:
    """What the figures tell apart: a suggestion or not, ended or not, rated "good" or "bad", or by nobody ("")."""

    suggestion: bool
    ended: bool
    rated: str = ""

    @property
    def name(self) -> str:
        """A word for keys."""
        return "-".join(
            (
                "suggestion" if self.suggestion else "appeal",
                "ended" if self.ended else "open",
                self.rated or "silent",
            )
        )


def asked_of(folder: Path) -> Shape | None:
    """What the profile asks for; None where it has no history. Raises BadTable for one that cannot be read."""
    file = folder / FILE
    return Shape(**read_toml(file)["figures"]) if file.is_file() else None


def standing() -> Shape:
    """The same figures of the live data, by the catalogue itself."""
    with snapshot.live() as (star, checkpoint):
        [line] = asking.ask(star, COUNTED, Question(checkpoint.moment))
    found = {name: int(line.figures[name].value or 0) for name in COUNTED[:-1]}
    happy = line.figures["satisfaction_rate"]
    return Shape(**found, satisfied=round((happy.value or 0) * happy.n))


def left(asked: Shape, there: Shape) -> Shape:
    """What is missing. Raises Refused when more is there than was asked for."""
    missing = {name: count - getattr(there, name) for name, count in vars(asked).items()}
    if min(missing.values()) < 0:
        raise Refused(
            _("库里已有的诉求比这份历史要的多，凑不出它的数字。"),
            code="too_many",
            instead=_("请换一个空的 HUIYIN_HOME 再装，或者先运行：huiyin prepare --reset-demo"),
        )
    return Shape(**missing)


def kinds(missing: Shape, *, seed: int) -> Sequence[Kind]:
    """One kind for each matter that is missing, in an order dealt by chance; all counts come out exactly.

    Raises Refused for a shape that contradicts itself.
    """
    others = missing.received - missing.suggestions
    waiting = missing.received - missing.concluded
    if min(others, waiting, missing.concluded - missing.ratings, missing.ratings - missing.satisfied) < 0:
        raise Refused(_("这份历史的数字自相矛盾：办结不能多于收到，评价不能多于办结。"), code="shape")
    natures = [True] * missing.suggestions + [False] * others
    dice = Random(f"{seed}:kinds")  # noqa: S311 (invented cases, not secrets)
    dice.shuffle(natures)
    rated = ["good"] * missing.satisfied + ["bad"] * (missing.ratings - missing.satisfied)
    rated += [""] * (missing.concluded - missing.ratings)
    dice.shuffle(rated)
    ended = [Kind(nature, True, word) for nature, word in zip(natures, rated, strict=False)]
    return ended + [Kind(nature, False) for nature in natures[missing.concluded :]]
