"""A person who writes every day: each message has its number and its answer; a measure is agreed, contested, ended."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from huiyin.cases.models import Case, Notice
from huiyin.kernel import clock
from huiyin.people.models import ContactMeasure
from huiyin.web.tests.citizens import FILLED, Visitor, answered, hand_in, proves_telephone
from tests.cast import Cast

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
DAYS = 10
AGREED = "由回访员一人接听和回复，工作日 9 点到 11 点。您随时可以在网上写。"
WHY = "同一事项每天来电十次以上，每次都已答复。"


@pytest.fixture
def days() -> Iterator[list[datetime]]:
    """Ten mornings in a row."""
    cache.clear()
    yield [MONDAY + timedelta(days=n) for n in range(DAYS)]


def writes(morning: datetime) -> Visitor:
    """One more message, on a device of that day; nobody is asked whether there was one yesterday."""
    cache.clear()
    with clock.frozen(morning):
        key = f"6d7a4a2e-3c1b-4c39-9e1c-{morning.day:012}"
        return hand_in(Client(), key=key, text=f"{FILLED['text']}今天是第 {morning.day} 次。", headcount="1")


def reads(visitor: Visitor) -> str:
    """Their page, opened with number and code: a device remembers for half a day only."""
    cache.clear()
    sent = {"number": visitor.number, "code": visitor.code}
    return visitor.client.post("/follow/", sent, follow=True).content.decode()


def posts(client: Client, name: str, *args: Any, **sent: Any) -> str:
    """Send a form of the desk and read the page that it leads to."""
    answer = client.post(reverse(name, args=args), sent, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_every_message_is_heard_and_only_the_way_of_talking_changes(
    cast: Cast, sign_in: Any, days: Any, settings: Any
) -> None:
    settings.HUIYIN_SMS = "folder"
    messages = [writes(morning) for morning in days]
    assert len({each.number for each in messages}) == DAYS
    assert set(Case.objects.values_list("state", flat=True)) == {"registered"}

    with clock.frozen(days[-1] + timedelta(hours=1)):
        first, repeats = messages[0], messages[1:]
        clerk, reviewer = sign_in(cast.clerk), sign_in(cast.reviewer)
        _the_desk_merges_repeats(clerk, first, repeats)
        answered(cast, first.case, text="店主已加装隔音，十点后不再外摆。")
    with clock.frozen(days[-1] + timedelta(hours=2)):
        for each in messages:  # every one of them, on its own page, has its own number and the answer
            page = reads(each)
            assert each.number in page and "店主已加装隔音" in page
        assert not Notice.objects.filter(about="answer", told_at=None).exists()

    with clock.frozen(days[-1] + timedelta(hours=3)):
        measure = _a_measure_is_agreed(cast, clerk, reviewer)
        _the_desk_sees_it_when_they_call_and_registers_all_the_same(clerk)
        assert AGREED not in reads(first), "a query code does not tell whose telephone it is"
        proves_telephone(first.client)
        page = reads(first)
        assert AGREED in page and cast.too_often.basis in page and WHY not in page
        measure.refresh_from_db()
        assert measure.told_at is not None

    with clock.frozen(days[-1] + timedelta(days=1)):
        why = "我每次说的都是新的一晚"
        reads(first)
        closed = first.client.post(f"{first.page}object-measure/", {"why": why}, follow=True)
        assert "异议已收到" not in closed.content.decode(), "half an hour is over"
        proves_telephone(first.client)
        told = first.client.post(f"{first.page}object-measure/", {"why": why}, follow=True)
        assert "异议已收到" in told.content.decode() and "正在复核" in told.content.decode()
        assert "有异议，待复核" in clerk.get(reverse("desk:measures")).content.decode()
        assert why in reviewer.get(reverse("desk:measure", args=[measure.pk])).content.decode()
        said = "确有新情况，缩短到 11 月 20 日"
        posts(reviewer, "desk:measure_act", measure.pk, "review", said=said, until="2026-11-20")
        assert said in reads(first)

    after = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
    with clock.frozen(after):
        assert AGREED not in _calls(clerk, key="after"), "it has ended by itself"
        assert "已到期" in clerk.get(reverse("desk:measures")).content.decode()
        assert "decline" not in {event for case in Case.objects.all() for event in _acts(case)}
    again = writes(after + timedelta(hours=1))
    assert again.case.state == "registered" and again.case.due_at is not None


def test_whoever_gives_somebody_elses_telephone_reads_nothing_of_what_is_agreed_with_them(
    cast: Cast, sign_in: Any, settings: Any
) -> None:
    settings.HUIYIN_SMS = "folder"
    cache.clear()
    with clock.frozen(MONDAY):
        before = hand_in(Client())
        _a_measure_is_agreed(cast, sign_in(cast.clerk), sign_in(cast.reviewer))
        after = hand_in(Client(), key="6d7a4a2e-3c1b-4c39-9e1c-000000000002")
        stranger = hand_in(
            Client(), key="6d7a4a2e-3c1b-4c39-9e1c-000000000003", phone="13900000009", email="a@example.cn"
        )
        for each in (before, after, stranger):
            assert AGREED not in reads(each) and "联系约定" not in reads(each)
            assert each.client.post(f"{each.page}object-measure/", {"why": "不是我"}).status_code != 302
        proves_telephone(after.client, "13900000009")  # their own, and not the one that they gave
        assert AGREED not in reads(after) and ContactMeasure.objects.get().told_at is None
        proves_telephone(before.client)
        assert AGREED in reads(before) and ContactMeasure.objects.get().told_at


def _the_desk_merges_repeats(clerk: Client, first: Visitor, repeats: list[Visitor]) -> None:
    for each in repeats:
        address = reverse("cases:act", args=[each.number, "merge"])
        assert clerk.post(address, {"number": first.number}).status_code == 302
        each.case.refresh_from_db()
        assert (each.case.state, each.case.parent) == ("merged", first.case)


def _a_measure_is_agreed(cast: Cast, clerk: Client, reviewer: Client) -> ContactMeasure:
    sent = {"phone": FILLED["phone"], "kind": "one_contact", "agreed": AGREED, "why": WHY,
            "reason": cast.too_often.pk, "until": "2026-12-01"}  # fmt: skip
    posts(clerk, "desk:measure_new", **sent)
    measure = ContactMeasure.objects.get()
    own = clerk.get(reverse("desk:measure", args=[measure.pk])).content.decode()
    assert "确认约定" not in own, "not by the one who proposed it"
    assert clerk.post(reverse("desk:measure_act", args=[measure.pk, "confirm"])).status_code == 403
    told = posts(reviewer, "desk:measure_act", measure.pk, "confirm", said="同意")
    assert "从今天起执行" in told
    measure.refresh_from_db()
    assert measure.until == date(2026, 12, 1) and FILLED["phone"] not in told
    return measure


def _calls(clerk: Client, *, key: str) -> str:
    """They ring; the clerk writes down what they say."""
    sent = {"channel": "phone", "nature": "appeal", "urgency": "normal", "confidentiality": "sealed",
            "text": "昨晚又吵到两点。", "phone": FILLED["phone"], "key": key}  # fmt: skip
    return clerk.post(reverse("desk:entry"), sent).content.decode()


def _the_desk_sees_it_when_they_call_and_registers_all_the_same(clerk: Client) -> None:
    page = _calls(clerk, key="call-1")
    assert AGREED in page and "照常登记" in page
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    before = Case.objects.count()
    receipt = clerk.post(reverse("desk:entry"), {**sent, "step": "go_on"}, follow=True)
    assert "receipt__code" in receipt.content.decode() and Case.objects.count() == before + 1
    found = clerk.post(reverse("desk:find"), {"q": FILLED["phone"]}).content.decode()
    assert AGREED in found


def _acts(case: Case) -> list[str]:
    from huiyin.cases.tests.roads import events

    return events(case)


def test_the_pages_of_measures_are_for_the_desk_and_its_supervisor(cast: Cast, sign_in: Any) -> None:
    visitor = hand_in()
    measure = ContactMeasure(pk=1)  # of nobody
    for who, status in (("clerk", 200), ("supervisor", 200), ("handler", 403), ("leader", 403)):
        assert sign_in(getattr(cast, who)).get(reverse("desk:measures")).status_code == status
    for name in ("desk:measure", "desk:measure_act"):
        args = [measure.pk] if name == "desk:measure" else [measure.pk, "lift"]
        assert sign_in(cast.clerk).get(reverse(name, args=args)).status_code == 404
    answer = sign_in(cast.clerk).post(reverse("desk:measure_new"), {"phone": "12"})
    told = answer.content.decode()
    assert answer.status_code == 422 and "请选择：理由" in told and "请填写：约定的内容" in told
    assert "怎么和您联系" not in reads(visitor)
