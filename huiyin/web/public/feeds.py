"""Published matters as feeds, for the county's portal, the press and other programmes: RSS 2.0 and JSON Feed 1.1.

Both take the filters of the list and page by the same key; a matter that is taken back is in neither from then on.
Sources: RSS 2.0 (rssboard.org/rss-specification), JSON Feed 1.1 (jsonfeed.org/version/1.1).
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from huiyin.organisation.place import place
from huiyin.publication import queries as publication

FILTERS = ("nature", "category", "region", "unit")
FRESH = 300  # seconds that a reader or a proxy may keep a feed
MOST = 50  # matters on a page of a feed
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML 1.0 cannot hold


@require_safe
def rss(request: HttpRequest) -> HttpResponse:
    """The newest published matters with their answers, as RSS."""
    return _answered(request, _rss)


@require_safe
def json_feed(request: HttpRequest) -> HttpResponse:
    """The same as JSON Feed; `next_url` leads on to the older ones."""
    return _answered(request, _json)


def _answered(request: HttpRequest, write: Callable[..., HttpResponse]) -> HttpResponse:
    """One page of a feed, or 304 for a reader who has the newest already."""
    wanted = {name: request.GET[name][:60] for name in FILTERS if request.GET.get(name)}
    page = publication.public_list(after_key=request.GET.get("after", "")[:60], size=MOST, **wanted)
    tag = f'"{blake2b(repr([(row.pk, row.confirmed_at) for row in page.rows]).encode(), digest_size=12).hexdigest()}"'
    response = (
        HttpResponse(status=304)
        if request.headers.get("If-None-Match") == tag
        else write(request, page, wanted)
    )
    response["ETag"] = tag
    response["Access-Control-Allow-Origin"] = "*"  # it is public, and a portal's page may read it
    patch_cache_control(response, public=True, max_age=FRESH)
    return response


class Rss(Rss201rev2Feed):
    """RSS whose date is that of its newest matter; of an empty one the first of all dates, never the hour of asking."""

    def latest_post_date(self) -> datetime:
        """When the newest matter became public."""
        dates = [item["pubdate"] for item in self.items if item["pubdate"]]
        return max(dates, default=datetime(1970, 1, 1, tzinfo=UTC))


def _rss(request: HttpRequest, page: publication.Page, wanted: Mapping[str, str]) -> HttpResponse:
    feed = Rss(
        title=_title(),
        link=_whole(request, reverse("public:list"), wanted),
        description=_("公开的诉求和答复，个人信息已经隐去。"),
        language=get_language(),
        feed_url=request.build_absolute_uri(),
    )
    for row in page.rows:
        link = _whole(request, reverse("public:matter", args=[row.case.number]))
        words = _("诉求：%(text)s\n\n%(unit)s答复：%(answer)s") % {
            "text": row.text, "unit": row.unit, "answer": row.answer,
        }  # fmt: skip
        feed.add_item(
            title=_plain(row.title),
            link=link,
            unique_id=link,
            description=_plain(words),
            pubdate=row.confirmed_at,
            categories=[_plain(str(each)) for each in (row.category, row.region) if each],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


def _json(request: HttpRequest, page: publication.Page, wanted: Mapping[str, str]) -> HttpResponse:
    items = [
        {
            "id": row.case.number,
            "url": _whole(request, reverse("public:matter", args=[row.case.number])),
            "title": row.title,
            "content_text": row.text,
            "date_published": row.confirmed_at.isoformat() if row.confirmed_at else None,
            "tags": [str(each) for each in (row.category, row.region) if each],
            "_huiyin": {
                "nature": row.nature,
                "answer": row.answer,
                "answered_by": str(row.unit),
                "received_on": row.received_on.isoformat(),
                "answered_on": row.answered_on.isoformat(),
            },
        }
        for row in page.rows
    ]
    told: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(),
        "home_page_url": _whole(request, reverse("public:list"), wanted),
        "feed_url": request.build_absolute_uri(),
        "language": get_language(),
        "items": items,
    }
    if page.next_key:
        told["next_url"] = _whole(request, reverse("public:json"), {**wanted, "after": page.next_key})
    plain = {"ensure_ascii": False}
    return JsonResponse(told, json_dumps_params=plain, content_type="application/feed+json")


def _title() -> str:
    return _("%(place)s · 公开的诉求和答复") % {"place": place().place}


def _whole(request: HttpRequest, path: str, asked: Mapping[str, str] | None = None) -> str:
    return request.build_absolute_uri(f"{path}?{urlencode(asked)}" if asked else path)


def _plain(text: str) -> str:
    return UNWRITABLE.sub("", text)
