"""Masking: proposes, by rule alone, what to hide in a Chinese text before others read it.

Pure. It proposes phones, identity numbers, bank cards, e-mail, QQ and WeChat ids, licence plates, and names where
the text announces them; a person decides. Every pattern is linear in the length of the text.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Self

from huiyin.kernel.masking_names import announced_names


class Kind(StrEnum):
    """What was found."""

    EMAIL = "email"
    IDENTITY = "identity"
    BANK_CARD = "bank_card"
    PLATE = "plate"
    PHONE = "phone"
    ACCOUNT = "account"
    NAME = "name"


class Confidence(StrEnum):
    """Certain: its own check says so. Probable: it looks like one."""

    CERTAIN = "certain"
    PROBABLE = "probable"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) of the text, and what they seem to be."""

    start: int
    end: int
    kind: Kind
    confidence: Confidence


# What stands in the masked text. It is data, kept in the language of the text.
MARKS = {
    Kind.EMAIL: "〔邮箱〕",
    Kind.IDENTITY: "〔身份证号〕",
    Kind.BANK_CARD: "〔银行卡号〕",
    Kind.PLATE: "〔车牌号〕",
    Kind.PHONE: "〔电话〕",
    Kind.ACCOUNT: "〔账号〕",
    Kind.NAME: "〔姓名〕",
}
SURE = Confidence.CERTAIN
MAYBE = Confidence.PROBABLE


def propose(text: str) -> list[Span]:
    """What to hide, in the order of the text, without overlaps."""
    plain = _Plain.of(text)
    taken = bytearray(len(text))
    spans: list[Span] = []
    for find in _FINDERS:
        for span in find(plain):
            if not any(taken[span.start : span.end]):
                taken[span.start : span.end] = b"\x01" * (span.end - span.start)
                spans.append(span)
    return sorted(spans, key=lambda span: span.start)


def mask(text: str, spans: Iterable[Span] | None = None) -> str:
    """The text with each span (all that `propose` finds, if None) replaced by its mark such as 〔电话〕."""
    pieces: list[str] = []
    last = 0
    for span in propose(text) if spans is None else sorted(spans, key=lambda span: span.start):
        pieces += (text[last : span.start], MARKS[span.kind])
        last = max(last, span.end)
    return "".join([*pieces, text[last:]])


# ── One spelling, character for character, and the places worth a closer look ────────────────────────────

_HALF_WIDTH = "".join(map(chr, range(0xFF01))) + "".join(map(chr, range(0x21, 0x7F)))
_HALF_WIDTH = re.sub("[\u2010-\u2015\u2212]", "-", _HALF_WIDTH).replace("\u3000", " ")
_DIGITS = re.compile(r"[0-9](?:[ ().-]{0,2}[0-9]){4,}")
_BEFORE, _AFTER = 16, 16  # characters around digits that can announce them, belong to them, or deny them


class _Plain(NamedTuple):
    """A text in half-width letters, and where its digits are."""

    text: str
    stretches: list[tuple[int, int]]

    @classmethod
    def of(cls, text: str) -> Self:
        plain = text.translate(_HALF_WIDTH)
        return cls(plain, _near_digits(plain))


def _near_digits(text: str) -> list[tuple[int, int]]:
    """The stretches of a text that hold five digits or more: the costly patterns look only there."""
    stretches: list[tuple[int, int]] = []
    for match in _DIGITS.finditer(text):
        start, end = max(0, match.start() - _BEFORE), match.end() + _AFTER
        if stretches and start <= stretches[-1][1]:
            start = stretches.pop()[0]
        stretches.append((start, end))
    return stretches


def _matches(pattern: re.Pattern[str], plain: _Plain) -> Iterator[re.Match[str]]:
    """Every match of a pattern of digits."""
    for start, end in plain.stretches:
        yield from pattern.finditer(plain.text, start, end)


# ── Identity numbers (GB 11643) ──────────────────────────────────────────────────────────────────────────

