"""上传材料: checked by its first bytes, kept once, given out as a download to who may read it."""

import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.cases import access, actions, files
from huiyin.cases.models import Answer, Attachment
from huiyin.cases.tests.roads import (
    TWO,
    answered,
    archived,
    denied,
    fresh,
    one_event,
    party_of,
    refused,
    registered,
    signed,
)
from huiyin.cases.tests.test_positions import jpeg, png
from huiyin.kernel.permits import Permit, Purpose
from huiyin.organisation.place import LIMITS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def office(*parts: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return made.getvalue()


def ftyp(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x18ftyp" + brand + bytes(12)


GOOD = {
    "夜市.jpg": jpeg(),
    "门口.JPEG": jpeg(),
    "a.png": png(),
    "a.webp": b"RIFF\x14\x00\x00\x00WEBPVP8 \x08\x00\x00\x00abcdefgh",
    "a.heic": ftyp(b"heic"),
    "a.pdf": b"%PDF-1.7\n",
    "a.docx": office("word/document.xml"),
    "a.xlsx": office("xl/workbook.xml"),
    "a.txt": "每晚十点以后".encode("gb18030"),
    "a.mp3": b"ID3\x04\x00",
    "b.mp3": b"\xff\xfb\x90\x00",  # no ID3 tag, as recorders and old telephones write it
    "c.mp3": b"\xff\xf3",
    "a.m4a": ftyp(b"M4A "),
    "a.mp4": ftyp(b"isom"),
}
BAD = {
    "a.exe": (b"MZ", "file_kind"),
    "a.html": (b"<html>", "file_kind"),
    "a.svg": (b"<svg>", "file_kind"),
    "noname": (b"x", "file_kind"),
    ".jpg": (b"\xff\xd8\xff", "file_kind"),
    "a.jpg.exe": (jpeg(), "file_kind"),
    "a.jpg": (b"MZ\x90\x00", "file_content"),
    "b.jpg": (b"<script>alert(1)</script>", "file_content"),
    "a.png": (jpeg(), "file_content"),
    "a.mp3": (b"\xff", "file_content"),
    "b.mp3": (b"\xff\xd8\xff\xe0", "file_content"),
    "a.pdf": (b"PK\x03\x04", "file_content"),
    "a.docx": (office("xl/workbook.xml"), "file_content"),
    "b.docx": (office("word/document.xml", "word/vbaProject.bin"), "file_content"),
    "c.docx": (b"PK\x03\x04 torn", "file_content"),
    "d.docx": (
        office("word/document.xml").replace(
            b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xff"
        ),  # version 25.5
        "file_content",
    ),
    "a.xlsx": (b"MZ", "file_content"),
    "a.txt": (b"MZ\x00\x01", "file_content"),
    "a.mp4": (b"RIFF", "file_content"),
    "a.heic": (ftyp(b"isom"), "file_content"),
    "d.jpg": (jpeg()[:9], "file_damaged"),
    "e.jpg": (b"", "file_empty"),
}


def store(name="夜市.jpg", content=None):
    return files.check_and_store(SimpleUploadedFile(name, jpeg() if content is None else content))


@pytest.mark.parametrize("name", GOOD)
def test_allowed_kinds_are_kept_under_their_digest(name):
    stored = store(name, GOOD[name])
    assert stored.kind in files.MEDIA and default_storage.exists(stored.stored_as)
    assert stored.stored_as.endswith(stored.digest) and stored.size == default_storage.size(stored.stored_as)


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_what_it_says_is_refused_by_name(name):
    content, code = BAD[name]
    with refused(code=code):
        store(name, content)
    assert default_storage.listdir("") == ([], [])


def test_too_large_is_refused_with_both_sizes(settings):
    settings.HUIYIN_FILE_BYTES = 10
    with refused("夜市.jpg", "MB", code="file_size"):
        store()


def test_the_same_content_is_kept_once():
    assert store("a.jpg").stored_as == store("b.jpg").stored_as


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/cron.d/x.jpg", "x.jpg"),
        ("C:\\Users\\me\\门口.jpg", "门口.jpg"),
        ("照\u202egpj.exe", "照gpj.exe"),
        ("a\x00\r\nb.jpg", "ab.jpg"),
        ("长" * 300 + ".jpg", "长" * 96 + ".jpg"),
        ("", "未命名"),
        ("...", "未命名"),
    ],
)
def test_names_are_made_safe(given, shown):
    assert files.safe_name(given) == shown


