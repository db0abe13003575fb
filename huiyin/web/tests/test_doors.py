"""One counter, several doors: offered where the profile has them, kept, shown, filtered by and counted apart."""

import json

import pytest

from huiyin.analytics import figures
from huiyin.cases.access import visible
from huiyin.cases.models import Case
from huiyin.cases.tests import roads
from huiyin.cli import main
from huiyin.kernel import clock
from huiyin.kernel.refusals import Refused
from huiyin.ledger.models import Event
from huiyin.web.tests.test_entry import ENTRY, written

pytestmark = pytest.mark.django_db
DOORS = """name = "counter"
[[door]]
code = "reception"
name = "行政接访"
duty = "接待来访"
unit = "centre"
[[door]]
code = "aid"
name = "法律援助"
"""


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.frozen(roads.MONDAY):
        yield


@pytest.fixture
def counter(tmp_path, settings):
    """A profile whose front desk has two doors."""
    folder = tmp_path / "counter"
    folder.mkdir()
    (folder / "profile.toml").write_text(DOORS, encoding="utf-8")
    settings.HUIYIN_PROFILES, settings.HUIYIN_PROFILE = tmp_path, "counter"


def test_one_desk_for_everything_has_no_doors(cast, sign_in):
    client = sign_in(cast.clerk)
    for address in (ENTRY, "/work/desk/?tab=all"):
        assert 'name="door"' not in client.get(address).content.decode()
    with pytest.raises(Refused, match="没有这个窗口"):
        roads.registered(cast, door="aid")


def test_a_matter_is_kept_under_the_door_by_which_it_came(cast, sign_in, counter):
    client = sign_in(cast.clerk)
    page = client.get(ENTRY).content.decode()
    assert "行政接访：接待来访" in page and "法律援助" in page
    assert client.post(ENTRY, written(channel="visit", door="aid")).status_code == 302
    case = Case.objects.get()
    assert case.door == "aid"
    assert Event.objects.get(subject=f"case:{case.number}", kind="register").facts["door"] == "aid"
    assert "法律援助" in client.get(f"/work/cases/{case.number}/").content.decode()


@pytest.mark.parametrize("door", ["window-nine", "reception'", "没有"])
def test_an_unknown_door_is_refused_and_nothing_is_kept(cast, sign_in, counter, door):
    assert sign_in(cast.clerk).post(ENTRY, written(door=door)).status_code == 422
    with pytest.raises(Refused, match="没有这个窗口"):
        roads.registered(cast, door=door)
    assert not Case.objects.exists()


def test_the_list_is_narrowed_to_a_door(cast, sign_in, counter):
    aided, received = roads.registered(cast, door="aid"), roads.registered(cast, door="reception")
    listed = sign_in(cast.clerk).get("/work/desk/?tab=all&door=aid").content.decode()
    assert aided.number in listed and received.number not in listed
    watched = sign_in(cast.supervisor).get("/work/supervision/matters/?tab=all&door=reception")
    assert received.number in watched.content.decode() and aided.number not in watched.content.decode()


def test_doors_are_counted_apart(cast, sign_in, counter, capsys):
    for door in ("aid", "aid", "reception", ""):
        roads.registered(cast, door=door)
    Case.objects.filter(door="reception").update(headcount=7)
    assert [(row.key, row.name, row.cases, row.headcount) for row in
            figures.by_door(visible(cast.system))] == [("reception", "行政接访", 1, 7), ("aid", "法律援助", 2, 2)]  # fmt: skip
    assert main(["stats", "--json", "--by", "door"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [(row["key"], row["figures"]["received"]["value"]) for row in rows] == [
        ("", 1),
        ("aid", 2),
        ("reception", 1),
    ]
    page = sign_in(cast.leader).get("/work/today/").content.decode()
    assert "按窗口" in page and "door=aid" in page


def test_a_door_that_the_profile_has_dropped_is_still_counted(cast, counter):
    roads.registered(cast, door="aid")
    Case.objects.update(door="closed-since")
    [row] = figures.by_door(visible(cast.system))
    assert (row.key, row.name, row.cases) == ("closed-since", "closed-since", 1)
