"""Finding a person in a text that others are to read: by their own particulars, not by guesses."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _

from huiyin.kernel import masking
from huiyin.kernel.spelling import is_chinese
from huiyin.organisation.models import Unit
from huiyin.organisation.remembering import remembered

Particulars = Mapping[str, str]  # name, phone, address, email; what was not given is ""

NAME_MARK, ADDRESS_MARK = masking.MARKS[masking.Kind.NAME], "〔住址〕"
PHONE_MARK, EMAIL_MARK = masking.MARKS[masking.Kind.PHONE], masking.MARKS[masking.Kind.EMAIL]
SHORTEST_ADDRESS = 4
_SPOKEN_DIGITS = str.maketrans("〇零一幺二两三四五六七八九", "0011223456789")
_PAUSE = r"[\s\-().·_]"
_BETWEEN_DIGITS = re.compile(rf"(?<=\d){_PAUSE}+(?=\d)")
_WORDLESS = re.compile(r"[\W_]+")
# The ending of the last place that a whole town shares; what follows is somebody's door.
_SHARED = re.compile(r".*(?:省|市|县|区|旗|街道|镇|乡|社区|村)")
_TWO_NUMBERS = re.compile(r"\d+\D{1,3}\d+$")


def masked(text: str) -> str:
    """The text with numbers and announced names masked by rule, but for the telephones of public offices."""
    known = _public_numbers()
    spans = masking.propose(text)
    return masking.mask(text, [span for span in spans if _digits(text[span.start : span.end]) not in known])


def without(text: str, people: Iterable[Particulars]) -> str:
    """The text with all of the people's particulars that `still_named` finds replaced by marks such as 〔姓名〕."""
    for person in people:
        if not still_named(text, [person]):
            continue
        for pattern, mark in _patterns(person):
            text = _replaced(text, pattern, mark)
    return text


def others_only(people: Iterable[Particulars], own: Particulars) -> list[Particulars]:
    """The people's particulars without those that they share with the reader: a house, a telephone, a name."""
    kept = {field: _squeezed(word) for field, word in own.items()}
    return [
        {field: "" if _squeezed(word) == kept[field] else word for field, word in person.items()}
        for person in people
    ]


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
    if is_chinese(sought):
        return sought in squeezed
    return re.search(rf"\b{re.escape(name.casefold())}\b", plain) is not None


def _patterns(person: Particulars) -> Iterator[tuple[str, str]]:
    """What to look for in a text of one spelling, the longer first, and the mark that takes its place."""
    if person["email"]:
        yield re.escape(person["email"]), EMAIL_MARK
    for place in sorted(_doors(person["address"]), key=len, reverse=True):
        yield r"[\W_]*".join(map(re.escape, place)), ADDRESS_MARK
    for number in _numbers(person["phone"]):
        yield rf"{_PAUSE}*".join(map(_spoken, number)), PHONE_MARK
    name = _squeezed(person["name"])
    if is_chinese(name) and len(name) > 1:
        yield r"[\W_]*".join(map(re.escape, name)), NAME_MARK
    elif len(name) > 1:
        yield rf"\b{re.escape(person['name'])}\b", NAME_MARK


def _spoken(digit: str) -> str:
    """A digit and the characters that are read as it."""
    said = (chr(letter) for letter, as_digit in _SPOKEN_DIGITS.items() if as_digit == ord(digit))
    return f"[{digit}{''.join(said)}]"


def _replaced(text: str, pattern: str, mark: str) -> str:
    """The text with the mark in place of every match; all that was not matched stays as it was spelled."""
    pieces: list[str] = []
    last = 0
    for match in re.finditer(pattern, _one_spelling(text), re.IGNORECASE):
        pieces += (text[last : match.start()], mark)
        last = match.end()
    return "".join([*pieces, text[last:]])


def _one_spelling(text: str) -> str:
    """The text in ordinary letters, character for character, so that places in both are the same."""
    plain = (unicodedata.normalize("NFKC", letter) for letter in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(plain, text, strict=True))


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