def test_a_citizens_file_is_for_the_desk_and_writes_one_event(cast):
    case = registered(cast)
    with one_event(case, "attach", party_of(case)):
        row = actions.attach(case, by=party_of(case), stored=store(), readers="all")
    row = fresh(row)
    assert (row.readers, row.party_id, row.kind) == ("desk", party_of(case).party_id, "jpg")
    assert row.name.open(Permit("test", Purpose.WORK)) == "夜市.jpg"


def test_material_may_come_late(cast):
    case = archived(cast)
    actions.attach(case, by=cast.clerk, stored=store())


def test_each_downloads_what_is_for_them_and_their_own(cast):
    order = signed(cast, parties=TWO)
    case, stored = order.case, store()
    rows = {
        readers: actions.attach(case, by=cast.clerk, stored=stored, readers=readers)
        for readers in ("desk", "office", "all")
    }
    rows["own"] = actions.attach(case, by=party_of(case), stored=stored)
    readable = {
        "clerk": {"desk", "office", "all", "own"},
        "supervisor": {"desk", "office", "all", "own"},
        "handler": {"office", "all"},
        "party": {"all", "own"},
        "member": {"all"},
        "outsider": set(),
        "administrator": set(),
    }
    people = {"party": party_of(case), "member": party_of(case, "member")}
    for who, names in readable.items():
        by = people.get(who) or getattr(cast, who)
        for name, row in rows.items():
            if name in names:
                assert files.serve(row, by).status_code == 200
            else:
                with pytest.raises(PermissionDenied):
                    files.serve(row, by)
        if who in ("clerk", "handler", "party", "member"):
            assert {row.pk for row in access.attachments(by, case)} == {rows[name].pk for name in names}


def test_it_is_a_download_that_no_browser_runs(cast):
    case = registered(cast)
    response = files.serve(actions.attach(case, by=cast.clerk, stored=store("夜市 1.jpg")), cast.clerk)
    assert response["Content-Disposition"] == "attachment; filename*=UTF-8''%E5%A4%9C%E5%B8%82%201.jpg"
    assert (response["X-Content-Type-Options"], response["Content-Type"]) == ("nosniff", "image/jpeg")
    assert "sandbox" in response["Content-Security-Policy"] and "no-store" in response["Cache-Control"]
    assert b"".join(response.streaming_content) == jpeg()


def test_a_party_sends_ten_files_at_most_and_the_desk_is_not_counted(cast):
    case, stored = registered(cast, parties=TWO), store()
    for _each in range(LIMITS["files"]):
        actions.attach(case, by=party_of(case), stored=stored)
    with refused("最多传 10 个", code="files"):
        actions.attach(case, by=party_of(case), stored=stored)
    actions.attach(case, by=party_of(case, "member"), stored=stored)
    actions.attach(case, by=cast.clerk, stored=stored)


def test_evidence_joins_an_answer_of_the_same_case_only(cast):
    order, other = answered(cast), answered(cast)
    given = Answer.objects.get(case=order.case)
    actions.attach(order.case, by=cast.handler, stored=store(), readers="office", answer=given)
    assert Attachment.objects.get().answer == given
    with refused(code="gone"):
        actions.attach(other.case, by=cast.handler, stored=store(), readers="office", answer=given)


def test_readers_are_chosen_and_outsiders_send_nothing(cast):
    case = registered(cast)
    with refused(code="readers"):
        actions.attach(case, by=cast.clerk, stored=store(), readers="press")
    for who in ("outsider", "administrator", "citizen"):
        with denied():
            actions.attach(case, by=getattr(cast, who), stored=store())


def test_it_takes_few_statements(cast, django_assert_max_num_queries):
    case, stored = registered(cast), store()
    with django_assert_max_num_queries(10):
        actions.attach(case, by=cast.clerk, stored=stored)
