"""What a cheap phone on a slow line has to fetch before somebody can read and write: compressed, in all."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache

from huiyin.web.tests.citizens import hand_in

pytestmark = pytest.mark.django_db
MOST = 120_000  # octets
STATIC = re.compile(r'(?:src|href)="/static/([^"#]+)')


@pytest.fixture(autouse=True)
def nothing_cached():
    cache.clear()


def weight(client, address) -> dict[str, int]:
    """The compressed octets of a page and of every file that it names."""
    page = client.get(address)
    assert page.status_code == 200
    found = {address: len(gzip.compress(page.content, 6))}
    for name in sorted(set(STATIC.findall(page.content.decode()))):
        with open(finders.find(plain(name)), "rb") as file:
            found[name] = len(gzip.compress(file.read(), 6))
    return found


def plain(name: str) -> str:
    """The file's name without the fingerprint that a build gives it."""
    return re.sub(r"\.[0-9a-f]{12}(\.\w+)$", r"\1", name)


@pytest.mark.parametrize("address", ["/", "/new/", "/follow/", "/mine/", "/public/"])
def test_a_page_weighs_little_enough(client, cast, address):
    found = weight(client, address)
    assert "huiyin.css" in map(plain, found) and "huiyin.js" in map(plain, found)
    assert sum(found.values()) <= MOST, found


def test_the_progress_page_weighs_little_enough(cast):
    visitor = hand_in()
    assert sum(weight(visitor.client, visitor.page).values()) <= MOST
