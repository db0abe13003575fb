"""What the profile says of the place as a whole: its names, its telephone, its words, its demo sign-ins."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from huiyin.kernel.models import ProfileRow
from huiyin.organisation.models import Post
from huiyin.organisation.queries import holds_on, today

DEMO = "demo"
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


def profile_folder(name: str) -> Path:
    """The folder of a profile: a name among HUIYIN_PROFILES, or a path with a slash in it."""
    return Path(name) if "/" in name else settings.HUIYIN_PROFILES / name


def place() -> Place:
    """The texts of this installation's profile in the reader's language, else in Chinese, else empty."""
    about = _about(settings.HUIYIN_PROFILE)
    texts: Mapping[str, Mapping[str, str]] = about.get("texts", {})
    spoken = {**texts.get("zh-hans", {}), **texts.get(get_language() or "zh-hans", {})}
    languages = tuple(about.get("languages", ["zh-hans"]))
    return Place(languages=languages, **{name: str(spoken.get(name, "")) for name in TEXTS})


def demo_posts() -> list[Post]:
    """The posts of the demo sign-in list in its order; none unless this is the demo profile and it is loaded."""
    if settings.HUIYIN_PROFILE != DEMO:
        return []
    codes = list(_about(DEMO).get("demo", {}).get("sign_in", []))
    if not ProfileRow.objects.filter(table="profile", key=DEMO).exists():
        return []
    posts = Post.objects.filter(code__in=codes, user__is_active=True).filter(holds_on(today()))
    return sorted(posts.select_related("user", "unit"), key=lambda post: codes.index(post.code))


@lru_cache(maxsize=4)
def _about(name: str) -> dict[str, Any]:
    file = profile_folder(name) / "profile.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
