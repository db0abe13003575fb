"""Lists as files: what is in them, who gets them, what a killed worker leaves, and what they never contain."""

import csv
import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from huiyin.cases import actions, exporting
from huiyin.cases.models import Case, Export
from huiyin.cases.queries import Wanted
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_monday(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    with clock.frozen(roads.MONDAY):
        yield


def seated(actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def asked(actor, kind="csv", of="cases", **wanted) -> Export:
    return exporting.ask(actor, Wanted(**wanted), of=of, kind=kind, language="zh-hans")


def read(row: Export) -> list[list[str]]:
    row.refresh_from_db()
    assert row.state == Export.State.READY, row.state
    with default_storage.open(row.stored_as) as stream:
        return list(csv.reader(io.StringIO(stream.read().decode("utf-8-sig"))))


def test_from_the_button_to_the_file(cast):
    case, clerk = roads.registered(cast), seated(cast.clerk)
    assert "/work/exports/new/desk/?tab=registered" in clerk.get("/work/desk/?tab=registered").text
    clerk.post("/work/exports/new/desk/?tab=registered", {"kind": "csv"})
    waiting = clerk.get("/work/exports/").text
    assert "排队中" in waiting and "看看写好了没有" in waiting
    assert clerk.get("/work/exports/ended/").status_code == 204
    assert exporting.write_waiting() == 1
    assert "写好了" in clerk.get("/work/exports/ended/").text
    file = clerk.get(f"/work/exports/{Export.objects.get().pk}/")
    rows = list(csv.reader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig"))))
    assert rows[0][:2] == ["编号", "标题"]
    assert [row[0] for row in rows[1:]] == [case.number]
    assert file["Content-Disposition"].startswith("attachment")


def test_an_excel_sheet_holds_times_as_times(cast):
    roads.registered(cast)
    row = asked(cast.clerk, kind="xlsx")
    exporting.write_waiting()
    row.refresh_from_db()
    sheet = CalamineWorkbook.from_filelike(default_storage.open(row.stored_as)).get_sheet_by_index(0)
    head, first = sheet.to_python()
    assert first[head.index("收到")] == roads.MONDAY.astimezone(clock.zone()).replace(tzinfo=None)


def test_the_filters_of_the_list_are_those_of_the_file(cast):
    roads.registered(cast)
    other = roads.dispatched(cast).case
    row = asked(cast.dispatcher, states=("handling",))
    exporting.write_waiting()
    assert [line[0] for line in read(row)[1:]] == [other.number]


def test_a_unit_gets_its_own_orders_only(cast):
    order = roads.dispatched(cast)
    mine, other = asked(cast.handler, of="orders"), asked(cast.zhujian_handler, of="orders")
    exporting.write_waiting()
    assert [line[0] for line in read(mine)[1:]] == [order.case.number]
    assert read(other)[1:] == []


def test_a_report_is_in_no_file_of_whoever_is_accused(cast):
    intake = roads.noise(nature=Case.Nature.REPORT, accused_units=[cast.weijian], title="收受礼品")
    report = actions.register(intake, by=cast.citizen).case
    barred, clerk = asked(cast.two_hats), asked(cast.clerk)
    exporting.write_waiting()
    assert [line[0] for line in read(clerk)[1:]] == [report.number]
    assert read(barred)[1:] == []  # who also works at the accused unit


def test_what_was_hidden_between_the_click_and_the_writing_is_not_written(cast):
    intake = roads.noise(nature=Case.Nature.REPORT, title="收受礼品")
    report = actions.register(intake, by=cast.citizen).case
    row = asked(cast.two_hats)
    actions.accuse(report, by=cast.clerk, unit=cast.weijian)
    exporting.write_waiting()
    assert read(row)[1:] == []


def test_nobody_fetches_the_file_of_another_post(cast):
    row = asked(cast.clerk)
    exporting.write_waiting()
    assert seated(cast.dispatcher).get(f"/work/exports/{row.pk}/").status_code == 404
    assert seated(cast.clerk).get(f"/work/exports/{row.pk}/").status_code == 200


def test_a_post_no_longer_held_gets_nothing(cast):
    row = asked(cast.clerk)
    post = cast.clerk.post
    post.valid_to = clock.local_date(clock.now()) - timedelta(days=1)
    post.save()
    exporting.write_waiting()
    row.refresh_from_db()
    assert (row.state, row.stored_as) == (Export.State.FAILED, "")


def test_no_cell_becomes_a_formula(cast):
    roads.registered(cast, title="=HYPERLINK(1)")
    row = asked(cast.clerk)
    exporting.write_waiting()
    assert read(row)[1][1] == "'=HYPERLINK(1)"


def test_what_a_killed_worker_left_is_written_anew_after_a_minute(cast):
    roads.registered(cast)
    row = asked(cast.clerk)
    exporting._claimed()
    assert exporting.write_waiting() == 0  # somebody may still be writing it
    with clock.frozen(roads.MONDAY + timedelta(minutes=2)):
        assert exporting.write_waiting() == 1
    assert len(read(row)) == 2


def test_what_kills_the_worker_three_times_is_given_up(cast):
    row, other = asked(cast.clerk, kind="xlsx"), asked(cast.clerk)
    for at in range(3):
        with clock.frozen(roads.MONDAY + timedelta(minutes=2 * at)):
            assert exporting._claimed() == row
    with clock.frozen(roads.MONDAY + timedelta(minutes=9)):
        assert exporting.write_waiting() == 1
        assert "写了三次都没有写成" in seated(cast.clerk).get("/work/exports/").text
    row.refresh_from_db()
    assert row.state == Export.State.FAILED and read(other)


def test_two_workers_do_not_write_the_same_list(cast):
    asked(cast.clerk)
    assert exporting._claimed() is not None
    assert exporting._claimed() is None


def test_a_fault_is_said_and_the_next_list_is_written(cast, monkeypatch):
    first, second = asked(cast.clerk, kind="xlsx"), asked(cast.clerk)
    monkeypatch.setitem(exporting.WRITERS, "xlsx", lambda *_rest: (_ for _ in ()).throw(OSError("disk")))
    assert exporting.write_waiting() == 2
    first.refresh_from_db()
    assert first.state == Export.State.FAILED
    assert "没有写成" in seated(cast.clerk).get("/work/exports/").text
    assert read(second)


def test_more_rows_than_a_sheet_takes_are_not_begun(cast, monkeypatch):
    roads.registered(cast)
    monkeypatch.setattr(exporting, "MOST_ROWS", 0)
    row = asked(cast.clerk, kind="xlsx")
    exporting.write_waiting()
    row.refresh_from_db()
    assert row.state == Export.State.FAILED


def test_three_at_a_time(cast):
    for _each in range(exporting.MOST_WAITING):
        asked(cast.clerk)
    with pytest.raises(Refused, match="等写完一份"):
        asked(cast.clerk)
    answer = seated(cast.clerk).post("/work/exports/new/desk/", {"kind": "csv"}, follow=True)
    assert "等写完一份" in answer.text


def test_files_go_after_a_day(cast):
    row = asked(cast.clerk)
    exporting.write_waiting()
    row.refresh_from_db()
    with clock.frozen(roads.MONDAY + timedelta(hours=25)):
        assert exporting.forget_old() == 1
    assert not default_storage.exists(row.stored_as)
    assert seated(cast.clerk).get(f"/work/exports/{row.pk}/").status_code == 404


def test_the_ledger_knows_who_took_which_list(cast):
    row = asked(cast.clerk, states=("registered",))
    exporting.write_waiting()
    row.refresh_from_db()
    exporting.fetch(cast.clerk, row.pk)
    found = Event.objects.filter(subject=f"export:{row.pk}").order_by("subject_seq")
    assert [event.kind for event in found] == ["export_asked", "export_ready", "export_taken"]
    assert found[0].actor == cast.clerk.name


def test_the_queries_do_not_grow_with_the_rows_of_a_batch(cast):
    def cost() -> int:
        asked(cast.clerk)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            exporting.write_waiting()
        return len(seen)

    roads.registered(cast)
    cost()  # what is remembered for seconds is asked for here
    one = cost()
    for _each in range(4):
        roads.registered(cast)
    assert cost() == one


@pytest.mark.parametrize(("who", "which"), [("handler", "desk"), ("clerk", "unit"), ("clerk", "watch")])
def test_a_list_that_one_cannot_see_cannot_be_asked_for(cast, who, which):
    answer = seated(getattr(cast, who)).post(f"/work/exports/new/{which}/", {"kind": "csv"})
    assert answer.status_code == 403
    assert not Export.objects.exists()


def test_an_unknown_kind_is_refused_in_words(cast):
    answer = seated(cast.clerk).post("/work/exports/new/desk/", {"kind": "exe"}, follow=True)
    assert "请选择 Excel 或 CSV" in answer.text
