"""The fonts on paper: those of the office's own folder first, then the two that come with the program (OFL).

GB/T 9704-2012 asks for 仿宋 and 小标宋, which no free font is; an office that has a licence puts them into HUIYIN_FONTS.
"""

import struct
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from huiyin.kernel.refusals import Refused

OWN_SERIF = ("FangSong", "FangSong_GB2312", "仿宋", "仿宋_GB2312", "FZFangSong-Z02", "STFangsong")
OWN_SANS = ("SimHei", "黑体", "FZHei-B01")
OWN_TITLE = ("FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05S", "方正小标宋简体")
SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
MISSING = "〓"  # 〓: what printers set for a letter that they have not


def folders() -> list[str]:
    """Where the fonts lie. Raises Refused where there are none."""
    return [*([str(settings.HUIYIN_FONTS)] if settings.HUIYIN_FONTS.is_dir() else []), str(_shipped())]


def _shipped() -> Path:
    try:
        import pylopdf_fonts_zh_cn as shipped  # 20 MB, wanted by nothing else
    except ImportError as missing:
        raise Refused(
            _("缺少排版用的字体，不能生成 PDF。请管理员运行 make setup。"), code="no_fonts"
        ) from missing
    return Path(shipped.serif_path()).parent


@lru_cache(maxsize=1)
def letters() -> frozenset[int]:
    """The letters that the shipped serif font has."""
    return frozenset(_covered((_shipped() / "NotoSerifSC-Regular.otf").read_bytes()))


def printable(text: str) -> str:
    """The text with 〓 for each letter that no font has: PDF/UA allows no empty box (ISO 14289-1, 7.21.4)."""
    known = letters()
    return "".join(letter if letter == "\n" or ord(letter) in known else MISSING for letter in text)


def _covered(font: bytes) -> set[int]:
    """The code points of a font's table of characters, formats 4 and 12 (OpenType 1.9, cmap)."""
    tables = {
        font[at : at + 4]: struct.unpack(">II", font[at + 8 : at + 16])
        for at in range(12, 12 + 16 * struct.unpack(">H", font[4:6])[0], 16)
    }
    start, length = tables[b"cmap"]
    table = font[start : start + length]
    found: set[int] = set()
    for at in range(4, 4 + 8 * struct.unpack(">H", table[2:4])[0], 8):
        begin = struct.unpack(">I", table[at + 4 : at + 8])[0]
        kind = struct.unpack(">H", table[begin : begin + 2])[0]
        if kind == 12:
            groups = struct.unpack(">I", table[begin + 12 : begin + 16])[0]
            for row in range(begin + 16, begin + 16 + 12 * groups, 12):
                first, last, _glyph = struct.unpack(">III", table[row : row + 12])
                found.update(range(first, last + 1))
    return found