_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx](?![\dA-Za-z])")
_OLD_IDENTITY = re.compile(r"(?<![\dA-Za-z])\d{15}(?![\dA-Za-z])")
_ANNOUNCED_IDENTITY = re.compile(
    r"(?:身份证|证件)(?:号码|号)?[ ]{0,3}(?:是|为|:)?[ ]{0,3}(\d{15,17}[\dXx]?)(?![\dA-Za-z])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _identities(plain: _Plain) -> Iterator[Span]:
    for match in _matches(_IDENTITY, plain):
        number = _compact(match[0]).upper()
        if _PROVINCE.match(number) and _is_day(number[6:14]):
            sure = SURE if "10X98765432"[_weighted(number) % 11] == number[17] else MAYBE
            yield Span(*match.span(), Kind.IDENTITY, sure)
    for match in _matches(_OLD_IDENTITY, plain):
        if _PROVINCE.match(match[0]) and _is_day("19" + match[0][6:12]):
            yield Span(*match.span(), Kind.IDENTITY, MAYBE)
    for match in _matches(_ANNOUNCED_IDENTITY, plain):
        yield Span(*match.span(1), Kind.IDENTITY, MAYBE)


def _weighted(number: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))


def _is_day(digits: str) -> bool:
    try:
        return 1880 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False


# ── Bank cards (ISO/IEC 7812, Luhn) ──────────────────────────────────────────────────────────────────────

_CARD = re.compile(r"(?<![\d.-])(?:\d{16,19}|\d{4}(?:[ -]\d{4}){3}(?:[ -]?\d{1,3})?)(?![\dA-Za-z]|\.\d)")
_ISSUED = re.compile(r"6[02]|4|5[0-8]|3[4-7]|9[4-9]|68|69")
_ANNOUNCED_CARD = re.compile(
    r"(?:卡号|银行卡|账号|账户|帐号|帐户|存折)(?:号码|号)?[ ]{0,3}(?:是|为|:)?[ ]{0,3}"
    r"(\d{12,19}|\d{4}(?:[ -]\d{4}){2,3}(?:[ -]?\d{1,3})?)(?![\dA-Za-z]|\.\d)"
)
_A_FILE_NUMBER = re.compile(
    r"(?:工单|单|编|案|文|受理|订单|运单|流水|登记|批)(?:号码|号)[ ]{0,3}(?:是|为|:)?[ ]{0,3}\Z"
)


def _cards(plain: _Plain) -> Iterator[Span]:
    for match in _matches(_CARD, plain):
        number = _compact(match[0])
        announced = _A_FILE_NUMBER.search(plain.text[max(0, match.start() - 16) : match.start()])
        if _ISSUED.match(number) and _luhn(number) and not announced:
            yield Span(*match.span(), Kind.BANK_CARD, SURE if number.startswith("62") else MAYBE)
    for match in _matches(_ANNOUNCED_CARD, plain):
        yield Span(*match.span(1), Kind.BANK_CARD, SURE if _luhn(_compact(match[1])) else MAYBE)


def _luhn(number: str) -> bool:
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2]]
    return (sum(doubled) + sum(int(digit) for digit in number[-1::-2])) % 10 == 0


# ── Phones ───────────────────────────────────────────────────────────────────────────────────────────────

