"""What people read when database or disk take nothing: 503 in words, with what they typed; and what comes after."""

import errno
import uuid
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DataError, InternalError, OperationalError, connection
from django.test import Client

from huiyin.cases import storing
from huiyin.cases.models import Case
from huiyin.cases.tests.roads import registered
from huiyin.organisation import remembering
from huiyin.web import faults
from huiyin.web.tests.citizens import WORDS

pytestmark = pytest.mark.django_db
GONE = "server closed the connection unexpectedly"


def told(**more):
    return {"text": WORDS, "key": str(uuid.uuid4()), "nature": "appeal", "confidentiality": "sealed",
            "headcount": "1", "phone": "13800000001", **more}  # fmt: skip


@contextmanager
def database_gone():
    """Nothing can be asked of the database, as when its server has ended."""

    def refuse(*_given):
        raise OperationalError(GONE)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture(autouse=True)
def nothing_counted(settings, tmp_path):
    cache.clear()
    settings.MEDIA_ROOT = str(tmp_path)


def page_of(answer) -> str:
    assert (answer.status_code, answer["Retry-After"]) == (503, "30"), answer.content.decode()[:500]
    return answer.content.decode()


def test_the_citizens_form_comes_back_with_every_word_and_the_same_key_makes_one_case(cast):
    browser, sent = Client(raise_request_exception=False), told()
    browser.get("/new/")
    with database_gone():
        assert WORDS in page_of(browser.post("/new/", sent))
    assert not Case.objects.exists()
    assert browser.post("/new/", sent).status_code == browser.post("/new/", sent).status_code == 302
    assert Case.objects.count() == 1


@pytest.mark.parametrize("address", ["/", "/public/", "/follow/", "/mine/"])
def test_pages_say_so_or_do_without_the_database(cast, address):
    browser = Client(raise_request_exception=False)
    with database_gone():
        answer = browser.get(address)
    assert answer.status_code in {200, 503}
    assert browser.get(address).status_code == 200


def test_the_form_opens_from_memory_while_nothing_can_be_asked(cast, monkeypatch):
    browser = Client(raise_request_exception=False)
    assert browser.get("/new/").status_code == 200
    monkeypatch.setattr(remembering, "SECONDS", 0.0)
    with database_gone():
        page = browser.get("/new/").content.decode()
    assert "石桥" in page and 'name="text"' in page


def test_somebody_of_the_office_gets_their_words_back_though_nobody_can_be_looked_up(cast, sign_in):
    case, clerk = registered(cast), sign_in(cast.clerk)
    clerk.raise_request_exception = False
    with database_gone():
        page = page_of(clerk.post(f"/work/cases/{case.number}/note/", {"text": "打过三次电话，没有人接。"}))
        assert "没有人接" in page and "休整" in page
        page_of(clerk.get("/work/desk/"))
    assert clerk.get(f"/work/cases/{case.number}/").status_code == 200


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_disk_that_takes_nothing_is_said_and_nothing_half_stays(cast, monkeypatch, tmp_path, number):
    def full(*_given):
        raise OSError(number, "no room")

    browser = Client(raise_request_exception=False)
    photo = lambda: SimpleUploadedFile("情况.txt", "第三盏不亮。".encode())  # noqa: E731
    sent = told()
    with monkeypatch.context() as patched:
        patched.setattr(storing.os, "fsync", full)
        assert WORDS in page_of(browser.post("/new/", {**sent, "files": photo()}))
    assert not Case.objects.exists() and not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert browser.post("/new/", {**sent, "files": photo()}).status_code == 302
    assert Case.objects.get().attachments.count() == 1


def test_another_fault_of_the_system_stays_a_fault(cast, monkeypatch):
    def broken(*_given, **_more):
        raise OSError(errno.ENOENT, "no such file")

    monkeypatch.setattr(storing, "put", broken)
    sent = told(files=SimpleUploadedFile("情况.txt", b"text"))
    assert Client(raise_request_exception=False).post("/new/", sent).status_code == 500


def test_a_server_that_writes_nothing_is_away_and_a_broken_statement_is_a_fault():
    for state, away in (("25006", True), ("25P02", False)):
        fault = InternalError("cannot execute INSERT in a read-only transaction")
        fault.__cause__ = type("Driver", (Exception,), {"sqlstate": state})()
        assert faults.cannot_store(fault) is away, state


@pytest.mark.parametrize(
    "address", ["/public/?unit=%00", "/public/?nature=%00", "/public/feed.xml?region=%00"]
)
def test_nul_in_an_address_is_nobody_s_fault_here(cast, address):
    """SQLite finds nothing; PostgreSQL takes no such text, and must not look like a fault of ours for that."""
    assert Client().get(address).status_code in (200, 400)


def test_only_nul_is_laid_at_the_door_of_who_sent_it(cast, monkeypatch):
    said = "PostgreSQL text fields cannot contain NUL (0x00) bytes"

    def refuse(*_given, **_more):
        raise DataError(said)

    monkeypatch.setattr("huiyin.web.public.views.publication.public_list", refuse)
    assert Client().get("/public/").status_code == 400
    said = "value too long for type character varying(60)"
    assert Client(raise_request_exception=False).get("/public/").status_code == 500
