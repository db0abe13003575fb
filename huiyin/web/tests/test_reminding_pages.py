"""催办 and 督办批注 on the pages: given with a form, on top of the unit's list, a mark for those who oversee."""

import pytest

from huiyin.cases import actions
from huiyin.cases.models import Reminder
from huiyin.cases.tests.roads import DAY, MONDAY, at, signed
from huiyin.kernel import clock
from huiyin.web.tests.citizens import hand_in

pytestmark = pytest.mark.django_db
SAID = "请今天先联系诉求人。"


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.frozen(MONDAY):
        yield


def page_of(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def given(cast, sign_in, case, **typed):
    client = sign_in(cast.supervisor)
    unit = typed.pop("unit", cast.chengguan)
    typed = {"unit": unit.pk, "text": SAID, "act_by": "2026-11-03", **typed}
    return client.post(f"/work/cases/{case.number}/remind/", typed)


def test_it_is_given_with_a_form_and_stands_on_top_of_the_units_list_until_it_acts(cast, sign_in):
    order = signed(cast)
    form = page_of(sign_in(cast.supervisor), f"/work/cases/{order.case.number}/remind/")
    assert 'value="2026-11-03"' in form and 'max="2026-11-09"' in form and str(cast.chengguan) in form
    assert given(cast, sign_in, order.case).status_code == 302
    handler = sign_in(cast.handler)
    listed = page_of(handler, "/work/unit/")
    assert "催办待办" in listed and "催办：最迟 11 月 3 日" in listed
    assert SAID in page_of(handler, f"/work/cases/{order.case.number}/")
    with at(MONDAY + 2 * DAY):
        assert "催办过期未动" in page_of(sign_in(cast.handler), "/work/unit/")
        actions.answer(order, by=cast.handler, text="已联系并处理", outcome="solved")
        assert "催办待办" not in page_of(sign_in(cast.handler), "/work/unit/?tab=all")


def test_a_refusal_keeps_what_was_typed(cast, sign_in):
    case = signed(cast).case
    given(cast, sign_in, case)
    again = given(cast, sign_in, case, text="再催一次")
    assert again.status_code == 422 and "再催一次" in again.content.decode()
    assert Reminder.objects.count() == 1


def test_another_unit_at_work_sees_neither_mark_nor_words(cast, sign_in):
    order = signed(cast, assisting=[cast.zhujian])
    given(cast, sign_in, order.case)
    other = sign_in(cast.zhujian_handler)
    for address in ("/work/unit/", f"/work/cases/{order.case.number}/"):
        page = page_of(other, address)
        assert SAID not in page and "催办待办" not in page and "催办：最迟" not in page


def test_desk_and_overseers_narrow_their_lists_to_it(cast, sign_in):
    case, other = signed(cast).case, signed(cast, title="别的事").case
    given(cast, sign_in, case)
    for who, address in ((cast.dispatcher, "/work/desk/"), (cast.leader, "/work/supervision/matters/")):
        page = page_of(sign_in(who), f"{address}?tab=reminded")
        assert case.number in page and other.number not in page and "催办：最迟 11 月 3 日" in page
    assert case.number not in page_of(sign_in(cast.leader), "/work/supervision/matters/?tab=unheeded")


def test_the_petitioner_learns_nothing_of_it(cast, sign_in):
    visitor = hand_in()
    case = visitor.case
    actions.accept(case, by=cast.clerk, category=cast.noise)
    actions.sign(actions.dispatch(case, by=cast.dispatcher, lead=cast.chengguan), by=cast.handler)
    before = visitor.client.get(visitor.page).content.decode()
    given(cast, sign_in, case)
    actions.comment(case, by=cast.supervisor, text="依据引用有误")
    after = visitor.client.get(visitor.page).content.decode()
    assert SAID not in after and "依据引用有误" not in after and "催办" not in after and "批注" not in after
    assert before.count("<li") == after.count("<li")


def test_a_comment_stands_among_the_notes_with_its_mark(cast, sign_in):
    case = signed(cast).case
    supervisor = sign_in(cast.supervisor)
    assert supervisor.post(f"/work/cases/{case.number}/comment/", {"text": "依据引用有误"}).status_code == 302
    page = page_of(sign_in(cast.handler), f"/work/cases/{case.number}/")
    assert "督办批注" in page and "依据引用有误" in page


def test_remind_stands_in_sight_for_those_who_oversee(cast, sign_in):
    case = signed(cast).case
    page = page_of(sign_in(cast.leader), f"/work/cases/{case.number}/")
    assert page.index(f"/work/cases/{case.number}/remind/") < page.index('<details class="more"')
