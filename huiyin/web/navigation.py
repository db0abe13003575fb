"""The main ways through the house, one short list for each audience."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Way:
    """One entry of the navigation: words, the name of its address, an icon, and perhaps a count."""

    label: Any
    to: str
    icon: str = ""
    url: str = ""
    count: int | None = None
    late: bool = False  # the count is of late matters
    current: bool = False


CITIZEN = (
    Way(_("提交诉求"), "citizen:new", "pencil"),
    Way(_("查进度"), "citizen:follow", "search"),
    Way(_("看公开"), "public:list", "eye"),
)


def ways(request: HttpRequest) -> dict:
    """Context processor: `ways`, the citizen's navigation; a desk's view passes `nav` of its own."""
    return {"ways": SimpleLazyObject(lambda: resolved(CITIZEN, request.path))}


def resolved(items: tuple[Way, ...] | list[Way], path: str) -> list[Way]:
    """The entries with their addresses, the one that holds `path` marked; entries without a page are left out."""
    found = []
    for item in items:
        try:
            found.append(replace(item, url=reverse(item.to)))
        except NoReverseMatch:
            continue
    here = max((item.url for item in found if path.startswith(item.url)), key=len, default=None)
    return [replace(item, current=item.url == here) for item in found]
