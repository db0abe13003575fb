"""The citizen's and the public's pages in a browser: steps on a phone, without JavaScript, and read by axe."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache

from huiyin.cases import actions
from huiyin.cases.models import Case
from huiyin.publication.actions import propose, publish
from huiyin.web.citizen import pocket
from huiyin.web.tests.citizens import WORDS, answered, hand_in, to_unit

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
PLAIN, DARK, LARGE = {}, {"huiyin_theme": "dark"}, {"huiyin_size": "large", "huiyin_theme": "contrast"}
ENGLISH = {"django_language": "en", "huiyin_theme": "dark", "huiyin_size": "large"}
SIGHTS = [(PHONE, PLAIN), (PHONE, LARGE), (PHONE, ENGLISH), (DESK, DARK)]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def nothing_cached(db):
    cache.clear()


def carry(page, live_server, **cookies):
    page.context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )


def require_accessible(page, *addresses):
    """Each fits its screen; the first is read by axe in every look, the others in the plain one alone."""
    for address in addresses:
        page.goto(address)
        if address == addresses[0] or page.locator("html:not([data-theme], [data-size], [lang=en])").count():
            found = Axe().run(page)
            assert found.violations_count == 0, (address, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def matters(cast):
    """One visitor's matters at four stages, in one browser."""
    first = hand_in()
    visitors = [first] + [
        hand_in(first.client, key=f"00000000-0000-4000-8000-00000000000{n}") for n in range(3)
    ]
    to_unit(cast, visitors[1].case)
    actions.decline(visitors[2].case, by=cast.clerk, reason=cast.no_duty, words_to_citizen="请保存好证据。")
    answered(cast, visitors[3].case)
    return visitors


@pytest.mark.parametrize(("size", "look"), SIGHTS)
def test_the_citizens_pages_break_no_rule_of_accessibility(new_page, live_server, cast, size, look):
    new, handled, declined, told = matters(cast)
    page = new_page(size)
    carry(page, live_server, **look)
    carry(page, live_server, **{pocket.COOKIE: new.client.cookies[pocket.COOKIE].value})
    require_accessible(page, "/new/", f"/new/{new.number}/", "/follow/", new.page, handled.page)
    require_accessible(page, declined.page, f"{declined.page}contest/", told.page, f"{told.page}rate/")
    require_accessible(page, f"{handled.page}add/", f"{handled.page}withdraw/", f"{new.page}reopen/")
    actions.release_title(handled.case, by=cast.clerk, title="石桥路烧烤店油烟")
    require_accessible(page, f"/public/{handled.number}/", f"/join/{handled.number}/", "/mine/")


@pytest.mark.parametrize(("size", "look"), SIGHTS)
def test_the_public_pages_break_no_rule_of_accessibility(new_page, live_server, cast, size, look):
    visitor = hand_in()
    answered(cast, visitor.case)
    visitor.client.get(visitor.page)
    propose(visitor.case, by=cast.reviewer)
    publish(visitor.case, by=cast.reviewer, title="夜市油烟扰民", text="油烟大。", answer="已装净化器。")
    page = new_page(size)
    carry(page, live_server, **look)
    require_accessible(page, "/", "/public/", "/public/?nature=praise", f"/public/{visitor.number}/")
    require_accessible(page, "/figures/", "/standards/")


def at_step(page, number):
    page.get_by_text(f"第 {number} 步，共 4 步").wait_for()


def test_on_a_phone_it_is_one_question_a_screen_and_back_loses_nothing(phone, cast):
    phone.goto("/new/")
    at_step(phone, 1)
    assert not phone.locator("#id_place").is_visible()
    phone.get_by_role("button", name="下一步").click()
    assert phone.get_by_text("请写下发生了什么。").is_visible()
    phone.locator("#id_text").fill(WORDS)
    phone.get_by_role("button", name="下一步").click()
    at_step(phone, 2)
    phone.get_by_role("button", name="下一步").click()
    phone.locator("#id_place").fill("石桥路 8 号")
    phone.locator("#id_place").press("Enter")
    at_step(phone, 4)
    phone.go_back()
    at_step(phone, 3)
    assert phone.locator("#id_place").input_value() == "石桥路 8 号"
    phone.get_by_role("button", name="上一步").click()
    at_step(phone, 2)


def walk_to_the_end(phone):
    phone.goto("/new/")
    phone.locator("#id_text").fill(WORDS)
    for _n in range(3):
        phone.get_by_role("button", name="下一步").click()
    at_step(phone, 4)


def test_a_mistake_leads_back_to_its_step_with_everything_kept(phone, cast):
    walk_to_the_end(phone)
    phone.locator("#id_phone").fill("12")
    phone.get_by_role("button", name="提交").click()
    phone.get_by_text("您填写的内容都还在").wait_for()
    at_step(phone, 4)
    assert phone.locator("#id_phone").input_value() == "12"
    phone.locator("#id_phone").fill("13800000001")
    phone.get_by_role("button", name="提交").click()
    phone.get_by_role("heading", name="已经收到").wait_for()
    assert Case.objects.count() == 1


