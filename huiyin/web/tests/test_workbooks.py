"""The pages of workbooks: from the upload to the file, who opens what, what is refused in words."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from huiyin.assessment.periods import period_of
from huiyin.assessment.tests import town
from huiyin.cases import exporting
from huiyin.cases.models import Export
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.models import Event
from huiyin.workbooks import actions
from huiyin.workbooks.models import Template
from huiyin.workbooks.tests.drawn import cells

pytestmark = pytest.mark.django_db
NOW, THEN = datetime(2026, 12, 7, 1, 0, tzinfo=UTC), datetime(2026, 11, 10, 4, tzinfo=UTC)
NOVEMBER = period_of("2026-11")
UNITS = {"handler", "unit_leader", "squad_handler", "zhujian_handler", "zhujian_leader", "community_handler",
         "outsider", "two_hats_at_weijian"}  # fmt: skip
FILL = {"supervisor", "leader"} | UNITS
KEEP = {"supervisor"}
PAGES = {
    "workbooks:choose": FILL,
    "workbooks:how": FILL,
    "workbooks:example": FILL,
    "workbooks:templates": KEEP,
    "workbooks:new": KEEP,
}
FORM = cells(A1="{{地点}}{{期间}}", A2="{{收到}}", A3="=A2*2")


@pytest.fixture(autouse=True)
def _in_december(db, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    with clock.frozen(NOW):
        town.rule()
        yield


def sent(client, content: bytes = FORM, name: str = "月报"):
    upload = SimpleUploadedFile("月报.xlsx", content)
    return client.post(reverse("workbooks:new"), {"name": name, "upload": upload})


def rows(answer) -> list:
    content = io.BytesIO(b"".join(answer.streaming_content))
    return CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()


def tried(by, content: bytes = FORM, name: str = "月报") -> Template:
    """A version that was filled once."""
    row = actions.upload(by=by, name=name, content=content)
    actions.try_out(row, by=by, period=NOVEMBER, language="zh-hans")
    exporting.write_waiting()
    row.refresh_from_db()
    return row


def in_use(by, content: bytes = FORM, name: str = "月报") -> Template:
    return actions.activate(tried(by, content, name), by=by)


def test_from_the_upload_to_the_filled_file(cast, sign_in):
    town.history(cast, cast.chengguan, THEN, n=6)
    client = sign_in(cast.supervisor)
    assert "还没有模板" in client.get(reverse("workbooks:templates")).text
    page = client.get(sent(client).headers["Location"]).text
    assert "还没有试填" in page and "总表" in page and "要填 2 格" in page
    row = Template.objects.get()
    act = lambda name, **told: client.post(reverse("workbooks:template_act", args=[row.pk, name]), told)  # noqa: E731
    assert act("activate").status_code == 422, "nothing is put to use untried"
    assert act("try", period="2026-11").headers["Location"] == reverse("exports:mine")
    assert exporting.write_waiting() == 1
    trial = client.get(reverse("exports:file", args=[Export.objects.get().pk]))
    assert rows(trial) == [["听风县2026 年 11 月"], [6], [12]]
    assert act("activate").status_code == 302
    filled = client.post(reverse("workbooks:choose"), {"which": f"own-{row.pk}", "period": "2026-11"})
    assert filled.headers["Location"] == reverse("exports:mine")
    assert exporting.write_waiting() == 1
    assert "月报 2026 年 11 月" in client.get(reverse("exports:mine")).text
    export = Export.objects.latest("pk")
    answer = client.get(reverse("exports:file", args=[export.pk]))
    assert rows(answer)[1] == [6] and answer["Content-Disposition"].startswith("attachment")
    assert sign_in(cast.leader).get(reverse("exports:file", args=[export.pk])).status_code == 404
    assert client.get(reverse("workbooks:template_file", args=[row.pk])).content == FORM
    assert act("retire").status_code == 302
    kinds = (
        Event.objects.filter(subject=f"template:{row.pk}")
        .order_by("subject_seq")
        .values_list("kind", flat=True)
    )
    assert list(kinds) == ["template_uploaded", "template_activated", "template_retired"]
    facts = str(list(Event.objects.filter(subject__startswith="template:").values_list("facts", flat=True)))
    assert "月报" not in facts and row.digest in facts


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_for_its_own_roles_and_for_nobody_else(cast, sign_in, name):
    for who, actor in cast.staff().items():
        status = sign_in(actor).get(reverse(name)).status_code
        assert status == (200 if who in PAGES[name] else 403), who


def test_every_place_to_mend_is_named_and_nothing_is_kept(cast, sign_in):
    client = sign_in(cast.supervisor)
    answer = sent(client, cells(B2="{{收道}}", C4="{{办杰}}"))
    assert answer.status_code == 422 and "有 2 处要改" in answer.text
    assert "表“总表” B2：没有“收道”这个数" in answer.text and "C4" in answer.text and "月报" in answer.text
    assert "打不开" in sent(client, b"no workbook").text
    assert "请填写" in client.post(reverse("workbooks:new"), {"name": ""}).text
    assert not Template.objects.exists()


def test_the_same_file_once_more_is_the_same_version_and_another_is_the_next(cast):
    first = actions.upload(by=cast.supervisor, name=" 月报 ", content=FORM)
    assert actions.upload(by=cast.supervisor, name="月报", content=FORM).pk == first.pk
    second = actions.upload(by=cast.supervisor, name="月报", content=cells(A1="{{办结}}"))
    assert (first.version, second.version) == (1, 2)


def test_one_version_is_in_use_and_the_one_before_goes_out(cast):
    first = in_use(cast.supervisor)
    second = in_use(cast.supervisor, cells(A1="{{办结}}"))
    first.refresh_from_db()
    assert (first.state, second.state) == ("retired", "active")
    with pytest.raises(Refused, match="已经在用"):
        actions.activate(second, by=cast.supervisor)
    with pytest.raises(Refused, match="已经停用"):
        actions.retire(first, by=cast.supervisor)
    with pytest.raises(Refused, match="已经停用"):
        actions.fill(first, by=cast.leader, period=NOVEMBER, language="zh-hans")


def test_pressed_twice_it_is_one_file(cast):
    row = in_use(cast.supervisor)
    asked = {"by": cast.leader, "period": NOVEMBER, "language": "zh-hans"}
    assert actions.fill(row, **asked).pk == actions.fill(row, **asked).pk
    assert exporting.write_waiting() == 1
    assert actions.fill(row, **asked).pk != Export.objects.filter(state="ready").latest("pk").pk


def test_another_office_s_template_is_not_kept_and_not_filled(cast, sign_in):
    row = in_use(cast.supervisor)
    Template.objects.filter(pk=row.pk).update(unit=cast.chengguan)
    client = sign_in(cast.supervisor)
    for name in ("template", "template_file"):
        assert client.get(reverse(f"workbooks:{name}", args=[row.pk])).status_code == 404
    assert client.post(reverse("workbooks:template_act", args=[row.pk, "retire"])).status_code == 404
    cast.chengguan.region = cast.other_street
    cast.chengguan.save()
    asked = {"which": f"own-{row.pk}", "period": "2026-11"}
    assert sign_in(cast.leader).post(reverse("workbooks:choose"), asked).status_code == 422
    assert not Export.objects.exclude(wanted__has_key="test").exists()


def test_what_is_asked_for_in_another_way_is_refused(cast, sign_in):
    client = sign_in(cast.handler)
    for told in ({"which": "monthly", "period": "2026-11"}, {"which": "unit", "period": "2031-01"}, {}):
        assert client.post(reverse("workbooks:choose"), told).status_code == 422
    assert (
        client.get(reverse("workbooks:example"), {"which": "monthly"})
        .headers["Content-Disposition"]
        .endswith('huiyin-unit-template.xlsx"')
    )
    assert (
        sign_in(cast.supervisor).post(reverse("workbooks:template_act", args=[9**15, "try"])).status_code
        == 404
    )


def test_what_could_not_be_written_says_why(cast, sign_in):
    row = in_use(cast.supervisor)
    client = sign_in(cast.supervisor)
    client.post(reverse("workbooks:choose"), {"which": f"own-{row.pk}", "period": "2026-11"})
    Template.objects.filter(pk=row.pk).update(state="retired")
    exporting.write_waiting()
    assert "这份模板已经停用" in client.get(reverse("exports:mine")).text
    assert Export.objects.latest("pk").state == "failed"


def test_what_a_killed_worker_left_is_written_anew_and_files_go_after_a_day(cast):
    row = in_use(cast.supervisor)
    asked = actions.fill(row, by=cast.leader, period=NOVEMBER, language="zh-hans")
    exporting._claimed()
    assert exporting.write_waiting() == 0
    with clock.frozen(NOW + timedelta(minutes=2)):
        assert exporting.write_waiting() == 1
    asked.refresh_from_db()
    assert asked.state == "ready"
    with clock.frozen(NOW + timedelta(hours=26)):
        assert exporting.forget_old() == 2


def test_a_post_no_longer_held_gets_no_workbook(cast):
    row = in_use(cast.supervisor)
    asked = actions.fill(row, by=cast.leader, period=NOVEMBER, language="zh-hans")
    cast.leader.post.valid_to = clock.local_date(NOW) - timedelta(days=1)
    cast.leader.post.save()
    exporting.write_waiting()
    asked.refresh_from_db()
    assert (asked.state, asked.stored_as) == ("failed", "")


def test_the_example_is_a_template_that_passes_its_own_check(cast, sign_in):
    for who in (cast.supervisor, cast.handler):
        content = sign_in(who).get(reverse("workbooks:example")).content
        assert actions.require_fit(content).blocks >= 2
    content = sign_in(cast.leader).get(reverse("workbooks:example"), {"which": "assessment"}).content
    assert actions.require_fit(content).problems == []
