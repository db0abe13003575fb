"""The place where a photo was made is taken out, and the photo stays a photo."""

import struct
import zlib
from contextlib import suppress

import pytest

from huiyin.cases.positions import Damaged, without_position

LATITUDE = struct.pack("<IIIIII", 26, 1, 31, 1, 4711, 100)


def tiff(order="<") -> bytes:
    """An EXIF block with an orientation, a GPS directory and a camera's name, as a phone writes it."""
    mark = b"II\x2a\x00" if order == "<" else b"MM\x00\x2a"
    first, gps, values = 8, 8 + 2 + 3 * 12 + 4, 8 + 2 + 3 * 12 + 4 + 2 + 2 * 12 + 4
    entries = struct.pack(order + "HHIHH", 0x0112, 3, 1, 6, 0)
    entries += struct.pack(order + "HHI4s", 0x0132, 2, 4, b"abc\x00")
    entries += struct.pack(order + "HHII", 0x8825, 4, 1, gps)
    head = mark + struct.pack(order + "I", first) + struct.pack(order + "H", 3) + entries + bytes(4)
    directory = struct.pack(order + "H", 2) + struct.pack(order + "HHI4s", 1, 2, 2, b"N\x00\x00\x00")
    directory += struct.pack(order + "HHII", 2, 5, 3, values) + bytes(4)
    return head + directory + LATITUDE


def jpeg(exif=b"", xmp=b"") -> bytes:
    def segment(marker, body):
        return b"\xff" + bytes([marker]) + (len(body) + 2).to_bytes(2, "big") + body

    parts = [segment(0xE0, b"JFIF\x00" + bytes(9))]
    parts += [segment(0xE1, b"Exif\x00\x00" + exif)] if exif else []
    parts += [segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + xmp)] if xmp else []
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xda\x00\x02" + b"picture" + b"\xff\xd9"


def chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + name + body + zlib.crc32(name + body).to_bytes(4, "big")


def png(*extra: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + data + chunk(b"IEND", b"")


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_jpeg_keeps_its_orientation_and_loses_its_place(order):
    before = jpeg(exif=tiff(order))
    after = without_position("jpg", before)
    assert len(after) == len(before) and b"\x88\x25" not in after and b"\x25\x88" not in after
    assert struct.pack(order + "HHIHH", 0x0112, 3, 1, 6, 0) in after and b"abc\x00" in after
    assert LATITUDE in before and LATITUDE not in after


def test_a_jpegs_xmp_is_left_out():
    after = without_position("jpg", jpeg(xmp=b"<x:xmpmeta>GPSLatitude</x:xmpmeta>"))
    assert after == jpeg()


def test_a_second_picture_inside_a_jpeg_loses_its_place_too():
    after = without_position("jpg", jpeg() + jpeg(exif=tiff()))
    assert LATITUDE not in after and after.startswith(jpeg())


def test_a_png_keeps_the_picture_and_loses_everything_said_about_it():
    said = [chunk(b"eXIf", tiff()), chunk(b"iTXt", b"XML:com.adobe.xmp"), chunk(b"tEXt", b"Comment\x00home")]
    assert without_position("png", png(*said) + b"appended") == png()


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(n + len(b).to_bytes(4, "little") + b + bytes(len(b) % 2) for n, b in chunks)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def test_a_webp_loses_both_and_says_so_in_its_flags():
    flags, picture = b"\x0c" + bytes(9), (b"VP8 ", b"picture")
    after = without_position("webp", riff((b"VP8X", flags), picture, (b"EXIF", tiff()), (b"XMP ", b"x")))
    assert after == riff((b"VP8X", bytes(10)), picture)


def test_a_heic_is_blanked_in_place():
    before = b"\x00\x00\x00\x18ftypheic" + bytes(12) + b"Exif\x00\x00" + tiff(">") + b"picture"
    after = without_position("heic", before)
    assert len(after) == len(before) and LATITUDE not in after and after.endswith(b"picture")


@pytest.mark.parametrize("kind", ["mp4", "m4a"])
def test_a_recording_forgets_its_coordinates(kind):
    before = b"\x00\x00\x00\x18ftypisom\xa9xyz\x00\x12\x15\xc7+26.5171+106.7213/sound"
    assert b"+00.0000+000.0000/sound" in without_position(kind, before)


def test_other_kinds_come_back_as_they_are():
    assert without_position("txt", b"+26.5171+106.7213/") == b"+26.5171+106.7213/"


@pytest.mark.parametrize(
    ("kind", "broken"),
    [("jpg", jpeg()[:9]), ("jpg", b"\xff\xd8\xff"), ("png", png()[:40]), ("png", b"\x89PNG\r\n\x1a\n"),
     ("webp", b"RIFF\xff\x00\x00\x00WEBPVP8 \xff\x00\x00\x00abc"),
     ("webp", b"RIFF\x0c\x00\x00\x00WEBPVP8X\x00\x00\x00\x00")],
)  # fmt: skip
def test_a_torn_file_is_told_as_such(kind, broken):
    with pytest.raises(Damaged):
        without_position(kind, broken)


WHOLE = {
    "jpg": jpeg(exif=tiff(), xmp=b"<x:xmpmeta>GPSLatitude</x:xmpmeta>"),
    "png": png(chunk(b"eXIf", tiff())),
    "webp": riff((b"VP8X", b"\x0c" + bytes(9)), (b"VP8 ", b"picture"), (b"EXIF", tiff()), (b"XMP ", b"x")),
    "heic": b"\x00\x00\x00\x18ftypheic" + bytes(12) + b"Exif\x00\x00" + tiff(">") + b"picture",
    "mp4": b"\x00\x00\x00\x18ftypisom\xa9xyz\x00\x12\x15\xc7+26.5171+106.7213/" + tiff() + b"sound",
}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_that_ends_anywhere_is_taken_or_told_as_damaged(kind):
    for cut in range(len(WHOLE[kind])):
        with suppress(Damaged):
            without_position(kind, WHOLE[kind][:cut])


@pytest.mark.parametrize("cut", range(0, len(tiff()), 3))
def test_a_torn_exif_block_harms_nothing(cut):
    assert len(without_position("heic", tiff()[:cut])) == cut


def test_a_file_made_to_keep_the_program_busy_is_refused():
    with pytest.raises(Damaged):
        without_position("mp4", b"II\x2a\x00" * 1000)


def test_an_unclosed_packet_is_passed_over_in_one_go():
    content = b"<x:xmpmeta " * 1000
    assert without_position("mp4", content) == content


def without_gps(order: str) -> bytes:
    """The block of `tiff` as it has to be afterwards: the other entries moved up, directory and values all zero."""
    block = bytearray(tiff(order))
    struct.pack_into(order + "H", block, 8, 2)
    return bytes(block[: 10 + 2 * 12]) + bytes(len(block) - 10 - 2 * 12)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("before", "after"), [(b"", b""), (b"head", b"tail" * 9)])
