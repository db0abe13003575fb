"""Bulletins later: corrected, taken back, counted anew; a case in one that may not be told any more."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from huiyin import ledger
from huiyin.analytics import asking, snapshot
from huiyin.analytics.asking import Question
from huiyin.assessment.tests import town
from huiyin.cases.models import Case, Exclusion
from huiyin.kernel import clock
from huiyin.kernel.identifiers import case_number
from huiyin.kernel.refusals import Refused
from huiyin.ledger.sequencer import sequence
from huiyin.publication.bulletins import actions, marking, queries
from huiyin.publication.bulletins.models import Bulletin, BulletinFile
from huiyin.publication.tests.test_bulletins import (  # noqa: F401
    NOVEMBER,
    NOW,
    THEN,
    _in_december,
    _uncounted,
    issued,
    month,
    way,
    words,
)

pytestmark = pytest.mark.django_db


def test_counting_anew_takes_no_copy_from_under_a_reader_and_is_not_begun_for_what_changed(cast, monkeypatch):
    row = month(cast)
    with snapshot.live() as (star, checkpoint):
        for later in (20, 40, 60):
            with clock.frozen(NOW + timedelta(minutes=later)):
                row = actions.recount(row, by=cast.clerk, version=row.version)
        asking.ask(star, ["received"], Question(checkpoint.moment, **NOVEMBER))
    monkeypatch.setattr(
        "huiyin.publication.bulletins.binding.bind", lambda *given, **more: pytest.fail("counted")
    )
    with pytest.raises(actions.Stale):
        actions.recount(row, by=cast.clerk, version=1)


def test_a_draft_makes_no_copy_and_is_refused_over_one_from_before_its_span_was_over(cast):
    midnight = datetime(2026, 11, 30, 16, tzinfo=UTC)
    with clock.frozen(midnight - timedelta(minutes=1)):
        ledger.record("test:1", "test", actor="test", occurred_at=clock.now(), facts={}, first=True)
        sequence()
        snapshot.brought_up_to_date()
    with clock.frozen(midnight + timedelta(minutes=2)):
        with pytest.raises(snapshot.NotCounted, match="2026-11-30 23:59，这段时间还没有算完"):
            month(cast)
        assert not Bulletin.objects.exists()
        snapshot.brought_up_to_date()
    with clock.frozen(midnight + timedelta(minutes=9)):
        assert month(cast).bound["as_of"] == (midnight + timedelta(minutes=2)).isoformat()


@way
def test_only_who_may_write_looks_at_a_preview_of_so_many_tables(cast):
    row = month(cast)
    many = "{口径}\n\n" * (marking.MOST_DRAWN + 1)
    for text, who, refusal in ((many, cast.clerk, Refused), ("正文", cast.leader, PermissionDenied),
                               ("{表:单位:收到}", cast.clerk, Refused)):  # fmt: skip
        with pytest.raises(refusal):
            queries.previewed(who, row, title="月报", text=text)
    with pytest.raises(Refused, match="最多 40 个"):
        actions.edit(row, by=cast.clerk, title="月报", body=many, version=1)
    queries.previewed(cast.clerk, row, title="月报", text="{二维码}\n\n" * marking.MOST_DRAWN)


@way
def test_who_wrote_what_is_corrected_does_not_approve_the_correction(cast):
    row = actions.edit(month(cast), by=cast.supervisor, title="改", body="改", version=1)
    new = actions.correct(issued(cast, row), by=cast.dispatcher, reason="漏了一段")
    actions.submit(new, by=cast.dispatcher, version=1)
    with pytest.raises(PermissionDenied):
        actions.approve(new, by=cast.supervisor, version=1)
    assert actions.approve(new, by=cast.reviewer, version=1).state == "approved"


@way
def test_a_reason_that_is_published_names_nobody(cast):
    row = issued(cast, month(cast))
    for act, who in ((actions.correct, cast.clerk), (actions.withdraw, cast.reviewer)):
        with pytest.raises(Refused, match="会公布"):
            act(row, by=who, reason="写了当事人的电话 13800000001")
    assert Bulletin.objects.get().state == "issued"


@way
@pytest.mark.parametrize("later", ["report", "named"])
def test_a_text_is_read_by_nobody_once_a_case_in_it_may_not_be_told(cast, later):
    case = town.matter(cast, cast.chengguan, THEN)
    Case.objects.filter(pk=case.pk).update(number=case_number(2026), title="井盖", text="井盖不见了")
    case.refresh_from_db()
    row = actions.draft(by=cast.clerk, code="information", **NOVEMBER, cases=[case.number])
    row = issued(cast, actions.recount(row, by=cast.clerk, version=1))
    BulletinFile.objects.filter(bulletin=row).update(state="ready")
    assert "井盖不见了" in words(row) and len(queries.files_of(row)) == 2
    draft = actions.correct(row, by=cast.clerk, reason="漏了一段")
    if later == "report":
        Case.objects.filter(pk=case.pk).update(nature="report")
    else:
        Exclusion.objects.create(case=case, user=cast.supervisor.user)
    for each in (row, draft):
        opened = queries.opened(cast.supervisor, queries.find(cast.supervisor, each.pk))
        assert "井盖" not in repr(opened.document.blocks) and "全文不再显示" in repr(opened.document.blocks)
    assert queries.files_of(row) == [] and queries.file_of(row, "pdf") is None
    with pytest.raises(Refused, match="不能再写进简报"):
        actions.submit(draft, by=cast.clerk, version=1)
    actions.discard(draft, by=cast.clerk)
    anew = actions.correct(row, by=cast.clerk, reason="漏了一段")
    assert queries.text_of(anew) == "" and not anew.bound["cited"] and queries.tampered() == []