def test_going_back_from_the_receipt_and_sending_again_makes_no_second_case(phone, cast):
    walk_to_the_end(phone)
    phone.get_by_role("button", name="提交").click()
    phone.get_by_role("heading", name="已经收到").wait_for()
    number = phone.locator(".receipt__number").inner_text()
    phone.go_back()
    at_step(phone, 4)
    phone.evaluate("document.querySelector('#id_text').value = '又想起一点'")
    phone.get_by_role("button", name="提交").click()
    phone.get_by_text("您后来改动的内容没有另存").wait_for()
    assert phone.locator(".receipt__number").inner_text() == number
    assert Case.objects.count() == 1


def test_a_new_form_from_the_receipt_is_a_new_case(phone, cast):
    for _n in range(2):
        walk_to_the_end(phone)
        phone.get_by_role("button", name="提交").click()
        phone.get_by_role("heading", name="已经收到").wait_for()
    assert Case.objects.count() == 2


def test_only_a_report_asks_whom_it_is_about_and_no_identity_asks_no_name(page, cast):
    page.goto("/new/")
    accused, name = page.locator("#id_accused_unit"), page.locator("#id_name")
    page.wait_for_function("document.querySelector('#id_accused_unit').offsetParent === null")
    page.get_by_text("有人违法违纪").click()
    assert accused.is_visible() and name.is_visible()
    page.get_by_text("姓名和电话都不保存").click()
    assert not name.is_visible()
    page.get_by_text("有难事，想请政府帮忙解决").click()
    assert not accused.is_visible()


def test_the_words_survive_leaving_the_page_but_name_and_telephone_are_not_kept_on_the_device(page, cast):
    page.goto("/new/")
    page.locator("#id_text").fill(WORDS)
    page.locator("#id_phone").fill("13800000001")
    page.get_by_text("草稿已存在这台设备上").wait_for()
    page.goto("/")
    page.goto("/new/")
    assert page.locator("#id_text").input_value() == WORDS
    assert "13800000001" not in page.evaluate("JSON.stringify(localStorage)")


def test_everything_works_without_javascript(new_page, cast):
    page = new_page(PHONE, javascript=False)
    page.goto("/new/")
    page.locator("#id_text").fill(WORDS)
    page.get_by_role("button", name="提交").click()
    page.get_by_role("link", name="打开进度页").click()
    assert page.get_by_text("正在看该由谁办").is_visible()
    case = Case.objects.get()
    answered(cast, case)
    page.reload()
    assert page.get_by_text("店主已加装隔音").is_visible()
    page.get_by_role("link", name="我来评价").click()
    for choice in ("联系过", "解决了", "非常满意"):
        page.get_by_label(choice, exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    assert page.get_by_text("您的评价已经收到").first.is_visible()
    assert Case.objects.get().state == "closed"


def test_the_receipt_prints_on_a_narrow_roll(phone, cast):
    walk_to_the_end(phone)
    phone.get_by_role("button", name="提交").click()
    phone.locator(".receipt__number").wait_for()
    phone.emulate_media(media="print")
    assert phone.locator(".receipt__code").is_visible() and not phone.locator(".band").is_visible()


# -- what others have said -----------------------------------------------------------------------------------
def released(cast):
    case = hand_in(key="00000000-0000-4000-8000-000000000009").case
    actions.release_title(case, by=cast.clerk, title="石桥路烧烤店油烟和划拳声")
    return case


def test_similar_matters_stand_before_the_last_question_and_joining_takes_two_more_taps(phone, cast):
    case = released(cast)
    walk_to_the_end(phone)
    phone.get_by_role("link", name="我也一样").click()
    assert Axe().run(phone).violations_count == 0
    phone.get_by_role("button", name="加入这件诉求").click()
    phone.get_by_text("您已经加入").wait_for()
    case.refresh_from_db()
    assert (case.headcount, Case.objects.count()) == (3, 1)
    phone.goto("/new/")
    assert phone.locator("#id_text").input_value() == "", "the draft has served its purpose"


def test_the_shortest_way_is_five_taps_and_one_text(phone, cast):
    phone.goto("/")
    taps = 0
    for tap in ("提交诉求，约 1 分钟", *["下一步"] * 3, "提交"):
        if tap == "下一步" and taps == 1:
            phone.locator("#id_text").fill(WORDS)
        phone.get_by_role("link" if taps == 0 else "button", name=tap, exact=tap == "提交").click()
        taps += 1
    phone.get_by_role("heading", name="已经收到").wait_for()
    assert taps == 5


def test_a_large_upload_shows_how_far_it_is_and_a_broken_line_keeps_everything(phone, cast, tmp_path):
    photo = tmp_path / "灯.txt"
    photo.write_text("灯" * 200_000)
    phone.goto("/new/")
    phone.locator("#id_text").fill(WORDS)
    phone.set_input_files("#id_files", photo)
    for _n in range(3):
        phone.get_by_role("button", name="下一步").click()
    phone.route(
        "**/new/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    phone.get_by_role("button", name="提交", exact=True).click()
    phone.get_by_text("网络断了").wait_for()
    assert phone.evaluate("document.querySelector('#id_files').files.length") == 1
    phone.unroute("**/new/")
    phone.get_by_role("button", name="提交", exact=True).click()
    phone.get_by_role("heading", name="已经收到").wait_for()
    assert Case.objects.count() == 1
