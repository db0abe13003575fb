"""Loading a profile: twice, over an operator's change, with bad rows; and the demo profile itself."""

import json
from argparse import ArgumentParser, Namespace
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from huiyin.accounts.models import User
from huiyin.accounts.roles import Role
from huiyin.cases.models import Category, Reason
from huiyin.cli.commands import profile
from huiyin.cli.profile_check import steps_of
from huiyin.deadlines.models import Policy
from huiyin.deadlines.policies import policy_for
from huiyin.kernel.refusals import Refused
from huiyin.ledger.models import Event
from huiyin.organisation import queries
from huiyin.organisation.models import DutyItem, Post, Region, Unit
from huiyin.organisation.place import demo_posts, place

pytestmark = pytest.mark.django_db

TINY = {
    "profile.toml": 'name = "tiny"\nversion = "1"\nzone = "Asia/Shanghai"\n',
    "regions.csv": "code,name,level,parent,successor\nxian,听风县,county,,\nzhen,望山镇,street,xian,\n",
    "units.csv": "code,name,kind,region,parent,liaison\ncentre,受理中心,centre,xian,,\nju,城管局,department,xian,,ju-1\n",
    "users.csv": "username,name,phone\nlu,鲁智深,\n",
    "posts.csv": "code,username,unit,role,title\nju-1,lu,ju,handler,联络员\n",
    "duties.csv": "unit,category_code,part,basis\nju,city,lead,《清单》\n",
    "categories.csv": "code,name,parent,facets\ncity,城市管理,,society|七有\nnoise,噪声,city,\n",
    "policies.toml": '[[policy]]\ncode = "reply"\nstep = "reply"\nkind = "working_days"\namount = 5\nbasis = "某条例"\n',
    "reasons.csv": "kind,code,text,basis,route\ndecline,duty,超出职责,某条例,请起诉\n",
}


@pytest.fixture
def tiny(tmp_path, settings) -> Path:
    """A profile of nine rows that a test may change."""
    settings.HUIYIN_PROFILES, settings.HUIYIN_PROFILE = tmp_path, "tiny"
    folder = tmp_path / "tiny"
    folder.mkdir()
    for name, text in TINY.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def load(*arguments: str) -> int:
    parser = ArgumentParser()
    profile.add_arguments(parser)
    options: Namespace = parser.parse_args(["load", *arguments])
    return profile.run(options)


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def test_every_table_comes_in_and_hangs_together(tiny):
    assert load() == 0
    assert Region.objects.get(code="zhen").path == "/xian/zhen/"
    assert Category.objects.get(code="noise").path == "/city/noise/"
    assert Category.objects.get(code="city").facets == ["society", "七有"]
    assert Unit.objects.get(code="ju").liaison.user.name == "鲁智深"
    assert (DutyItem.objects.count(), Policy.objects.count(), Reason.objects.count()) == (1, 1, 1)
    assert not User.objects.get().has_usable_password()


def test_loading_twice_changes_nothing_and_writes_one_event(tiny, capsys):
    load()
    capsys.readouterr()
    assert load("--json") == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["inserted"], figures["updated"], figures["conflicts"]) == (0, 0, [])
    assert figures["unchanged"] == 11
    assert Event.objects.filter(subject="profile:tiny").count() == 1


def test_a_dry_run_writes_nothing(tiny):
    assert load("--dry-run") == 0
    assert not Region.objects.exists()
    assert not Event.objects.exists()


def test_what_an_operator_changed_stays_and_is_shown(tiny, capsys):
    load()
    Unit.objects.filter(code="ju").update(name="综合执法局")
    edit(tiny, "units.csv", "城管局", "城市管理局")
    assert load() == 3
    said = capsys.readouterr().err
    for part in ("units:ju", "units.csv", "3", "综合执法局", "城市管理局", "--take-profile"):
        assert part in said
    assert Unit.objects.get(code="ju").name == "综合执法局"


def test_the_operator_may_settle_a_conflict_for_the_profile(tiny):
    load()
    Unit.objects.filter(code="ju").update(name="综合执法局")
    Policy.objects.update(amount=3)
    assert load() == 3
    assert load("--take-profile", "units:ju", "policies:reply") == 0
    assert (Unit.objects.get(code="ju").name, Policy.objects.get().amount) == ("城管局", 5)
    assert load() == 0


def test_a_profile_that_moves_on_takes_untouched_rows_with_it(tiny):
    load()
    edit(tiny, "regions.csv", "zhen,望山镇,street,xian", "qu,河东区,county,xian,\nzhen,望山镇,street,qu")
    assert load() == 0
    assert Region.objects.get(code="zhen").path == "/xian/qu/zhen/"
    assert Event.objects.filter(subject="profile:tiny").count() == 2


def test_a_row_that_an_operator_removed_does_not_come_back(tiny):
    load()
    Region.objects.get(code="zhen").delete()
    assert load() == 3
    assert not Region.objects.filter(code="zhen").exists()
    assert load("--take-profile", "regions:zhen") == 0
    assert Region.objects.get(code="zhen").path == "/xian/zhen/"


def test_a_liaison_that_an_operator_took_away_stays_away(tiny):
    load()
    Unit.objects.filter(code="ju").update(liaison=None)
    assert load() == 3
    assert Unit.objects.get(code="ju").liaison is None
    assert load("--take-profile", "units.liaison:ju") == 0
    assert Unit.objects.get(code="ju").liaison.code == "ju-1"


