"""What the profile says of the place as a whole: its names, its telephone, its words, its doors, its demo sign-ins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from huiyin.kernel import folders
from huiyin.kernel.models import ProfileRow
from huiyin.organisation.models import Post, named
from huiyin.organisation.queries import holds_on, today

LIMITS = {"returning_days": 7, "promise_years": 5, "files": 10, "answer_photos": 12, "recall_minutes": 10,
          "fewest_answers": 5, "reminder_gap": 1, "reminder_days": 5,
          "group_headcount": 5, "inquiry_days": 10, "peer_days": 5, "freeze_after": 10}  # fmt: skip
TEXTS = ("place", "office", "hotline", "hours", "address", "emergency", "about")


@dataclass(frozen=True)
class Place:
    """The texts of a profile in the reader's language; one that is not given is empty."""

    place: str = ""
    office: str = ""
    hotline: str = ""
    hours: str = ""
    address: str = ""
    emergency: str = ""
    about: str = ""
    languages: tuple[str, ...] = field(default=("zh-hans",))


@dataclass(frozen=True)
class Door:
    """A duty of the front desk under a name of its own 窗口: one counter, several doors, counted apart.

    `unit` is the code of the unit whose people sit behind it; `duty` says what it is for.
    """

    code: str
    name: str
    duty: str = ""
    unit: str = ""


def profile_folder(name: str) -> Path:
    """The folder of a profile: a name among HUIYIN_PROFILES, or a path with a slash in it."""
    return Path(name) if "/" in name else settings.HUIYIN_PROFILES / name


def place() -> Place:
    """The texts of this installation's profile in the reader's language, else in Chinese, else empty."""
    about = _about(profile_folder(settings.HUIYIN_PROFILE))
    texts: Mapping[str, Mapping[str, str]] = about.get("texts", {})
    spoken = {**texts.get("zh-hans", {}), **texts.get(get_language() or "zh-hans", {})}
    languages = tuple(about.get("languages", ["zh-hans"]))
    return Place(languages=languages, **{name: str(spoken.get(name, "")) for name in TEXTS})


def doors() -> tuple[Door, ...]:
    """The doors of this place's front desk, in the profile's order; none where one desk does everything."""
    rows = _about(profile_folder(settings.HUIYIN_PROFILE)).get("door", [])
    return tuple(_door({name: str(text) for name, text in row.items()}) for row in rows)


def _door(row: Mapping[str, str]) -> Door:
    """A door in the reader's language, where the profile has its words in it."""
    name, duty = (named(row.get(word, ""), row.get(f"{word}_en", "")) for word in ("name", "duty"))
    return Door(code=row.get("code", ""), name=name, duty=duty, unit=row.get("unit", ""))


def door_name(code: str) -> str:
    """What the door with this code is called; the code itself when the profile has dropped it since."""
    return next((door.name for door in doors() if door.code == code), code)


def limit(name: str) -> int:
    """A number that the place sets in profile.toml, `[limits]`; what the program comes with where it does not.

    `returning_days`: from how many days before its day a suspended matter is listed as coming back;
    `promise_years`: how far ahead the day of a promise may lie; `files`: how many one party may hand in for a case;
    `answer_photos`: how many photos go with one answer; `recall_minutes`: how long a dispatch can be taken back;
    `fewest_answers`: of how many answers a unit must have given before its median is compared with others';
    `group_headcount`: from how many people on a rule calls it a group matter;
    `inquiry_days`: in how many working days a unit answers an outside supervisor;
    `peer_days`: in how many working days a unit that had no part in a matter says what it thinks of it;
    `reminder_gap`: in how many working days a case is reminded once; `reminder_days`: how many a reminder leaves;
    `freeze_after`: how many days after its end a month's public figures are frozen.
    """
    set_here = _about(profile_folder(settings.HUIYIN_PROFILE)).get("limits", {})
    return int(set_here.get(name, LIMITS[name]))


def is_demonstration() -> bool:
    """Whether this installation shows an invented place (see `kernel.folders`)."""
    return _is_demonstration(profile_folder(settings.HUIYIN_PROFILE))


def is_loaded() -> bool:
    """Whether the profile of this installation has been loaded into its database."""
    return ProfileRow.objects.filter(table="profile", key=settings.HUIYIN_PROFILE).exists()


def demo_posts() -> list[Post]:
    """The posts of the demo sign-in list in its order; none unless this is a demonstration and it is loaded."""
    if not is_demonstration() or not is_loaded():
        return []
    codes = list(_about(profile_folder(settings.HUIYIN_PROFILE)).get("demo", {}).get("sign_in", []))
    posts = Post.objects.filter(code__in=codes, user__is_active=True).filter(holds_on(today()))
    return sorted(posts.select_related("user", "unit"), key=lambda post: codes.index(post.code))


@lru_cache(maxsize=16)
def _is_demonstration(folder: Path) -> bool:
    return folders.is_demonstration(folder)


@lru_cache(maxsize=16)
def _about(folder: Path) -> dict[str, Any]:
    return folders.about_of(folder)
