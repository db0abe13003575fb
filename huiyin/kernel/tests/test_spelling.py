"""A name is found in a text however people spell it, and nowhere else."""

import pytest

from huiyin.kernel.spelling import Read


@pytest.mark.parametrize(
    "written", ["王强", "王 强", "王　强", "王·强", "王. 强", "王\u200b强", "（王强）", "老王强"]
)
def test_a_chinese_name_is_found_however_it_is_spaced(written):
    assert Read(f"受理中心的{written}收了钱。").names("王强") and Read(f"找{written}").names("王 强")


@pytest.mark.parametrize("text", ["姓王。强调一下", "姓王，强烈要求", "姓王\n强烈要求", "王", ""])
def test_no_name_is_found_across_sentences(text):
    assert not Read(text).names("王强")


def test_a_latin_name_is_found_as_words_of_its_own():
    assert (
        Read("ask Li Ming there").names("li ming")
        and Read("找Li Ming问").names("Li Ming")
        and Read("Ｌｉ").names("Li")
    )
    assert not Read("Lithium, Limings").names("Li") and not Read("x").names("x")
