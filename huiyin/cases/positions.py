"""Takes out of photos and recordings the place where they were made; pure, and without decoding a picture.

Phones write it as a GPS directory in EXIF, as XMP, or as an ISO 6709 text. What turns a picture the right
way round stays. Sources: CIPA DC-008 (Exif 2.32) 4.6.6; ISO 15948 (PNG); RFC 9649 (WebP); ISO 6709.
"""

import re
import struct
from collections.abc import Iterator

TIFF = re.compile(rb"II\x2a\x00|MM\x00\x2a")
XMP_BEGINS, XMP_ENDS = b"<x:xmpmeta", b"</x:xmpmeta>"
MOST_TIFF = 64  # a picture has one or two; a file of thousands is made to keep the program busy
ISO_6709 = re.compile(rb"[+-]\d{2,4}\.\d{2,8}[+-]\d{3,5}\.\d{2,8}(?:[+-]\d{1,5}(?:\.\d{1,8})?)?/")
GPS_POINTER = 0x8825
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
JPEG_DROPPED = (
    b"http://ns.adobe.com/xap/1.0/\x00",
    b"http://ns.adobe.com/xmp/extension/\x00",
    b"Photoshop 3.0\x00",
)
VP8X_BYTES = 10  # RFC 9649, 2.7
PNG_DROPPED = (b"eXIf", b"tEXt", b"zTXt", b"iTXt")


class Damaged(ValueError):
    """The file is not built as its kind must be."""


def without_position(kind: str, content: bytes) -> bytes:
    """The same file without the place where it was made; other kinds come back as they are. Raises Damaged."""
    if kind == "jpg":
        return _blanked(_jpeg_without(content))
    if kind == "png":
        return _png_without(content)
    if kind == "webp":
        return _webp_without(content)
    if kind == "heic":
        return _blanked(content)
    if kind in ("mp4", "m4a"):
        return ISO_6709.sub(lambda found: re.sub(rb"\d", b"0", found[0]), _blanked(content))
    return content


def _blanked(content: bytes) -> bytes:
    """Every GPS directory and XMP packet overwritten in place, so that nothing else moves."""
    edited = bytearray(content)
    begun = content.find(XMP_BEGINS)
    while begun >= 0 and (ended := content.find(XMP_ENDS, begun)) >= 0:
        ended += len(XMP_ENDS)
        edited[begun:ended] = b" " * (ended - begun)
        begun = content.find(XMP_BEGINS, ended)
    for number, found in enumerate(TIFF.finditer(content)):
        if number == MOST_TIFF:
            raise Damaged("more TIFF structures than any picture has")
        _blank_gps(edited, found.start())
    return bytes(edited)


def _blank_gps(file: bytearray, tiff: int) -> None:
    """Take the GPS directory out of the TIFF structure that begins here, if one really does."""
    order = "<" if file[tiff : tiff + 2] == b"II" else ">"
    try:
        first = tiff + struct.unpack_from(order + "I", file, tiff + 4)[0]
        (count,) = struct.unpack_from(order + "H", file, first)
        for index in range(count):
            entry = first + 2 + 12 * index
            tag, form, _length, value = struct.unpack_from(order + "HHII", file, entry)
            if form not in SIZES:
                return
            if tag == GPS_POINTER:
                _zero_directory(file, tiff, tiff + value, order)
                end = first + 2 + 12 * count + 4
                file[entry:end] = file[entry + 12 : end] + bytes(12)
                struct.pack_into(order + "H", file, first, count - 1)
                return
    except struct.error:
        return


def _zero_directory(file: bytearray, tiff: int, at: int, order: str) -> None:
    (count,) = struct.unpack_from(order + "H", file, at)
    if at + 2 + 12 * count > len(file):
        raise struct.error
    for index in range(count):
        _tag, form, length, value = struct.unpack_from(order + "HHII", file, at + 2 + 12 * index)
        size = SIZES.get(form, 1) * length
        if size > 4 and tiff + value + size <= len(file):
            file[tiff + value : tiff + value + size] = bytes(size)
    end = min(at + 2 + 12 * count, len(file))
    file[at:end] = bytes(end - at)


def _jpeg_without(content: bytes) -> bytes:
    kept, at = [content[:2]], 2
    while content[at : at + 2] != b"\xff\xda":  # the picture itself begins
        if len(content) < at + 4 or content[at] != 0xFF:
            raise Damaged("a segment is missing")
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        length = (
            0 if marker == 0x01 or 0xD0 <= marker <= 0xD8 else int.from_bytes(content[at + 2 : at + 4], "big")
        )
        segment = content[at : at + 2 + length]
        if marker not in (0xE1, 0xED) or not segment[4:].startswith(JPEG_DROPPED):
            kept.append(segment)
        at += 2 + length
    return b"".join(kept) + content[at:]


def _png_without(content: bytes) -> bytes:
    kept = [content[:8]]
    for name, chunk in _png_chunks(content):
        if name not in PNG_DROPPED:
            kept.append(chunk)
    return b"".join(kept)


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, name = 8, b""
    while name != b"IEND":  # what follows the end is no part of the picture
        name = content[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        if len(name) < 4 or end > len(content):
            raise Damaged("a chunk is missing")
        yield name, content[at:end]
        at = end


def _webp_without(content: bytes) -> bytes:
    kept, at = [], 12
    while at + 8 <= len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if at + 8 + size > len(content):
            raise Damaged("a chunk is missing")
        chunk = bytearray(content[at:end])
        if name == b"VP8X":
            if size < VP8X_BYTES:
                raise Damaged("a chunk is too short")
            chunk[8] &= 0b11110011  # neither EXIF nor XMP is in it any more
        if name not in (b"EXIF", b"XMP "):
            kept.append(bytes(chunk))
        at = end
    body = b"".join(kept)
    return b"RIFF" + (4 + len(body)).to_bytes(4, "little") + b"WEBP" + body
