"""Whether two short texts speak of the same thing."""

from huiyin.cases.likeness import likest, pairs


def near(text, *titles, most=9):
    return likest(text, titles, lambda title: title, most=most)


def test_chinese_is_compared_by_neighbouring_characters_and_latin_by_words():
    assert pairs("烧烤店ＡB") == {"烧烤", "烤店"}
    assert pairs("WIFI坏了，路灯") == {"wifi", "坏了", "路灯"}
    assert pairs("灯") == pairs("") == pairs("a") == frozenset()


def test_what_nearly_every_matter_says_says_nothing():
    assert pairs("希望解决问题") == {"望解", "决问"}


def test_the_likest_stands_first_and_of_equals_the_first():
    rows = ("路灯不亮", "烧烤店噪声扰民", "烧烤店占道", "噪声扰民")
    assert near("烧烤店噪声", *rows) == ["烧烤店噪声扰民", "烧烤店占道", "噪声扰民"]
    assert near("路灯坏", "路灯甲", "路灯乙") == ["路灯甲", "路灯乙"]


def test_no_more_than_were_asked_for():
    assert near("路灯坏", "路灯甲", "路灯乙", "路灯丙", most=2) == ["路灯甲", "路灯乙"]


def test_one_pair_that_few_have_is_enough_and_one_that_many_have_is_not():
    assert near("路灯坏", *["路灯甲"] * 3) == ["路灯甲"] * 3
    assert near("路灯坏", *["路灯甲"] * 4) == []
    assert near("路灯坏", *["路灯甲"] * 4, *["垃圾清运"] * 76) == ["路灯甲"] * 4, "few of eighty"
    assert near("路灯坏了", *["路灯坏掉"] * 4) == ["路灯坏掉"] * 4, "two pairs of one each"


def test_nothing_is_like_nothing():
    assert near("", "路灯") == near("路灯") == near("垃圾", "路灯") == []
