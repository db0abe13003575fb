"""Case numbers, query codes and phone numbers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_10

from huiyin.kernel.identifiers import (
    CODE_ALPHABET,
    case_number,
    check_case_number,
    check_digit,
    code_hash,
    normal_phone,
    normalise_code,
    query_code,
)
from huiyin.kernel.refusals import Refused

digits = st.text("0123456789", min_size=11, max_size=11)


@given(st.integers(2000, 2099))
def test_a_new_case_number_carries_the_year_and_checks(year):
    number = case_number(year)
    assert re.fullmatch(r"\d{4}-\d{4}-\d{4}", number)
    assert number[:2] == f"{year % 100:02d}"
    assert check_case_number(number) == number


def test_case_numbers_do_not_reveal_the_volume():
    numbers = [int(case_number(2026).replace("-", "")[2:11]) for _number in range(200)]
    assert len(set(numbers)) == 200
    assert numbers != sorted(numbers)


@given(digits)
def test_the_check_digit_is_that_of_iso_7064_mod_11_10(number):
    assert check_digit(number) == mod_11_10.calc_check_digit(number)


@given(digits, st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(number, place, shift):
    whole = number + check_digit(number)
    wrong = whole[:place] + str((int(whole[place]) + shift) % 10) + whole[place + 1 :]
    with pytest.raises(Refused):
        check_case_number(wrong)


@pytest.mark.parametrize(
    "typed",
    [
        "264839175062",
        " 2648 3917 5062 ",
        "２６４８－３９１７－５０６２",
        "2648—3917—5062",
        "2648.3917.5062",
        "2648-39175062",
    ],
)
def test_a_case_number_is_understood_as_people_type_it(typed):
    assert check_case_number(typed) == "2648-3917-5062"


@pytest.mark.parametrize(
    "typed", ["", "2648-3917-506", "2648.3917.50628", "abcd-efgh-ijkl", "٢٦٤٨٣٩١٧٥٠٦٨", "2648 3917 506x"]
)
def test_what_is_no_case_number_is_refused_in_words(typed):
    with pytest.raises(Refused, match="12 位数字"):
        check_case_number(typed)


def test_a_query_code_is_eight_letters_that_nobody_confuses():
    code = query_code()
    assert re.fullmatch(f"[{CODE_ALPHABET}]{{4}}-[{CODE_ALPHABET}]{{4}}", code)
    assert len(CODE_ALPHABET) == len(set(CODE_ALPHABET)) == 32
    assert not set("01IO") & set(CODE_ALPHABET)
    assert len({query_code() for _number in range(500)}) == 500


@pytest.mark.parametrize("typed", ["k7qm3xrl", "K7QM 3XR1", "ｋ７ＱＭ－３ＸＲｌ", " K7QM-3XRI\n"])
def test_a_code_is_understood_as_people_type_it(typed):
    assert normalise_code(typed) == "K7QM-3XRL"
    assert code_hash(typed) == code_hash("K7QM-3XRL")


@pytest.mark.parametrize("typed", ["", "K7QM-3XR", "K7QM-3XR0", "K7QM-3XRO", "K7QM-3XRLL", "查询码是什么呢"])
def test_what_is_no_code_is_refused_in_words(typed):
    with pytest.raises(Refused, match="8 位字母和数字"):
        normalise_code(typed)


def test_a_code_is_stored_by_a_keyed_digest(own_keys, settings):
    from huiyin.kernel.keys import fresh

    first = code_hash("K7QM-3XRL")
    assert len(first) == 32
    assert code_hash("K7QM-3XRM") != first
    settings.HUIYIN_KEYS = fresh()
    assert code_hash("K7QM-3XRL") != first


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("13800001234", "+8613800001234"),
        ("１３８００００１２３４", "+8613800001234"),
        (" 138 0000 1234 ", "+8613800001234"),
        ("138-0000-1234", "+8613800001234"),
        ("+86 138 0000 1234", "+8613800001234"),
        ("008613800001234", "+8613800001234"),
        ("(86)13800001234", "+8613800001234"),
        ("0571-88880000", "+8657188880000"),
        ("（0571）88880000", "+8657188880000"),
        ("010 88880000", "+861088880000"),
        ("0571-88880000转123", "+8657188880000;ext=123"),
        ("0571-88880000 分机 123", "+8657188880000;ext=123"),
        ("+1 650-253-0000", "+16502530000"),
    ],
)
def test_a_phone_has_one_spelling(typed, normal):
    assert normal_phone(typed) == normal


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "电话",
        "12345",
        "88880000",
        "1380000123",
        "138000012345",
        "张三 13800001234",
        "1" * 500,
        "+86",
        "\x00",
    ],
)
def test_what_is_no_phone_is_refused_in_words(typed):
    with pytest.raises(Refused, match="不像一个电话号码"):
        normal_phone(typed)


@given(st.text(max_size=60))
def test_any_text_is_a_phone_or_is_refused(text):
    try:
        assert normal_phone(text).startswith("+")
    except Refused:
        pass
