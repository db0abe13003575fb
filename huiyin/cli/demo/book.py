"""The book of invented matters, read from the profile and dealt out by chance that can be repeated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from django.utils.translation import gettext as _

from huiyin.cases.models import Case
from huiyin.kernel.folders import file_of
from huiyin.kernel.refusals import Refused
from huiyin.kernel.tables import read_toml

FILE = "matters.toml"
WORDS = "words.toml"  # what people say between; a profile may share them with another


@dataclass(frozen=True)
class Matter:
    """Something that somebody writes, and what the office answers in the end; `where` is "town", "village" or ""."""

    title: str
    text: str
    category: str = ""
    nature: str = Case.Nature.APPEAL
    answer: str = ""
    outcome: str = ""
    headcount: int = 1
    reason: str = ""
    words: str = ""
    where: str = ""
    sweep: str = ""


@dataclass(frozen=True)
class Book:
    """All matters and sayings. `matters` are dispatched, `praises` answered at once, `reports` kept secret.

    `findings` come of sweeps of their kind.
    """

    matters: Sequence[Matter]
    inquiries: Sequence[Matter]
    praises: Sequence[Matter]
    reports: Sequence[Matter]
    declined: Sequence[Matter]
    findings: Sequence[Matter]
    places: Mapping[str, Mapping[str, Sequence[str]]]
    names: Sequence[str]
    words: Mapping[str, Sequence[str]]

    def places_of(self, matter: Matter) -> dict[str, Sequence[str]]:
        """Streets by code of region, of all regions where the matter may come from."""
        kinds = [matter.where] if matter.where else sorted(self.places)
        return {code: streets for kind in kinds for code, streets in self.places[kind].items()}

    def say(self, of: str, chance: Random) -> str:
        """One of the sayings of a kind."""
        said = self.words[of]
        return said if isinstance(said, str) else chance.choice(said)


def read_book(folder: Path) -> Book:
    """The book in a profile's folder. Raises Refused when the profile has none."""
    file = folder / FILE
    if not file.is_file():
        raise Refused(
            _("资料“%(name)s”没有演示用的诉求（%(file)s）。") % {"name": folder.name, "file": FILE},
            code="no_book",
            instead=_("演示诉求只随演示资料提供。"),
        )
    found = read_toml(file)
    matters = [Matter(**row) for row in found["matter"]]
    return Book(
        matters=[each for each in matters if each.nature != Case.Nature.PRAISE],
        inquiries=[each for each in matters if each.nature == Case.Nature.INQUIRY],
        praises=[each for each in matters if each.nature == Case.Nature.PRAISE],
        reports=[Matter(**row, nature=Case.Nature.REPORT) for row in found["report"]],
        declined=[Matter(**row) for row in found["declined"]],
        findings=[Matter(**row) for row in found.get("finding", [])],
        places=found["places"],
        names=found["people"]["names"],
        words=found["words"] if "words" in found else read_toml(file_of(folder, WORDS))["words"],
    )


def dealt(among: Sequence[Matter], turn: int, *, seed: int) -> Matter:
    """The matter of a turn: every one comes up once before any comes up again."""
    shuffled = list(among)
    Random(f"{seed}:matters:{turn // len(among)}").shuffle(shuffled)  # noqa: S311 (invented cases, not secrets)
    return shuffled[turn % len(among)]


def filled(matter: Matter, *, place: str, n: int, unit: str = "") -> Matter:
    """The matter with its place and number."""
    holes = {"place": place, "n": n, "unit": unit}
    return replace(matter, text=matter.text.format(**holes), answer=matter.answer.format(**holes))
