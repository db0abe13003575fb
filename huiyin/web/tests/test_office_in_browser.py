"""The office's pages in a browser: accessible, no wider than the screen, and worked by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from huiyin.cases.models import Case
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from tools.browser import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LAPTOP = {"width": 1024, "height": 768}
PAGES = {
    "clerk": ("/work/desk/", "/work/desk/?nature=praise", "/work/desk/?tab=all&late=on", "/work/desk/entry/",
              "/work/desk/find/"),
    "handler": ("/work/unit/", "/work/unit/?tab=objected"),
    "supervisor": ("/work/supervision/", "/work/supervision/matters/?tab=open"),
    "leader": ("/work/today/",),
    "representative": ("/work/desk/brought/",),
    "administrator": ("/work/keeping/office/",),
    "auditor": ("/work/keeping/ledger/",),
}  # fmt: skip
LOOKS = [
    (PHONE, {"huiyin_size": "large"}),
    (LAPTOP, {"huiyin_theme": "dark"}),
    (PHONE, {"django_language": "en"}),
]


@pytest.fixture
def seat(sign_in, live_server):
    """Seats somebody in a page of the browser."""

    def seated(page, who, **cookies):
        kept = {
            settings.SESSION_COOKIE_NAME: sign_in(who).cookies[settings.SESSION_COOKIE_NAME].value,
            **cookies,
        }
        page.context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in kept.items()]
        )
        return page

    return seated


def fill(cast):
    """A few matters at every turn, some of them late by now."""
    with clock.frozen(roads.MONDAY):
        roads.registered(cast, urgency="immediate", region=cast.community_region, place="银杏路")
        roads.accepted(cast, title="一个有四十个字那么长的标题" * 4)
        roads.dispatched(cast)
        roads.objected(cast)
        roads.answered(cast)
        roads.told(cast)


@pytest.mark.parametrize(("size", "look"), LOOKS)
def test_no_page_of_the_office_is_wider_than_its_screen(new_page, cast, seat, size, look):
    fill(cast)
    for name, addresses in PAGES.items():
        page = seat(new_page(size), getattr(cast, name), **look)
        for address in addresses:
            assert page.goto(address).status == 200, address
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_the_desk_is_worked_by_keyboard(new_page, cast, seat):
    with clock.frozen(roads.MONDAY):
        cases = [roads.registered(cast) for _n in range(3)]
    page = seat(new_page(DESK), cast.clerk)
    page.goto("/work/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/work/desk/matter/{cases[1].number}/*")
    page.go_back()
    page.keyboard.press("/")
    page.keyboard.type(cases[2].number)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/work/cases/{cases[2].number}/")
    page.go_back()
    page.keyboard.press("n")
    page.wait_for_url("**/work/desk/entry/")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_caller_gets_a_receipt_on_a_phone_with_and_without_script(new_page, cast, seat, javascript):
    page = seat(new_page(PHONE, javascript=javascript), cast.clerk)
    page.goto("/work/desk/entry/")
    page.locator("#id_text").fill("楼道灯坏了三天。")
    page.locator("#id_phone").fill("13800000001")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("heading", name="已经登记").wait_for()
    assert page.locator(".receipt__number").inner_text() == Case.objects.get().number
    page.goto("/work/desk/entry/")
    assert page.locator("#id_text").input_value() == ""


def test_a_draft_keeps_the_matter_on_the_device_and_never_the_person(new_page, cast, seat):
    page = seat(new_page(DESK), cast.clerk)
    page.goto("/work/desk/entry/")
    page.locator("#id_text").fill("楼道灯坏了三天。")
    page.locator("#id_name").fill("孙悟空")
    page.locator("#id_phone").fill("13800000001")
    page.get_by_text("草稿已存在这台设备上").wait_for()
    kept = page.evaluate("JSON.stringify(window.localStorage)")
    assert "楼道灯" in kept and "孙悟空" not in kept and "13800000001" not in kept
    page.reload()
    assert page.locator("#id_text").input_value() == "楼道灯坏了三天。"


def test_earlier_matters_are_shown_accessibly_and_lead_on(new_page, cast, seat):
    with clock.frozen(roads.MONDAY):
        roads.registered(cast)
    page = seat(new_page(PHONE), cast.clerk)
    page.goto("/work/desk/entry/")
    page.locator("#id_text").fill("还是那盏灯。")
    page.locator("#id_phone").fill("13800000001")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("heading", name="这个电话名下已有 1 件").wait_for()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.get_by_role("button", name="是另一件事，接着登记").click()
    page.get_by_role("heading", name="已经登记").wait_for()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_wrong_entry_says_so_accessibly(new_page, cast, seat):
    page = seat(new_page(PHONE), cast.clerk)
    page.goto("/work/desk/entry/")
    page.locator("#id_phone").fill("12")
    page.get_by_role("button", name="登记", exact=True).click()
    page.get_by_role("heading", name="还差一点").wait_for()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.locator("#id_phone").input_value() == "12"
