"""huiyin profile check: a broken copy of a profile each, and the one sentence that it gets."""

import json
import shutil
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings

from huiyin.cli import main
from huiyin.cli.profile_check import RULES, check
from huiyin.kernel import clock

SHIPPED = Path(django_settings.BASE_DIR) / "profiles"
JUNE = datetime(2026, 6, 8, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NAMES = sorted(folder.name for folder in SHIPPED.iterdir() if (folder / "profile.toml").is_file())


@pytest.fixture(autouse=True)
def _in_june():
    with clock.frozen(JUNE):
        yield


@pytest.fixture
def copy(tmp_path) -> Path:
    """A copy of Antu's profile, with the files that it shares, which a test may break."""
    (tmp_path / "demo").mkdir()
    for name in ("assessment.toml", "calendar.toml", "matters.toml"):
        shutil.copy(SHIPPED / "demo" / name, tmp_path / "demo")
    return Path(shutil.copytree(SHIPPED / "antu", tmp_path / "antu"))


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def test_the_shipped_profiles_are_those_that_are_checked():
    assert NAMES == ["antu", "demo", "guiyang", "kunming", "yanji", "yantian"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("moment", [JUNE, JUNE.replace(month=12)], ids=["June", "December"])
def test_a_shipped_profile_has_nothing_to_find(name, moment):
    with clock.frozen(moment):
        assert [finding.sentence for finding in check(SHIPPED / name)] == []


def test_an_untouched_copy_has_nothing_to_find(copy):
    assert check(copy) == []


BROKEN = [  # file, what stood there, what stands there now, the rule that finds it, words of its sentence
    ("regions.csv", "jiuxi,九溪社区,community", "jiuxi,九溪社区,planet", "cells", "不在可用的值里"),
    ("regions.csv", "renshen,参园村", "ren shen,参园村", "cells", "编码只能用英文字母"),
    ("reasons.csv", "route,route-court", "route,route-arbitration", "cells", "已经有了"),
    ("reasons.csv", "《行政复议法》", "", "cells", "是空的"),
    ("duties.csv", "guotu,land,lead", "guotu,land,boss", "cells", "不在可用的值里"),
    ("posts.csv", "nongye-leader,nongye-leader,nongye,unit_leader,分管负责人,2004-01-01,",
     "nongye-leader,nongye-leader,nongye,unit_leader,分管负责人,2030-01-01,2029-01-01", "cells", "早于生效日期"),
    ("units.csv", "shichang,安图县工商行政管理局,工商局,department,antu",
     "shichang,安图县工商行政管理局,工商局,department,atlantis", "references", "没有编码“atlantis”"),
    ("duties.csv", "guotu,land,lead", "guotu,sea,lead", "references", "没有编码“sea”"),
    ("posts.csv", "lvyou-handler,lvyou-handler,", "lvyou-handler,nobody,", "references", "users.csv"),
    ("regions.csv", "jilin,吉林省,province,", "jilin,吉林省,province,jiuxi", "references", "绕成了一个圈"),
    ("profile.toml", 'name = "antu"', 'name = "atlantis"', "place", "同名"),
    ("profile.toml", 'home = "antu"', 'home = "atlantis"', "place", "不在 regions.csv"),
    ("profile.toml", 'unled = ["other"]', 'unled = ["other", "gone"]', "place", "“gone”"),
    ("profile.toml", 'hours = "Every working day; Monday evenings in the communities"', "", "texts", "hours"),
    ("profile.toml", 'languages = ["zh-hans", "en"]', 'languages = ["zh-hans", "en", "ko"]', "texts", "ko"),
    ("profile.toml", "[[door]]\ncode = \"reception\"",
     "[limits]\nfiles = 0\n\n[[door]]\ncode = \"reception\"", "place", "大于 0"),
    ("profile.toml", "[[door]]\ncode = \"reception\"",
     "[limits]\nfile = 3\n\n[[door]]\ncode = \"reception\"", "place", "已知的名字"),
    ("profile.toml", "[call_back]\nshare = 20\n", "[call_back]\nshare = 101\n", "place", "“share”"),
    ("profile.toml", "[call_back]\n", "[call_back]\ncategories = [\"moon\"]\n", "place", "“moon”"),
    ("profile.toml", 'code = "wrong-unit"\nabout = "unit"', 'code = "wrong-unit"\nabout = "grade"', "place",
     "“wrong-unit”"),
    ("profile.toml", 'code = "beyond-duty"', 'code = "wrong-unit"', "place", "“wrong-unit”"),
    ("profile.toml", "[[door]]\ncode = \"reception\"",
     "[[reminder]]\nmark = \"open\"\nwords = \"请办\"\n\n[[door]]\ncode = \"reception\"", "place", "“open”"),
    ("profile.toml", "[[door]]\ncode = \"reception\"",
     "[[reminder]]\nmark = \"late\"\ndays = 9\nwords = \"请办\"\n\n[[door]]\ncode = \"reception\"", "place", "1 到 5"),
    ("profile.toml", "[[door]]\ncode = \"reception\"",
     "[[acceptance]]\nmark = \"open\"\n\n[[door]]\ncode = \"reception\"", "place", "“open”"),
    ("profile.toml", "[[door]]\ncode = \"reception\"",
     "[[acceptance]]\ncategory = \"moon\"\n\n[[door]]\ncode = \"reception\"", "place", "“moon”"),
    ("profile.toml", "[[door]]\ncode = \"reception\"",
     "[[acceptance]]\nsince = \"2026\"\n\n[[door]]\ncode = \"reception\"", "place", "all = true"),
    ("profile.toml", "[[door]]\ncode = \"reception\"",
     "[[recheck]]\ndays = 30\nshare = 200\n\n[[door]]\ncode = \"reception\"", "place", "[[recheck]]"),
    ("profile.toml", "[[door]]\ncode = \"reception\"",
     "[[sweep]]\ncode = \"flood\"\nname = \"汛期\"\n\n[[door]]\ncode = \"reception\"", "place", "“flood”"),
    ("profile.toml", "[[door]]\ncode = \"reception\"",
     "[[sweep]]\ncode = \"flood\"\nname = \"汛期\"\nwhat = \"看坡\"\ndoor = \"moon\"\n\n[[door]]\ncode = \"reception\"",
     "place", "“moon”"),
    ("profile.toml", "]\ndays = 3\n", "]\ndays = 90\n", "place", "[feedback]"),
    ("profile.toml", '"ducha-supervisor", "@lead"', '"moon", "@lead"', "place", "“moon”"),
    ("profile.toml", 'unit = "minyi"', 'unit = "moon"', "doors", "“moon”"),
    ("profile.toml", 'code = "council"', 'code = "aid"', "doors", "不重复"),
    ("posts.csv", "jiuxi-station-handler,jiuxi-station-handler,jiuxi-station,handler",
     "jiuxi-station-handler,jiuxi-station-handler,jiuxi-station,unit_leader", "staff", "没有经办人"),
    ("posts.csv", "centre-caller,centre-caller,centre,caller,回访员", "centre-caller,centre-caller,centre,clerk,回访员",
     "staff", "缺少：回访员"),
    ("units.csv", "督查室,supervision,antu", "督查室,department,antu", "coverage", "都没有督办机构"),
    ("regions.csv", "yongqing,永庆乡,street,antu", "yongqing,永庆乡,street,jilin", "coverage", "都没有受理中心"),
    ("duties.csv", "guotu,land,lead", "guotu,land,assist", "leaders", "没有单位主办"),
    ("policies.toml", 'step = "whistle"', 'step = "whistling"', "steps", "“吹哨报到”"),
    ("policies.toml", "amount = 9\n", "amount = 13\n", "order", "“hotline-order”"),
    ("policies.toml", "amount = 12\n", "amount = -12\n", "policies", "正整数"),
    ("policies.toml", 'code = "any-statement"\ntrack = ""', 'code = "any-statement"\ntrack = "urgent"', "overlap",
     "有效期重叠"),
    ("reasons.csv", "\nmeasure,", "\nexplain,", "reasons", "联系方式约定"),
    ("profile.toml", "../demo/calendar.toml", "../demo/almanac.toml", "files", "共用的 calendar.toml"),
    ("profile.toml", '"jiuxi-station-handler"', '"jiuxi-station-king"', "demo", "jiuxi-station-king"),
    ("profile.toml", 'of = "antu"', 'of = "demo"', "demo", "抄来的"),
    ("users.csv", "0999-0020010", "0433-5812345", "phones", "要是编的"),
    ("matters.toml", "感谢周一晚上的领导进社区", "请打 13912345678", "phones", "“13912345678”"),
    ("matters.toml", 'category = "law-aid"', 'category = "law-less"', "matters", "law-less"),
    ("units.csv", "安图县农业局", '"安图县农业局', "files", "引号"),
    ("policies.toml", "amount = 9\n", "amount = nine\n", "files", "policies.toml"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "rule", "words"), BROKEN, ids=[f"{row[3]}: {row[4]}" for row in BROKEN]
)
def test_what_is_broken_is_found_with_its_file_and_in_words(copy, file, old, new, rule, words):
    edit(copy, file, old, new)
    found = [finding for finding in check(copy) if finding.rule == rule and words in finding.sentence]
    assert found, [finding.sentence for finding in check(copy)]
    assert all(finding.sentence.endswith(("。", ")", "）")) or finding.line for finding in found)


def test_a_unit_without_a_liaison_gets_no_orders(copy):
    edit(copy, "units.csv", ",gongdian-handler,", ",,")
    [finding] = check(copy)
    assert (finding.rule, finding.file) == ("staff", "units.csv") and "没有联络员" in finding.sentence


def test_a_liaison_of_another_unit_is_found(copy):
    edit(copy, "units.csv", ",gongdian-handler,", ",lvyou-handler,")
    assert "不在这个单位" in check(copy)[0].sentence


def test_a_category_that_only_some_communities_lead_is_found_with_the_others(copy):
    for unit in ("yongqing-office", "renshen-committee"):
        edit(copy, "duties.csv", f"{unit},near,lead", f"{unit},near,assist")
    [finding] = check(copy)
    assert finding.rule == "leaders" and "在参园村没有单位主办" in finding.sentence


def test_a_community_leads_only_what_a_named_list_says(copy):
    lines = (copy / "duties.csv").read_text(encoding="utf-8").splitlines()
    bare = [
        "renshen-committee,near,lead,,2004-01-01," if "renshen-committee,near" in row else row
        for row in lines
    ]
    (copy / "duties.csv").write_text("\n".join(bare), encoding="utf-8")
    [finding] = check(copy)
    assert finding.rule == "duties" and "清单" in finding.sentence


def test_next_year_s_calendar_is_asked_for_once_its_notice_is_out(copy):
    (copy / "calendar.toml").write_text('[2026]\nholidays = ["2026-01-01"]\n', encoding="utf-8")
    assert check(copy) == []
    with clock.frozen(JUNE.replace(month=12)):
        [finding] = check(copy)
    assert finding.rule == "calendar" and "2027 年" in finding.sentence


def test_dated_policies_that_follow_one_another_do_not_overlap(copy):
    edit(copy, "policies.toml", 'code = "any-rating"', 'valid_to = 2026-12-31\ncode = "any-rating"')
    text = (copy / "policies.toml").read_text(encoding="utf-8")
    later = '\n[[policy]]\ncode = "any-rating-2"\nstep = "rating"\nkind = "working_days"\namount = 5\n' \
            'basis = "新规定"\nvalid_from = 2027-01-01\n'  # fmt: skip
    (copy / "policies.toml").write_text(text + later, encoding="utf-8")
    assert check(copy) == []


def test_a_town_s_own_profile_may_have_real_numbers(copy):
    text = (copy / "profile.toml").read_text(encoding="utf-8")
    (copy / "profile.toml").write_text(text[: text.index("[demo]")], encoding="utf-8")
    edit(copy, "users.csv", "0999-0020010", "0433-5812345")
    assert check(copy) == []


@pytest.mark.parametrize(
    "part", ['texts = "x"', "languages = 3", 'unled = "other"', "door = [1]", "demo = true"]
)
def test_a_part_of_the_wrong_shape_is_a_finding_not_a_fault(copy, part):
    kept = [
        line
        for line in (copy / "profile.toml").read_text(encoding="utf-8").splitlines()
        if line[:4] == "name"
    ]
    (copy / "profile.toml").write_text("\n".join([*kept[:1], part]), encoding="utf-8")
    assert any(finding.rule == "files" and part.split()[0] in finding.sentence for finding in check(copy))


def test_a_paper_with_a_field_that_nobody_knows_is_found(copy):
    (copy / "papers").mkdir()
    (copy / "papers" / "receipt.txt").write_text("编号{number}，{weather}", encoding="utf-8")
    assert any(finding.rule == "papers" and "weather" in finding.sentence for finding in check(copy))


def test_a_missing_file_is_named(copy):
    (copy / "categories.csv").unlink()
    assert any("categories.csv" in finding.sentence for finding in check(copy) if finding.rule == "files")


def test_an_empty_folder_ends_in_words_not_in_a_fault(tmp_path):
    assert {finding.rule for finding in check(tmp_path)} >= {"files", "coverage", "steps", "reasons"}


def test_the_command_prints_and_ends_with_1_when_there_is_something_to_mend(copy, capsys):
    assert main(["profile", "check", str(copy)]) == 0
    assert "0 处要改" in capsys.readouterr().out
    edit(copy, "units.csv", ",gongdian-handler,", ",,")
    assert main(["profile", "check", str(copy), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["profile"] == "antu" and [row["rule"] for row in told["findings"]] == ["staff"]
    assert main(["profile", "check", str(copy)]) == 1
    assert "没有联络员" in capsys.readouterr().err


def test_the_command_refuses_a_folder_that_is_not_there(capsys):
    assert main(["profile", "check", "atlantis"]) == 3
    assert "atlantis" in capsys.readouterr().err


def test_every_rule_says_what_it_is_for():
    assert all(rule.__doc__ for rule in RULES)


# -- how units are assessed ---------------------------------------------------------------------------------
@pytest.fixture
def assessed(copy) -> Path:
    """The copy with rules of its own and a target, instead of the shared rules."""
    shutil.copy(SHIPPED / "demo" / "assessment.toml", copy)
    row = "unit,year,measure,percent,basis\nxianwei,2026,on_time,95,责任书\n"
    units = (copy / "units.csv").read_text(encoding="utf-8").splitlines()
    code = units[1].split(",")[0]
    (copy / "targets.csv").write_text(row.replace("xianwei", code), encoding="utf-8")
    return copy


def test_rules_and_targets_that_hold_have_nothing_to_find(assessed):
    assert check(assessed) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("assessment.toml", "valid_from = 2004-01-01", "valid_from = 2099-01-01", "没有今天生效"),
        ("assessment.toml", "k = 0.9", "k = 9", "0 到 1"),
        ("assessment.toml", 'code = "assess-solved-first"', 'code = "assess-2004"', "前面已经有了"),
        ("assessment.toml", 'code = "disaster"', 'code = "beyond-power"', "前面已经有了"),
        ("assessment.toml", "《北京市", '"', "读不懂"),
        ("targets.csv", ",95,", ",195,", "0 到 100"),
        ("targets.csv", ",2026,", ",二〇二六,", "year"),
        ("targets.csv", "on_time", "rank", "on_time"),
        ("targets.csv", "责任书\n", "责任书\nnobody,2026,on_time,95,责任书\n", "没有这个单位"),
    ],
)
def test_what_cannot_be_meant_of_assessment_is_found(assessed, file, old, new, words):
    edit(assessed, file, old, new)
    assert any(words in finding.sentence for finding in check(assessed)), check(assessed)
