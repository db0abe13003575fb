"""A walk over every page: what each says, for tests that hold two towns against each other.

The addresses are read from the url conf, so that a page added tomorrow is walked too.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any, ClassVar
from unittest import mock
from urllib.parse import parse_qs

from django.core.handlers.wsgi import WSGIRequest
from django.http import QueryDict
from django.template import Template
from django.test import Client
from django.test.utils import _TestState
from django.urls import URLPattern, URLResolver, get_resolver

from huiyin.cases.models import Case
from huiyin.web.acts.registry import FORMS
from tests.cast import Cast

TOKENS = re.compile(r'(?:name="(?:csrfmiddlewaretoken|key|once)" value="|nonce[-=]"?)[\w+/=-]+')
EVERYTHING = "*"
TAB = re.compile(r"[?&;]tab=([\w-]+)")


# -- every address -------------------------------------------------------------------------------------------
def patterns(found: Any = None, before: str = "", spaces: str = "") -> Iterator[tuple[str, str]]:
    """(name, route) of every address of the url conf, named as `reverse` knows it."""
    for each in (found or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{spaces}{each.namespace}:" if each.namespace else spaces
            yield from patterns(each, route, inner)
        elif isinstance(each, URLPattern):
            yield spaces + (each.name or ""), route


def filled(route: str, number: str) -> Iterator[str]:
    """The addresses of a route: with this number, every act, every kind, and the first keys there are."""
    values = {"number": [number], "name": sorted(FORMS), "act": ["add", "rate", "reopen", "withdraw"]}
    keys = re.findall(r"<(?:\w+:)?(\w+)>", route)
    for chosen in product(*(values.get(key, ["1"]) for key in keys)):
        address = route
        for key, value in zip(keys, chosen, strict=True):
            address = re.sub(rf"<(?:\w+:)?{key}>", value, address, count=1)
        yield "/" + address


def narrowed(cast: Cast) -> list[str]:
    """Every filter of the lists as it stands in an address, and a tab that no list has; its own ones a page names."""
    natures = [f"tab=all&nature={nature}" for nature in (Case.Nature.REPORT, Case.Nature.APPEAL)]
    units = [f"tab=open&unit={unit.code}" for unit in (cast.chengguan, cast.zhujian)]
    rest = [
        "tab=all&urgency=normal",
        "tab=all&region=tingfeng",
        "late=on",
        "tab=all&after=9~9",
        "after=99999999",
    ]
    asked = ["q=收受礼品", "q=执法队员&order=best", "q=夜间噪声", "q=城管局", "q=听风县&nature=report"]
    return [
        "tab=neither-this-nor-that",
        *natures,
        *units,
        *rest,
        *asked,
        "month=2026-11",
        "period=2026-11&measure=on_time",
        "period=2026-11&figure=answered",
        "period=2026",
    ]


# -- what a page reads of its address ------------------------------------------------------------------------
class Question(QueryDict):
    """The part of an address behind the question mark, which tells what of it is read."""

    names: ClassVar[set[str]] = set()
    open = False  # while it is made and copied nobody reads

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.open = True

    def __deepcopy__(self, memo: dict[int, Any]) -> "Question":
        copy = type(self)("", mutable=True, encoding=self.encoding)
        copy.open = False
        for key, values in dict.items(self):
            copy.setlist(key, list(values))
        copy.open = True
        return copy

    def told(self, name: str) -> None:
        if self.open:
            self.names.add(name)

    def __getitem__(self, key: str) -> Any:
        self.told(key)
        return super().__getitem__(key)

    def _getlist(self, key: str, *args: Any, **options: Any) -> Any:
        self.told(key)
        return super()._getlist(key, *args, **options)

    def __contains__(self, key: object) -> bool:
        self.told(str(key))
        return super().__contains__(key)

    def __iter__(self) -> Iterator[Any]:
        self.told(EVERYTHING)
        return super().__iter__()

    def items(self) -> Any:
        self.told(EVERYTHING)
        return super().items()

    def lists(self) -> Any:
        self.told(EVERYTHING)
        return super().lists()

    def urlencode(self, safe: str | None = None) -> str:
        """Repeats the question in a link and learns nothing from it."""
        self.open, before = False, self.open
        try:
            return super().urlencode(safe)
        finally:
            self.open = before


@contextmanager
def listened() -> Iterator[set[str]]:
    """The names that pages read meanwhile. What Django records of templates for its own tests is left out: it costs."""

    def asked(request: WSGIRequest) -> Question:
        return Question(request.META.get("QUERY_STRING", ""), encoding=request.encoding)

    plain = _TestState.saved_data.template_render
    names: set[str] = set()
    with (
        mock.patch.object(WSGIRequest, "GET", property(asked)),
        mock.patch.object(Template, "_render", plain),
        mock.patch.object(Question, "names", names),
    ):
        yield names


# -- what they say -------------------------------------------------------------------------------------------
Said = tuple[int, str, str]


def without_tokens(answer: Any) -> Said:
    """What an answer says, but for what is drawn anew for each page."""
    body = b"".join(answer) if answer.streaming else answer.content
    return (
        answer.status_code,
        TOKENS.sub("", body.decode(errors="replace")),
        answer.headers.get("Location", ""),
    )


def answers(client: Client, path: str, questions: Iterable[str] = ()) -> dict[str, Said]:
    """What a page says, alone, under each of its tabs, and with each of the questions of which it reads a name.

    A page cannot answer by a name that it does not read, so it is not asked: of nine hundred addresses two hundred
    are left. Its tabs stand on it, each as a link. One that is shut is asked nothing.
    """
    with listened() as names:
        found = {path: without_tokens(client.get(path))}
        tabs = dict.fromkeys(f"tab={name}" for name in TAB.findall(found[path][1]))
        waiting = list(dict.fromkeys([*tabs, *questions])) if found[path][0] == 200 else []
        while meant := [each for each in waiting if EVERYTHING in names or names & parse_qs(each).keys()]:
            found |= {f"{path}?{each}": without_tokens(client.get(f"{path}?{each}")) for each in meant}
            waiting = [each for each in waiting if each not in meant]
    return found


def of_number(client: Client, number: str) -> dict[str, Said]:
    """Every page and every act that has a case in its address, asked about this number, its own name taken out."""
    found = {}
    routes = [route for name, route in patterns() if "<str:number>" in route and name != "desk:receipt"]
    addresses = [address for route in routes for address in filled(route, number)]
    with listened():
        for address, verb in product(addresses, (client.get, client.post)):
            code, body, to = without_tokens(verb(address))
            key = f"{verb.__name__} {address.replace(number, 'N')}"
            found[key] = (code, body.replace(number, "N"), to.replace(number, "N"))
    found["find"] = without_tokens(client.post("/work/desk/find/", {"q": number}))
    found["find"] = tuple(str(each).replace(number, "N") for each in found["find"])
    return found
