"""The ways of the house on a phone: what does not fit into the bar waits under 更多, and nothing is lost."""

import re

import pytest
from django.urls import reverse

from huiyin.web.navigation import OFFICE

pytestmark = pytest.mark.django_db


def bar(client, address):
    """The main navigation: its entries in the bar, those hidden there on a phone, and those under 更多."""
    whole = client.get(reverse(address)).content.decode()
    nav = re.search(r'<nav class="nav nav--main".*?</nav>', whole, re.DOTALL).group()
    row, _, folded = nav.partition("<details")
    entries = re.findall(r'<a( class="nav__far")? href="([^"]+)"( aria-current="page")?', row)
    return entries, re.findall(r'<a class="menu__item" href="([^"]+)"( aria-current="page")?', folded)


def test_seven_ways_are_four_and_more_on_a_phone(cast, sign_in):
    client = sign_in(cast.supervisor)
    entries, folded = bar(client, "bulletins:list")
    assert len(entries) == len(OFFICE["supervisor"]) == 7
    assert [bool(far) for far, *_ in entries] == [False] * 4 + [True] * 3
    assert [url for url, _ in folded] == [url for _, url, _ in entries[4:]]
    here = reverse("bulletins:list")
    assert [url for url, current in folded if current] == [here]
    assert "nav__more--here" in client.get(here).content.decode(), "更多 is lit where the reader is"


def test_five_ways_all_stand_in_the_bar(cast, sign_in):
    entries, folded = bar(sign_in(cast.handler), "unit:orders")
    assert len(entries) == 5 and not any(far for far, *_ in entries) and folded == []
