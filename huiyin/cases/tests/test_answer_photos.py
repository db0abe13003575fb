"""Photos of before and after go with an answer, in its own transaction, and are seen outside once it stands."""

from dataclasses import replace

import pytest

from huiyin.cases import access, actions
from huiyin.cases.models import Attachment, Case
from huiyin.cases.tests.attempts import FILE
from huiyin.cases.tests.roads import party_of, refused, signed

pytestmark = pytest.mark.django_db
PHOTO = replace(FILE, kind="jpg", name="灯.jpg")


def answered(cast, order, *photos):
    return actions.answer(order, by=cast.handler, text="已经修好", outcome="solved", photos=photos)


def test_the_petitioner_sees_them_once_the_answer_stands(cast):
    order = signed(cast)
    row = answered(cast, order, ("before", PHOTO), ("after", PHOTO))
    assert list(row.attachments.order_by("pk").values_list("shows", flat=True)) == ["before", "after"]
    assert not access.attachments(party_of(order.case), order.case).exists()
    actions.approve(Case.objects.get(pk=order.case_id), by=cast.reviewer)
    assert access.attachments(party_of(order.case), order.case).count() == 2


def test_of_an_answer_that_was_sent_back_nobody_outside_sees_any(cast):
    order = signed(cast)
    answered(cast, order, ("after", PHOTO))
    actions.redo(Case.objects.get(pk=order.case_id), by=cast.reviewer, reason="没有说清楚")
    assert not access.attachments(party_of(order.case), order.case).exists()


@pytest.mark.parametrize(("kind", "n", "words"), [("pdf", 1, "这里只放照片"), ("jpg", 13, "最多放 12 张")])
def test_what_is_no_photo_or_too_many_is_refused_and_nothing_is_answered(cast, kind, n, words):
    order = signed(cast)
    with refused(words, code="photos"):
        answered(cast, order, *[("after", replace(PHOTO, kind=kind))] * n)
    order.refresh_from_db()
    assert order.state == "signed" and not Attachment.objects.exists()
