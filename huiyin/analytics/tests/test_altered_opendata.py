"""An export that anybody altered is refused, by a sentence that names the file; a key says whose it is."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import override_settings

from huiyin.analytics import manifest, opendata, recomputing
from huiyin.analytics.engine import duck, quoted
from huiyin.analytics.tests.test_opendata import fixed  # noqa: F401
from huiyin.cli import main
from huiyin.kernel import keys, signing

pytestmark = pytest.mark.django_db


@pytest.fixture
def export(fixed, tmp_path):  # noqa: F811
    """An export with a month that stands fixed."""
    opendata.export(tmp_path / "open")
    return tmp_path / "open"


def lines(change):
    """An alteration of the lines of a text file."""

    def alter(file):
        found = file.read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join(change(found)) + "\n", encoding="utf-8")

    return alter


def content(change):
    """An alteration of the bytes of a file."""
    return lambda file: file.write_bytes(change(file.read_bytes()))


def rows(sql):
    """An alteration of the rows of a Parquet file, by the words that choose what stays of `t`."""

    def alter(file):
        with duck() as connection:
            connection.execute(f"CREATE TABLE t AS FROM read_parquet({quoted(file)})")
            connection.execute(f"COPY ({sql}) TO {quoted(file)} (FORMAT parquet)")

    return alter


def other_value(value):
    """Another value of the same kind."""
    if value in ("true", "false"):
        return "false" if value == "true" else "true"
    try:
        return str(float(value) + 1) if "." in value else str(int(value) + 1)
    except ValueError:
        return value + "x"


def other_cell(column):
    """A cell of the second row, changed."""
    return lines(
        lambda found: [found[0], ",".join(
            other_value(cell) if at == column else cell for at, cell in enumerate(found[1].split(","))
        ), *found[2:]]
    )  # fmt: skip


def other_cell_of_parquet(column):
    kind = opendata.TYPES[column]
    value = {"BOOLEAN": f"NOT {column}", "VARCHAR": f"{column} || 'x'"}.get(
        kind, f"coalesce({column}, 0) + 1"
    )
    return rows(f"SELECT * REPLACE (CASE WHEN rowid = 0 THEN {value} ELSE {column} END AS {column}) FROM t")


def replaced_by(make):
    def alter(file):
        file.unlink()
        make(file)

    return alter


TEXT = {
    "taken away": Path.unlink,
    "empty": content(lambda found: b""),
    "truncated": content(lambda found: found[:-3]),
    "cut in the middle": content(lambda found: found[: len(found) // 2]),
    "with BOM": content(lambda found: b"\xef\xbb\xbf" + found),
    "with CRLF": content(lambda found: found.replace(b"\n", b"\r\n")),
    "in UTF-16": content(lambda found: found.decode().encode("utf-16")),
    "in GB 18030": content(lambda found: found.replace(b"\n", "，是\n".encode("gb18030"))),
    "with a NUL": content(lambda found: found[:9] + b"\0" + found[9:]),
    "noise": content(lambda found: bytes(range(256)) * 20),
    "a folder": replaced_by(Path.mkdir),
    "a pipe": replaced_by(os.mkfifo),
    "a link": replaced_by(lambda file: file.symlink_to("/dev/null")),
}
TABLE = {
    "a column renamed": lines(lambda found: ["x" + found[0], *found[1:]]),
    "a column dropped": lines(
        lambda found: [each.rpartition(",")[0] if "," in found[0] else "x" for each in found]
    ),
    "a column added": lines(lambda found: [each + ",1" for each in found]),
    "the head gone": lines(lambda found: found[1:]),
    "a row taken out": lines(lambda found: [*found[:2], *found[3:]]),
    "a row doubled": lines(lambda found: [*found[:2], found[1], *found[2:]]),
    "the last row doubled": lines(lambda found: [*found, found[-1]]),
    "half of the rows gone": lines(lambda found: found[: len(found) // 2]),
    "a row added with too many cells": lines(lambda found: [*found, found[-1] + ",1,2,3"]),
    "a quote not closed": lines(lambda found: [found[0], '"' + found[1], *found[2:]]),
    "a blank line": lines(lambda found: [*found, ""]),
}
PARQUET = {
    **{name: TEXT[name] for name in ("taken away", "empty", "truncated", "noise", "a folder", "a pipe", "a link")},
    "cut in the middle": TEXT["cut in the middle"],
    "not Parquet at all": content(lambda found: b"a,b\n1,2\n"),
    "its middle overwritten": content(lambda found: found[:8] + b"\xff" * (len(found) - 20) + found[-12:]),
    "a row taken out": rows("SELECT * FROM t WHERE rowid > 0"),
    "a row doubled": rows("FROM t UNION ALL SELECT * FROM t WHERE rowid = 0"),
    "no rows": rows("FROM t LIMIT 0"),
    "a column added": rows("SELECT *, 1 AS more FROM t"),
}  # fmt: skip


def alterations():
    """What somebody may do to each file, with a name for it: of all tables each column, of two all the rest."""
    for name in opendata.ROWS:
        for at, column in enumerate(opendata.COLUMNS[name]):
            yield f"{name}.csv", f"a cell of {column} changed", other_cell(at)
            yield f"{name}.parquet", f"a cell of {column} changed", other_cell_of_parquet(column)
            yield f"{name}.parquet", f"{column} renamed", rows(f"SELECT * RENAME ({column} AS x) FROM t")
            other = f"{column}::VARCHAR::BLOB AS {column}"
            yield f"{name}.parquet", f"{column} of another type", rows(f"SELECT * REPLACE ({other}) FROM t")
        yield f"{name}.csv", "a row taken out", TABLE["a row taken out"]
        yield f"{name}.parquet", "a row taken out", PARQUET["a row taken out"]
    for name in ("rounds_extended", "matters_by_unit"):
        for words, alter in {**TEXT, **TABLE}.items():
            yield f"{name}.csv", words, alter
        for words, alter in PARQUET.items():
            yield f"{name}.parquet", words, alter
    yield "matters_by_unit.parquet", "a column dropped", rows("SELECT * EXCLUDE (took_days) FROM t")
    for name, width in ((opendata.PUBLISHED, len(opendata.COLUMNS["published"])), (opendata.DICTIONARY, 4)):
        for words, alter in {**TEXT, **TABLE}.items():
            yield name, words, alter
        for at in range(width):
            yield name, f"cell {at} changed", other_cell(at)
    for words, alter in {**TEXT, **OF_ABOUT}.items():
        yield opendata.ABOUT, words, alter


OF_ABOUT = {
    "not JSON": content(lambda found: found[1:]),
    "a list": content(lambda found: b"[]\n"),
    "very deep": content(lambda found: b"[" * 100_000 + b"\n"),
    "another form": content(lambda found: found.replace(b"opendata/4", b"opendata/3")),
    "no day": content(lambda found: found.replace(b'"day"', b'"days"')),
    "a day that is none": content(lambda found: found.replace(b'"day": "2', b'"day": "x')),
    "no rows": content(lambda found: found.replace(b'"rows"', b'"lines"')),
    "fewer rows": content(lambda found: found.replace(b'"matters": 18', b'"matters": 17')),
    "fewer numbers": content(lambda found: found.replace(b'"published": ', b'"published": 1')),
    "something added": content(lambda found: found.replace(b"{", b'{"by": "me",', 1)),
    "other spaces": content(lambda found: found.replace(b"  ", b" ")),
}


def said(folder, capsys, *more):
    """Exit code and words of the check."""
    capsys.readouterr()
    code = main(["opendata", "check", str(folder), *more])
    told = capsys.readouterr()
    return code, told.out + told.err


def listed_anew(folder):
    """What somebody does who alters a file and knows of the list, but has no key to sign it."""
    there = {name for name in opendata.FILES if (folder / name).is_file()}
    sums = {name: manifest._sum(folder / name) if name in there else "0" * 64 for name in opendata.FILES}
    (folder / manifest.SUMS).write_bytes(manifest._text(sums))


def altered(export, name, alter):
    folder = export.parent / "altered"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(export, folder)
    alter(folder / name)
    return folder


def test_every_altered_file_is_refused_by_its_name(export):
    for name, words, alter in alterations():
        folder = altered(export, name, alter)
        found = recomputing.checked(folder)
        assert set(found.faults) == {name}, (name, words, found.faults)
        assert not (folder / name).is_file() or (folder / name).read_bytes() != (export / name).read_bytes()


def test_every_altered_file_is_refused_though_the_list_was_made_anew(export):
    """What is consistent in itself the signature alone tells; nothing here is."""
    for name, words, alter in alterations():
        folder = altered(export, name, alter)
        listed_anew(folder)
        found = recomputing.checked(folder)
        table = {name, f"{name.partition('.')[0]}.csv", opendata.PUBLISHED}
        table |= (
            {"matters.parquet"} if name == opendata.ABOUT else set()
        )  # which of both was altered nobody can tell
        assert not found.is_sound and set(found.faults) <= table, (name, words, found.faults)


def test_numbers_that_only_say_they_cannot_be_worked_out_are_found(export):
    """Of what the rows give nobody can say that they do not give it, nor that it is of a month that stands fixed."""
    for old, new in (
        ("total,,received,18,18,,,,,rows", "total,,received,99,18,,,,,told"),
        ("total,,received,18,18,,,,,rows", "total,,received,99,18,,,,,moved"),
        ("total,,received,18,18,,,,,rows", "total,,received,99,18,,,,,superseded"),
        ("total,,received,18,18,,,,,rows", "total,,received,18,,,,,,rows"),
        ("total,,received,18,18,,,,,rows", "total,,received,18,18,,,1,2026-11-30,rows"),
        ("total,,received,18,18,,,,,rows", "total,,satisfied,18,18,,,,,told"),
        ("frozen,2026-11,received,18,18,,,1,2027-01-01,rows", "frozen,2026-11,received,19,18,,,1,2027-01-01,told"),
        ("frozen,2026-11,received,18,18,,,1,2027-01-01,rows", "frozen,2026-11,received,19,18,,,1,,moved"),
        ("frozen,2026-11,received,18,18,,,1,2027-01-01,rows", "frozen,2026-11,answered,19,18,,,1,2027-01-01,told"),
        ("frozen,2026-11,received,18,18,,,1,2027-01-01,rows", "frozen,November,received,19,18,,,1,2027-01-01,told"),
        ("satisfaction_rate,0.5,12,", "satisfaction_rate,0.5,0,"),
        ("satisfaction_rate,0.5,12,", "satisfaction_rate,1e308,12,"),
        ("satisfaction_rate,0.5,12,", f"satisfaction_rate,0.5,{10**160},"),
        ("satisfaction_rate,0.5,12,", f"satisfaction_rate,0.5,{10**400},"),
    ):  # fmt: skip
        text = (export / opendata.PUBLISHED).read_text()
        assert old in text
        changed = text.replace(old, new).encode()
        folder = altered(export, opendata.PUBLISHED, lambda file, changed=changed: file.write_bytes(changed))
        listed_anew(folder)
        found = recomputing.checked(folder)
        assert found.wrong or found.faults, new


def test_the_old_revision_of_a_month_cannot_pass_for_the_one_that_holds(export):
    file = export / opendata.PUBLISHED
    row = next(line for line in file.read_text().splitlines() if line.startswith("frozen,2026-11,received,"))
    folder = altered(
        export, opendata.PUBLISHED, lines(lambda found: [*found, row.replace(",1,2027", ",2,2027")])
    )
    listed_anew(folder)
    assert {each.revision for each, _value in recomputing.checked(folder).wrong} == {1}


def test_what_does_not_belong_there_is_named(export, capsys):
    (export / "ratings.csv").write_text("x")
    (export / "more").mkdir()
    code, told = said(export, capsys)
    assert code == 1 and "ratings.csv：" in told and "more：" in told
    assert main(["opendata", "export", str(export)]) == 3, "it may be somebody's"
    assert (export / "ratings.csv").read_text() == "x"


def test_nothing_is_written_through_a_link_or_into_what_is_no_file(fixed, tmp_path, capsys):  # noqa: F811
    letter = tmp_path / "letter.txt"
    letter.write_text("dear")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / opendata.PUBLISHED).symlink_to(letter)
    (tmp_path / "folders" / manifest.SUMS).mkdir(parents=True)
    for folder in (tmp_path / "linked", tmp_path / "folders"):
        assert main(["opendata", "export", str(folder)]) == 3
        assert len(list(folder.iterdir())) == 1
    assert letter.read_text() == "dear"


def test_no_name_and_no_word_in_a_folder_writes_a_line_of_the_report(export, capfd):
    good = "签名对：这些文件的清单是公钥的主人发布的。"
    (export / f"x\n{good}\x1b[2J").write_text("x")
    os.close(os.open(os.fsencode(export) + b"/y\xff", os.O_CREAT | os.O_WRONLY))
    about = export / opendata.ABOUT
    about.write_text(about.read_text().replace(opendata.FORM, f"\\ud800\\n{good}"))
    listed_anew(export)
    for more in ([], ["--json"]):
        assert main(["opendata", "check", str(export), *more]) == 1
        told = capfd.readouterr().out
        assert f"\n{good}" not in told and "\x1b" not in told
        assert "x\\" in told and "\\ud800" in told and "\\udcff" in told


def test_an_altered_list_is_named(export, capsys):
    listed = (export / manifest.SUMS).read_text()
    first, *rest = listed.splitlines(keepends=True)
    for words in (
        "", "x\n", listed + first, listed[:-1], first, listed.replace("\n", "\r\n"), "\ufeff" + listed,
        listed.upper(), "".join([*rest, first]), listed.replace("matters.csv", "../matters.csv"),
    ):  # fmt: skip
        (export / manifest.SUMS).write_bytes(words.encode())
        code, told = said(export, capsys)
        assert code == 1 and f"{manifest.SUMS}：" in told, words
    (export / manifest.SUMS).unlink()
    assert said(export, capsys)[0] == 1
    (export / manifest.SUMS).write_text("0" + listed[1:] if listed[0] != "0" else "1" + listed[1:])
    assert f"{first.split()[1]}：" in said(export, capsys)[1], "one of both was altered"


def test_the_key_tells_whose_an_export_is(export, capsys):
    code, told = said(export, capsys)
    assert code == 0 and "签名没有核对" in told
    assert main(["opendata", "key"]) == 0
    key = export.parent / "key.pem"
    key.write_text(capsys.readouterr().out)
    code, told = said(export, capsys, "--key", str(key))
    assert code == 0 and "签名对" in told and "没有核对" not in told
    with override_settings(HUIYIN_KEYS=keys.fresh()):
        others = signing.public_key()
        forged = signing.sign((export / manifest.SUMS).read_bytes())
    assert "签名不对" in recomputing.checked(export, key=others).faults[manifest.SIGNATURE]
    (export / manifest.SIGNATURE).write_bytes(forged)
    code, told = said(export, capsys, "--key", str(key), "--json")
    assert code == 1 and json.loads(told)["signature"] == "wrong"
    (export / manifest.SIGNATURE).write_bytes(forged[:-1])
    assert said(export, capsys)[0] == 1


def test_rows_altered_in_both_forms_with_their_numbers_are_told_by_the_key_alone(export):
    """Whoever alters everything alike makes another export: only nobody can sign it."""
    (export / "days.csv").write_text("took_days\n" + "5.0\n" * 12)
    text = (export / opendata.PUBLISHED).read_text()
    key = signing.public_key()
    with duck() as connection:
        connection.execute(
            "COPY (SELECT 5.0::DOUBLE AS took_days FROM range(12))"
            f" TO {quoted(export / 'days.parquet')} (FORMAT parquet)"
        )
    mended = [
        f"total,,{name}_days,5.0,12,{'5.0,5.0' if name == 'median' else ','},,,rows"
        for name in ("median", "mean", "max")
    ]
    left = [
        line
        for line in text.splitlines()
        if not line.startswith(("total,,median_", "total,,mean_", "total,,max_"))
    ]
    (export / opendata.PUBLISHED).write_text("\n".join([*left, *mended]) + "\n")
    listed_anew(export)
    assert recomputing.checked(export).is_sound
    assert set(recomputing.checked(export, key=key).faults) == {manifest.SIGNATURE}


def test_list_and_signature_are_read_by_everybodys_tools(export):
    if not (shutil.which("sha256sum") and shutil.which("openssl")):
        pytest.skip("needs sha256sum and openssl")
    subprocess.run(
        ["sha256sum", "-c", "--strict", manifest.SUMS], cwd=export, check=True, capture_output=True
    )
    key = export.parent / "key.pem"
    key.write_text(signing.public_key())
    line = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(key), "-rawin",
            "-in", manifest.SUMS, "-sigfile", manifest.SIGNATURE]  # fmt: skip
    assert b"Verified" in subprocess.run(line, cwd=export, check=True, capture_output=True).stdout


def test_what_is_no_export_or_no_key_is_refused(export, tmp_path, capsys):
    for folder in (tmp_path / "nowhere", export / opendata.ABOUT, tmp_path):
        code, told = said(folder, capsys)
        assert code == 3 and "不是回音的开放数据文件夹" in told
    assert main(["opendata", "export", str(export / opendata.ABOUT)]) == 3
    for words in (b"", b"\xff\xfe", b"x", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"):
        key = tmp_path / "key"
        key.write_bytes(words)
        assert said(export, capsys, "--key", str(key))[0] == 3
    assert said(export, capsys, "--key", str(tmp_path))[0] == 3


def test_an_export_lies_in_any_folder(fixed, tmp_path):  # noqa: F811
    for name in ("开放[2026]*? '1'", "day=2026-11-23"):
        opendata.export(tmp_path / name)
        found = recomputing.checked(tmp_path / name)
        assert found.is_sound and found.counted, found.faults


def test_an_export_that_was_stopped_is_refused_and_written_again(export, capsys):
    manifest.take_away(export)
    (export / opendata.ABOUT).unlink()
    assert said(export, capsys)[0] == 1
    assert main(["opendata", "export", str(export)]) == 0 == said(export, capsys)[0]
