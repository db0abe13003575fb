"""What is too large: files are read past and named beside their field, and a body beyond all bounds gets a page."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from huiyin.cases import files
from huiyin.cases.models import Attachment, Case
from huiyin.kernel.refusals import Refused
from huiyin.web import uploading
from huiyin.web.tests.citizens import FILLED, WORDS

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 a photo of the lamp"


@pytest.fixture(autouse=True)
def small(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.HUIYIN_FILE_BYTES = 2**17


def upload(name="灯.pdf", size=0):
    return SimpleUploadedFile(name, PDF.ljust(size, b" "))


def test_a_file_that_is_too_large_is_named_with_its_size_and_all_else_is_kept(cast):
    answer = Client().post("/new/", {**FILLED, "files": [upload("大.pdf", 3_000_000), upload()]})
    page = answer.content.decode()
    assert answer.status_code == 422 and "“大.pdf”有 2.9 MB" in page and "别的文件已经收下" in page
    for name in ("text", "place", "name", "phone"):  # also what stands behind the file in the form
        assert FILLED[name] in page, name
    assert not Case.objects.exists()


def test_of_a_file_that_is_too_large_nothing_lies_on_the_disk(cast):
    handler = uploading.Bounded()
    handler.new_file("files", "大.pdf", "application/pdf", None)
    assert handler.receive_data_chunk(b" " * 70_000, 0) is not None
    assert handler.receive_data_chunk(b" " * 70_000, 70_000) is None
    assert handler.receive_data_chunk(b" " * 10, 140_000) is None
    assert handler.file_complete(140_010).size == 140_010


def test_more_than_a_form_full_of_files_is_not_kept_either(monkeypatch, cast):
    monkeypatch.setattr(uploading, "FILES", 2)
    many = [upload(f"{n}.pdf", 90_000 + n) for n in range(4)]
    answer = Client().post("/new/", {**FILLED, "files": many})
    page = answer.content.decode()
    assert (
        answer.status_code == 422 and "“2.pdf”没有收下：这次送来的文件合起来太大了" in page and WORDS in page
    )
    assert page.count('name="files_kept"') == 2


def test_a_body_beyond_all_bounds_says_how_large_it_may_be_and_gives_the_words_back(cast, monkeypatch):
    monkeypatch.setattr(uploading, "LARGEST", 1)
    answer = Client().post("/new/", {**FILLED, "files": [upload(size=2_000_000)]})
    page = answer.content.decode()
    assert answer.status_code == 413 and WORDS in page
    assert "一次最多 9 个文件，每个不超过 0.125 MB" in page and "请退回上一页" in page
    assert FILLED["phone"] not in page and FILLED["name"] not in page
    assert not Case.objects.exists() and not Attachment.objects.exists()


@pytest.mark.parametrize("multipart", [True, False])
def test_more_words_than_any_form_takes_get_a_page_that_says_so(cast, settings, multipart):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
    sent = {"text": "好" * 400_000, "nature": "appeal"}
    kind = {} if multipart else {"content_type": "application/x-www-form-urlencoded"}
    body = sent if multipart else "text=" + "%E5%A5%BD" * 400_000
    answer = Client().post("/new/", body, **kind)
    page = answer.content.decode()
    assert answer.status_code == 413 and "文字合起来不超过 1 MB" in page
    assert multipart or "好" * 10_000 in page, "how it began is given back where it can still be read"


def test_a_hundred_files_and_one_get_a_page(cast):
    answer = Client().post("/new/", {**FILLED, "files": [upload(f"{n}.pdf") for n in range(101)]})
    assert answer.status_code == 413 and "最多 9 个文件" in answer.content.decode()


@pytest.mark.parametrize(
    "head", [b"", b"\xff\xfe", b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n']
)
def test_whatever_a_refused_body_is_made_of_the_page_comes(cast, settings, head):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    for kind in ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        answer = Client().post("/new/", head + b"a" * 100, content_type=kind)
        assert answer.status_code in (413, 422, 400), (kind, answer.status_code)


def test_of_parts_within_parts_nothing_is_read(cast):
    """Nobody's browser sends them, and looking for words in them would keep a thread busy for half a minute."""
    field = 'Content-Disposition: form-data; name="{}"{}\r\n\r\n{}'
    files = [field.format("files", f'; filename="{n}"', "x") for n in range(101)]
    nested = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + field.format("text", "", "里面的话")
    pad = field.format("more", "", " " * 200_000)
    body = "".join(
        f"--a\r\n{part}\r\n" for part in (*files, pad, nested, field.format("text", "", "外面的话"))
    )
    kind = "multipart/form-data; boundary=a"
    page = Client().post("/new/", body.encode(), content_type=kind)
    assert page.status_code == 413
    assert "外面的话" in page.content.decode() and "里面的话" not in page.content.decode()


# -- zip bombs -----------------------------------------------------------------------------------------------
def zipped(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return file.getvalue()


DOCUMENT = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}


def test_a_document_that_would_unpack_to_a_gigabyte_is_never_unpacked(monkeypatch):
    bomb = zipped({**DOCUMENT, "word/media/1.xml": bytes(50_000_000)})
    assert len(bomb) < 100_000
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_given, **_more: pytest.fail("it was unpacked"))
    assert files.check_and_store(SimpleUploadedFile("说明.docx", bomb)).size == len(bomb)


def test_a_document_of_ten_thousand_parts_is_none(monkeypatch):
    monkeypatch.setattr(files, "MOST_ENTRIES", 50)
    many = zipped({**DOCUMENT, **{f"word/{n}.xml": b"" for n in range(60)}})
    with pytest.raises(Refused, match="不一致"):
        files.check_and_store(SimpleUploadedFile("说明.docx", many))
