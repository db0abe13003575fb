"""Which rows can be replayed, and what is said of the others."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from huiyin.cases.models import Case
from huiyin.channels.bulk import vocabulary
from huiyin.channels.bulk.columns import guess
from huiyin.channels.bulk.mapping import Mapping, mapping_from
from huiyin.channels.bulk.reading import RawRow
from huiyin.channels.bulk.rows import LONGEST_TEXT, MessageRow, Problem, Seen, validate, validated

SHANGHAI = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2020, 1, 1, 4, tzinfo=UTC)
TITLES = {
    "number": "编号",
    "petitioner": "姓名",
    "phone": "电话",
    "title": "标题",
    "text": "内容",
    "received_at": "留言时间",
    "reply": "答复",
    "replied_at": "答复时间",
    "unit": "承办单位",
    "nature": "诉求类型",
    "headcount": "人数",
    "likes": "点赞数",
}
PLAIN = {
    "number": "1001",
    "petitioner": "张三丰",
    "phone": "13800001234",
    "title": "路灯不亮",
    "text": "东街的路灯三天不亮，晚上很黑。",
    "received_at": "2019-04-25 09:32",
    "reply": "已经修好，感谢您的提醒。",
    "replied_at": "2019-04-27 10:00",
    "unit": "城管局",
    "nature": "投诉",
    "headcount": "1",
    "likes": "0",
}
GIVEN = Mapping(columns=TITLES)


def raw(row: int = 2, **changes: object) -> RawRow:
    return RawRow(row, row, tuple({**PLAIN, **changes}.values()))


def settled(given: Mapping = GIVEN) -> Mapping:
    return guess(tuple(TITLES.values()), [raw()], given=given)


def read(given: Mapping = GIVEN, **changes: object) -> MessageRow:
    found = validate(raw(**changes), settled(given), zone=SHANGHAI, as_of=AS_OF)
    assert isinstance(found, MessageRow), found
    return found


def problems(**changes: object) -> dict[str, str]:
    found = validate(raw(**changes), settled(), zone=SHANGHAI, as_of=AS_OF)
    assert isinstance(found, list), found
    return {problem.column: problem.reason for problem in found}


def test_a_sound_row_becomes_a_message_in_utc() -> None:
    message = read()
    assert (message.row, message.number, message.number_given) == (2, "1001", True)
    assert message.received_at == datetime(2019, 4, 25, 1, 32, tzinfo=UTC)
    assert message.replied_at == datetime(2019, 4, 27, 2, tzinfo=UTC)
    assert (message.phone, message.nature, message.unit) == ("13800001234", "complaint", "城管局")


def test_the_codes_of_natures_are_those_of_cases() -> None:
    assert set(vocabulary.NATURES) == set(Case.Nature.values)


def test_every_problem_of_a_row_is_told_at_once_under_its_own_header() -> None:
    found = problems(text=" ", received_at="昨天", headcount="许多", nature="随手拍")
    assert set(found) == {"内容", "留言时间", "人数", "诉求类型"}


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"replied_at": ""}, "答复时间"),
        ({"replied_at": "NaT"}, "答复时间"),
        ({"reply": ""}, "答复"),
        ({"reply": "暂无回复"}, "答复"),
        ({"replied_at": "2019-04-25 09:31"}, "答复时间"),
        ({"received_at": ""}, "留言时间"),
        ({"received_at": "2020-01-03"}, "留言时间"),
        ({"text": "长" * (LONGEST_TEXT + 1)}, "内容"),
        ({"title": "长" * 121}, "标题"),
        ({"number": "9" * 81}, "编号"),
        ({"number": "2.02401E+17"}, "编号"),
        ({"phone": "1.38E+10"}, "电话"),
        ({"headcount": "100001"}, "人数"),
        ({"likes": "很多"}, "点赞数"),
    ],
)
def test_what_is_wrong_is_said_of_the_right_column(changes: dict[str, str], column: str) -> None:
    assert list(problems(**changes)) == [column]


def test_a_reply_before_its_question_is_told_with_both_times() -> None:
    reason = problems(replied_at="2019-04-25 09:31")["答复时间"]
    assert "2019-04-25 09:31" in reason
    assert "2019-04-25 09:32" in reason


def test_an_unanswered_row_is_an_open_matter() -> None:
    for word in ("", "无", "nan", "待回复"):
        message = read(reply=word, replied_at="")
        assert (message.reply, message.replied_at) == ("", None)


def test_a_bare_date_of_a_reply_means_the_end_of_its_day() -> None:
    message = read(replied_at="2019-04-25")
    assert message.replied_at == datetime(2019, 4, 25, 15, 59, 59, tzinfo=UTC)
    assert message.replied_date_only


def test_a_bare_date_of_a_message_means_the_start_of_its_day() -> None:
    message = read(received_at="2019-04-25")
    assert message.received_at == datetime(2019, 4, 24, 16, tzinfo=UTC)
    assert message.received_date_only


def test_midnight_on_the_day_of_the_message_is_a_bare_date_in_disguise() -> None:
    assert read(replied_at="2019/4/25 0:00:00").replied_date_only
    assert not read(replied_at="2019/4/26 0:00:00").replied_date_only


def test_a_reply_dated_today_is_not_put_into_the_future() -> None:
    assert read(received_at="2020-01-01", replied_at="2020-01-01").replied_at == AS_OF
    late = read(received_at="2020-01-01 13:00", replied_at="2020-01-01")
    assert late.replied_at == late.received_at


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("'00123", "00123"),
        ('="00123"', "00123"),
        ("37107.0", "37107"),
        ("１００１", "1001"),
        ("AB-1.0", "AB-1.0"),
    ],
)
def test_numbers_are_freed_from_what_spreadsheets_did_to_them(written: str, number: str) -> None:
    assert read(number=written).number == number


def test_a_row_without_a_number_is_known_again_by_its_content() -> None:
    first, again, other = read(number=""), read(number="-"), read(number="", phone="13800005678")
    assert first.number == again.number
    assert first.number.startswith("auto-")
    assert not first.number_given
    assert other.number != first.number


def test_a_later_answer_does_not_make_it_another_message() -> None:
    assert read(number="", reply="", replied_at="").number == read(number="").number


@pytest.mark.parametrize(
    ("written", "phone", "other"),
    [
        ("+86 138-0000-1234".replace("-", ""), "13800001234", ""),
        ("１３８００００１２３４", "13800001234", ""),
        ("0571-88880000", "0571-88880000", ""),
        ("13800001234 或 0571-88880000", "13800001234", ""),
        ("138****1234", "", "138****1234"),
        ("zhang@example.org", "", "zhang@example.org"),
        ("无", "", ""),
    ],
)
def test_the_phone_column_holds_phones_and_other_things(written: str, phone: str, other: str) -> None:
    message = read(phone=written)
    assert (message.phone, message.other_contact) == (phone, other)


@pytest.mark.parametrize(
    ("written", "count"), [("", 1), ("0", 1), ("5人", 5), ("约１００余人", 100), ("1,200", 1200), ("3.0", 3)]
)
def test_heads_are_counted(written: str, count: int) -> None:
    assert read(headcount=written).headcount == count


def test_texts_are_cleaned_of_what_cannot_be_seen() -> None:
    message = read(text="\ufeff　第一行\r\n第二行\x00\u200b\u202e 👨‍👩‍👧　\n", title=" 路灯\n不亮　了 ")
    assert message.text == "第一行\n第二行 👨‍👩‍👧"
    assert message.title == "路灯 不亮 了"


def test_a_message_without_a_title_takes_the_first_words_of_its_text() -> None:
    assert read(title="", text="短句。\n后面").title == "短句。"
    assert len(read(title="", text="长" * 200).title) == 40


def test_defaults_and_translations_of_the_mapping_apply() -> None:
    given = mapping_from(
        {
            "columns": TITLES,
            "defaults": {"unit": "信访局", "nature": "inquiry", "track": "mailbox", "channel": "letter"},
            "values": {"unit": {"城管局": "城市管理局"}, "nature": {"随手拍": "praise"}},
        }
    )
    assert read(given).unit == "城市管理局"
    assert read(given, unit="").unit == "信访局"
    assert read(given, nature="").nature == "inquiry"
    assert read(given, nature="随 手拍").nature == "praise"
    assert (read(given).track, read(given).channel) == ("mailbox", "letter")


def test_a_row_damaged_in_the_file_is_told_as_a_whole() -> None:
    found = validate(RawRow(9, 9, ("1",), "坏了。"), settled(), zone=SHANGHAI, as_of=AS_OF)
    assert found == [Problem("整行", "坏了。")]


def test_the_later_of_two_rows_with_one_number_is_the_problem() -> None:
    rows = [
        raw(2),
        raw(3, number="1002"),
        raw(4),
        raw(5, number="", title="甲"),
        raw(6, number="", title="甲"),
    ]
    found = [what for _row, what in validated(rows, settled(), zone=SHANGHAI, as_of=AS_OF)]
    assert [isinstance(what, MessageRow) for what in found] == [True, True, False, True, False]
    assert "第 2 行" in found[2][0].reason  # type: ignore[index]
    assert "第 5 行" in found[4][0].reason  # type: ignore[index]


def test_seen_numbers_keep_their_rows_while_the_table_grows() -> None:
    seen = Seen()
    assert not any(seen.add(f"N{at}", at) for at in range(1, 20_001))
    assert [seen.add(f"N{at}", 99_999) for at in (1, 10_000, 20_000)] == [1, 10_000, 20_000]


def test_a_message_shows_nobodys_words_when_printed() -> None:
    assert repr(read()) == "<MessageRow row=2>"
