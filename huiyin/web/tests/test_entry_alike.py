"""At the telephone: what may be the same matter shows while one writes, can be joined; the length is kept."""

from datetime import timedelta

import pytest

from huiyin.cases.actions import PartyIn
from huiyin.cases.models import Case
from huiyin.cases.tests import roads
from huiyin.kernel import clock
from huiyin.ledger.queries import history
from huiyin.ledger.sequencer import sequence
from huiyin.search.tasks import keep_up
from huiyin.web.tests.test_entry import ENTRY, written

pytestmark = pytest.mark.django_db
LOOK = "/work/desk/entry/alike/"
PHONE = "13800000007"
LIGHTS = {"title": "楼道灯坏了", "text": "楼道灯坏了三天没人修。"}


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.frozen(roads.MONDAY):
        yield


def lights(cast, *, phone="13800000009", **more):
    """Somebody else's matter about the lights in the stairs, in the index."""
    case = roads.registered(cast, parties=[PartyIn(name="周伯通", phone=phone)], **{**LIGHTS, **more})
    sequence()
    keep_up()
    return case


def registered_fact(case):
    return history(f"case:{case.number}").first().facts


def test_what_this_telephone_brought_in_thirty_days_shows_while_one_writes(cast, sign_in):
    case = lights(cast, phone=PHONE)
    client = sign_in(cast.clerk)
    piece = client.post(LOOK, {"phone": "138 0000 0007", "text": ""}).content.decode()
    assert case.number in piece and "30 天内来过 1 件" in piece and PHONE not in piece
    with clock.frozen(roads.MONDAY + timedelta(days=31)):
        assert case.number not in client.post(LOOK, {"phone": PHONE}).content.decode()
    assert client.post(LOOK, {"phone": "138"}).content.decode().strip() == ""


def test_matters_about_the_same_thing_show_while_one_writes(cast, sign_in):
    case, client = lights(cast), sign_in(cast.clerk)
    piece = client.post(LOOK, {"text": written()["text"]}).content.decode()
    assert case.number in piece and f'name="join" value="{case.number}"' in piece and "单独登记" in piece
    again = client.post(LOOK, {"text": written()["text"], "join": case.number}).content.decode()
    assert f'value="{case.number}" checked' in again, "what was chosen stays while one writes on"
    assert client.post(LOOK, {"text": "灯坏"}).content.decode().strip() == ""
    assert client.get(LOOK).status_code == 405


def test_units_look_no_person_up_and_read_only_what_is_theirs(cast, sign_in):
    case = lights(cast, phone=PHONE)
    piece = sign_in(cast.handler).post(LOOK, {"phone": PHONE, **LIGHTS}).content.decode()
    assert case.number not in piece
    assert sign_in(cast.leader).post(LOOK, LIGHTS).status_code == 403


def test_without_a_script_the_form_comes_back_once_with_what_sounds_alike(cast, sign_in):
    case, client = lights(cast), sign_in(cast.clerk)
    answer = client.post(ENTRY, written())
    told = answer.content.decode()
    assert answer.status_code == 200 and case.number in told and "老人摔了一跤" in told
    assert Case.objects.count() == 1
    assert client.post(ENTRY, written(looked="1", join="")).status_code == 302 and Case.objects.count() == 2


def test_joining_registers_and_merges_in_one_step(cast, sign_in):
    into, client = lights(cast), sign_in(cast.clerk)
    sent = client.post(ENTRY, written(join=into.number, phone=PHONE, name="孙悟空"))
    case = Case.objects.exclude(pk=into.pk).get()
    assert sent["Location"] == f"/work/desk/entry/{case.number}/"
    assert (case.state, case.parent, case.text.startswith("楼道灯坏了")) == ("merged", into, True)
    client.post(ENTRY, written(join=into.number, phone=PHONE, name="孙悟空"))
    assert Case.objects.count() == 2, "a form sent twice is one case"


def test_what_was_chosen_to_join_stays_when_the_form_comes_back(cast, sign_in):
    into, client = lights(cast), sign_in(cast.clerk)
    told = client.post(ENTRY, written(join=into.number, looked="1", phone="138")).content.decode()
    assert f'value="{into.number}" checked' in told and Case.objects.count() == 1


def test_what_cannot_be_joined_is_not_registered_either(cast, sign_in):
    ended, client = roads.closed(cast), sign_in(cast.clerk)
    answer = client.post(ENTRY, written(join=ended.number))
    assert answer.status_code == 422 and "不能并入" in answer.content.decode()
    assert "老人摔了一跤" in answer.content.decode() and Case.objects.count() == 1
    assert client.post(ENTRY, written(join="2648-3917-5062")).status_code == 404


def test_the_length_of_a_call_is_kept_and_of_nothing_else(cast, sign_in):
    client = sign_in(cast.clerk)
    began = int(roads.MONDAY.timestamp()) - 200
    client.post(ENTRY, written(began=began, key="b" * 32))
    client.post(ENTRY, written(began=began, key="c" * 32, channel="visit"))
    client.post(ENTRY, written(began=1, key="d" * 32, text="另一件事。"))
    call, visit, overnight = Case.objects.order_by("pk")
    assert registered_fact(call)["seconds"] == 200 and "seconds" not in registered_fact(visit)
    assert registered_fact(overnight)["seconds"] == 4 * 3600
    assert "通话 3 分 20 秒" in client.get(f"/work/cases/{call.number}/").content.decode()


@pytest.mark.parametrize("began", ["", "x", "-5", "9" * 40, "99999999999"])
def test_a_time_typed_by_hand_does_no_harm(cast, sign_in, began):
    answer = sign_in(cast.clerk).post(ENTRY, written(began=began))
    assert answer.status_code in (302, 422)


def test_the_timer_goes_on_when_the_form_comes_back(cast, sign_in):
    client, began = sign_in(cast.clerk), int(roads.MONDAY.timestamp()) - 75
    assert 'data-timer="75"' in client.post(ENTRY, written(text="", began=began)).content.decode()
    assert 'data-timer="0"' in client.get(ENTRY).content.decode()
