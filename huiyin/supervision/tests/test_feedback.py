"""《诉求问题反馈表》: drawn up without the petitioner, sent to whom the place names, read and received on the record."""

import pytest
from django.core.exceptions import PermissionDenied

from huiyin.cases import actions
from huiyin.cases.models import Case, Party
from huiyin.cases.tests.roads import DAY, MONDAY, accepted, at, closed, merge_units, noise, signed
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.models import Event
from huiyin.ledger.queries import latest
from huiyin.organisation.actors import Actor
from huiyin.organisation.models import Post
from huiyin.supervision.feedback import queries
from huiyin.supervision.feedback.actions import receive_feedback, send_feedback
from huiyin.supervision.feedback.models import FeedbackCopy, FeedbackForm
from huiyin.supervision.feedback.rules import FIELDS, FeedbackRule, rule_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _form(monkeypatch, cast):
    posts = (cast.leader.post.code, cast.supervisor.post.code, cast.auditor.post.code, "@lead", "nobody")
    rule = FeedbackRule("诉求问题反馈表", tuple(FIELDS), posts, 3)
    for where in ("actions", "rules"):
        monkeypatch.setattr(f"huiyin.supervision.feedback.{where}.feedback_rule", lambda: rule)
    monkeypatch.setattr("huiyin.web.cases.page.feedback_rule", lambda: rule)
    with clock.frozen(MONDAY):
        yield


def sent(cast, case, **more):
    return send_feedback(
        case, by=more.pop("by", cast.supervisor), suggestion=more.pop("said", "请城管局三天内到场")
    )


def copy_of(form, actor) -> FeedbackCopy:
    return form.copies.get(post=actor.post)


def test_it_goes_to_the_named_posts_and_the_lead_as_far_as_they_may_know_of_the_case(cast):
    form = sent(cast, signed(cast).case)
    posts = [copy.post for copy in form.copies.order_by("pk")]
    assert posts == [cast.leader.post, cast.supervisor.post, cast.handler.post], "an auditor sees no cases"
    assert (form.number, form.receipt_by) == (1, clock.local_date(MONDAY + 3 * DAY))
    event = latest(f"case:{form.case.number}")
    assert event.facts["number"] == 1 and event.facts["posts"][0] == cast.leader.post.code
    assert "三天内" not in str(event.facts)


def test_nothing_of_the_petitioner_stands_on_it_even_where_others_wrote_it(cast):
    case = signed(cast).case
    form = sent(cast, case, said="请先给赵钱孙（13800000001）打电话，他住石桥街道 1 号")
    text = "\n".join(line for _name, line in queries.find(cast.leader, form.pk).lines)
    for secret in ("赵钱孙", "13800000001", "石桥街道 1 号"):
        assert secret not in text, secret
    assert "夜间噪声" in text and "城管局（主办）" in text


def test_it_says_what_was_answered_and_whether_the_entry_was_accepted(cast):
    form = sent(cast, closed(cast))
    lines = dict(queries.find(cast.supervisor, form.pk).lines)
    assert "已约谈店主" in lines["办理结果"] and lines["办理期限"] == "办结" and lines["销账验收"] == "—"


def test_a_deadline_that_ends_a_day_stands_as_that_day(cast):
    case = signed(cast).case
    midnight, noon = MONDAY.replace(hour=16) + 4 * DAY, MONDAY.replace(hour=4) + 4 * DAY  # in Shanghai
    for due, said in ((midnight, "2026-11-06"), (noon, "2026-11-06 12:00")):
        Case.objects.filter(pk=case.pk).update(due_at=due)
        lines = dict(queries.find(cast.supervisor, sent(cast, Case.objects.get(pk=case.pk)).pk).lines)
        assert lines["办理期限"] == said


def test_the_same_words_are_not_sent_twice(cast):
    case = accepted(cast)
    sent(cast, case)
    with pytest.raises(Refused) as refused:
        sent(cast, case, by=cast.leader)
    assert refused.value.code == "same"
    assert sent(cast, case, said="改为五天").number == 2


def test_only_the_desk_and_those_who_oversee_send_it(cast):
    case = signed(cast).case
    for by in (cast.clerk, cast.caller, cast.handler, cast.unit_leader, cast.citizen):
        with pytest.raises(PermissionDenied):
            sent(cast, case, by=by)


def test_a_report_goes_to_nobody_who_may_not_read_it(cast):
    report = noise(nature=Case.Nature.REPORT, accused_units=[cast.chengguan])
    case = actions.register(report, by=cast.citizen).case
    actions.accept(case, by=cast.clerk, category=cast.night_noise)
    form = sent(cast, case)
    assert [copy.post for copy in form.copies.all()] == [cast.supervisor.post]
    assert queries.find(cast.leader, form.pk) is None and queries.find(cast.handler, form.pk) is None


