"""Files that a citizen sends along and fetches again."""

import hashlib
import os
import re
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from huiyin.cases import actions, storing
from huiyin.cases.actions.attach import StoredFile
from huiyin.cases.models import Attachment, Case
from huiyin.cases.positions import without_position
from huiyin.cases.tests.test_positions import jpeg, tiff
from huiyin.kernel import clock
from huiyin.web.citizen import uploads
from huiyin.web.tests.citizens import FILLED, WORDS, hand_in

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 a photo of the lamp"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


def upload(name="灯.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def test_files_come_with_the_matter_and_are_fetched_as_downloads(cast):
    visitor = hand_in(files=[upload(), upload("经过.txt", "几点几分".encode())])
    assert Attachment.objects.filter(case=visitor.case, party=visitor.party).count() == 2
    page = visitor.client.get(visitor.page).content.decode()
    assert "灯.pdf" in page and "经过.txt" in page
    key = Attachment.objects.order_by("pk")[0].pk
    answer = visitor.client.get(f"{visitor.page}files/{key}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_same_form_sent_twice_joins_its_files_once(client, cast):
    hand_in(client, files=[upload()])
    hand_in(client, files=[upload()])
    assert Case.objects.count() == 1 and Attachment.objects.count() == 1


@pytest.mark.parametrize("first", [{}, {"files_place": "1"}])
def test_sent_again_with_only_the_box_of_the_photos_changed_nothing_is_added_and_the_page_says_so(
    client, cast, first
):
    photo, other = jpeg(exif=tiff()), {} if first else {"files_place": "1"}
    visitor = hand_in(client, files=[upload("灯.jpg", photo)], **first)
    told = {**FILLED, **other, "files": [upload("灯.jpg", photo)]}
    again = client.post("/new/", told, follow=True).content.decode()
    assert Attachment.objects.get().digest in {hashlib.sha256(each).hexdigest() for each in _both(photo)}
    assert "没有另存" in again and visitor.code in again


def _both(photo):
    return photo, without_position("jpg", photo)


@pytest.mark.parametrize("before", [[], [("灯.pdf", PDF)], [("灯.pdf", PDF), ("经过.txt", b"at ten")]])
@pytest.mark.parametrize("now", [[], [("灯.pdf", PDF)], [("墙.pdf", PDF + b" and of the wall")]])
def test_sent_again_with_other_files_those_of_the_first_sending_stand(client, cast, before, now):
    hand_in(client, files=[upload(*each) for each in before])
    kept = list(Attachment.objects.values_list("digest", flat=True))
    told = {**FILLED, "files": [upload(*each) for each in now]}
    again = client.post("/new/", told, follow=True).content.decode()
    assert list(Attachment.objects.values_list("digest", flat=True)) == kept and len(kept) == len(before)
    assert ("没有另存" in again) == (before != now)


def test_what_was_added_since_is_no_change_of_the_form(client, cast):
    visitor = hand_in(client, files=[upload()])
    with clock.frozen(clock.now() + timedelta(hours=1)):
        added = upload("后来.txt", b"later")
        assert client.post(f"{visitor.page}add/", {"text": "", "files": [added]}).status_code == 302
        again = client.post("/new/", {**FILLED, "files": [upload()]}, follow=True)
    assert Attachment.objects.count() == 2 and "没有另存" not in again.content.decode()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (("lamp.exe", b"MZ"), "不能收“lamp.exe”这种文件"),
        (("lamp.jpg", b"<script>alert(1)</script>"), "内容和它的后缀不一致"),
        (("empty.txt", b""), "是空的"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named_and_the_words_are_kept(client, cast, file, sentence):
    answer = client.post("/new/", {**FILLED, "files": [upload(*file), upload()]})
    page = answer.content.decode()
    assert answer.status_code == 422 and sentence in page and WORDS in page and "别的文件已经收下" in page
    assert not Case.objects.exists()
    assert [name for _token, name in kept(page)] == ["灯.pdf"]


def test_of_thirty_files_nine_are_taken_and_the_others_are_counted(client, cast):
    many = [upload(f"{n}.pdf", PDF + bytes([48 + n])) for n in range(30)]
    answer = client.post("/new/", {**FILLED, "files": many})
    page = answer.content.decode()
    assert answer.status_code == 422 and "还有 21 个没有收" in page and len(kept(page)) == 9
    again = client.post("/new/", {**FILLED, "files_kept": [token for token, _name in kept(page)]})
    assert again.status_code == 302 and Attachment.objects.count() == 9


def kept(page: str) -> list[tuple[str, str]]:
    """The files that the form holds on to: each one's token and name."""
    return re.findall(r'name="files_kept" value="([^"]+)".*?<span>(.*?) <span', page)


def test_a_mistake_elsewhere_keeps_the_files_and_an_unticked_one_does_not_come(client, cast):
    two = [upload(), upload("经过.txt", "几点几分".encode())]
    page = client.post("/new/", {**FILLED, "phone": "12", "files": two}).content.decode()
    assert "不用重新选" in page and [name for _token, name in kept(page)] == ["灯.pdf", "经过.txt"]
    client.post("/new/", {**FILLED, "files_kept": [kept(page)[1][0]]})
    assert [row.kind for row in Attachment.objects.all()] == ["txt"]


def test_what_was_put_away_is_known_by_a_seal_that_nobody_else_can_make_and_for_a_day(client, cast):
    with clock.frozen(clock.now()):
        page = client.post("/new/", {**FILLED, "phone": "12", "files": [upload()]}).content.decode()
    token = kept(page)[0][0]
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert uploads.opened(token) is None
    for forged in ("", "AAAA", token[:-6] + "AAAAAA", "é"):
        assert uploads.opened(forged) is None
    assert client.post("/new/", {**FILLED, "files_kept": ["AAAA"]}).status_code == 302
    assert not Attachment.objects.exists()


def test_the_files_are_kept_when_the_matter_could_not_be_stored(client, cast, monkeypatch):
    monkeypatch.setattr("huiyin.web.citizen.views.handing_in.hand_in", _away)
    answer = client.post("/new/", {**FILLED, "files": [upload()]})
    assert answer.status_code == 503 and len(kept(answer.content.decode())) == 1


def _away(_message):
    raise OperationalError("database is locked")


@pytest.mark.parametrize(("said", "stays"), [({}, False), ({"files_place": "1"}, True)])
def test_the_place_of_a_photo_goes_unless_the_sender_says_that_it_shows_the_place(client, cast, said, stays):
    hand_in(client, files=[upload("灯.jpg", jpeg(exif=tiff()))], **said)
    row = Attachment.objects.get()
    stored = default_storage.open(row.stored_as).read()
    assert (without_position("jpg", stored) != stored) == stays


@pytest.mark.parametrize("first", [{}, {"files_place": "1"}])
@pytest.mark.parametrize("last", [{}, {"files_place": "1"}])
def test_the_sending_that_succeeds_decides_whether_the_place_stays(client, cast, first, last):
    photo = jpeg(exif=tiff())
    refused = {**FILLED, "phone": "12", **first}
    page = client.post("/new/", {**refused, "files": [upload("灯.jpg", photo)]}).content.decode()
    page = client.post("/new/", {**refused, "files_kept": [kept(page)[0][0]]}).content.decode()
    client.post("/new/", {**FILLED, **last, "files_kept": [kept(page)[0][0]]})
    stored = default_storage.open(Attachment.objects.get().stored_as).read()
    assert stored == (photo if last else without_position("jpg", photo))


def test_a_photo_chosen_again_beside_the_one_that_waits_comes_once(client, cast):
    photo = jpeg(exif=tiff())
    refused = {**FILLED, "phone": "12", "files": [upload("灯.jpg", photo)]}
    page = client.post("/new/", refused).content.decode()
    hand_in(client, files=[upload("灯.jpg", photo)], files_kept=[kept(page)[0][0]])
    assert Attachment.objects.count() == 1


def test_a_form_that_is_taken_at_once_leaves_no_photo_with_its_place_on_the_disk(client, cast, tmp_path):
    photo = jpeg(exif=tiff())
    hand_in(client, files=[upload("灯.jpg", photo)])
    lying = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert lying == [without_position("jpg", photo)]


def test_a_photo_that_waits_for_a_form_that_is_never_sent_is_thrown_away_with_its_place(
    client, cast, tmp_path
):
    client.post("/new/", {**FILLED, "phone": "12", "files": [upload("灯.jpg", jpeg(exif=tiff()))]})
    long_ago = time.time() - timedelta(days=2, minutes=1).total_seconds()
    for path in [path for path in tmp_path.rglob("*") if path.is_file()]:
        os.utime(path, (long_ago, long_ago))
    assert storing.throw_away() and not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_alone_is_material_enough(cast):
    visitor = hand_in()
    assert visitor.client.post(f"{visitor.page}add/", {"files": [upload()]}).status_code == 302
    assert Attachment.objects.get().party == visitor.party


def test_more_than_the_case_can_hold_is_refused_beside_the_form(cast):
    visitor = hand_in(files=[upload(f"{n}.pdf", PDF + bytes([48 + n])) for n in range(9)])
    more = [upload(f"m{n}.pdf", PDF + bytes([65 + n])) for n in range(3)]
    answer = visitor.client.post(f"{visitor.page}add/", {"text": "还有几张", "files": more})
    assert answer.status_code == 422 and "还有几张" in answer.content.decode()
    assert Attachment.objects.count() == 9


def office_file(cast, case, readers):
    stored = StoredFile("回函.pdf", "pdf", 4, "0" * 64, "00/00/x")
    return actions.attach(case, by=cast.clerk, stored=stored, readers=readers)


@pytest.mark.parametrize("readers", ["desk", "office"])
def test_files_of_the_office_for_itself_are_not_there(cast, readers):
    visitor = hand_in()
    row = office_file(cast, visitor.case, readers)
    assert "回函.pdf" not in visitor.client.get(visitor.page).content.decode()
    assert visitor.client.get(f"{visitor.page}files/{row.pk}/").status_code == 404


def test_a_file_of_another_case_is_not_there(cast):
    mine = hand_in()
    other = hand_in(key="00000000-0000-4000-8000-000000000001", files=[upload()])
    row = Attachment.objects.get(case=other.case)
    assert mine.client.get(f"{mine.page}files/{row.pk}/").status_code == 404
    assert mine.client.get(f"{other.page}files/{row.pk}/").status_code == 302
    assert Client().get(f"{mine.page}files/{row.pk}/").status_code == 302
