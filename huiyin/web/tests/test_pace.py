"""How fast matters may come in: generously, counted without the database, with a sentence that says when to go on."""

import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from huiyin.cases.models import Case
from huiyin.web.citizen import pace
from huiyin.web.citizen.pace import QUARTER, Pace
from huiyin.web.tests.citizens import FILLED, WORDS

VILLAGE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def send(address: str = VILLAGE, **changed):
    told = {**FILLED, "key": str(uuid.uuid4()), **changed}
    return Client(REMOTE_ADDR=address).post("/new/", told)


# -- the arithmetic ------------------------------------------------------------------------------------------
def test_so_many_at_once_and_then_one_whenever_one_comes_free():
    paced = Pace(3)
    assert [paced.wait("a", 0.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert paced.wait("a", 0.0) == pytest.approx(QUARTER / 3)
    assert paced.wait("a", QUARTER / 3 - 1) == pytest.approx(1.0), (
        "whoever asks too early loses nothing by it"
    )
    assert paced.wait("a", QUARTER / 3) == 0.0
    assert paced.wait("a", QUARTER / 3) > 0.0
    assert paced.wait("b", 0.0) == 0.0


def test_after_a_quarter_of_an_hour_everything_is_free_again():
    paced = Pace(2)
    assert [paced.wait("a", 0.0), paced.wait("a", 0.0)] == [0.0, 0.0]
    assert [paced.wait("a", QUARTER), paced.wait("a", QUARTER)] == [0.0, 0.0]
    assert paced.wait("a", QUARTER) > 0.0


def test_a_flood_of_addresses_fills_no_memory(monkeypatch):
    monkeypatch.setattr(pace, "MOST_REMEMBERED", 10)
    paced = Pace(1)
    for n in range(10):
        paced.wait(f"quiet {n}", 0.0)
    assert paced.wait("busy", QUARTER / 2) == 0.0
    paced.wait("later", QUARTER + 1)
    assert len(paced._busy) <= 10
    assert paced.wait("busy", QUARTER + 2) > 0.0, "who is busy is not forgotten for those who are quiet"


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("127.0.0.1", ""),
        ("::1", ""),
        ("::ffff:127.0.0.1", ""),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_who_is_counted_as_one(remote, counted):
    assert pace.whence(RequestFactory(REMOTE_ADDR=remote).get("/")) == counted


# -- the form ------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_an_address_that_sends_too_fast_is_told_when_and_keeps_every_word(cast, settings):
    settings.HUIYIN_SENDINGS_OF_ADDRESS = 3
    assert [send().status_code for _ in range(3)] == [302, 302, 302]
    answer = send()
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (429, "300"), (
        "one of three comes free in five minutes"
    )
    assert "请过 5 分钟再提交" in page and 'role="alert"' in page
    for name in ("text", "place", "name", "phone", "headcount"):
        assert FILLED[name] in page, name
    assert Case.objects.count() == 3
    assert send(ELSEWHERE).status_code == 302, "nobody else waits for it"


@pytest.mark.django_db
def test_mistakes_count_and_new_files_are_not_looked_at(cast, settings, tmp_path):
    settings.HUIYIN_SENDINGS_OF_ADDRESS, settings.MEDIA_ROOT = 1, str(tmp_path)
    assert send(phone="12").status_code == 422
    answer = send(files=SimpleUploadedFile("灯.txt", "第三盏。".encode()))
    assert answer.status_code == 429 and "重新选一次" in answer.content.decode()
    assert WORDS in answer.content.decode()
    assert not [path for path in Path(tmp_path).rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_all_together_have_a_limit_too_and_this_machine_only_that_one(cast, settings):
    settings.HUIYIN_SENDINGS_OF_ADDRESS, settings.HUIYIN_SENDINGS = 1, 3
    assert [send("127.0.0.1").status_code for _ in range(2)] == [302, 302]
    assert send(VILLAGE).status_code == 302
    assert send(ELSEWHERE).status_code == 429


@pytest.mark.django_db
def test_no_limit_is_no_limit(cast, settings):
    settings.HUIYIN_SENDINGS_OF_ADDRESS = settings.HUIYIN_SENDINGS = 0
    assert {send().status_code for _ in range(4)} == {302}


@pytest.mark.django_db
def test_to_be_told_to_wait_asks_the_database_nothing(cast, settings, django_assert_num_queries):
    settings.HUIYIN_SENDINGS_OF_ADDRESS = 1
    assert (Client().get("/new/").status_code, send().status_code) == (200, 302)
    with django_assert_num_queries(0):
        assert send().status_code == 429