def test_reading_and_receipt_are_kept_each_once(cast, sign_in):
    form = sent(cast, signed(cast).case)
    leader, address = sign_in(cast.leader), f"/work/feedback/{form.pk}/"
    assert "未读" in leader.get("/work/feedback/").content.decode()
    sign_in(cast.supervisor).get(address)
    assert copy_of(form, cast.leader).read_at is None, "another's reading is not theirs"
    own = sent(cast, form.case, said="改为五天", by=cast.reviewer)
    shown = sign_in(cast.supervisor).get(f"/work/feedback/{own.pk}/").content.decode()
    assert "已读，待签收" in shown, "on the page that they read"
    assert shown.count("PDF") == 1, "a button, and no other way beside it"
    with at(MONDAY + DAY) as now:
        assert "请城管局三天内到场" in leader.get(address).content.decode()
        assert copy_of(form, cast.leader).read_at == now
        assert leader.post(address).status_code == 302
    row = copy_of(form, cast.leader)
    assert row.received_at == row.read_at
    assert latest(f"case:{form.case.number}").kind == "receive_feedback"
    with pytest.raises(Refused):
        receive_feedback(row, by=cast.leader)
    assert Event.objects.filter(kind="receive_feedback").count() == 1


def test_nobody_gives_receipt_for_somebody_else(cast):
    form = sent(cast, signed(cast).case)
    with pytest.raises(PermissionDenied):
        receive_feedback(copy_of(form, cast.leader), by=cast.supervisor)


def test_a_copy_for_a_unit_that_was_merged_is_read_and_received_in_its_successor(cast, sign_in):
    order = signed(cast)
    form = sent(cast, order.case)
    with at(MONDAY + DAY):
        merge_units(cast.chengguan, into=cast.zhujian)
        actions.take_over(order, by=cast.dispatcher)
        head, colleague = cast.zhujian_leader, cast.zhujian_handler
        assert queries.waiting_count(head) == 1 and queries.of_case(order.case, head) == [form]
        assert queries.waiting_count(colleague) == 0 and queries.of_case(order.case, colleague) == []
        assert queries.find(colleague, form.pk) is None
        with pytest.raises(PermissionDenied):
            receive_feedback(copy_of(form, cast.handler), by=colleague)
        browser, address = sign_in(head), f"/work/feedback/{form.pk}/"
        assert "请城管局三天内到场" in browser.get(address).content.decode()
        assert copy_of(form, cast.handler).read_at and browser.post(address).status_code == 302
        assert copy_of(form, cast.handler).received_at and queries.waiting_count(head) == 0
    assert latest(f"case:{form.case.number}").actor == head.name


def test_whoever_moves_along_receives_what_was_sent_to_their_old_post(cast):
    order = signed(cast)
    form = sent(cast, order.case)
    with at(MONDAY + DAY):
        merge_units(cast.chengguan, into=cast.zhujian)
        actions.take_over(order, by=cast.dispatcher)
        moved = Post.objects.create(code="moved", user=cast.handler.user, unit=cast.zhujian, role="handler")
        by = Actor.of(moved)
        assert queries.waiting_count(by) == 1 and queries.find(by, form.pk).own.post == cast.handler.post
        receive_feedback(copy_of(form, cast.handler), by=by)
        assert queries.waiting_count(by) == 0


def test_what_is_overdue_is_seen_by_those_who_follow_it_and_not_by_recipients(cast, sign_in):
    form = sent(cast, signed(cast).case)
    address = f"/work/feedback/{form.pk}/"
    with at(MONDAY + 4 * DAY):
        assert "过期没有签收" in sign_in(cast.supervisor).get(address).content.decode()
        mine = sign_in(cast.handler).get(address)
        assert mine.status_code == 200 and "谁看过" not in mine.content.decode()
        assert sign_in(cast.zhujian_handler).get(address).status_code == 404
        assert sign_in(cast.clerk).get(address).status_code == 200


def test_it_is_sent_with_a_form_and_stands_beside_the_case(cast, sign_in):
    case = accepted(cast)
    client = sign_in(cast.dispatcher)
    assert client.post(f"/work/cases/{case.number}/send_feedback/", {"suggestion": ""}).status_code == 422
    assert client.post(f"/work/cases/{case.number}/send_feedback/", {"suggestion": "请办"}).status_code == 302
    form = FeedbackForm.objects.get()
    assert f"/work/feedback/{form.pk}/" in client.get(f"/work/cases/{case.number}/").content.decode()
    assert Party.objects.filter(case=case).exists()


@pytest.mark.parametrize("row", [None, {}, {"recipients": []}, {"recipients": ["a"], "fields": ["name"]},
                                 {"recipients": ["a"], "days": 99}])  # fmt: skip
def test_a_form_that_cannot_be_meant_is_none(row):
    assert rule_of(row) is None
