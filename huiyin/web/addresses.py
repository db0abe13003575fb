"""Addresses that stand in every row of a list."""

from functools import cache
from urllib.parse import quote

from django.urls import get_script_prefix, reverse

A_NUMBER = "0-0"  # in an address that is made once, where a case's number will stand


def page_of(name: str, number: str) -> str:
    """`reverse` for an address with a case's number in it, which every row of a list has: a tenth of its time."""
    return _pattern(name, get_script_prefix()).replace(A_NUMBER, quote(number))


@cache
def _pattern(name: str, prefix: str) -> str:
    """The address with a number that stands for all; of this installation, which may not be at the top of its host."""
    return reverse(name, args=[A_NUMBER])
