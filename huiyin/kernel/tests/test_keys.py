"""The key file."""

import os

import pytest

from huiyin.kernel import keys
from huiyin.kernel.keys import KeysRefused


def test_keys_are_made_in_a_file_for_their_owner_alone(tmp_path):
    path = tmp_path / "deep" / "secrets.toml"
    made = keys.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.load(path) == made


def test_a_loose_umask_does_not_loosen_the_file(tmp_path):
    before = os.umask(0)
    try:
        keys.create(tmp_path / "secrets.toml")
    finally:
        os.umask(before)
    assert (tmp_path / "secrets.toml").stat().st_mode & 0o777 == 0o600


def test_existing_keys_are_never_overwritten(tmp_path):
    path = tmp_path / "secrets.toml"
    made = keys.create(path)
    with pytest.raises(FileExistsError):
        keys.create(path)
    assert keys.load(path) == made


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o777])
def test_a_file_that_others_can_open_is_refused_with_what_to_type(tmp_path, mode):
    path = tmp_path / "secrets.toml"
    keys.create(path)
    path.chmod(mode)
    with pytest.raises(KeysRefused, match=f"chmod 600 {path}"):
        keys.load(path)


def test_an_absent_file_is_refused_with_what_to_type(tmp_path):
    with pytest.raises(KeysRefused, match="huiyin setup-secrets"):
        keys.load(tmp_path / "secrets.toml")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("secret_key", "secret"),
        ('current = "k1"', 'current = "k2"'),
        ('index = "', 'index = "!'),
        ('ledger = "', 'ledger = "QUJD" #'),
        ("[sealing]", "[sealing"),
        ("[sealing]\n", "sealing = 1\n"),
        ('k1 = "', 'much-too-long = "'),
        ('secret_key = "', 'secret_key = "short" # "'),
    ],
)
def test_a_malformed_file_is_refused_without_showing_a_key(tmp_path, old, new):
    path = tmp_path / "secrets.toml"
    text = keys.dump(keys.create(path))
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(KeysRefused) as refusal:
        keys.load(path)
    secrets = [
        line.split('"')[1] for line in text.splitlines() if line.count('"') == 2 and "current" not in line
    ]
    assert not [secret for secret in secrets if secret in str(refusal.value)]


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "secrets.toml"
    keys.create(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(KeysRefused):
        keys.load(path)


def test_the_environment_can_name_the_file_or_hold_the_keys(tmp_path):
    elsewhere = tmp_path / "elsewhere.toml"
    made = keys.create(elsewhere)
    assert keys.find(tmp_path, {"HUIYIN_KEYS_FILE": str(elsewhere)}) == made
    assert keys.find(tmp_path, {"HUIYIN_KEYS": keys.dump(made)}) == made
    assert keys.locate(tmp_path, {}) == tmp_path / "secrets.toml"
    with pytest.raises(KeysRefused):
        keys.find(tmp_path, {})


def test_printing_keys_shows_none():
    made = keys.fresh()
    assert repr(made) == "Keys(current='k1')"


def test_rotation_adds_a_newer_key_and_keeps_the_older(tmp_path):
    path = tmp_path / "secrets.toml"
    first = keys.create(path)
    second = keys.rotate(path)
    third = keys.rotate(path)
    assert keys.load(path) == third
    assert (second.current, third.current, list(third.sealing)) == ("k2", "k3", ["k1", "k2", "k3"])
    assert third.sealing["k1"] == first.sealing["k1"]
    assert (third.index, third.ledger, third.secret_key) == (first.index, first.ledger, first.secret_key)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["secrets.toml"]
