"""Stored files: whole or not at all, and gone when no row names them; never one that somebody wants."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from huiyin.cases import actions, files, storing
from huiyin.cases.tests.roads import party_of, registered

pytestmark = pytest.mark.django_db
OLD = time.time() - timedelta(days=2, minutes=1).total_seconds()


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    return tmp_path / "files"


def stored(text: str):
    return files.check_and_store(SimpleUploadedFile("情况.txt", text.encode()))


def path_of(one) -> Path:
    return Path(default_storage.path(one.stored_as))


def age(*every: Path) -> None:
    for path in every:
        os.utime(path, (OLD, OLD))


def test_what_no_form_sent_is_gone_after_two_days_and_the_rest_stays(cast):
    case = registered(cast)
    sent, unsent, young = stored("交了"), stored("没交"), stored("还在写")
    actions.attach(case, by=party_of(case), stored=sent)
    age(path_of(sent), path_of(unsent))
    assert storing.throw_away() == 1
    assert path_of(sent).exists() and path_of(young).exists() and not path_of(unsent).exists()
    assert storing.throw_away() == 0


def test_it_goes_by_pages(cast, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(storing, "AT_ONCE", 4)
    case = registered(cast)
    every = [stored(f"第 {n} 份") for n in range(10)]
    for one in every[::3]:
        actions.attach(case, by=party_of(case), stored=one)
    age(*map(path_of, every))
    with django_assert_max_num_queries(6):
        assert storing.throw_away() == 6
    assert [path_of(one).exists() for one in every] == [n % 3 == 0 for n in range(10)]


def test_the_same_content_sent_again_is_wanted_again(cast):
    first = stored("同一份")
    age(path_of(first))
    assert stored("同一份") == first
    assert storing.throw_away() == 0 and path_of(first).exists()


def test_what_is_asked_for_while_it_is_taken_away_comes_back(cast, monkeypatch):
    one = stored("正好这时")
    age(path_of(one))
    asked = storing._named

    def meanwhile(places):
        found = asked(places)
        stored("正好这时")  # between the question and the taking
        return found

    monkeypatch.setattr(storing, "_named", meanwhile)
    assert storing.throw_away() == 0
    assert path_of(one).read_text() == "正好这时"


def test_a_killed_run_is_gone_on_with(cast):
    case = registered(cast)
    named, forgotten = stored("有人要"), stored("没人要")
    actions.attach(case, by=party_of(case), stored=named)
    for one in (named, forgotten):
        aside = path_of(one).with_name(path_of(one).name + storing.ASIDE)
        path_of(one).rename(aside)
        age(aside)
    assert storing.throw_away() == 1
    assert (
        path_of(named).read_text() == "有人要"
        and len([p for p in path_of(named).parents[2].rglob("*") if p.is_file()]) == 1
    )


def test_half_a_file_that_a_killed_program_left_is_never_taken_for_the_whole(cast, folder, monkeypatch):
    one = stored("完整的一份")
    path_of(one).write_bytes(b"half")
    assert stored("完整的一份") == one and path_of(one).read_text() == "完整的一份"

    def dies(*_given):
        raise KeyboardInterrupt

    monkeypatch.setattr(storing.os, "fsync", dies)
    with pytest.raises(KeyboardInterrupt):
        stored("写到一半")
    assert not [
        path for path in folder.rglob("*") if path.is_file() and path != path_of(one) and "." not in path.name
    ]


def test_a_token_whose_file_is_gone_opens_nothing(cast):
    from huiyin.web.citizen import uploads

    one = stored("等了太久")
    token = uploads.token_of(one)
    assert uploads.opened(token) == one
    path_of(one).unlink()
    assert uploads.opened(token) is None
