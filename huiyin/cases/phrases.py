"""答复模板: beginnings of answers in the place's own words, from the profile's answers.csv; a person finishes them."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from huiyin.cases.models import Case
from huiyin.kernel import clock as wall
from huiyin.kernel import folders
from huiyin.kernel.tables import Row, read_csv
from huiyin.organisation.place import profile_folder
from huiyin.organisation.profile import dates

FILE = "answers.csv"
LONGEST = 4000  # characters of a template
BLANK = "＿＿"  # what nobody may send: the place where the handler writes what was found


@dataclass(frozen=True)
class Phrase:
    """One template: for which natures and categories it is meant ("" for any), and from when to when."""

    code: str
    nature: str
    category: str
    title: str
    text: str
    since: date | None
    until: date | None

    def suits(self, case: Case, day: date) -> bool:
        """Whether it is meant for this matter on this day; a category takes in those below it."""
        held = (self.since is None or self.since <= day) and (self.until is None or day <= self.until)
        category = not self.category or (
            case.category is not None and f"/{self.category}/" in case.category.path
        )
        return held and category and self.nature in ("", case.nature)


def phrases_for(case: Case) -> list[Phrase]:
    """The templates that fit, those meant for its category before those for everything; none without the file."""
    day = wall.local_date(wall.now())
    fitting = [each for each in _all() if each.suits(case, day)]
    return sorted(fitting, key=lambda each: (not each.category, not each.nature, each.code))


def phrase_of(row: Row) -> Phrase:
    """One row of answers.csv. Raises BadRow."""
    held = dates(row)
    return Phrase(
        code=row.code("code", most=40),
        nature=row.choice("nature", ["", *Case.Nature.values]) if row.optional("nature") else "",
        category=row.optional("category", most=20),
        title=row.text("title", most=60),
        text=row.text("text", most=LONGEST),
        since=held["valid_from"],
        until=held["valid_to"],
    )


def _all() -> tuple[Phrase, ...]:
    file = folders.file_of(profile_folder(settings.HUIYIN_PROFILE), FILE)
    return _read(file, file.stat().st_mtime_ns) if file.is_file() else ()


@lru_cache(maxsize=4)
def _read(file: Path, _changed: int) -> tuple[Phrase, ...]:
    """The rows as they stand; read again when the file changes."""
    return tuple(phrase_of(row) for row in read_csv(file))