_NO_AMOUNT = r"(?!\d|\.\d|[ ]?(?:元|万|亿|平方|㎡))"
_MOBILE = re.compile(
    r"(?<![\d.])(?:(?:\+|00)?86[ -]?)?"
    r"(?:1[3-9]\d[ .-]?\d{4}[ .-]?\d{4}|1[3-9]\d[ -]\d{3}[ -]\d{5}|1[3-9]\d{2}[ -]\d{3}[ -]\d{4})"
    + _NO_AMOUNT
)
_SPOKEN_DIGITS = str.maketrans("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
_SPOKEN = re.compile("[0-9〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]{11,}")
_SPOKEN_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_LANDLINE = re.compile(
    r"(?<![\d.])\(?0(?:10|2\d|[3-9]\d{2})[ )-]{0,2}[2-9]\d{2,3}[ -]?\d{4}"
    r"(?:[ ]?(?:-|转|分机|#|\*)[ ]?\d{1,6})?" + _NO_AMOUNT
)
_LOCAL_LINE = re.compile(
    r"(?:电话|座机|固话|热线|手机|号码|[Tt]el|TEL)(?:号码|号)?[ ]{0,3}(?:是|为|:)?[ ]{0,3}"
    r"([2-9]\d{2,3}[ -]?\d{4}(?:[ ]?(?:转|分机)[ ]?\d{1,6})?)" + _NO_AMOUNT
)


def _phones(plain: _Plain) -> Iterator[Span]:
    for match in _matches(_MOBILE, plain):
        yield Span(*match.span(), Kind.PHONE, SURE)
    for match in _matches(_LANDLINE, plain):
        yield Span(*match.span(), Kind.PHONE, SURE)
    for match in _matches(_LOCAL_LINE, plain):
        yield Span(*match.span(1), Kind.PHONE, MAYBE)
    for run in _SPOKEN.finditer(plain.text):
        if run[0].isascii():  # those were looked at above, and may be amounts
            continue
        for match in _SPOKEN_MOBILE.finditer(run[0].translate(_SPOKEN_DIGITS)):
            yield Span(run.start() + match.start(), run.start() + match.end(), Kind.PHONE, MAYBE)


# ── Accounts, addresses of e-mail, plates ────────────────────────────────────────────────────────────────

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}(?![A-Za-z0-9])"
)
_QQ = re.compile(
    r"(?i:(?<![a-z])qq|扣扣)(?:群|邮箱)?(?:号码|号)?[ ]{0,3}(?:是|为|:)?[ ]{0,3}([1-9]\d{4,11})(?!\d)"
)
_WECHAT = re.compile(
    r"(?i:微信|威信|薇信|v信|(?<![a-z])(?:vx|wx|wechat|weixin))(?:账号|帐号|号码|号)?[ ]{0,3}(?:同号|是|为|:)?[ ]{0,3}"
    r"([A-Za-z][A-Za-z0-9_-]{5,19}|\d{5,12})(?![A-Za-z0-9_-])"
)
_QQ_WORDS = ("qq", "扣扣")
_WECHAT_WORDS = ("微信", "威信", "薇信", "v信", "vx", "wx", "wechat", "weixin")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][ ·.-]?"
    r"(?=[A-Za-z]{0,5}\d)(?:[A-HJ-NP-Za-hj-np-z0-9]{4}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳领]|[A-HJ-NP-Za-hj-np-z0-9]{6})"
    r"(?![A-Za-z0-9])"
)


def _emails(plain: _Plain) -> Iterator[Span]:
    if "@" not in plain.text:
        return
    for match in _EMAIL.finditer(plain.text):
        yield Span(*match.span(), Kind.EMAIL, SURE)


def _accounts(plain: _Plain) -> Iterator[Span]:
    lowered = plain.text.lower()
    for pattern, words in ((_QQ, _QQ_WORDS), (_WECHAT, _WECHAT_WORDS)):
        if not any(word in lowered for word in words):
            continue
        for match in pattern.finditer(plain.text):
            yield Span(*match.span(1), Kind.ACCOUNT, SURE if not match[1].isalpha() else MAYBE)


def _plates(plain: _Plain) -> Iterator[Span]:
    for match in _PLATE.finditer(plain.text):
        digits = sum(letter.isdigit() for letter in match[0])
        yield Span(*match.span(), Kind.PLATE, SURE if digits >= 3 else MAYBE)


def _names(plain: _Plain) -> Iterator[Span]:
    for start, end, sure in announced_names(plain.text):
        yield Span(start, end, Kind.NAME, SURE if sure else MAYBE)


def _compact(number: str) -> str:
    return number.replace(" ", "").replace("-", "")


# The earlier finder keeps a place that two claim.
_FINDERS: tuple[Callable[[_Plain], Iterator[Span]], ...] = (
    _emails,
    _identities,
    _plates,
    _phones,
    _cards,
    _accounts,
    _names,
)
