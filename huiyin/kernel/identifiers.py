"""Numbers and codes that people read aloud: case numbers, query codes, phone numbers."""

import re
import secrets
import unicodedata

import phonenumbers
from django.utils.translation import gettext_lazy as _

from huiyin.kernel.refusals import Refused
from huiyin.kernel.sealing import keyed_digest

CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 letters: no 0, O, 1, I
CODE_LENGTH = 8
HOME_REGION = "CN"
LONGEST_PHONE = 40
RANDOM_PARTS = 10**9  # of case numbers, in a year
_DIGITS_IN_NUMBER = 12
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−_.·]+")
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
_UNREAL = re.compile(r"[^\d+()/\-‐‑‒–—―−_.·\s;,x#*a-z转分机]", re.IGNORECASE)


def case_number(year: int) -> str:
    """A new number such as 2648-3917-5062: two digits of the year, nine random, one check digit.

    Random, so that two numbers do not tell how many lie between them; the caller's unique column decides
    the rare clash, and draws again. Check digit: ISO 7064 MOD 11,10.
    """
    return case_number_of(year, secrets.randbelow(RANDOM_PARTS))


def case_number_of(year: int, part: int) -> str:
    """The number with this part (0 to 10^9-1), which the caller has drawn."""
    digits = f"{year % 100:02d}{part:09d}"
    return _grouped(digits + check_digit(digits))


def check_case_number(text: str) -> str:
    """Bring a case number as typed to its one spelling; raises Refused when it cannot be right.

    Full-width digits, spaces, and missing or odd dashes are all accepted.
    """
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"[0-9]+", digits) or len(digits) != _DIGITS_IN_NUMBER:
        raise Refused(
            _("编号应为 12 位数字，例如 2648-3917-5062。请对照回执再输一次。"), code="case_number_form"
        )
    if check_digit(digits[:-1]) != digits[-1]:
        raise Refused(_("这个编号不对，可能输错了一位。请对照回执再输一次。"), code="case_number_check")
    return _grouped(digits)


def check_digit(digits: str) -> str:
    """The ISO 7064 MOD 11,10 check digit of a string of ASCII digits."""
    check = 10
    for digit in digits:
        check = ((check + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - check) % 10)


def query_code() -> str:
    """A new code such as K7QM-3XRD, 40 random bits, with which a party finds their case again."""
    letters = "".join(secrets.choice(CODE_ALPHABET) for _index in range(CODE_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def query_code_from(seed: str) -> str:
    """The code that belongs to a seed (a form's idempotency key): sent twice, it shows the same one.

    Keyed: whoever knows the seed but not the index key cannot tell the code.
    """
    bits = int.from_bytes(keyed_digest("query_code_seed", seed)[:5], "big")
    letters = "".join(CODE_ALPHABET[(bits >> 5 * place) % 32] for place in range(CODE_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def normalise_code(text: str) -> str:
    """Bring a query code as typed to its one spelling; raises Refused when it cannot be one.

    Case, width, spaces and dashes do not matter; 1 and I, which no code contains, are read as L.
    """
    letters = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    letters = letters.replace("1", "L").replace("I", "L")
    if len(letters) != CODE_LENGTH or any(letter not in CODE_ALPHABET for letter in letters):
        raise Refused(
            _("查询码是 8 位字母和数字，例如 K7QM-3XRD，里面没有 0 和 O。请对照回执再输一次。"),
            code="query_code_form",
        )
    return f"{letters[:4]}-{letters[4:]}"


def code_hash(code: str) -> bytes:
    """The keyed digest (32 bytes) by which a query code is stored; raises Refused on a malformed code."""
    return keyed_digest("query_code", normalise_code(code))


def normal_phone(text: str) -> str:
    """One spelling (E.164, with ";ext=" for an extension) for a phone number as people write it.

    Chinese numbers need no country code; landlines need their area code. Raises Refused otherwise.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    mobile = _MOBILE.fullmatch(_SEPARATORS.sub("", plain))
    if mobile:
        return f"+86{mobile[1]}"
    if len(plain) > LONGEST_PHONE or _UNREAL.search(plain):
        raise _not_a_phone()
    return _parsed_phone(re.sub(r"[转分机#*]+", " ext. ", plain, count=1))


def _parsed_phone(plain: str) -> str:
    try:
        number = phonenumbers.parse(plain, HOME_REGION)
    except phonenumbers.NumberParseException:
        raise _not_a_phone() from None
    if not phonenumbers.is_valid_number(number):
        raise _not_a_phone()
    spelled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{spelled};ext={number.extension}" if number.extension else spelled


def _not_a_phone() -> Refused:
    return Refused(
        _("这不像一个电话号码。请填 11 位手机号，或带区号的座机号，例如 0571-88880000。"), code="phone_form"
    )


def _grouped(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"
