"""Files that people send along: checked, put away under their digest, and given out as downloads only."""

import hashlib
import io
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.utils.translation import gettext as _

from huiyin.cases import access, storing, words
from huiyin.cases.actions.attach import StoredFile
from huiyin.cases.models import Attachment
from huiyin.cases.positions import Damaged, without_position
from huiyin.kernel.permits import Permit, Purpose
from huiyin.kernel.refusals import Refused
from huiyin.organisation.actors import Actor

MEGABYTE = 2**20
ENTRY, MOST_ENTRIES = (
    b"PK\x01\x02",
    10_000,
)  # in the directory of a zip: more are there to keep a program busy
LONGEST_NAME = 100
REMOVED, KEPT = "removed", "kept"  # what becomes of the place that a photo carries
ALLOWED = "jpg、png、webp、heic、pdf、docx、xlsx、txt、mp3、m4a、mp4"
MEDIA = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "txt": "text/plain; charset=utf-8",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
}
SAME = {"jpeg": "jpg", "jpe": "jpg", "heif": "heic", "m4v": "mp4"}
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
MP4_BRANDS = {
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"dash",
    b"3gp4",
    b"3gp5",
}
M4A_BRANDS = {b"M4A ", b"M4B ", b"mp42", b"isom", b"mp41", b"3gp4", b"3gp5"}


class Unread(UploadedFile):
    """An upload that was too much to be kept: there are its name and its size, and nothing in it."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(io.BytesIO(), name, size=size)


# -- taking in ------------------------------------------------------------------------------------------------
def check_and_store(upload: UploadedFile, *, positions: str = REMOVED) -> StoredFile:
    """Check one upload, take the place where it was made out of it, and put it away under its digest.

    With `positions=KEPT` the place stays in, because the sender says that the photo shows it.

    Its kind is told by its first bytes and must agree with its name. Raises `Refused`, naming the file and
    what to do. What comes back is for `attach`; the same content is kept once.
    """
    name = safe_name(upload.name or "")
    _require_size(name, upload.size or 0)
    if isinstance(upload, Unread):
        raise Refused(
            _("“%(name)s”没有收下：这次送来的文件合起来太大了。请分几次传。") % {"name": name},
            code="files_size",
        )
    kind = SAME.get(PurePosixPath(name).suffix[1:].lower(), PurePosixPath(name).suffix[1:].lower())
    content = upload.read()
    _require_kind(name, kind, content)
    try:
        stripped = without_position(kind, content)
    except Damaged as damage:
        raise Refused(
            _("“%(name)s”好像损坏了，打不开。请换一张，或重新拍一张。") % {"name": name}, code="file_damaged"
        ) from damage
    return _put_away(name, kind, content if positions == KEPT else stripped)


def without_place(stored: StoredFile) -> StoredFile:
    """The same file without the place where it was made, put away beside what was stored with it."""
    with default_storage.open(stored.stored_as) as file:
        content = file.read()
    return _put_away(stored.name, stored.kind, without_position(stored.kind, content))


def _put_away(name: str, kind: str, content: bytes) -> StoredFile:
    digest = hashlib.sha256(content).hexdigest()
    place = f"{digest[:2]}/{digest[2:4]}/{digest}"
    storing.put(place, content)
    return StoredFile(name=name, kind=kind, size=len(content), digest=digest, stored_as=place)


def safe_name(given: str) -> str:
    """The name as shown and downloaded: no folders, no hidden or direction-turning letters, not too long."""
    last = words.clean(given).replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip(" .")
    path = PurePosixPath(seen or _("未命名"))
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix[:LONGEST_NAME]


def _require_size(name: str, size: int) -> None:
    most = settings.HUIYIN_FILE_BYTES
    if size > most:
        raise Refused(
            _("“%(name)s”有 %(size)s MB，每个文件最多 %(most)s MB。请压缩，或分几个传。")
            % {"name": name, "size": f"{size / MEGABYTE:.1f}", "most": f"{most / MEGABYTE:g}"},
            code="file_size",
        )
    if size == 0:
        raise Refused(_("“%(name)s”是空的。请重新选一个文件。") % {"name": name}, code="file_empty")


def _require_kind(name: str, kind: str, content: bytes) -> None:
    if kind not in IS:
        raise Refused(
            _("不能收“%(name)s”这种文件。可以传：%(allowed)s。") % {"name": name, "allowed": ALLOWED},
            code="file_kind",
        )
    if not IS[kind](content):
        raise Refused(
            _("“%(name)s”的内容和它的后缀不一致，不能收。请用原来的程序另存为 %(kind)s 再传，或拍照上传。")
            % {"name": name, "kind": kind},
            code="file_content",
        )


def _brand(content: bytes) -> bytes:
    return content[8:12] if content[4:8] == b"ftyp" else b""


def _office(part: str) -> Callable[[bytes], bool]:
    """A test for an Office document with this main part, and without a program in it; nothing in it is unpacked."""

    def is_document(content: bytes) -> bool:
        if content.count(ENTRY) > MOST_ENTRIES:
            return False
        try:
            names = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
        except (
            zipfile.BadZipFile,
            RuntimeError,
            ValueError,
        ):  # RuntimeError: a kind of zip that Python cannot read
            return False
        return {"[Content_Types].xml", part} <= names and not any("vba" in name.lower() for name in names)

    return is_document


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(letter < " " and letter not in "\t\r\n\f" for letter in text)
    return False


def _is_mp3(content: bytes) -> bool:
    return content[:3] == b"ID3" or (len(content) > 1 and content[0] == 0xFF and content[1] & 0xE6 == 0xE2)


IS: Mapping[str, Callable[[bytes], bool]] = {
    "jpg": lambda content: content[:3] == b"\xff\xd8\xff",
    "png": lambda content: content[:8] == b"\x89PNG\r\n\x1a\n",
    "webp": lambda content: content[:4] == b"RIFF" and content[8:12] == b"WEBP",
    "heic": lambda content: _brand(content) in HEIC_BRANDS,
    "pdf": lambda content: content[:5] == b"%PDF-",
    "docx": _office("word/document.xml"),
    "xlsx": _office("xl/workbook.xml"),
    "txt": _is_text,
    "mp3": _is_mp3,
    "m4a": lambda content: _brand(content) in M4A_BRANDS,
    "mp4": lambda content: _brand(content) in MP4_BRANDS,
}


# -- giving out -----------------------------------------------------------------------------------------------
def serve(attachment: Attachment, by: Actor) -> FileResponse:
    """The file as a download that no browser runs, to whoever may read it. Raises `PermissionDenied`."""
    case = attachment.case
    if not access.sees(by, case) or not access.attachments(by, case).filter(pk=attachment.pk).exists():
        raise PermissionDenied(_("您看不到这个文件，或它不存在。"))
    purpose = Purpose.OWN if by.kind == "citizen" else Purpose.WORK
    name = attachment.name.open(Permit(holder=by.name, purpose=purpose))
    response = FileResponse(
        default_storage.open(attachment.stored_as, "rb"), content_type=MEDIA[attachment.kind]
    )
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response["Content-Length"] = str(attachment.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
