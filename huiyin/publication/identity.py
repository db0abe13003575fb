"""Finding the petitioner in a text that the public is to read: by their own particulars, not by guesses."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _

from huiyin.kernel import masking
from huiyin.organisation.models import Unit
from huiyin.organisation.remembering import remembered

Particulars = Mapping[str, str]  # name, phone, address, email; what was not given is ""

NAME_MARK, ADDRESS_MARK = "〔姓名〕", "〔住址〕"
SHORTEST_ADDRESS = 4
_SPOKEN_DIGITS = str.maketrans("〇零一幺二两三四五六七八九", "0011223456789")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-().·_]+(?=\d)")
_WORDLESS = re.compile(r"[\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
# The ending of the last place that a whole town shares; what follows is somebody's door.
_SHARED = re.compile(r".*(?:省|市|县|区|旗|街道|镇|乡|社区|村)")
_TWO_NUMBERS = re.compile(r"\d+\D{1,3}\d+$")


def masked(text: str) -> str:
    """The text with numbers and announced names masked by rule, but for the telephones of public offices."""
    known = _public_numbers()
    spans = masking.propose(text)
    return masking.mask(text, [span for span in spans if _digits(text[span.start : span.end]) not in known])


def without(text: str, people: Iterable[Particulars]) -> str:
    """The text with the people's names and addresses replaced where they stand letter for letter."""
    for person in people:
        for word, mark in ((person["address"], ADDRESS_MARK), (person["name"], NAME_MARK)):
            if len(word) > 1:
                text = text.replace(word, mark)
    return text


def still_named(text: str, people: Iterable[Particulars]) -> list[str]:
    """Which particulars still stand in the text, however spaced or spelled, in the reader's words."""
    squeezed, digits = _squeezed(text), _digits_in(text)
    plain = unicodedata.normalize("NFKC", text).casefold()
    found: dict[str, None] = {}
    for person in people:
        if _names(person["name"], squeezed, plain):
            found[_("姓名")] = None
        if any(number in digits for number in _numbers(person["phone"])):
            found[_("电话")] = None
        if any(place in squeezed for place in _doors(person["address"])):
            found[_("住址")] = None
        if person["email"] and person["email"].casefold() in plain:
            found[_("邮箱")] = None
    return list(found)


def _names(name: str, squeezed: str, plain: str) -> bool:
    """A Chinese name anywhere, a Latin one as words of its own ("Li" stands in many words)."""
    sought = _squeezed(name)
    if len(sought) < 2:
        return False
    if _HAN.search(sought):
        return sought in squeezed
    return re.search(rf"\b{re.escape(name.casefold())}\b", plain) is not None


def _numbers(phone: str) -> Iterator[str]:
    """The digits of a stored number ("+8613800000001;ext=2") without country code and extension."""
    number = phone.partition(";")[0].removeprefix("+86").removeprefix("+")
    if len(number) >= 7:
        yield number


def _doors(address: str) -> Iterator[str]:
    """The whole address, what is left without the shared places, and its last two numbers."""
    whole = _squeezed(address)
    if len(whole) < SHORTEST_ADDRESS:
        return
    yield whole
    own = _SHARED.sub("", whole)
    if len(own) >= SHORTEST_ADDRESS and any(letter.isdigit() for letter in own):
        yield own
    door = _TWO_NUMBERS.search(whole.rstrip("室号户门"))
    if door:
        yield door[0]


def _squeezed(text: str) -> str:
    return _WORDLESS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _digits_in(text: str) -> str:
    """The text with its digits in one spelling and drawn together: 138-0000 0001, 一三八〇…"""
    plain = unicodedata.normalize("NFKC", text).translate(_SPOKEN_DIGITS)
    return _BETWEEN_DIGITS.sub("", plain)


def _digits(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text) if letter.isdigit())


@remembered
def _public_numbers() -> frozenset[str]:
    """The digits of every unit's published telephone."""
    phones = Unit.objects.exclude(phone="").values_list("phone", flat=True)
    return frozenset(filter(None, map(_digits, phones)))
