"""Every shell in every look, read by axe; and the comforts of the script, in a browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
DARK, CONTRAST, LARGE, ENGLISH = (
    {"huiyin_theme": "dark"},
    {"huiyin_theme": "contrast"},
    {"huiyin_size": "large"},
    {"django_language": "en"},
)
COMPONENTS, DESK_PAGE, COLUMNS = "/components/", "/components/?shell=desk", "/components/?shell=columns"
SIGHTS = [
    (PHONE, {}, ("/", COMPONENTS, DESK_PAGE, COLUMNS, "/nowhere/")),
    (PHONE, LARGE, ("/", COMPONENTS, COLUMNS)),
    (PHONE, DARK, (COMPONENTS,)),
    (PHONE, CONTRAST, (COMPONENTS,)),
    (DESK, {}, ("/", DESK_PAGE, COLUMNS)),
    (DESK, DARK, (DESK_PAGE,)),
    (DESK, ENGLISH, ("/", DESK_PAGE)),
]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def choose(page, live_server, look):
    page.context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in look.items()]
    )


@pytest.mark.parametrize(("size", "look", "addresses"), SIGHTS)
def test_no_sight_breaks_a_rule_of_accessibility_or_is_wider_than_its_screen(
    new_page, live_server, size, look, addresses
):
    page = new_page(size)
    choose(page, live_server, look)
    for address in addresses:
        page.goto(address)
        found = Axe().run(page)
        assert found.violations_count == 0, (address, found.generate_report())
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_large_type_works_without_javascript(new_page):
    page = new_page(PHONE, javascript=False)
    page.goto("/")
    page.get_by_role("button", name="大字版").click()
    assert page.locator("html").get_attribute("data-size") == "large"
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "22px"


def test_large_type_loses_nothing_that_was_typed(new_page):
    page = new_page(PHONE)
    page.goto("/components/")
    page.locator("#id_place").fill("春风社区")
    page.get_by_role("button", name="大字版").click()
    assert page.locator("html").get_attribute("data-size") == "large"
    assert page.locator("#id_place").input_value() == "春风社区"
    page.reload()
    assert page.locator("html").get_attribute("data-size") == "large"


def test_a_draft_survives_leaving_the_page_and_can_be_thrown_away(new_page):
    page = new_page(PHONE)
    page.goto("/components/")
    page.locator("#id_place").fill("春风社区")
    page.get_by_text("草稿已存在这台设备上").wait_for()
    page.reload()
    assert page.locator("#id_place").input_value() == "春风社区"
    assert page.get_by_text("已为您找回上次没写完的内容").is_visible()
    page.get_by_role("button", name="删除草稿").click()
    page.reload()
    assert page.locator("#id_place").input_value() == ""


def test_the_keyboard_walks_a_list_and_lists_its_keys(new_page):
    page = new_page(DESK)
    page.goto("/components/?shell=columns")
    page.keyboard.press("j")
    assert page.locator("#matter-c.is-selected").count() == 1  # the page opens on the second of four
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert page.locator("#matter-a.is-selected").count() == 1
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("dialog#keys").is_visible()


def test_a_form_is_sent_once_however_often_one_presses(new_page):
    page = new_page(DESK)
    sent = []

    def answer(route):
        sent.append(route.request.url)
        route.fulfill(status=204)  # keeps the browser on the page

    page.route("**/components/sent?*", answer)
    page.goto("/components/")
    page.evaluate("""() => {
        const form = document.querySelector('form[data-draft]');
        form.method = 'get'; form.action = '/components/sent';
        form.insertAdjacentHTML('beforeend', '<button type="submit" id="go">go</button>');
    }""")
    page.locator("#go").click()
    page.locator("#go.is-busy").wait_for()
    page.locator("#go").click(force=True)
    page.locator("#id_place").press("Enter")
    assert len(sent) == 1


def test_photos_are_shown_before_they_are_sent_and_can_be_taken_out(new_page, tmp_path):
    picture = tmp_path / "lamp.txt"
    picture.write_text("not a picture")
    page = new_page(PHONE)
    page.goto("/components/")
    page.locator("#id_photos").set_input_files(str(picture))
    assert page.locator(".preview").count() == 1
    page.get_by_role("button", name="不传这个").click()
    assert page.locator(".preview").count() == 0
    assert page.evaluate("document.querySelector('#id_photos').files.length") == 0
