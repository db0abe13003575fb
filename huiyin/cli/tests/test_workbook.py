"""huiyin workbook: the same act as on the page, as the holder of a post, and a file in the end."""

import json
from datetime import UTC, datetime
from errno import ENOSPC

import pytest

from huiyin.assessment.tests import town
from huiyin.cases import exporting
from huiyin.cases.models import Export
from huiyin.cli import main
from huiyin.cli.frame import EXIT
from huiyin.kernel import clock
from huiyin.ledger.models import Event
from huiyin.workbooks import actions
from huiyin.workbooks.models import Template
from huiyin.workbooks.tests.drawn import cells, shown

pytestmark = pytest.mark.django_db
NOW, THEN = datetime(2026, 12, 7, 1, 0, tzinfo=UTC), datetime(2026, 11, 10, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_december(db):
    with clock.frozen(NOW):
        town.rule()
        yield


def told(capsys, *arguments):
    code = main(["workbook", *map(str, arguments), "--json"])
    out = capsys.readouterr().out
    return code, json.loads(out) if out else None


def test_an_office_s_own_template_is_filled_for_a_month_as_a_post_sees_it(cast, capsys, tmp_path):
    town.history(cast, cast.chengguan, THEN, n=8), town.history(cast, cast.zhujian, THEN, n=6)
    content = cells(A1="{{每个单位}}{{名称}}", B1="{{收到}}", C1="{{期间}}")
    row = actions.upload(by=cast.supervisor, name="县里的表", content=content)
    Template.objects.filter(pk=row.pk).update(state="active")
    post, file = cast.supervisor.post.code, tmp_path / "deep" / "a.xlsx"
    code, found = told(capsys, "list", "--post", post)
    assert (code, [each["template"] for each in found]) == (0, ["monthly", "assessment", "县里的表"])
    code, found = told(capsys, "fill", "2026-11", file, "--template", "县里的表", "--post", post)
    assert (code, found["file"]) == (0, str(file))
    assert {line[0]: line[1] for line in shown(file.read_bytes())} == {"城管局": 8, "住建局": 6}
    assert [each.name for each in file.parent.iterdir()] == ["a.xlsx"]
    kept = Export.objects.get()
    assert (kept.asked_by, kept.state) == (cast.supervisor.post, "ready")
    events = Event.objects.filter(subject=f"export:{kept.pk}").order_by("subject_seq")
    assert [event.kind for event in events] == ["export_asked", "export_ready", "export_taken"]
    assert events[0].facts["wanted"]["through"] == "command"


def test_the_first_that_comes_with_the_program_is_filled_unless_another_is_named(cast, capsys, tmp_path):
    town.history(cast, cast.chengguan, THEN, n=2)
    by = {"--post": cast.handler.post.code}
    assert main(["workbook", "fill", "2026-Q4", str(tmp_path / "q.xlsx"), *sum(by.items(), ())]) == 0
    assert "本单位办理报表 2026 年第 4 季度" in capsys.readouterr().out
    assert shown((tmp_path / "q.xlsx").read_bytes())


@pytest.mark.parametrize(
    "arguments, said",
    [
        (["2026-11", "x.xlsx", "--post", "nobody"], "没有岗位 nobody"),
        (["2026-11", "x.xlsx", "--post", "{clerk}"], "不能填报表"),
        (["2027-11", "x.xlsx", "--post", "{supervisor}"], "不能是以后的"),
        (["2026-11", "x.xlsx", "--post", "{supervisor}", "--template", "没有的"], "没有在用的模板“没有的”"),
        (["2026-11", "x.xlsx", "--post", "{supervisor}", "--template", "unit"], "没有在用的模板"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(cast, capsys, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    posts = {"clerk": cast.clerk.post.code, "supervisor": cast.supervisor.post.code}
    assert main(["workbook", "fill", *(each.format(**posts) for each in arguments)]) == EXIT.REFUSED
    assert said in capsys.readouterr().err
    assert not Export.objects.exists() and not list(tmp_path.iterdir())


def test_what_the_writer_refuses_ends_with_its_sentence_and_no_file(cast, capsys, tmp_path, monkeypatch):
    town.history(cast, cast.chengguan, THEN, n=2)
    monkeypatch.setattr("huiyin.workbooks.listed.MOST_LINES", 1)
    content = cells(A1="{{每件诉求}}{{编号}}")
    row = actions.upload(by=cast.supervisor, name="清单", content=content)
    Template.objects.filter(pk=row.pk).update(state="active")
    asked = [
        "fill",
        "2026-11",
        tmp_path / "x.xlsx",
        "--template",
        "清单",
        "--post",
        cast.supervisor.post.code,
    ]
    code, found = told(capsys, *asked)
    assert code == EXIT.PROBLEMS and "放不下" in found["said"] and not list(tmp_path.iterdir())


def test_a_file_that_the_worker_has_begun_is_waited_for_and_not_written_twice(
    cast, capsys, tmp_path, monkeypatch
):
    begun = []

    def meanwhile(seconds):
        begun.append(seconds)
        row = Export.objects.get()
        assert row.state == "writing"
        Export.objects.update(state="asked")

    real = exporting.queue

    def taken(*given, **more):
        row = real(*given, **more)
        Export.objects.filter(pk=row.pk).update(state="writing", touched_at=clock.now())
        return row

    monkeypatch.setattr(exporting, "queue", taken)
    monkeypatch.setattr("huiyin.cli.commands.workbook.sleep", meanwhile)
    code, _ = told(capsys, "fill", "2026-11", tmp_path / "x.xlsx", "--post", cast.supervisor.post.code)
    assert code == 0 and len(begun) == 1 and (tmp_path / "x.xlsx").exists()


def test_the_file_is_its_owner_s_alone_and_nothing_is_written_through_a_link(cast, capsys, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("kept")
    file = tmp_path / "a.xlsx"
    for name in ("a.xlsx", "a.xlsx.part"):
        (tmp_path / name).symlink_to(victim)
    code, _found = told(capsys, "fill", "2026-11", file, "--post", cast.supervisor.post.code)
    assert code == 0 and victim.read_text() == "kept"
    assert not file.is_symlink() and file.stat().st_mode & 0o777 == 0o600 and shown(file.read_bytes())


def test_what_could_not_be_written_was_not_taken_and_leaves_no_file(cast, capsys, tmp_path, monkeypatch):
    def full(handle):
        raise OSError(ENOSPC, "No space left on device")

    monkeypatch.setattr("huiyin.cli.commands.workbook.os.fsync", full)
    asked = ["workbook", "fill", "2026-11", str(tmp_path / "x.xlsx"), "--post", cast.supervisor.post.code]
    assert main(asked) not in (EXIT.DONE, EXIT.PROBLEMS)
    kinds = Event.objects.filter(subject=f"export:{Export.objects.get().pk}").values_list("kind", flat=True)
    assert "export_ready" in kinds and "export_taken" not in kinds
    assert not list(tmp_path.iterdir())