def test_of_an_exif_block_the_place_alone_is_taken_to_the_last_byte(order, before, after):
    content = before + tiff(order) + after
    assert without_position("heic", content) == before + without_gps(order) + after


def test_an_entry_after_the_place_moves_up_whole(order="<"):
    entries = struct.pack("<HHII", 0x8825, 4, 1, 8 + 2 + 2 * 12 + 4) + struct.pack(
        "<HHIHH", 0x9000, 3, 1, 6, 0
    )
    directory = struct.pack("<H", 1) + struct.pack("<HHI4s", 1, 2, 2, b"N\x00\x00\x00") + bytes(4)
    block = b"II\x2a\x00" + struct.pack("<IH", 8, 2) + entries + b"next" + directory
    moved = b"II\x2a\x00" + struct.pack("<IH", 8, 1) + entries[12:] + b"next" + bytes(12)
    # the count and the entry of the directory are zero; the offset of a next one stays, as it was none
    assert without_position("heic", block + b"tail") == moved + bytes(len(directory)) + b"tail"


def test_every_packet_and_every_block_of_a_file_is_blanked():
    packet = b"<x:xmpmeta>GPS</x:xmpmeta>"
    content = b"a" + packet + b"b" + packet + packet + b"c" + tiff() + b"d" + tiff(">") + b"e" + packet[:-1]
    blank = b" " * len(packet)
    kept = b"a" + blank + b"b" + blank + blank + b"c" + without_gps("<") + b"d" + without_gps(">") + b"e"
    assert without_position("heic", content) == kept + packet[:-1]


def test_an_entry_of_no_known_form_ends_the_reading_of_a_block():
    block = bytearray(tiff())
    struct.pack_into("<H", block, 12, 99)
    assert without_position("heic", bytes(block)) == bytes(block)


def test_what_only_looks_like_a_directory_is_left_alone():
    block = bytearray(tiff())
    struct.pack_into("<I", block, 10 + 2 * 12 + 8, len(block) - 8)  # it would reach beyond the file
    struct.pack_into("<H", block, len(block) - 8, 500)
    assert without_position("heic", bytes(block)) == bytes(block)


def segment(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + (len(body) + 2).to_bytes(2, "big") + body


PICTURE = b"\xff\xda\x00\x02" + b"picture" + b"\xff\xd9"


def test_fill_bytes_and_markers_without_a_length_are_passed_over():
    kept = (
        segment(0xE0, b"JFIF\x00" + bytes(9)) + segment(0xE1, b"Exif\x00\x00none") + segment(0xDB, b"table")
    )
    bare = b"\xff\x01\xff\xd0\xff\xd7\xff\xd8"
    dropped = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00x") + segment(0xED, b"Photoshop 3.0\x00x")
    dropped += segment(0xE1, b"http://ns.adobe.com/xmp/extension/\x00x")
    said = segment(0xFE, b"Photoshop 3.0\x00 in a comment is no place")
    before = b"\xff\xd8" + kept + b"\xff\xff\xff" + dropped + bare + said + PICTURE
    assert without_position("jpg", before) == b"\xff\xd8" + kept + bare + said + PICTURE


@pytest.mark.parametrize(
    "broken", [b"\xff\xd8" + b"\x00" * 9, b"\xff\xd8\xff\xe0\x00", b"\xff\xd8" + b"\xff" * 40]
)
def test_a_jpeg_whose_segments_do_not_follow_one_another_is_damaged(broken):
    with pytest.raises(Damaged):
        without_position("jpg", broken)


def test_a_webp_with_chunks_of_odd_length_stays_whole():
    chunks = [
        (b"VP8X", b"\x1c" + bytes(9)),
        (b"ALPH", b"odd"),
        (b"EXIF", b"x"),
        (b"XMP ", b"yy"),
        (b"VP8 ", b"p"),
    ]
    after = without_position("webp", riff(*chunks) + b"torn")
    assert after == riff((b"VP8X", b"\x10" + bytes(9)), (b"ALPH", b"odd"), (b"VP8 ", b"p"))


def test_as_many_blocks_as_a_picture_can_have_are_looked_at():
    assert len(without_position("mp4", b"II\x2a\x00" * 64)) == 256
    with pytest.raises(Damaged):
        without_position("mp4", b"II\x2a\x00" * 65)
