"""The petitioner is found in a text by their own particulars, however they are written."""

import pytest

from huiyin.people.identity import masked, others_only, still_named, without

pytestmark = pytest.mark.django_db
PERSON = {
    "name": "赵钱孙",
    "phone": "+8613800000001",
    "address": "听风县石桥街道石桥路 1 号 2 栋 301 室",
    "email": "zhao@example.cn",
}
NOBODY = {"name": "", "phone": "", "address": "", "email": ""}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("赵钱孙您好", ["姓名"]),
        ("赵 钱 孙您好", ["姓名"]),
        ("请打138-0000 0001", ["电话"]),
        ("请打１３８０００００００１", ["电话"]),
        ("请打一三八零零零零零零零一", ["电话"]),
        ("家住石桥路1号2栋301室", ["住址"]),
        ("家住2栋301，很吵", ["住址"]),
        ("写信到ZHAO@example.cn", ["邮箱"]),
        ("赵钱孙，13800000001", ["姓名", "电话"]),
    ],
)
def test_what_still_stands_is_named(text, found):
    assert still_named(text, [NOBODY, PERSON]) == found


@pytest.mark.parametrize(
    "text",
    [
        "赵女士您好",
        "石桥街道夜间噪声",
        "2026 年 11 月 5 日 21 点 30 分",
        "301 路公交",
        "编号 2648-3917-5062",
        "",
    ],
)
def test_what_is_common_to_many_is_left_alone(text):
    assert still_named(text, [PERSON]) == []


def test_a_latin_name_is_sought_as_words_of_its_own():
    person = {**NOBODY, "name": "Li Na"}
    assert still_named("Dear Li Na,", [person]) == ["姓名"]
    assert still_named("Molina", [person]) == []


def test_what_was_not_given_hides_nothing():
    assert still_named("任何文字", [NOBODY]) == [] and without("任何文字", [NOBODY]) == "任何文字"


def test_names_and_addresses_give_way_to_marks():
    text = "赵钱孙住听风县石桥街道石桥路 1 号 2 栋 301 室"
    assert without(text, [PERSON]) == "〔姓名〕住〔住址〕"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("赵 钱 孙：您好！", "〔姓名〕：您好！"),
        ("家住石桥路１号２栋３０１室，很吵。", "家住〔住址〕，很吵。"),
        ("二栋在修；2 栋 301 已修。", "二栋在修；〔住址〕 已修。"),
        ("打 138 000 00001 或一三八零零零零零零零一", "打 〔电话〕 或〔电话〕"),
        ("信寄 ZHAO@example.cn", "信寄 〔邮箱〕"),
        ("㎡、①照旧：赵女士，石桥街道。", "㎡、①照旧：赵女士，石桥街道。"),
    ],
)
def test_what_would_be_found_gives_way_however_it_is_spelled(text, left):
    assert without(text, [NOBODY, PERSON]) == left and still_named(left, [PERSON]) == []


def test_what_the_reader_shares_with_others_is_the_readers_own():
    reader = {**NOBODY, "name": "钱多多", "address": "听风县石桥街道石桥路1号2栋301室"}
    [left] = others_only([PERSON], reader)
    assert left == {**PERSON, "address": ""}


def test_the_telephone_of_a_public_office_stays(cast):
    cast.chengguan.phone = "0571-88880000"
    cast.chengguan.save()
    assert masked("请拨 0571-88880000，不要打 13800000001。") == "请拨 0571-88880000，不要打 〔电话〕。"
