"""Where a profile's files lie, and which profiles are demonstrations."""

from pathlib import Path

import pytest

from huiyin.kernel.folders import about_of, file_of, files_of, home_of, is_demonstration


@pytest.fixture
def town(tmp_path) -> Path:
    """A profile that shares its calendar with another."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "calendar.toml").write_text("[2027]", encoding="utf-8")
    folder = tmp_path / "town"
    folder.mkdir()
    text = 'name = "town"\n[shared]\n"calendar.toml" = "../demo/calendar.toml"\n[demo]\nof = "town"\n'
    (folder / "profile.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_shared_file_is_found_and_an_own_one_goes_before_it(town):
    assert file_of(town, "calendar.toml") == town.parent / "demo" / "calendar.toml"
    (town / "calendar.toml").write_text("[2028]", encoding="utf-8")
    assert file_of(town, "calendar.toml") == town / "calendar.toml"


def test_a_file_that_is_nowhere_would_be_in_the_folder(town):
    assert file_of(town, "users.csv") == town / "users.csv"


def test_all_files_are_listed_by_name_shared_and_deeper_ones_too(town):
    (town / "papers").mkdir()
    (town / "papers" / "receipt.txt").write_text("", encoding="utf-8")
    assert [name for name, _file in files_of(town)] == ["calendar.toml", "papers/receipt.txt", "profile.toml"]


def test_a_copy_under_another_name_is_no_demonstration(town):
    assert is_demonstration(town)
    assert not is_demonstration(town.rename(town.parent / "county"))


@pytest.mark.parametrize("text", ["", "not toml [", 'demo = "town"', "[demo]\nof = true\n"])
def test_whatever_cannot_be_read_is_no_demonstration(town, text):
    (town / "profile.toml").write_text(text, encoding="utf-8")
    assert not is_demonstration(town)
    assert isinstance(about_of(town), dict)


def test_each_further_demonstration_keeps_its_data_apart(town):
    base = town.parent
    assert home_of(base, town) == base / "var" / "town"
    assert home_of(base, base / "demo") == home_of(base, base / "mytown") == base / "var"
