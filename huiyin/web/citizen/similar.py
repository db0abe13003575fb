"""What others have said already about the same thing: open matters that can be joined, and answers that are public."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from huiyin.cases import released
from huiyin.publication import queries as publication

MOST = 5


@dataclass(frozen=True)
class Similar:
    """One of them, as shown before a matter is sent; `join` is "" for what is answered already."""

    title: str
    place: str
    url: str
    join: str = ""
    people: int = 0
    due: datetime | None = None


def similar(text: str, *, region: str = "") -> list[Similar]:
    """At most five, open ones first; nothing but titles that somebody of the office let out. Two or three queries."""
    found = [
        Similar(
            title=each.title,
            place=each.region,
            url=reverse("public:matter", args=[each.number]),
            join=reverse("citizen:join", args=[each.number]),
            people=each.people,
            due=each.due_at,
        )
        for each in released.similar(text, region=region, most=MOST)
    ]
    if len(found) < MOST:
        found += [
            Similar(
                title=row.title,
                place=row.region.name,
                url=reverse("public:matter", args=[row.case.number]),
            )
            for row in publication.resembling(text, region=region, most=MOST - len(found))
        ]
    return found
