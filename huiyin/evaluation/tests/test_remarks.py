"""What is written of representatives is read by supervisors alone, ten ratings at once, and by nobody's name."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.cases.models import Party
from huiyin.evaluation import remarks
from huiyin.evaluation.actions import rate_bringer
from huiyin.evaluation.models import RepresentativeRating
from huiyin.evaluation.spans import FULL
from huiyin.evaluation.tests.road import MONDAY, brought, petitioner
from huiyin.kernel import clock
from huiyin.organisation.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def wednesday():
    with clock.frozen(MONDAY + timedelta(days=2)):
        yield


def rated(case, post, *words: str) -> None:
    """As many ratings as words; "" writes nothing."""
    for said in words:
        party = Party.objects.create(case=case, role=Party.Role.MEMBER, joined_at=clock.now())
        RepresentativeRating.objects.create(
            case=case, party=party, post=post, unit=post.unit, satisfied=3, words=said or None, at=clock.now()
        )


def test_words_wait_for_ten_ratings_and_come_together_in_no_order_of_theirs(cast):
    case, post = brought(cast), cast.representative.post
    said = [f"第{number}句" for number in range(FULL - 2)]
    rated(case, post, *said, "")
    assert remarks.page(cast.supervisor) == ([], None)
    rate_bringer(case, by=petitioner(case), satisfied=1, words="没有回过电话")
    [batch], older = remarks.page(cast.supervisor)
    assert sorted(batch.words) == sorted([*said, "没有回过电话"]) and older is None
    assert list(batch.words) != [*said, "没有回过电话"], "who came last cannot be told"
    assert (batch.name, batch.unit, batch.month.isoformat()) == (str(post.user), str(post.unit), "2026-11-01")
    rated(case, post, "下一批的")
    assert remarks.page(cast.supervisor) == ([batch], None)


def test_neither_the_petitioner_nor_a_number_stands_in_them(cast):
    case, post = brought(cast), cast.representative.post
    rated(case, post, *[""] * (FULL - 1))
    words = "我是赵钱孙，住石桥路 1 号 2 栋 301 室，电话 13800000001，朋友的是 13911112222"
    rate_bringer(case, by=petitioner(case), satisfied=1, words=words)
    [batch] = remarks.page(cast.supervisor)[0]
    [said] = batch.words
    assert not any(
        known in said for known in ("赵钱孙", "301", "13800000001", "13911112222", case.number, case.title)
    )


def test_batches_without_a_word_are_left_out_and_pages_go_by_key(cast, monkeypatch):
    monkeypatch.setattr(remarks, "PAGE", 1)
    case, post = brought(cast), cast.representative.post
    for words in ("先", "", "后"):
        rated(case, post, words, *[""] * (FULL - 1))
    [newest], older = remarks.page(cast.supervisor)
    [oldest], none = remarks.page(cast.supervisor, before=older)
    assert (newest.words, oldest.words, none) == (("后",), ("先",), None)


@pytest.mark.parametrize("who", ["representative", "leader", "reviewer", "caller", "handler", "auditor"])
def test_nobody_but_a_supervisor_reads_them(cast, who):
    with pytest.raises(PermissionDenied):
        remarks.page(getattr(cast, who))


def test_nobody_reads_what_is_written_of_themselves(cast):
    case = brought(cast)
    mine = Post.objects.create(
        code="second-hat", user=cast.supervisor.user, unit=cast.representative.unit, role="representative"
    )
    rated(case, mine, *["很好"] * FULL)
    assert remarks.page(cast.supervisor) == ([], None)
