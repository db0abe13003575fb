"""Lists narrowed by the day of receipt: inclusive on both sides, the latest first, on every page, in the file too."""

from datetime import date

import pytest

from huiyin.cases import paging, queries
from huiyin.cases.models import Case
from huiyin.cases.tests.roads import MONDAY, registered
from huiyin.kernel import clock
from huiyin.web.tests.test_desk import shown

pytestmark = pytest.mark.django_db
DESK, WATCH = "/work/desk/?tab=all", "/work/supervision/matters/?tab=all"


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.frozen(MONDAY):
        yield


def of_days(cast, *days):
    """A case for each day of November, written in this order."""
    cases = [registered(cast) for _each in days]
    for case, day in zip(cases, days, strict=True):
        Case.objects.filter(pk=case.pk).update(received_on=date(2026, 11, day))
    return [case.number for case in cases]


@pytest.mark.parametrize(("who", "page"), [("clerk", DESK), ("supervisor", WATCH)])
def test_both_days_are_included_and_the_latest_received_stands_first(cast, sign_in, who, page):
    late, early, middle, before = of_days(cast, 9, 3, 5, 1)
    client = sign_in(getattr(cast, who))
    assert shown(client.get(f"{page}&since=2026-11-03&until=2026-11-05")) == [middle, early]
    assert shown(client.get(f"{page}&since=2026-11-05")) == [late, middle]
    assert shown(client.get(f"{page}&until=2026-11-03")) == [early, before]
    assert shown(client.get(f"{page}&since=2026-11-06&until=2026-11-05")) == []


def test_what_waits_keeps_its_order_by_due_time(cast, sign_in):
    first, second, _other = of_days(cast, 5, 3, 1)
    page = sign_in(cast.clerk).get("/work/desk/?tab=registered&since=2026-11-02")
    assert shown(page) == [first, second]
    assert '<input id="filter_since" name="since" type="date" value="2026-11-02">' in page.content.decode()


def test_a_day_that_makes_no_sense_is_passed_over(cast, sign_in):
    [number] = of_days(cast, 5)
    client = sign_in(cast.clerk)
    for asked in (
        "since=gestern",
        "until=2026-13-45",
        "since=0000-00-00",
        "after=2026-99-99~7&since=2026-11-01",
    ):
        assert shown(client.get(f"{DESK}&{asked}")) == [number], asked


def test_pages_follow_one_another_by_day_and_back(cast):
    n = paging.PAGE + 3
    written = of_days(cast, *(1 + at % 4 for at in range(n)))
    days = dict(Case.objects.values_list("number", "received_on"))
    whole = sorted(written, key=lambda each: (days[each], written.index(each)), reverse=True)
    asked = {"since": "2026-11-01", "order": "received"}
    first = queries.listing(cast.clerk, queries.Wanted(**asked))
    second = queries.listing(cast.clerk, queries.Wanted(**asked, after=first.later))
    assert [row.number for row in (*first.rows, *second.rows)] == whole and not second.later
    back = queries.listing(cast.clerk, queries.Wanted(**asked, before=second.earlier))
    assert [row.number for row in back.rows] == whole[: paging.PAGE]


def test_the_file_of_a_list_has_the_same_days(cast):
    _early, late = of_days(cast, 3, 9)
    wanted = queries.Wanted(since="2026-11-04", order="received")
    found = queries.matching(cast.clerk, wanted)
    assert [case.number for case in found] == [late]