def test_a_liaison_named_later_is_filled_in(tiny):
    edit(tiny, "units.csv", ",ju-1", ",")
    load()
    edit(tiny, "units.csv", "xian,,\nju,城管局,department,xian,,", "xian,,\nju,城管局,department,xian,,ju-1")
    assert load() == 0
    assert Unit.objects.get(code="ju").liaison.code == "ju-1"


def test_a_successor_closes_the_chain_of_a_renamed_region(tiny):
    edit(
        tiny,
        "regions.csv",
        "zhen,望山镇,street,xian,",
        "zhen,望山镇,street,xian,jiedao\njiedao,望山街道,street,xian,",
    )
    assert load() == 0
    assert Region.objects.get(code="zhen").successor.code == "jiedao"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("regions.csv", "street", "planet", "level"),
        ("regions.csv", "zhen,", "村 镇,", "code"),
        ("regions.csv", "xian,听风县,county,", "xian,听风县,county,zhen", "绕成了一个圈"),
        ("regions.csv", "street,xian", "street,mars", "mars"),
        ("regions.csv", "望山镇", "", "name"),
        ("units.csv", "xian,,ju-1", "moon,,ju-1", "regions.csv"),
        ("units.csv", ",ju-1", ",nobody", "posts.csv"),
        ("units.csv", "centre,xian,,", "centre,xian,,ju-1", "岗位不在这个单位"),
        ("posts.csv", "handler", "king", "role"),
        ("posts.csv", "ju-1,lu", "ju-1,somebody", "users.csv"),
        ("duties.csv", "city", "space", "categories.csv"),
        ("categories.csv", "noise,噪声,city,", 'noise,"噪声,city,', "引号"),
        ("policies.toml", "amount = 5", "amount = 0", "policies.toml"),
        ("policies.toml", "amount = 5", "amount = ", "policies.toml"),
        ("reasons.csv", "某条例", "", "basis"),
        ("reasons.csv", "超出职责", "超" * 201, "200"),
    ],
)
def test_a_bad_row_is_named_with_its_file_and_nothing_is_loaded(tiny, capsys, file, old, new, said):
    edit(tiny, file, old, new)
    assert load() == 1
    complaint = capsys.readouterr().err
    assert file in complaint
    assert said in complaint
    assert not Region.objects.exists()


def test_all_bad_rows_of_a_table_are_named_at_once(tiny, capsys):
    edit(tiny, "regions.csv", "street", "planet")
    edit(tiny, "regions.csv", "county", "galaxy")
    load()
    complaint = capsys.readouterr().err
    assert "第 2 行" in complaint
    assert "第 3 行" in complaint


def test_a_table_in_another_encoding_says_how_to_save_it(tiny, capsys):
    (tiny / "units.csv").write_bytes(TINY["units.csv"].encode("gb18030"))
    assert load() == 1
    assert "UTF-8" in capsys.readouterr().err


def test_only_the_profile_of_this_installation_is_loaded(tiny, settings):
    with pytest.raises(Refused, match="不完整"):
        profile.folder_of("elsewhere")
    load()
    (tiny.parent / "other").mkdir()
    for file in tiny.iterdir():
        (tiny.parent / "other" / file.name).write_bytes(file.read_bytes())
    edit(tiny.parent / "other", "profile.toml", '"tiny"', '"other"')
    with pytest.raises(Refused, match="设定的资料是“tiny”"):
        load("other")
    settings.HUIYIN_PROFILE = "other"
    with pytest.raises(Refused, match="只有一份"):
        load()


def test_a_profile_of_another_zone_is_refused(tiny):
    edit(tiny, "profile.toml", "Asia/Shanghai", "Asia/Urumqi")
    with pytest.raises(Refused, match="时区"):
        load()


def test_the_demo_profile_is_whole(settings):
    settings.HUIYIN_PROFILE = "demo"
    assert load() == 0
    day = date(2026, 3, 2)
    assert {post.role for post in demo_posts()} == set(Role)
    assert set(Region.objects.values_list("level", flat=True)) == set(Region.Level)
    check_units()
    check_policies(day)
    unled = [
        row.code for row in Category.objects.filter(children=None) if not queries.leaders_in(row.path, day)
    ]
    assert unled == ["other"]
    assert max(category.path.count("/") for category in Category.objects.all()) == 4  # three levels
    assert Reason.objects.filter(kind="decline").exclude(route="").count() == 6
    assert not Reason.objects.filter(basis="").exists()
    assert load() == 0


def check_units():
    receivers = Unit.objects.exclude(kind__in=["centre", "supervision", "leadership"])
    assert {unit.kind for unit in receivers} == {"department", "street", "community", "utility", "social"}
    for unit in receivers:
        assert queries.liaison_of(unit).unit_id == unit.pk
        assert queries.unit_by_name(unit.name) == queries.unit_by_name(unit.short_name) == unit
    assert Post.objects.filter(user__username="dai-weimin").count() == 2
    assert queries.root().code == "tingfeng"
    for region in queries.regions_within(queries.root()):
        assert queries.desk_for(region).code == "centre"


def check_policies(day):
    for track in Policy.Track.values:
        for step in steps_of(track):
            assert policy_for(track=track, step=step, on=day).basis
    assert policy_for(track="petition", step="reply", on=day).amount == 60
    assert policy_for(track="urgent", step="reply", on=date(2004, 3, 2)).kind == "hours"


def test_the_place_speaks_the_reader_s_language(settings):
    settings.HUIYIN_PROFILE = "demo"
    with translation.override("en"):
        assert place().place == "Tingfeng County"
    assert place().place == "听风县"
